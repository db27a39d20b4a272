"""Compaction: progress of the database in merging files, and waiting for it.

A load leaves tens of files in each order of the quads that overlap one another; a look-up goes through all of them. The
database merges them by itself as long as it is open, each order at a time, and a close cuts the order off that is in
hand, within a tenth of a second and without loss. So nothing has to be asked of it: who has it open needs only wait.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from graphmap.store.rocksdb_levels import Levels

__all__ = ["Compaction", "CompactionState", "UnmergedLoads"]

_TRIGGER = 2
"""Overlapping files of an order from which on the database merges them."""
_LOOK_S = 0.05
_SILENT_S = 0.5
"""Shorter waits are not mentioned."""
_LITTLE_BYTES = 64 << 20
"""So little is read fast, merged or not; and the database may leave it as it is."""
_STILL_S = 10.0
"""Time without a merge after which none is expected."""
_MOST_LOADS = 16
"""A few less than the twenty at which the database would make others wait."""
_LONGEST_S = 30.0
_TAIL_BYTES = 8 << 10
_MARK = b"external_sst_file"
"""A file of a bulk load has it at its end, and is gone when it has been merged."""
_LEAST_BYTES = 64 << 10
"""Smaller files may share no range with others; those are never merged, and nobody has to wait for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactionState:
    """The files of a database, and those of them that wait to be merged.

    Args:
        files: all of them.
        bytes: their size.
        waiting_files: those that overlap others of their order.
        waiting_bytes: the size of these.
        known: whether the database could be read; a future version of it may write otherwise.
    """

    files: int = 0
    bytes: int = 0
    waiting_files: int = 0
    waiting_bytes: int = 0
    known: bool = True

    @property
    def is_done(self) -> bool:
        """Return whether nothing waits."""
        return not self.waiting_files

    @property
    def is_compacted(self) -> bool:
        """Return whether so little waits that queries are no slower for it."""
        return self.waiting_bytes <= _LITTLE_BYTES


class Compaction:
    """The merging of a database; its methods may be called from any thread.

    Args:
        folder: the database's own; it may be closed, or opened by another process.
    """

    def __init__(self, folder: Path) -> None:
        self._levels = Levels(folder)
        self._lock = threading.Lock()

    @property
    def state(self) -> CompactionState:
        """Present progress."""
        with self._lock:
            files = self._levels.files()
        if files is None:
            return CompactionState(known=False)
        overlapping = [file for file in files if file.level == 0]
        by_order = Counter(file.family for file in overlapping)
        waiting = [file.bytes for file in overlapping if by_order[file.family] >= _TRIGGER]
        return CompactionState(
            files=len(files),
            bytes=sum(file.bytes for file in files),
            waiting_files=len(waiting),
            waiting_bytes=sum(waiting),
        )

    def wait(self, *, longest_s: float, stop: threading.Event, begin: Callable[[CompactionState], None]) -> None:
        """Wait until little is left to merge, or nothing is merged any more, while the database is open.

        Args:
            longest_s: after so many seconds the rest stays as it is.
            stop: ends the waiting when it is set.
            begin: told the state once, where it is not a matter of a moment.
        """
        started = moved = time.monotonic()
        told, before = False, -1
        while not (state := self.state).is_compacted:
            now = time.monotonic()
            if state.waiting_files != before:
                moved, before = now, state.waiting_files
            if now - started >= longest_s or now - moved >= _STILL_S:
                return
            if not told and now - started >= _SILENT_S:
                begin(state)
                told = True
            if stop.wait(_LOOK_S):
                return


class UnmergedLoads:
    """The bulk loads of a database that are not merged yet; for one thread at a time.

    Args:
        folder: the database's own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: AbstractSet[str] = frozenset()
        self._loads: deque[AbstractSet[str]] = deque()

    @property
    def unmerged(self) -> int:
        """Number of bulk loads whose files are not merged."""
        files = self._files()
        while self._loads and self._loads[0].isdisjoint(files):
            self._loads.popleft()
        return len(self._loads)

    def wait(self) -> None:
        """Give the database time to merge, where it is far behind; but not for ever."""
        until = time.monotonic() + _LONGEST_S
        while self.unmerged >= _MOST_LOADS and time.monotonic() < until:
            time.sleep(_LOOK_S)

    def note(self) -> None:
        """Say that a bulk load has ended."""
        files = self._files()
        self._loads.append({name for name in files - self._known if self._is_loaded(name)})
        self._known = files

    def _files(self) -> frozenset[str]:
        return frozenset(file.name for file in self._folder.glob("*.sst"))

    def _is_loaded(self, name: str) -> bool:
        try:
            with (self._folder / name).open("rb") as file:
                if os.fstat(file.fileno()).st_size < _LEAST_BYTES:
                    return False
                file.seek(-_TAIL_BYTES, os.SEEK_END)
                return _MARK in file.read()
        except FileNotFoundError:  # merged by now
            return False
