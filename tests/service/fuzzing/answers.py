"""Answers of HTTP/1.1, taken apart strictly.

Source: RFC 9112, sections 4, 6.3 and 7.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Answer", "Told", "read_answers"]

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r\n")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*\Z")
_SIZE = re.compile(rb"([0-9A-Fa-f]+)\r\n")
_BODILESS = (204, 304)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer; field names are in lower case."""

    status: int
    fields: Sequence[tuple[str, str]]
    body: bytes = b""

    def field(self, name: str) -> str:
        """The first value of a field; empty where it has none."""
        return next((value for each, value in self.fields if each == name), "")

    @property
    def closes(self) -> bool:
        """Whether it says that the connection ends with it."""
        return "close" in self.field("connection").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came over one connection.

    Args:
        answers: final ones, in order.
        interim: how many answers of 1xx came.
        trouble: what does not parse; empty where everything does.
        cut: the answer that had begun and is not whole.
    """

    answers: Sequence[Answer]
    interim: int = 0
    trouble: str = ""
    cut: Answer | None = None


def read_answers(received: bytes, methods: Sequence[str]) -> Told:
    """Take apart what came.

    Args:
        received: all of it, to the end of the connection.
        methods: of the requests; an answer to HEAD has no body.

    >>> read_answers(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok", ["GET"]).answers[0].body
    b'ok'
    """
    answers: list[Answer] = []
    interim, at = 0, 0
    while at < len(received):
        head = _head(received, at)
        if isinstance(head, str):
            return Told(answers=answers, interim=interim, trouble=head)
        answer, at = head
        if 100 <= answer.status < 200:
            interim += 1
            continue
        method = methods[len(answers)] if len(answers) < len(methods) else "GET"
        bodiless = method == "HEAD" or answer.status in _BODILESS
        found = (b"", at) if bodiless else _body(received, at, answer)
        if isinstance(found, str):
            return Told(answers=answers, interim=interim, trouble=found, cut=answer)
        body, at = found
        answers.append(Answer(status=answer.status, fields=answer.fields, body=body))
    return Told(answers=answers, interim=interim)


def _head(received: bytes, at: int) -> tuple[Answer, int] | str:
    start = _STATUS.match(received, at)
    end = received.find(b"\r\n\r\n", at)
    if start is None or end < 0:
        return f"no head of an answer: {received[at : at + 60]!r}"
    lines = received[start.end() : end].split(b"\r\n") if end > start.end() else []
    fields = [_FIELD.match(line) for line in lines]
    if not all(fields):
        return f"a field of an answer does not parse: {received[at : end + 4][:200]!r}"
    pairs = tuple((each[1].decode("ascii").lower(), each[2].decode("latin-1")) for each in fields if each)
    return Answer(status=int(start[1]), fields=pairs), end + 4


def _body(received: bytes, at: int, answer: Answer) -> tuple[bytes, int] | str:
    length = answer.field("content-length")
    if answer.field("transfer-encoding") == "chunked":
        return "two framings in one answer" if length else _chunks(received, at)
    if not length.isdigit():
        return (received[at:], len(received)) if answer.closes and not length else "an answer has no length"
    end = at + int(length)
    return (received[at:end], end) if end <= len(received) else f"an answer ends {end - len(received)} bytes early"


def _chunks(received: bytes, at: int) -> tuple[bytes, int] | str:
    pieces = []
    while True:
        size = _SIZE.match(received, at)
        if size is None:
            return f"a chunk has no size: {received[at : at + 60]!r}"
        start, length = size.end(), int(size[1], 16)
        end = start + length
        if received[end : end + 2] != b"\r\n":
            return f"a chunk does not end: {received[end : end + 60]!r}"
        pieces.append(received[start:end])
        at = end + 2
        if not length:
            return b"".join(pieces), at
