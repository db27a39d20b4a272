"""Bytes of an input: a file or standard input, plain or packed, told by content and not by name."""

from __future__ import annotations

import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from graphmap.errors import Locator, SourceError
from graphmap.files.compression import MOST_PER_BYTE, UNPACKERS, UNSUSPICIOUS, is_tar, untarred

__all__ = ["STANDARD_INPUT", "in_utf_8", "open_bytes", "reading"]

STANDARD_INPUT = "-"
_TAR_HEAD = 512
_DAMAGED = (
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    gzip.BadGzipFile,
    tarfile.TarError,
    zipfile.BadZipFile,
)
_BUFFER = 1 << 18


def open_bytes(name: str, content: bytes | None = None) -> BinaryIO:
    """Open an input for reading, unpacked.

    Args:
        name: a path, or `-` for standard input.
        content: what to read in place of a file, where it is in memory; the name is then for messages alone.

    Returns:
        A buffered stream that offers `peek`.

    Raises:
        SourceError: where the input is missing or cannot be opened.
    """
    taken = _Taken(_raw(name) if content is None else io.BytesIO(content))
    stream: BinaryIO = io.BufferedReader(taken, _BUFFER)
    try:
        with reading(name):
            start = _peek(stream, 8)
            unpack = next((unpack for mark, unpack in UNPACKERS.items() if start.startswith(mark)), None)
            if unpack is not None:
                stream = _Unpacked(_Guarded(unpack(stream), taken, name), stream)
            if is_tar(_peek(stream, _TAR_HEAD)):
                stream = _Unpacked(untarred(stream), stream)
    except SourceError:
        stream.close()
        raise
    return stream


class _Taken(io.RawIOBase):
    """An input that knows how many bytes were taken from it."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._bytes = 0
        self._size = inner.seek(0, io.SEEK_END) if inner.seekable() else None
        if self._size is not None:
            inner.seek(0)

    @property
    def bytes(self) -> int:
        """Number of bytes read; bytes read twice, such as the end of a zip file, count once."""
        return self._bytes if self._size is None else min(self._bytes, self._size)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        count: int = self._inner.readinto(buffer) or 0
        self._bytes += count
        return count

    def seekable(self) -> bool:
        """Return whether the input is."""
        return bool(self._inner.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move in the input."""
        return int(self._inner.seek(offset, whence))

    def tell(self) -> int:
        """The place in the input."""
        return int(self._inner.tell())

    def close(self) -> None:
        """Close the input."""
        super().close()
        self._inner.close()


class _Guarded(io.RawIOBase):
    """An unpacked stream that ends with an error where a few packed bytes give far too many."""

    def __init__(self, unpacked: Any, taken: _Taken, name: str) -> None:
        self._unpacked = unpacked
        self._taken = taken
        self._name = name
        self._given = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer.

        Raises:
            SourceError: where the input is a bomb.
        """
        count: int = self._unpacked.readinto(buffer) or 0
        self._given += count
        if self._given > UNSUSPICIOUS and self._given > MOST_PER_BYTE * self._taken.bytes:
            what = f"unpacks to more than {MOST_PER_BYTE} times its size"
            raise SourceError(what, where=Locator(source=self._name), hint="unpack it yourself if you trust it")
        return count

    def close(self) -> None:
        """Close the unpacker."""
        super().close()
        self._unpacked.close()


def _peek(stream: BinaryIO, size: int) -> bytes:
    peeked: bytes = stream.peek(size)[:size]  # type: ignore[attr-defined]  # both kinds are buffered readers
    return peeked


class _Unpacked(io.BufferedReader):
    """An unpacked stream that closes the packed one with it."""

    def __init__(self, unpacked: Any, packed: BinaryIO) -> None:
        super().__init__(unpacked, _BUFFER)
        self._packed = packed

    def close(self) -> None:
        """Close both."""
        super().close()
        self._packed.close()


def _raw(name: str) -> io.RawIOBase:
    if name == STANDARD_INPUT:
        return io.FileIO(sys.stdin.fileno(), closefd=False)
    try:
        return io.FileIO(Path(name), "r")
    except FileNotFoundError as error:
        raise SourceError("there is no such file", where=Locator(source=name), hint="check the path") from error
    except IsADirectoryError as error:
        raise SourceError("this is a folder", where=Locator(source=name), hint="name the files in it") from error
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror}", where=Locator(source=name)) from error


class _Recoded(io.RawIOBase):
    """A text in any encoding as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str, name: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        self._encoding = encoding
        self._name = name
        self._rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer.

        Raises:
            SourceError: where the text is not in its encoding.
        """
        if not self._rest:
            try:
                self._rest = self._text.read(_BUFFER).encode()
            except UnicodeError as error:
                where = Locator(source=self._name)
                raise SourceError(f"is not {self._encoding}", where=where, hint="name its encoding") from error
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        """Close the text behind it."""
        super().close()
        self._text.close()


def in_utf_8(stream: BinaryIO, encoding: str, name: str) -> BinaryIO:
    """A text as UTF-8, whatever it is written in; read in parts.

    Args:
        stream: opened at its start; closed with what is returned.
        encoding: as the codec is called.
        name: of the input, for messages.
    """
    if encoding in ("utf-8", "utf-8-sig"):
        return stream
    return io.BufferedReader(_Recoded(stream, encoding, name), _BUFFER)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn the faults of a disk or a packer into a `SourceError` that names the input."""
    try:
        yield
    except _DAMAGED as error:
        raise SourceError(
            f"cannot be unpacked: {error}", where=Locator(source=name), hint="the file is damaged or cut short"
        ) from error
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", where=Locator(source=name)) from error
