"""Lines of the default graph that a store surely has, so that they need not be sent again.

Records repeat much of what others say: labels and codes of what they refer to. To write a line that is there costs the
database half as much as a new one.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.store import Store

__all__ = ["KnownLines"]

_MOST = 50_000


class KnownLines:
    """Remembers what was added last, for as long as nothing but additions of its owner reached the store.

    Args:
        store: counts its writes.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lines: dict[bytes, None] = {}
        self._generation = store.generation

    def news(self, lines: Iterable[bytes]) -> list[bytes]:
        """The lines that may be missing."""
        if self._store.generation != self._generation:  # something may have been removed
            self._lines.clear()
            self._generation = self._store.generation
        return [line for line in lines if line not in self._lines]

    def added(self, lines: Iterable[bytes]) -> None:
        """Say that lines were added, by one write after `news` was asked."""
        written = self._store.generation - self._generation
        self._generation += written
        if written != 1 or len(self._lines) > _MOST:
            self._lines.clear()
        if written == 1:
            self._lines.update(dict.fromkeys(lines))
