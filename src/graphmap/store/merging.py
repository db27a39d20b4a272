"""How far the database is behind with merging what bulk loads brought.

A bulk load brings a file for each of the database's orders. With twenty unmerged ones of an order a checkpoint waits
until there are fewer, where a transaction was written, too: ten seconds and more on a busy machine, so that queries run
into their deadline. The database does not tell how many there are. Its folder does: a file of a bulk load says so at
its end, and is gone when it has been merged.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Set as AbstractSet
from pathlib import Path

__all__ = ["Merging"]

_MOST_LOADS = 16
"""A few less than the twenty at which the database would make others wait."""
_LONGEST_S = 30.0
_LOOK_S = 0.05
_TAIL_BYTES = 8 << 10
_MARK = b"external_sst_file"
_LEAST_BYTES = 64 << 10
"""Smaller files may share no range with others; those are never merged, and nobody has to wait for them."""


class Merging:
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
        """How many bulk loads have files that are not merged."""
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
