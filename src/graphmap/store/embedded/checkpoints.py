"""Checkpoints of the store for readers in other processes: taken when one is due, removed when nobody reads it."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from itertools import count
from pathlib import Path

from graphmap.errors import Locator, StoreError
from graphmap.files import make_private
from graphmap.store.compaction import Compaction
from graphmap.store.io_errors import explained_errors
from graphmap.store.protocol import Store

__all__ = ["Checkpoints", "IdleStore", "checkpoints_folder"]


def checkpoints_folder(beside: Path, *, linked: bool = False) -> Path:
    """Make a folder for checkpoints, for its owner alone.

    Args:
        beside: the folder of the store's own folder; checkpoints there are hard links.
        linked: whether they will be links to the store, which may be anywhere: the store's disk may be full.

    Raises:
        StoreError: where it cannot be made.
    """
    with explained_errors(beside):
        parent = _temporary(beside) if linked else beside
        return Path(tempfile.mkdtemp(prefix=".checkpoints-", dir=parent))


def _temporary(otherwise: Path) -> Path:
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:  # no such folder can be written to
        return otherwise


_LOOK_S = 1.0


class Checkpoints:
    """The newest checkpoint of a store, shared by all who read; its methods may be called from any thread.

    Args:
        store: where checkpoints come from.
        folder: on the store's own file system, so that they are hard links. What an earlier run left is removed.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._names = count(1)
        self._lock = threading.Lock()
        self._newest: Path | None = None
        self._generation: int | None = None
        self._compacted = False
        self._outdated = False
        self._looked_s = -_LOOK_S
        self._taken_s = time.monotonic()
        self._in_use: dict[int, Path] = {}
        _clear(folder)

    @property
    def due(self) -> bool:
        """Return whether a checkpoint is due: there is none, the store has changed, or its files were merged."""
        return self._newest is None or self._generation != self._store.generation or self._is_merged_since

    @property
    def newest_path(self) -> Path | None:
        """The newest checkpoint; a reader of another one has to ask for it."""
        return self._newest

    @property
    def age_s(self) -> float:
        """Seconds since the newest checkpoint was taken."""
        return time.monotonic() - self._taken_s

    def newest(self, reader: int) -> Path:
        """The checkpoint that a reader is to read from now on; a new one where one is due.

        Args:
            reader: a number of its own; the checkpoint that it read before is given free.

        Raises:
            StoreError: where the folder cannot be written, or the store cannot be read.
        """
        with self._lock:
            if self.due or self._newest is None:
                generation = self._store.generation  # read first: a write meanwhile makes the next one due
                self._compacted = self._store.compaction.state.is_done
                self._newest, self._generation = self._take(), generation
                self._outdated = False
                self._taken_s = time.monotonic()
            self._in_use[reader] = self._newest
            self._remove_unused()
            return self._newest

    def own(self) -> Path:
        """A checkpoint for one who writes on it and removes it.

        Raises:
            StoreError: as `newest` does.
        """
        with self._lock:
            return self._take("own-")

    def empty(self) -> Path:
        """A folder that is not there yet, in which to make an empty database; whoever asked removes it.

        Raises:
            StoreError: where the folder above it cannot be made.
        """
        with self._lock:
            return self._place("own-")

    def drop(self) -> None:
        """Remove all that readers share, those too that somebody still reads; the next reader gets a new one."""
        with self._lock:
            self._newest = None
            self._in_use.clear()
            self._remove_unused()

    def close(self) -> None:
        """Remove all of them."""
        _clear(self._folder)

    @property
    def _is_merged_since(self) -> bool:
        """Return whether files of the newest checkpoint were merged since; checked once a second."""
        now = time.monotonic()
        if not (self._compacted or self._outdated) and now - self._looked_s >= _LOOK_S:
            self._looked_s = now
            self._outdated = self._store.compaction.state.is_done
        return self._outdated

    def _take(self, prefix: str = "") -> Path:
        path = self._place(prefix)
        self._store.checkpoint(path)
        return path

    def _place(self, prefix: str) -> Path:
        try:
            make_private(self._folder)
        except OSError as error:
            where = Locator(source=str(self._folder))
            what = f"the folder for checkpoints cannot be made: {error.strerror}"
            raise StoreError(what, where=where, hint="make it writable") from error
        return self._folder / f"{prefix}{next(self._names)}"

    def _remove_unused(self) -> None:
        used = {*self._in_use.values(), self._newest}
        for path in self._folder.glob("[0-9]*"):
            if path not in used:
                shutil.rmtree(path, ignore_errors=True)


class IdleStore:
    """A store that this process has and does not write to: query processes read it where it is, and no copy is made.

    Args:
        path: the store's own folder.
    """

    generation = 0

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self.compaction = Compaction(self._path)

    def checkpoint(self, folder: Path) -> None:
        """Make a link to the store.

        Raises:
            StoreError: where it cannot be made.
        """
        with explained_errors(folder):
            folder.symlink_to(self._path)

    def close(self) -> None:
        """Nothing is held."""


def _clear(folder: Path) -> None:
    """Remove checkpoints, and nothing else that may stand there."""
    for entry in folder.glob("*"):
        if entry.is_dir() and entry.name.removeprefix("own-").isdigit():
            shutil.rmtree(entry, ignore_errors=True)
