"""Results: to standard output, into a file that is whole or not there, or into a device or pipe that has a name."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from graphmap.errors import GraphmapError, Locator
from graphmap.placing import is_special

__all__ = ["check_target", "write_result"]

_STEP_BYTES = 32 << 20
_CAN_LET_GO = hasattr(os, "posix_fadvise")  # not every system has it
_HINT = "check the folder and the space that is left"


def check_target(target: Path) -> None:
    """Look whether a result can be written, before the work that gives it; nothing is made or changed.

    Args:
        target: as `write_result` has it.

    Raises:
        GraphmapError: where it cannot be.
    """
    stays, folder = is_special(target), target.resolve().parent
    if target.is_dir():
        number = errno.EISDIR
    elif not stays and not folder.is_dir():
        number = errno.ENOENT
    elif not os.access(target if stays else folder, os.W_OK):
        number = errno.EACCES
    else:
        return
    raise _unwritten(target, OSError(number, os.strerror(number)))


def write_result(pieces: Iterable[str | bytes | memoryview], target: Path | None) -> None:
    """Write a result to standard output, or to a file that is whole or not there.

    Args:
        pieces: of the result; text becomes UTF-8.
        target: the file, or a link to it; what is there and is no file, as a device or a pipe, is written to as it is.

    Raises:
        GraphmapError: where it cannot be written.
    """
    if target is None:
        _print(pieces)
        return
    try:
        if is_special(target):  # as it is named: what /dev/fd leads to has no path to resolve
            with target.open("wb") as stream:
                _write(stream, pieces)
        else:
            _replace(target.resolve(), pieces)
    except BrokenPipeError:  # nobody reads on
        raise
    except OSError as error:
        raise _unwritten(target, error) from error


def _unwritten(target: Path, error: OSError) -> GraphmapError:
    return GraphmapError(f"cannot be written: {error.strerror}", where=Locator(source=str(target)), hint=_HINT)


def _print(pieces: Iterable[str | bytes | memoryview]) -> None:
    try:
        _write(sys.stdout.buffer, pieces)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody reads on
        raise
    except OSError as error:
        where = Locator(source="standard output")
        raise GraphmapError(f"cannot be written: {error.strerror}", where=where, hint="free some space") from error


def _replace(place: Path, pieces: Iterable[str | bytes | memoryview]) -> None:
    unfinished = place.with_name(f".{place.name}.part")
    try:
        with unfinished.open("wb") as file, _LettingGo(file) as letting_go:
            for piece in pieces:
                letting_go.wrote(file.write(_bytes(piece)))
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(stream: BinaryIO, pieces: Iterable[str | bytes | memoryview]) -> None:
    stream.writelines(_bytes(piece) for piece in pieces)


def _bytes(piece: str | bytes | memoryview) -> bytes | memoryview:
    return piece.encode() if isinstance(piece, str) else piece


class _LettingGo(AbstractContextManager["_LettingGo"]):
    """Has a large file brought to the disk while it is being written, and its pages given back.

    Otherwise a file of some gigabytes drives everything else out of memory; and where the machine is a virtual one that
    gives free memory back to its host, pages that are fresh cost more than all of the lift.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written = 0
        self._asked = 0
        self._under_way: Future[None] | None = None

    def __enter__(self) -> Self:
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="to-disk")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.shutdown()
        if self._under_way is not None and error is None:
            self._under_way.result()

    def wrote(self, size: int) -> None:
        """Take note of so many bytes more; never waits for the disk."""
        self._written += size
        free = self._under_way is None or self._under_way.done()
        if _CAN_LET_GO and free and self._written - self._asked >= _STEP_BYTES:
            if self._under_way is not None:
                self._under_way.result()
            self._asked = self._written
            self._under_way = self._beside.submit(_let_go, self._file.fileno(), self._written)


def _let_go(file: int, size: int) -> None:
    os.fdatasync(file)
    os.posix_fadvise(file, 0, size, os.POSIX_FADV_DONTNEED)
