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
from graphmap.files import in_utf_8, open_bytes, reading
from graphmap.rdf import has_lone_surrogate
from graphmap.records.readers.json_stream import JsonText
from graphmap.records.source import Refusal, Refuse, raise_refusal

__all__ = [
    "Documents",
    "Number",
    "WholeDocument",
    "decode_json",
    "encode_json",
    "read_alone",
    "refuse_text",
]

_CHUNK = 1 << 18
_BETWEEN = b" \t\r\n,"
_OPENING, _CLOSING = (b"{", b"["), (b"}", b"]")
_VALUES = msgspec.json.Decoder(list[msgspec.Raw])
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*+(?:(")|\\?\Z)|[\[\]{}]', re.DOTALL)


class Number(str):
    """A JSON number with a fraction or an exponent, as it was written."""

    __slots__ = ()


def _as_written(value: object) -> msgspec.Raw:
    """Encode a `Number`, the one type that the encoder does not know."""
    return msgspec.Raw(str(value).encode())


_ENCODER = msgspec.json.Encoder(enc_hook=_as_written)


def decode_json(text: bytes | str) -> Any:
    """Decode one JSON value; integers of any size stay exact, other numbers become `Number`.

    Raises:
        ValueError: where the text is not JSON, or is nested too deeply; the message says where.
    """
    try:
        return msgspec.json.Decoder(float_hook=Number).decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(_plain(str(error))) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def encode_json(value: Any) -> str:
    """A decoded value as compact JSON; a `Number` comes out as it was written.

    >>> encode_json(decode_json('{"a": [1.10, "é"]}'))
    '{"a":[1.10,"é"]}'
    """
    try:
        return _ENCODER.encode(value).decode()
    except RecursionError:  # what was decoded may be nested more deeply than functions may call themselves
        return b"".join(_pieces(value)).decode()
    except UnicodeEncodeError:  # half a character, which no JSON text can hold
        return encode_json(_whole(value))


def _whole(value: Any) -> Any:
    """The value with a replacement character for each half of one."""
    if isinstance(value, dict):
        return {_whole(key): _whole(child) for key, child in value.items()}
    if isinstance(value, list):
        return list(map(_whole, value))
    halves = isinstance(value, str) and has_lone_surrogate(value)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if halves else value


def _pieces(value: Any) -> Iterator[bytes]:
    """The text of a value in pieces, with a stack of its own: pieces that are made already, and values."""
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, bytes):
            yield item
        elif isinstance(item, dict):
            members = [each for key, child in item.items() for each in (b",", msgspec.json.encode(key), b":", child)]
            waiting += reversed([b"{", *members[1:], b"}"])
        elif isinstance(item, list):
            waiting += reversed([b"[", *[each for child in item for each in (b",", child)][1:], b"]"])
        else:
            yield _ENCODER.encode(item)


def _plain(message: str) -> str:
    if "codec can't decode" in message:
        return "it is not UTF-8"
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

    def close(self) -> None:
        """Close the input; done already where it was read to its end."""
        self._stream.close()

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield document number (from 1) and decoded value.

        Raises:
            SourceError: where the input breaks off or a document is larger than `largest`.
        """
        decode = msgspec.json.Decoder(float_hook=Number).decode
        number = 0
        with self._stream, reading(self.name):
            for text in self._texts():
                number += 1
                try:
                    value = decode(text)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    what = f"the document is not JSON: {_plain(str(error))}"
                    refuse_text(self.name, number, what, text, self._refuse)
                except RecursionError:
                    refuse_text(self.name, number, "the document is nested too deeply", text, self._refuse)
                else:
                    yield number, value

    def _texts(self) -> Iterator[bytes]:
        head = self._head()
        if _is_whole(head[0]) or (len(head) > 1 and all(map(_is_whole, head[1:]))):
            yield from head
            yield from self._lines()
        else:
            begun = b"".join(head)
            yield from self._of_array(begun) if begun.lstrip().startswith(b"[") else self._cut(begun)

    def _head(self) -> list[bytes]:
        """The first line that is not blank, and two more where it is not whole: a broken line, or another form?"""
        first = self._stream.readline(_CHUNK).removeprefix(b"\xef\xbb\xbf")
        while first and not first.strip():
            first = self._stream.readline(_CHUNK)
        if not first.startswith(b"{") or not first.endswith(b"\n") or not _is_open(first):
            return [first]
        return [first, *filter(None, (self._stream.readline(_CHUNK) for _ in range(2)))]

    def _lines(self) -> Iterator[bytes]:
        while line := self._stream.readline(self._largest + 1):
            self._check_size(line)
            if line.strip():
                yield line

    def _check_size(self, text: bytes) -> None:
        if len(text) > self._largest:
            where = Locator(source=self.name)
            raise SourceError(f"a document is larger than {self._largest} bytes", where=where, hint="split it")

    def _of_array(self, begun: bytes) -> Iterator[bytes]:
        """The documents of an array, and what comes after it."""
        text = JsonText(self._stream, self.name, largest=self._largest + _CHUNK, begun=begun)
        text.peek()
        for portion in text.array():
            for document in _elements(portion):
                self._check_size(document)
                yield document
        while not text.broken_off() and text.peek():
            yield text.value()

    def _cut(self, buffer: bytes) -> Iterator[bytes]:
        """Cut the input at the ends of its top-level documents; a top-level array is opened."""
        cutter = _Cutter()
        while buffer:
            yield from cutter.feed(buffer)
            self._check_size(cutter.rest)
            # what is not whole yet doubles, so that a long string is not read again and again
            buffer = self._stream.read(max(_CHUNK, len(cutter.rest)))
        if rest := cutter.rest.strip(_BETWEEN):
            yield rest
        elif cutter.in_array:
            yield b"["  # the array was cut off between two documents: refused as a document of its own


class WholeDocument:
    """The JSON documents of one input, whatever their outermost values are: mostly one, many in JSON Lines.

    Args:
        name: a path, or `-` for standard input.
        encoding: of the text.
        refuse: called for a document that cannot be read; by default it stops the reading.
        stream: the opened input, where the caller has it already.
    """

    header = None

    def __init__(
        self,
        name: str,
        *,
        encoding: str = "utf-8",
        refuse: Refuse = raise_refusal,
        stream: BinaryIO | None = None,
    ) -> None:
        self.name = name
        self._refuse = refuse
        self._stream = in_utf_8(stream or open_bytes(name), encoding, name)

    def close(self) -> None:
        """Close the input; done already where it was read to its end."""
        self._stream.close()

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield document number (from 1) and decoded value.

        Raises:
            SourceError: where the input cannot be read.
        """
        number = 0
        with self._stream, reading(self.name):
            text = JsonText(self._stream, self.name)
            while text.peek() or not number:
                number += 1
                yield from read_alone(self.name, number, text.value(), self._refuse)


def read_alone(name: str, number: int, text: bytes, refuse: Refuse) -> Iterator[tuple[int, Any]]:
    """Decode one document, or refuse it.

    Args:
        name: of the input.
        number: of the document, from 1.
        text: of the document.
        refuse: called where it cannot be read.

    Yields:
        The number and the value, where there is one.
    """
    try:
        value = msgspec.json.Decoder(float_hook=Number).decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        refuse_text(name, number, f"the document is not JSON: {_plain(str(error))}", text, refuse)
    except RecursionError:
        refuse_text(name, number, "the document is nested too deeply", text, refuse)
    else:
        yield number, value


def refuse_text(name: str, number: int, what: str, text: bytes, refuse: Refuse) -> None:
    """Refuse the text of a document.

    Raises:
        RecordError: what `refuse` raises.
    """
    error = RecordError(what, where=Locator(source=name, row=number), hint="correct it and read it again")
    refuse(Refusal(error=error, payload=text.decode("utf-8", "backslashreplace")))


def _elements(portion: bytes) -> Iterator[bytes]:
    """The documents of an array; told by their brackets where there is something else in it."""
    try:
        values = [bytes(value) for value in _VALUES.decode(portion)]
    except (msgspec.DecodeError, RecursionError):
        values = []
    if values and all(value.startswith(_OPENING) for value in values):
        yield from values
        return
    cutter = _Cutter()
    yield from cutter.feed(portion)
    if rest := cutter.rest.strip(_BETWEEN):
        yield rest
    elif cutter.in_array:
        yield b"["  # the array was cut off between two documents: refused as a document of its own


def _is_whole(line: bytes) -> bool:
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _is_open(line: bytes) -> bool:
    cutter = _Cutter()
    return not any(cutter.feed(line)) and bool(cutter.rest)


class _Cutter:
    """Finds where a top-level document ends; keeps what is not whole yet in `rest`.

    `in_array` says whether a top-level array is open.
    """

    def __init__(self) -> None:
        self.rest = b""
        self.in_array = False
        self._depth = 0
        self._scanned = 0
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take in more bytes and yield the documents that end in them."""
        self.rest += chunk
        self._begin()
        start = 0
        for mark in _MARK.finditer(self.rest, self._scanned):
            if mark[0][:1] == b'"' and not mark[1]:  # a string that goes on in the next chunk
                self._scanned = mark.start()
                break
            self._scanned = mark.end()
            end = self._end(mark)
            if end is not None and (text := self.rest[start:end].strip(_BETWEEN)):
                yield text
            start = start if end is None else mark.start() if mark[0] in _OPENING else mark.end()
        else:
            self._scanned = len(self.rest)
        self.rest = self.rest[start:]
        self._scanned -= start

    def _begin(self) -> None:
        """Open a top-level array."""
        stripped = self.rest.lstrip()
        if not self._begun and stripped:
            self._begun = True
            self.in_array = stripped.startswith(b"[")
            self.rest = stripped[1:] if self.in_array else stripped

    def _end(self, mark: re.Match[bytes]) -> int | None:
        """Find the ends of texts at marks; text outside of documents is refused on its own."""
        if mark[0] in _OPENING:
            self._depth += 1
            return mark.start() if self._depth == 1 else None
        if mark[0] not in _CLOSING:
            return None
        self._depth -= 1
        if self._depth > 0:
            return None
        if self._depth == 0:
            return mark.end()
        self._depth = 0
        closes_array, self.in_array = self.in_array and mark[0] == b"]", False
        return mark.start() if closes_array else mark.end()
