"""A drop folder: what is put into it is loaded, then moved to `done` or `failed`; nothing is lost.

A file is taken when it has not changed for a moment, and loaded before it is moved: one that was loaded when the
process was killed is loaded again, which changes nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graphmap.errors import CallError, GraphmapError, Locator, SourceError, StoreError

__all__ = ["DroppedFile", "follow"]

_SETTLED_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedFile:
    """Result for one file: its new place, and the outcome; the place is `None` while it waits for the store."""

    file: Path
    place: Path | None
    told: str


def follow(
    folder: Path, load: Callable[[Path], str], stop: threading.Event, *, pause_s: float = 1.0
) -> Iterator[DroppedFile]:
    """Load what comes into a folder until told to stop.

    Args:
        folder: hidden files and those that end in `.part` are passed over.
        load: loads a file and says what became of it.
        stop: looked at between files.
        pause_s: seconds between two looks.

    Yields:
        Each file when it is done, in the order of their names.

    Raises:
        CallError: at once, where there is no such folder.
        SourceError: where the folder cannot be read or written.
    """
    if not folder.is_dir():
        what = "this is not a folder" if folder.exists() else "there is no such folder"
        raise CallError(what, where=Locator(source=str(folder)), hint="make it, or check the path")
    return _followed(folder, load, stop, pause_s)


def _followed(
    folder: Path, load: Callable[[Path], str], stop: threading.Event, pause_s: float
) -> Iterator[DroppedFile]:
    try:
        for name in ("done", "failed"):
            (folder / name).mkdir(exist_ok=True)
        while not stop.is_set():
            for file in _waiting(folder):
                yield _taken(folder, file, load)
                if stop.is_set():
                    return
            stop.wait(pause_s)
    except OSError as error:
        what = f"the folder cannot be used: {error.strerror or error}"
        where = Locator(source=str(error.filename or folder))
        raise SourceError(what, where=where, hint="look at its rights") from error


def _waiting(folder: Path) -> list[Path]:
    before = time.time() - _SETTLED_S
    files = (each for each in folder.iterdir() if each.is_file() and each.name[0] != "." and each.suffix != ".part")
    return sorted(each for each in files if each.stat().st_mtime < before)


def _taken(folder: Path, file: Path, load: Callable[[Path], str]) -> DroppedFile:
    try:
        told = load(file)
    except StoreError as error:  # no fault of the file: it waits
        return DroppedFile(file=file, place=None, told=str(error))
    except GraphmapError as error:
        place = _moved(file, folder / "failed")
        place.with_name(f"{place.name}.error").write_text(f"{error}\n", encoding="utf-8")
        return DroppedFile(file=file, place=place, told=str(error))
    return DroppedFile(file=file, place=_moved(file, folder / "done"), told=told)


def _moved(file: Path, folder: Path) -> Path:
    """Move a file under its name, or one that is still free."""
    place, number = folder / file.name, 1
    while place.exists():
        number += 1
        place = folder / f"{number}-{file.name}"
    return file.rename(place)
