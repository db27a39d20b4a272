"""Orders writers by journal position; an exclusive operation waits until they have drained."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from graphmap.errors import StoreError

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
        self._waiting = 0
        self._alone = False

    @contextmanager
    def inside(self, *, patience_s: float | None = None) -> Iterator[None]:
        """Be among those that take numbers; waits while one works alone.

        Args:
            patience_s: how long to wait; `None` for as long as it takes.

        Raises:
            StoreError: where that was not long enough.
        """
        with self._changed:
            self._waiting += 1
            try:
                if not self._changed.wait_for(lambda: not self._alone, patience_s):
                    raise StoreError("a load or another long operation is at work", hint="send it again a little later")
                self._inside += 1
            finally:
                self._waiting -= 1
                self._changed.notify_all()
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

    def let_in(self, *, longest_s: float) -> None:
        """While working alone: let those in that wait, and go on alone when they are done.

        Args:
            longest_s: how long more of them may come in before the door is shut again.
        """
        with self._changed:
            self._alone = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting and not self._inside, longest_s)
            self._changed.wait_for(lambda: not self._alone)  # somebody else's turn to be alone may have come
            self._alone = True
            self._changed.wait_for(lambda: not self._inside)

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
