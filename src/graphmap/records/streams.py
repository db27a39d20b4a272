"""Bytes of an input: a file or standard input, plain, gzip or Zstandard, told by content and not by name."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard

from graphmap.errors import Locator, SourceError

__all__ = ["STANDARD_INPUT", "open_bytes", "reading"]

STANDARD_INPUT = "-"
_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_BUFFER = 1 << 18
_PACKED = 1 << 12  # small, as a few packed bytes may hold very many


def open_bytes(name: str) -> BinaryIO:
    """Open an input for reading, unpacked.

    Args:
        name: a path, or `-` for standard input.

    Returns:
        A buffered stream that offers `peek`.

    Raises:
        SourceError: where the input is missing or cannot be opened.
    """
    buffered = io.BufferedReader(_raw(name), _BUFFER)
    with reading(name):
        start = buffered.peek(4)[:4]
    if start.startswith(_GZIP):
        return _Unpacked(cast(io.RawIOBase, gzip.GzipFile(fileobj=buffered)), buffered)
    if start.startswith(_ZSTANDARD):
        return _Unpacked(_Zstandard(buffered), buffered)
    return buffered


class _Unpacked(io.BufferedReader):
    """An unpacked stream that closes the packed one with it."""

    def __init__(self, unpacked: io.RawIOBase, packed: io.IOBase) -> None:
        super().__init__(unpacked, _BUFFER)
        self._packed = packed

    def close(self) -> None:
        """Close both."""
        super().close()
        self._packed.close()


class _Zstandard(io.RawIOBase):
    """Frames one after another, unpacked; the package's own reader takes a frame that is cut short for a whole one."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._frame = _zstandard_frame()
        self._rest = memoryview(b"")
        self._begun = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer.

        Raises:
            EOFError: where the input ends inside a frame.
        """
        while not self._rest:
            packed = self._frame.unused_data if self._frame.eof else b""
            packed = packed or self._packed.read(_PACKED)
            if not packed:
                if self._begun and not self._frame.eof:
                    raise EOFError("a frame ends in the middle")
                return 0
            if self._frame.eof:
                self._frame = _zstandard_frame()
            self._begun, self._rest = True, memoryview(self._frame.decompress(packed))
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _zstandard_frame() -> zstandard.ZstdDecompressionObj:
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


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


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn the faults of a disk or a packer into a `SourceError` that names the input."""
    try:
        yield
    except (EOFError, zlib.error, zstandard.ZstdError, gzip.BadGzipFile) as error:
        raise SourceError(
            f"cannot be unpacked: {error}", where=Locator(source=name), hint="the file is damaged or cut short"
        ) from error
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", where=Locator(source=name)) from error
