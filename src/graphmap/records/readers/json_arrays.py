"""A part of a JSON text, element by element: memory follows the largest element, whatever the size of the text.

Source: RFC 9535, sections 2.3.1 and 2.3.2 (names and wildcards).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec

from graphmap.files import reading
from graphmap.records.readers.json import Number, read_alone, refuse_text
from graphmap.records.readers.json_stream import JsonText
from graphmap.records.source import Refuse, raise_refusal

__all__ = ["Elements", "Part", "array_portions", "document_portions"]


_SMALL, _ENOUGH = 1 << 14, 1 << 16
"""Bytes up to which an array is put together with the next, and bytes that are enough then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a document.

    Args:
        names: the members that lead to it, from the outermost value.
        elements: whether the elements of an array there are the records, or the value that stands there.
        lax: whether one value counts as an array of it, as in the lax mode of SQL/JSON.
    """

    names: tuple[str, ...]
    elements: bool
    lax: bool = False


def array_portions(stream: BinaryIO, part: Part, *, name: str) -> Iterator[bytes]:
    """Cut out a part of each document of a text.

    Args:
        stream: in UTF-8, opened at its start; closed when the last portion was taken.
        part: what to cut out. The values of an object count as elements, as a wildcard has it.
        name: of the input, for messages.

    Yields:
        JSON arrays of the records, in order.

    Raises:
        SourceError: where the text around the part is not JSON.
    """
    with stream, reading(name):
        text = JsonText(stream, name)
        if not text.peek():
            raise text.fault("it is empty")
        yield from _joined(_of_documents(text, part))


def document_portions(stream: BinaryIO, *, name: str) -> Iterator[bytes]:
    """Cut a text that begins with an array of documents.

    Args:
        stream: in UTF-8, opened at its start; closed when the last portion was taken.
        name: of the input, for messages.

    Yields:
        Arrays of documents, and what comes after the first array piece by piece.
    """
    with stream, reading(name):
        text = JsonText(stream, name)
        while (start := text.peek()) and not text.broken_off():
            if start == b"[":
                portions = text.array()
                yield next(portions, b"[]")
                yield from portions
            else:
                yield text.value()


def _of_documents(text: JsonText, part: Part) -> Iterator[bytes]:
    while text.peek() and not text.broken_off():
        yield from _below(text, part.names, part)


def _joined(portions: Iterator[bytes]) -> Iterator[bytes]:
    """The same arrays, small ones put together: each portion costs something on its way through the processes."""
    waiting, size = list[bytes](), 0
    for portion in portions:
        waiting.append(portion)
        size += len(portion)
        if len(portion) >= _SMALL or size >= _ENOUGH:
            yield _one_array(waiting)
            waiting, size = [], 0
    if waiting:
        yield _one_array(waiting)


def _one_array(portions: list[bytes]) -> bytes:
    if len(portions) == 1:
        return portions[0]
    *closed, last = portions
    return b"[" + b",".join([*(portion[1:-1] for portion in closed), last[1:]])


def _below(text: JsonText, names: tuple[str, ...], part: Part) -> Iterator[bytes]:
    start = text.peek()
    if names and start == b"{":
        for key in text.members():
            if key == names[0]:
                yield from _below(text, names[1:], part)
            else:
                text.skip()
    elif names and part.lax and start == b"[":
        for element in text.array(apart=True):
            if inside := element[1:-1].strip():
                yield from _below(JsonText(io.BytesIO(inside), text.name), names, part)
    elif names:
        text.skip()
    else:
        yield from _records(text, start, part)


def _records(text: JsonText, start: bytes, part: Part) -> Iterator[bytes]:
    """The records of the value that begins here."""
    if part.elements and start == b"[":
        yield from text.array()
    elif part.elements and (start == b"n" if part.lax else start != b"{"):
        text.skip()
    elif part.lax or not part.elements:
        yield b"[" + text.value() + b"]"
    else:
        yield from (b"[" + text.value() + b"]" for _ in text.members())


class Elements:
    """Numbered elements of JSON arrays, all of them together counted from 1.

    Args:
        name: of the input, for messages.
        portions: the arrays.
        refuse: called for an element that cannot be read; by default it stops the reading.
        stream: the opened input behind the portions, to be closed with them.
    """

    header = None

    def __init__(
        self,
        name: str,
        portions: Iterable[bytes],
        *,
        refuse: Refuse = raise_refusal,
        stream: BinaryIO | None = None,
    ) -> None:
        self.name = name
        self._portions = portions
        self._refuse = refuse
        self._stream = stream
        self._decode = msgspec.json.Decoder(float_hook=Number).decode

    def close(self) -> None:
        """Close the input; done already where it was read to its end."""
        if self._stream is not None:
            self._stream.close()

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield element number (from 1) and decoded value.

        Raises:
            SourceError: where the input breaks off.
        """
        number = 0
        for portion in self._portions:
            values = self._together(portion)
            if values is not None:
                yield from enumerate(values, number + 1)
                number += len(values)
                continue
            for text in [*JsonText(io.BytesIO(portion), self.name).array(apart=True)] or [portion]:
                number += 1
                yield from self._alone(number, text)

    def _together(self, portion: bytes) -> list[Any] | None:
        """All elements of a portion; None where one is faulty."""
        try:
            values: list[Any] = self._decode(portion)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return values

    def _alone(self, number: int, text: bytes) -> Iterator[tuple[int, Any]]:
        """One element in its brackets, which may be what is wrong with its portion."""
        element = text[1:].removesuffix(b"]") if text.endswith(b"]") else text[1:]
        if element.strip():
            yield from read_alone(self.name, number, element, self._refuse)
        else:
            refuse_text(self.name, number, "the array lacks a value, or its end", text, self._refuse)
