"""Work that may lag behind: done in a thread of its own, when nothing more comes in for a moment, or after a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

__all__ = ["Backlog"]

_QUIET_S = 0.1
_LONGEST_S = 1.0
_SLICE = 16


class Backlog:
    """Names of what waits; its methods may be called from any thread.

    Args:
        work: does the work for some names, each once; called in one thread only, and must raise nothing.
    """

    def __init__(self, work: Callable[[Sequence[str]], None]) -> None:
        self._work = work
        self._changed = threading.Condition()
        self._waiting: dict[str, None] = {}
        self._added_s = 0.0
        self._at_work = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="backlog", daemon=True)
        self._thread.start()

    def add(self, name: str) -> None:
        """Let something be done for a name, once however often it is added until then."""
        with self._changed:
            self._waiting[name] = None
            self._added_s = time.monotonic()
            self._changed.notify_all()

    def is_done(self, timeout_s: float) -> bool:
        """Wait until nothing waits any more; says whether that was so in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._at_work, timeout_s)

    def close(self) -> bool:
        """End, when what is being done is done; says whether anything is left undone."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        return bool(self._waiting)

    def _run(self) -> None:
        while names := self._next():
            begun = time.monotonic()
            try:
                self._work(names)
            finally:
                with self._changed:
                    self._at_work = False
                    self._changed.notify_all()
            self._rest(time.monotonic() - begun)

    def _rest(self, seconds: float) -> None:
        """Leave the interpreter to those who wait for an answer, for as long as it was taken from them."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, seconds)

    def _next(self) -> Sequence[str]:
        """The names that come next; none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            until = time.monotonic() + _LONGEST_S
            while not self._closed and (left := min(self._added_s + _QUIET_S, until) - time.monotonic()) > 0:
                self._changed.wait(left)
            names = () if self._closed else tuple(self._waiting)[:_SLICE]
            for name in names:
                del self._waiting[name]
            self._at_work = bool(names)
            return names
