"""A file that may become large: beyond a size it goes to the disk past the page cache.

A file of some gigabytes drives everything else out of memory otherwise; and where the machine is a virtual one, pages
that its host has to give first cost more than all of the lift.
"""

from __future__ import annotations

import errno
import mmap
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from graphmap.files.atomic import open_private

__all__ = ["LargeFile"]

_BLOCK = 1 << 20
_SMALL = 32 * _BLOCK
_PAST_THE_CACHE = getattr(os, "O_DIRECT", None)  # not every system has it


class LargeFile(AbstractContextManager["LargeFile"]):
    """Writes a new file, for its owner alone, from its beginning to its end.

    Args:
        path: of the file; what is there is overwritten.

    Raises:
        OSError: by any method, where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = 0
        self._blocks: _Blocks | None = None

    def __enter__(self) -> Self:
        self._file = open_private(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if self._blocks is not None:
                self._blocks.end(whole=error is None)

    def write(self, piece: bytes | memoryview) -> None:
        """Write some bytes more."""
        if self._blocks is None:
            piece = self._kept_small(piece)
        if self._blocks is not None:
            self._blocks.write(piece)

    def _kept_small(self, piece: bytes | memoryview) -> bytes | memoryview:
        """Write a piece as it is usually done, and give back what is left of it when the file has become large."""
        room = _SMALL - self._written
        self._file.write(piece[:room])
        self._written += min(len(piece), room)
        if self._written == _SMALL:
            self._file.flush()
            self._blocks = _Blocks(self._file.fileno(), _past_the_cache(self._path), _SMALL)
        return piece[room:]


def _past_the_cache(path: Path) -> int | None:
    if _PAST_THE_CACHE is None:
        return None
    try:
        return os.open(path, os.O_WRONLY | _PAST_THE_CACHE)
    except OSError:  # as on a file system in memory
        return None


class _Blocks:
    """Whole blocks from one place of a file on: one is written while the next is filled.

    Args:
        file: a descriptor of it.
        direct: another, which passes by the cache; `None` where there is none.
        offset: the place, a multiple of the size of a block.
    """

    def __init__(self, file: int, direct: int | None, offset: int) -> None:
        self._file = file
        self._direct = direct
        self._offset = offset
        self._filled = 0
        self._block, self._other = mmap.mmap(-1, _BLOCK), mmap.mmap(-1, _BLOCK)  # they begin with a page, as they must
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="to-disk")
        self._under_way: Future[None] | None = None

    def write(self, piece: bytes | memoryview) -> None:
        """Add bytes; waits only where a block is full before the one before it is written."""
        at = 0
        while at < len(piece):
            part = piece[at : at + _BLOCK - self._filled]
            self._block[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            at += len(part)
            if self._filled == _BLOCK:
                self._hand_over()

    def _hand_over(self) -> None:
        self._wait()
        self._under_way = self._beside.submit(self._put, memoryview(self._block), self._offset)
        self._block, self._other = self._other, self._block
        self._offset += _BLOCK
        self._filled = 0

    def end(self, *, whole: bool) -> None:
        """Write what is left, where the file is to be whole, and let go of it."""
        try:
            if whole:
                self._wait()
                self._put(memoryview(self._block)[: self._filled], self._offset)
        finally:
            self._beside.shutdown()
            if self._direct is not None:
                os.close(self._direct)

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()

    def _put(self, view: memoryview, offset: int) -> None:
        while view:
            count = self._put_some(view, offset)
            view, offset = view[count:], offset + count

    def _put_some(self, view: memoryview, offset: int) -> int:
        if self._direct is not None:
            try:
                return os.pwrite(self._direct, view, offset)
            except OSError as error:
                if error.errno != errno.EINVAL:  # which says that the disk takes no such piece, as of the last block
                    raise
        return os.pwrite(self._file, view, offset)
