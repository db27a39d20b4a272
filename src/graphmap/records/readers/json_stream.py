"""A JSON text that is read in parts: its outer structure step by step, a large array in portions of whole elements.

The places where elements end are found twice over. The bytes between two elements, from the closing bracket of the one
to the first key of the next, are mostly the same throughout an array: a portion is cut at the last of those, and the
decoder says whether it is a list of whole values, which it is only where the cut was right. Where it was not, brackets
are counted, strings aside.
Source: RFC 8259, sections 2 to 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from graphmap.errors import Locator, SourceError

__all__ = ["JsonText"]

_CHUNK = 1 << 18
_PORTION = 1 << 16
_TRIES = 4
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OPENING, _CLOSING = b"{[", b"}]"
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_NESTED = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb")*+", re.DOTALL).match
_FLAT = re.compile(rb'(?:[^"{}\[\],]++|' + _STRING + rb")*+", re.DOTALL).match
_KEY = re.compile(_STRING, re.DOTALL).match
_SCALAR = re.compile(rb'[^\s"{}\[\],:]*').match
_SPACE = re.compile(rb"[ \t\r\n]*+").match
_SEAM = re.compile(rb"[}\]][ \t\r\n]*+,[ \t\r\n]*+(?:\{[ \t\r\n]*+" + _STRING + rb"|\[)", re.DOTALL).match
_VALUES = msgspec.json.Decoder(list[msgspec.Raw])


class JsonText:
    """A place in a JSON text, and as much of the text as is needed there.

    Args:
        stream: the text in UTF-8, opened at its start.
        name: of the input, for messages.
        largest: bytes of the largest value that is kept whole.
        begun: what was read of the stream already.
    """

    def __init__(self, stream: BinaryIO, name: str, *, largest: int = 1 << 32, begun: bytes = b"") -> None:
        self._stream = stream
        self.name = name
        self._largest = largest
        self._buffer = begun
        self._at = 0
        self._passed = 0
        self._seam: bytes | None = None
        self._broken = False

    def broken_off(self) -> bool:
        """Tell whether the text ended inside an array that was given out in portions."""
        return self._broken

    def peek(self) -> bytes:
        """The next byte that is no white space, the place moved up to it; empty at the end."""
        more = True
        while more:
            self._at = _SPACE(self._buffer, self._at).end()  # type: ignore[union-attr]  # it matches the empty text too
            more = self._at == len(self._buffer) and self._more()
        return self._buffer[self._at : self._at + 1]

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; before the next is asked for, the value must have been passed.

        Raises:
            SourceError: where the object is not JSON.
        """
        self._take(b"{")
        if self.peek() == b"}":
            self._at += 1
            return
        while not self.broken_off():
            yield self._key()
            if self.broken_off() or self.peek() != b",":
                break
            self._at += 1
        if not self.broken_off():
            self._take(b"}")

    def value(self) -> bytes:
        """The text of the value that begins here, which is passed; where it does not end, all that there is.

        Raises:
            SourceError: where it is larger than what may be kept.
        """
        size = self._size_of_value(keep=True)
        self._at += size
        return self._buffer[self._at - size : self._at]

    def skip(self) -> None:
        """Pass the value that begins here; of an object or array, brackets are counted and no more.

        Raises:
            SourceError: where it does not end, or is not JSON.
        """
        if self.peek() not in (b"{", b"["):
            text = self.value()
            if not _is_list(b"[" + text + b"]"):
                shown = text[:20].decode("utf-8", "backslashreplace")
                raise self.fault(f"{shown} stands where a value must, or it is not UTF-8")
            return
        size = self._size_of_value(keep=False)  # moves the place itself
        self._at += size

    def array(self, *, size: int = _PORTION, apart: bool = False) -> Iterator[bytes]:
        """The elements of the array that begins here, which is passed.

        Args:
            size: bytes of a portion; one with a longer element is larger.
            apart: whether each element is to be a portion of its own.

        Yields:
            Portions that are arrays themselves. What is not JSON stays in its portion. Where the text ends before the
            array does, the last portion has no closing bracket.
        """
        self._take(b"[")
        if self.peek() == b"]":
            self._at += 1
            return
        closed = False
        while not closed:
            text = None if apart else self._cut_at_seam(size)
            if text is None:
                text, closed = self._cut_by_brackets(0 if apart else size)
            yield text

    def fault(self, what: str) -> SourceError:
        """An error that names this place."""
        where = Locator(source=self.name)
        return SourceError(
            f"is not JSON: {what} (byte {self._passed + self._at})", where=where, hint="correct the file"
        )

    def _take(self, wanted: bytes) -> None:
        found = self.peek()
        if found != wanted:
            shown = repr(found.decode("latin-1"))
            raise self.fault(f"{shown} stands where {wanted.decode()!r} must" if found else "it ends in the middle")
        self._at += 1

    def _key(self) -> str:
        if self.peek() != b'"':
            self._take(b'"')
        while (match := _KEY(self._buffer, self._at)) is None:
            if not self._more():
                raise self.fault("it ends in the middle")
        try:
            key = str(msgspec.json.decode(match[0]))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.fault("a name is not a text") from error
        self._at += len(match[0])
        self._take(b":")
        return key

    def _more(self) -> bool:
        """Read on, and let go of what was passed; what is not whole yet doubles, so that nothing is read too often."""
        rest = self._buffer[self._at :]
        chunk = self._stream.read(max(_CHUNK, len(rest)))
        if len(rest) > self._largest:
            where = Locator(source=self.name)
            raise SourceError(f"a value is larger than {self._largest} bytes", where=where, hint="split it")
        if not self._passed:
            chunk = chunk.removeprefix(_BYTE_ORDER_MARK)
        self._passed += self._at
        self._buffer, self._at = rest + chunk, 0
        return bool(chunk)

    def _size_of_value(self, *, keep: bool) -> int:
        """Bytes of the value that begins here; what is not kept is passed on the way."""
        start = self.peek()
        if start and start in _OPENING:
            return self._size_of_nested(keep=keep)
        match = _KEY if start == b'"' else _SCALAR
        while True:
            found = match(self._buffer, self._at)
            if found is not None and found.end() < len(self._buffer):
                return len(found[0]) or min(1, len(self._buffer) - self._at)  # a stray mark is a value, to be refused
            if not self._more():
                return len(self._buffer) - self._at

    def _size_of_nested(self, *, keep: bool) -> int:
        depth, far = 0, 0
        while True:
            far = _NESTED(self._buffer, self._at + far).end() - self._at  # type: ignore[union-attr]  # matches always
            mark = self._buffer[self._at + far : self._at + far + 1]
            if mark in (b"", b'"'):
                if not keep:
                    self._at, far = self._at + far, 0
                if not self._more():
                    return self._unended(keep=keep)
                continue
            far += 1
            depth += 1 if mark in _OPENING else -1
            if depth == 0:
                return far

    def _unended(self, *, keep: bool) -> int:
        if not keep:
            raise self.fault("it ends in the middle")
        return len(self._buffer) - self._at

    def _cut_at_seam(self, size: int) -> bytes | None:
        """A portion that ends where two elements meet in the usual way; `None` where none can be told so."""
        if self._seam is None:
            return None
        while len(self._buffer) - self._at < size and self._more():
            pass
        end = self._at + size
        for _ in range(_TRIES):
            end = self._buffer.rfind(self._seam, self._at, end)
            if end < 0:
                return None
            comma = self._buffer.index(b",", end)
            portion = b"[" + self._buffer[self._at : comma] + b"]"
            if _is_list(portion):
                self._at = comma + 1
                return portion
        return None

    def _cut_by_brackets(self, size: int) -> tuple[bytes, bool]:
        """A portion, and whether the array ended with it."""
        depth, far = 0, 0
        while True:
            stop = _NESTED if depth else _FLAT
            far = stop(self._buffer, self._at + far).end() - self._at  # type: ignore[union-attr]  # matches always
            mark = self._buffer[self._at + far : self._at + far + 1]
            if mark in (b"", b'"'):
                if not self._more():
                    return self._rest(), True
                continue
            if depth == 0 and (mark == b"]" or (mark == b"," and far >= size)):
                return self._portion(far, closed=mark == b"]"), mark == b"]"
            far += 1
            depth = max(0, depth + (mark in _OPENING) - (mark in _CLOSING))

    def _portion(self, size: int, *, closed: bool) -> bytes:
        text = self._buffer[self._at : self._at + size]
        if not closed:
            found = _SEAM(self._buffer, self._at + max(0, len(text.rstrip()) - 1))
            self._seam = found[0] if found is not None else b","
        self._at += size + 1
        return b"[" + text + b"]"

    def _rest(self) -> bytes:
        text, self._at = self._buffer[self._at :], len(self._buffer)
        self._broken = True
        return b"[" + text


def _is_list(portion: bytes) -> bool:
    try:
        _VALUES.decode(portion)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
