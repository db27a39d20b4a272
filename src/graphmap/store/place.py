"""The folder of a database and what stands beside it: the lock of its holder, a copy in the making, the journal.

A copy takes the place of the database by three renames. The first, to `next`, decides: whoever opens the database
after a kill finishes the exchange where `next` stands, and removes the unfinished copy where it does not.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

from graphmap.errors import Locator, StoreError

__all__ = ["Place", "sync_folder"]

_FRESH_JOURNAL = "graphmap-without-journal"
"""A file in a database that was restored: the journal beside it belongs to the database before it."""


class Place:
    """Where a database lives; nothing is touched before `hold`.

    Args:
        path: the database's own folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.beside = path.parent / f".{path.name}-beside"
        self.staging = self.beside / "staging"
        self.journal = self.beside / "journal"
        self._next = self.beside / "next"
        self._before = self.beside / "before"
        self._lock: IO[str] | None = None

    def hold(self) -> None:
        """Take the place for this process, and finish or undo what a killed one left.

        Raises:
            OSError: where the folder cannot be written.
            StoreError: where another process holds it; names that process.
        """
        self.beside.mkdir(mode=0o700, parents=True, exist_ok=True)  # the journal has people's data
        lock = (self.beside / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise StoreError(
                f"the store is open in another process, number {holder}",
                where=Locator(source=str(self.path)),
                hint="stop that process, or send the work to the running server",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock
        self._settle()

    def release(self) -> None:
        """Give the place free; the database must be closed before."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def clear_staging(self) -> Path:
        """The folder for a copy, which does not exist; what stood there is removed."""
        shutil.rmtree(self.staging, ignore_errors=True)
        return self.staging

    def mark_without_journal(self) -> None:
        """Have the journal removed when the copy has taken its place."""
        (self.staging / _FRESH_JOURNAL).touch()

    def exchange(self) -> None:
        """Put the copy in the place of the database; both must be closed.

        Raises:
            OSError: where a rename fails; `hold` finishes the exchange then.
        """
        sync_folder(self.staging)
        self.staging.rename(self._next)
        sync_folder(self.beside)
        self._settle()

    def _settle(self) -> None:
        if self._next.exists():
            if self.path.exists():
                shutil.rmtree(self._before, ignore_errors=True)
                self.path.rename(self._before)
            self._next.rename(self.path)
            sync_folder(self.path.parent)
        mark = self.path / _FRESH_JOURNAL
        if mark.exists():
            self.journal.unlink(missing_ok=True)
            sync_folder(self.beside)
            mark.unlink()
        shutil.rmtree(self.staging, ignore_errors=True)
        shutil.rmtree(self._before, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Have the entries of a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
