"""The folder of a database and what stands beside it: the lock of its holder, a copy in the making, the journal.

A copy takes the place of the database by three renames. The first, to `next`, decides: whoever opens the database
after a kill finishes the exchange where `next` stands, and removes the unfinished copy where it does not.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

from graphmap.errors import Locator, StoreError
from graphmap.files import make_private

__all__ = ["StoreDirectory", "sync_folder"]

_FRESH_JOURNAL = "graphmap-without-journal"
"""A file in a database that was restored: the journal beside it belongs to the database before it."""
_SAME_JOURNAL = "graphmap-with-journal"
"""A file in a database that was restored: it gets all that the journal beside it holds."""


class StoreDirectory:
    """Folder of a database; nothing is touched before `hold`.

    Args:
        path: the database's own folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.beside = path.parent / f".{path.name}-beside"
        self.staging = self.beside / "staging"
        self.journal = self.beside / "journal"
        self.journal_made = self.beside / "journal-made"
        self.journal_again = self.beside / "journal-again"
        self._next = self.beside / "next"
        self._before = self.beside / "before"
        self._made = self.beside / "made"
        self._lock: IO[str] | None = None

    @property
    def was_made(self) -> bool:
        """Return whether a database was made here once, so that one has to be here."""
        return self._made.exists() or self.journal.exists() or self.journal_made.exists()

    def note_made(self) -> None:
        """Note that there is a database here, where that is not noted yet.

        Raises:
            OSError: where it cannot be written.
        """
        if not self._made.exists():
            self._made.touch(mode=0o600)
            sync_folder(self.beside)

    def hold(self) -> None:
        """Take the place for this process, and finish or undo what a killed one left.

        Raises:
            OSError: where the folder cannot be written.
            StoreError: where another process holds it; names that process.
        """
        make_private(self.beside)  # the journal has people's data
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
        self._lock = lock
        with contextlib.suppress(OSError):  # a disk that is full keeps nobody from reading; the number is for people
            os.ftruncate(lock.fileno(), 0)
            os.write(lock.fileno(), str(os.getpid()).encode())
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

    def mark_restored(self, *, with_journal: bool) -> None:
        """Say what becomes of the journal when the copy has taken its place: it is taken in whole, or it is removed."""
        (self.staging / (_SAME_JOURNAL if with_journal else _FRESH_JOURNAL)).touch(mode=0o600)

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
        for name, settle in ((_FRESH_JOURNAL, self._remove_journal), (_SAME_JOURNAL, self._keep_journal)):
            mark = self.path / name
            if mark.exists():
                settle()
                for index in self.beside.glob("search.db*"):  # of what was there before
                    index.unlink(missing_ok=True)
                sync_folder(self.beside)
                mark.unlink()
        shutil.rmtree(self.staging, ignore_errors=True)
        shutil.rmtree(self._before, ignore_errors=True)

    def _remove_journal(self) -> None:
        for file in (self.journal_made, self.journal_again, self.journal):
            file.unlink(missing_ok=True)

    def _keep_journal(self) -> None:
        if self.journal.exists():
            self.journal_again.touch(mode=0o600)


def sync_folder(folder: Path) -> None:
    """Have the entries of a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
