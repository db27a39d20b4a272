"""Inputs as bytes: plain, packed, missing, damaged, standard input."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from graphmap.errors import SourceError
from graphmap.files.byte_stream import open_bytes
from graphmap.records import Documents, Rows

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = b"a,b\n" + b"".join(b"%d,%d\n" % (number, number**5) for number in range(100_000))


def _tarred(content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("rows.csv")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def _zipped(content: bytes, *names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or ("rows.csv",):
            archive.writestr(name, content)
    return out.getvalue()


_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
    "bzip2": bz2.compress,
    "xz": lambda content: lzma.compress(content, preset=0),
    "zip": _zipped,
    "tar": _tarred,
    "tar.gz": lambda content: gzip.compress(_tarred(content)),
    "tar.xz": lambda content: lzma.compress(_tarred(content), preset=0),
}


@pytest.mark.parametrize("pack", _PACKERS.values(), ids=_PACKERS)
def test_packing_is_told_by_content_and_not_by_name(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "rows.data"
    path.write_bytes(pack(_TABLE))
    with open_bytes(str(path)) as stream:
        assert stream.read() == _TABLE


def test_a_zip_file_of_several_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    path.write_bytes(_zipped(b"a\n", "one.csv", "two.csv"))
    with pytest.raises(SourceError, match="holds 2 files"):
        open_bytes(str(path))


def test_packed_parts_one_after_another_are_one_input(tmp_path: Path) -> None:
    for name, pack in (("a.gz", gzip.compress), ("a.zst", zstandard.compress)):
        path = tmp_path / name
        path.write_bytes(pack(b"a,b\n1,2\n") + pack(b"3,4\n"))
        with open_bytes(str(path)) as stream:
            assert stream.read() == b"a,b\n1,2\n3,4\n"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_packed_file_that_is_cut_short_gives_its_rows_and_then_an_error(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "rows.csv"
    packed = pack(_TABLE)
    path.write_bytes(packed[: len(packed) // 2])
    rows = iter(Rows(str(path)))
    assert next(rows)[0] == 1
    with pytest.raises(SourceError, match="cannot be unpacked"):
        list(rows)


def test_a_damaged_packed_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "damaged.json.gz"
    packed = bytearray(gzip.compress(b'{"a":1}\n' * 1000))
    packed[20] ^= 0xFF
    path.write_bytes(packed)
    with pytest.raises(SourceError, match="cannot be unpacked") as caught:
        list(Documents(str(path)))
    assert caught.value.where.source == str(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        open_bytes(str(tmp_path / "nowhere"))
    with pytest.raises(SourceError, match="this is a folder"):
        open_bytes(str(tmp_path))


def test_standard_input_is_read_packed_or_plain() -> None:
    program = "from graphmap.records import Rows; print([row for _, row in Rows('-')])"
    for content in (b"a,b\n1,2\n", gzip.compress(b"a,b\n1,2\n")):
        done = subprocess.run([sys.executable, "-c", program], input=content, capture_output=True, check=True)  # noqa: S603  # our own program
        assert done.stdout == b"[['1', '2']]\n"


_ZEROS = bytes(1 << 20)


def _bomb(pack: str) -> bytes:
    """A hundred megabytes of zeros in a few packed bytes."""
    out = io.BytesIO()
    if pack == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("rows.csv", "w") as file:
            file.writelines(_ZEROS for _ in range(100))
        return out.getvalue()
    packers: dict[str, Any] = {
        "gzip": zlib.compressobj(wbits=31),
        "bzip2": bz2.BZ2Compressor(),
        "xz": lzma.LZMACompressor(),
        "zstd": zstandard.ZstdCompressor().compressobj(),
    }
    packer = packers[pack]
    packed: bytes = packer.compress(_ZEROS * 4) + packer.flush()
    return packed * 25  # parts one after another


@pytest.mark.parametrize("pack", ["gzip", "bzip2", "xz", "zstd", "zip"])
def test_a_bomb_is_refused_long_before_its_end(tmp_path: Path, pack: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(_bomb(pack))
    assert path.stat().st_size < 200_000
    read: list[int] = []
    with open_bytes(str(path)) as stream, pytest.raises(SourceError, match="unpacks to more than 500 times"):
        read.extend(map(len, iter(lambda: stream.read(1 << 20), b"")))
    assert sum(read) < 80 << 20


def test_what_is_packed_tightly_and_small_is_read(tmp_path: Path) -> None:
    path = tmp_path / "small.gz"
    path.write_bytes(gzip.compress(_ZEROS * 20))
    with open_bytes(str(path)) as stream:
        assert len(stream.read()) == 20 << 20


def test_bytes_in_memory_are_read_like_a_file() -> None:
    for pack in _PACKERS.values():
        with open_bytes("rows.csv", pack(_TABLE)) as stream:
            assert stream.read() == _TABLE
