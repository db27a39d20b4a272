"""JSON documents of one input: a document, an array of them, JSON Lines, or documents one after another.

Numbers never pass through binary floating point: integers keep every digit and other numbers stay text (`Number`).
The input is cut into top-level documents before any is decoded, so memory follows the largest document, and a document
that does not parse costs only itself.
Source: RFC 8259; JSON Lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from graphmap.errors import Locator, RecordError, SourceError
from graphmap.records.source import Refusal, Refuse, raise_refusal
from graphmap.records.streams import open_bytes, reading

__all__ = ["Documents", "Number", "decode_json", "encode_json"]

_CHUNK = 1 << 18
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*+(?:(")|\\?\Z)|[\[\]{}]', re.DOTALL)


class Number(str):
    """A JSON number with a fraction or an exponent, as it was written."""

    __slots__ = ()


def decode_json(text: bytes | str) -> Any:
    """Decode one JSON value; integers of any size stay exact, other numbers become `Number`.

    Raises:
        ValueError: where the text is no JSON, or is nested too deeply; the message says where.
    """
    try:
        return msgspec.json.Decoder(float_hook=Number).decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(_plain(str(error))) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def encode_json(value: Any) -> str:
    """A decoded value as compact JSON; a `Number` comes out as it was written.

    >>> encode_json(decode_json('{"a": [1.10, "é"]}'))
    '{"a":[1.10,"é"]}'
    """
    return msgspec.json.encode(_encodable(value)).decode()


def _encodable(value: Any) -> Any:
    if isinstance(value, Number):
        return msgspec.Raw(value.encode())
    if isinstance(value, dict):
        return {key: _encodable(child) for key, child in value.items()}
    return [_encodable(child) for child in value] if isinstance(value, list) else value


def _plain(message: str) -> str:
    return message.replace("JSON is malformed: ", "").replace("Input data was truncated", "it ends in the middle")


class Documents:
    """Numbered JSON documents of one input, in its order.

    Args:
        name: a path, or `-` for standard input.
        refuse: called for a document that cannot be read; by default it stops the reading.
        largest: bytes of the largest document that is read.
        stream: the opened input, where the caller has it already.

    Raises:
        SourceError: where the input cannot be opened.
    """

    header = None

    def __init__(
        self, name: str, *, refuse: Refuse = raise_refusal, largest: int = 1 << 28, stream: BinaryIO | None = None
    ) -> None:
        self.name = name
        self._refuse = refuse
        self._largest = largest
        self._stream = stream or open_bytes(name)

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield document number (from 1) and decoded value.

        Raises:
            SourceError: where the input breaks off or a document is larger than `largest`.
        """
        decode = msgspec.json.Decoder(float_hook=Number).decode
        number = 0
        with reading(self.name):
            for text in self._texts():
                number += 1
                try:
                    value = decode(text)
                except msgspec.DecodeError as error:
                    self._refuse_text(number, f"the document is no JSON: {_plain(str(error))}", text)
                except RecursionError:
                    self._refuse_text(number, "the document is nested too deeply", text)
                else:
                    yield number, value

    def _refuse_text(self, number: int, what: str, text: bytes) -> None:
        where = Locator(source=self.name, row=number)
        error = RecordError(what, where=where, hint="mend the document and load it again")
        self._refuse(Refusal(error=error, payload=text.decode("utf-8", "backslashreplace")))

    def _texts(self) -> Iterator[bytes]:
        first = self._stream.readline(self._largest).removeprefix(b"\xef\xbb\xbf")
        while first and not first.strip():
            first = self._stream.readline(self._largest)
        if _is_whole(first):
            yield first
            yield from (line for line in self._stream if line.strip())
        else:
            yield from self._cut(first)

    def _cut(self, buffer: bytes) -> Iterator[bytes]:
        """Cut the input at the ends of its top-level documents; a top-level array is opened."""
        cutter = _Cutter()
        while True:
            yield from cutter.feed(buffer)
            if len(cutter.rest) > self._largest:
                where = Locator(source=self.name)
                raise SourceError(f"a document is larger than {self._largest} bytes", where=where, hint="split it")
            buffer = self._stream.read(max(_CHUNK, len(cutter.rest)))  # doubling: a long string is not read again and again
            if not buffer:
                break
        if cutter.rest.strip(b" \t\r\n,]"):
            yield cutter.rest.lstrip(b" \t\r\n,")
        elif cutter.in_array and not cutter.closed:
            yield b"["  # the array was cut off between two documents: refused as a document of its own


def _is_whole(line: bytes) -> bool:
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


class _Cutter:
    """Finds where a top-level document ends; keeps what is not whole yet in `rest`."""

    def __init__(self) -> None:
        self.rest = b""
        self.in_array = False
        self.closed = False
        self._depth = 0
        self._scanned = 0
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self.rest += chunk
        if not self._begun and self.rest.strip():
            self._begun = True
            stripped = self.rest.lstrip()
            if stripped.startswith(b"["):
                self.in_array, self.rest = True, stripped[1:]
        start = 0
        for mark in _MARK.finditer(self.rest, self._scanned):
            token = mark[0]
            if token[:1] == b'"' and not mark[1]:  # a string that goes on in the next chunk
                self._scanned = mark.start()
                break
            self._scanned = mark.end()
            if token in (b"{", b"["):
                self._depth += 1
            elif token in (b"}", b"]"):
                self._depth -= 1
                if self._depth == 0:
                    yield self.rest[start : mark.end()].lstrip(b" \t\r\n,")
                    start = mark.end()
                elif self._depth < 0:
                    self._depth, self.closed, start = 0, True, mark.end()
        else:
            self._scanned = len(self.rest)
        self.rest = self.rest[start:]
        self._scanned -= start
