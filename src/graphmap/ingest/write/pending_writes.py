"""Additions that wait to be written, by the records that they come from."""

from __future__ import annotations

from collections import deque
from collections.abc import Set as AbstractSet
from concurrent.futures import Future

__all__ = ["PendingWrites"]


class PendingWrites:
    """Marks of records whose statements may not be there yet."""

    def __init__(self) -> None:
        self._parts: deque[tuple[Future[None], AbstractSet[object]]] = deque()

    def add(self, written: Future[None], marks: AbstractSet[object]) -> None:
        """Note what is written later.

        Args:
            written: is done when it is there.
            marks: what a question about these records would share with them.
        """
        self._parts.append((written, marks))

    def has_any(self, marks: AbstractSet[object]) -> bool:
        """Return whether a question about something with these marks has to wait for what is written later."""
        while self._parts and self._parts[0][0].done():
            self._parts.popleft()
        return any(not marks.isdisjoint(pending) for _, pending in self._parts)
