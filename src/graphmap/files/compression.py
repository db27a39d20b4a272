"""Packed inputs, told by their first bytes and not by their names: one row a way of packing.

A zip or tar file is read where it holds one file alone; which of several is meant could only be guessed.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, cast

import zstandard

__all__ = ["MOST_PER_BYTE", "UNPACKERS", "UNSUSPICIOUS", "is_tar", "untarred"]

UNSUSPICIOUS = 1 << 26
"""Unpacked bytes up to which an input may be packed as tightly as it likes."""
MOST_PER_BYTE = 500
"""Unpacked bytes for each packed one, beyond which it is a bomb; deflate reaches 1,032, tables and texts some 50."""

_PACKED = 1 << 12  # small, as a few packed bytes may hold very many
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257


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


def _unzipped(packed: BinaryIO) -> BinaryIO:
    if not packed.seekable():
        raise EOFError("a zip file is read from its end, so it cannot come through a pipe")
    archive = zipfile.ZipFile(packed)
    names = [each.filename for each in archive.infolist() if not each.is_dir()]
    if "[Content_Types].xml" in names:  # a workbook, whose reader takes it as it is
        packed.seek(0)
        return packed
    return cast(BinaryIO, archive.open(_only(names)))


def is_tar(start: bytes) -> bool:
    """Return whether the first bytes of an unpacked stream are those of a tar file."""
    return start[_TAR_MARK_AT:].startswith(_TAR_MARK)


def untarred(stream: BinaryIO) -> BinaryIO:
    """The only file of a tar file.

    Raises:
        EOFError: where there is none.
    """
    archive = tarfile.open(fileobj=stream, mode="r|")  # noqa: SIM115  # closed with the stream below it
    member = next((each for each in archive if each.isfile()), None)
    content = archive.extractfile(member) if member is not None else None
    if content is None:
        raise EOFError("the tar file holds no file")
    return cast(BinaryIO, content)


def _only(names: list[str]) -> str:
    if len(names) != 1:
        raise EOFError(f"the zip file holds {len(names)} files, and one is read")
    return names[0]


UNPACKERS: Mapping[bytes, Callable[[BinaryIO], Any]] = MappingProxyType(
    {
        b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
        b"\x28\xb5\x2f\xfd": _Zstandard,
        b"BZh": bz2.BZ2File,
        b"\xfd7zXZ\x00": lzma.LZMAFile,
        b"PK\x03\x04": _unzipped,
    }
)
"""First bytes to a function from packed to unpacked stream."""
