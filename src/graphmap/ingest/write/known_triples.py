"""Lines of the default graph that a store surely has, so that they need not be sent again.

Records repeat much of what others say: labels and codes of what they refer to. To write a line that is there costs the
database half as much as a new one.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.store import Store

__all__ = ["KnownTriples"]

_MOST = 50_000


class KnownTriples:
    """Remembers what was added last, for as long as nothing may have been removed from the store.

    Args:
        store: counts its removals.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lines: dict[bytes, None] = {}
        self._removals = store.removals

    def news(self, lines: Iterable[bytes]) -> list[bytes]:
        """The lines that may be missing."""
        if self._store.removals != self._removals:
            self._lines.clear()
            self._removals = self._store.removals
        return [line for line in lines if line not in self._lines]

    def added(self, lines: Iterable[bytes]) -> None:
        """Say that lines were added after `news` was asked."""
        if len(self._lines) > _MOST:
            self._lines.clear()
        if self._store.removals == self._removals:
            self._lines.update(dict.fromkeys(lines))
