"""Who works on the store: those that have a number, one after another in its order, or one alone while all wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Turns"]


class Turns:
    """Turns by number; its methods may be called from any thread.

    Args:
        first: the number that comes first.
    """

    def __init__(self, first: int) -> None:
        self._changed = threading.Condition()
        self._next = first
        self._inside = 0
        self._alone = False

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be among those that take numbers; waits while one works alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def turn(self, number: int, *, many: int = 1) -> Iterator[None]:
        """Work when all smaller numbers are done; every number that was taken must come here."""
        with self._changed:
            self._changed.wait_for(lambda: self._next == number)
        try:
            yield
        finally:
            with self._changed:
                self._next = number + many
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work while nobody is inside."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._alone = True
            self._changed.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()
