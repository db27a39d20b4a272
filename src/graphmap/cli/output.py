"""Results: to standard output, into a file that is whole or not there, or into a device or pipe that has a name."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from graphmap.errors import GraphmapError, Locator
from graphmap.files import LargeFile, is_special

__all__ = ["check_target", "write_result"]

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
        with LargeFile(unfinished) as file:
            for piece in pieces:
                file.write(_bytes(piece))
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(stream: BinaryIO, pieces: Iterable[str | bytes | memoryview]) -> None:
    stream.writelines(_bytes(piece) for piece in pieces)


def _bytes(piece: str | bytes | memoryview) -> bytes | memoryview:
    return piece.encode() if isinstance(piece, str) else piece
