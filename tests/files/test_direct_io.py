"""Files that become large: written past the page cache where the system can, and whole in either way."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphmap.cli.output import write_result
from graphmap.errors import GraphmapError
from graphmap.files import direct_io
from graphmap.files.direct_io import LargeFile

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 1 << 14
_DIRECT = getattr(os, "O_DIRECT", 0)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct_io, "_BLOCK", _BLOCK)
    monkeypatch.setattr(direct_io, "_SMALL", 2 * _BLOCK)


def _pieces(total: int) -> list[bytes]:
    chance, pieces = random.Random(total), []
    while total:
        size = min(total, chance.choice([1, 100, _BLOCK, chance.randrange(3 * _BLOCK)]))
        pieces.append(chance.randbytes(size))
        total -= size
    return pieces


def _noted(pwrite: Callable[[int, memoryview, int], int], sizes: list[int]) -> Callable[[int, memoryview, int], int]:
    def noting(file: int, view: memoryview, offset: int) -> int:
        sizes.append(len(view))
        return pwrite(file, view, offset)

    return noting


@pytest.mark.parametrize("total", [0, 1, 2 * _BLOCK - 1, 2 * _BLOCK, 2 * _BLOCK + 1, 9 * _BLOCK, 9 * _BLOCK + 77])
@pytest.mark.parametrize("refused", [False, True], ids=["taken", "refused"])
def test_all_bytes_are_there_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total: int, *, refused: bool
) -> None:
    pwrite = os.pwrite

    def picky(file: int, view: memoryview, offset: int) -> int:
        import fcntl  # noqa: PLC0415  # not every system has it

        if fcntl.fcntl(file, fcntl.F_GETFL) & _DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return pwrite(file, view, offset)

    if refused:
        monkeypatch.setattr(os, "pwrite", picky)
    pieces = _pieces(total)
    with LargeFile(tmp_path / "file") as file:
        for piece in pieces:
            file.write(piece)
    assert (tmp_path / "file").read_bytes() == b"".join(pieces)


def test_what_the_disk_takes_in_parts_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pwrite, sizes = os.pwrite, list[int]()
    monkeypatch.setattr(os, "pwrite", _noted(lambda file, view, offset: pwrite(file, view[:5000], offset), sizes))
    pieces = _pieces(7 * _BLOCK)
    with LargeFile(tmp_path / "file") as file:
        for piece in pieces:
            file.write(piece)
    assert (tmp_path / "file").read_bytes() == b"".join(pieces)
    assert len(sizes) > 7


def test_a_small_file_is_written_as_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = list[int]()
    monkeypatch.setattr(os, "pwrite", _noted(os.pwrite, sizes))
    write_result([b"x" * 100] * 50, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"x" * 5000
    assert not sizes


@pytest.mark.parametrize("blocks", [3, 20])
def test_a_disk_that_fails_meanwhile_is_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(GraphmapError, match="No space left on device"):
        write_result([b"x" * 1000] * (blocks * _BLOCK // 1000 + 1), tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_breaks_off_when_large_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_result((b"%d" % (1 // number) * _BLOCK for number in (1, 1, 1, 1, 0)), tmp_path / "file")
    assert list(tmp_path.iterdir()) == []
