"""Work that may lag behind: done in a thread of its own, when nothing more comes in for a moment, or after a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Generic, TypeVar

__all__ = ["BackgroundQueue"]

_Note = TypeVar("_Note")

_QUIET_S = 0.1
_LONGEST_S = 1.0
_SLICE = 16
_RESTS = 3
"""Ratio of rest to work while more waits."""
_MOST_NOTES = 10_000
"""Names that wait with a note; those beyond wait without, so that memory stays small."""


class BackgroundQueue(Generic[_Note]):
    """Names of what waits, each perhaps with a note; its methods may be called from any thread.

    Args:
        work: does the work for some names, each once; called in one thread only, and must raise nothing.
    """

    def __init__(self, work: Callable[[Mapping[str, _Note | None]], None]) -> None:
        self._work = work
        self._changed = threading.Condition()
        self._waiting: dict[str, tuple[float, _Note | None]] = {}
        self._added_s = 0.0
        self._at_work = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="backlog", daemon=True)
        self._thread.start()

    def add(self, name: str, note: _Note | None = None) -> None:
        """Let something be done for a name, once however often it is added until then, and then without its notes."""
        with self._changed:
            now_s = self._added_s = time.monotonic()
            fits = name not in self._waiting and len(self._waiting) < _MOST_NOTES
            since_s, _ = self._waiting.get(name, (now_s, None))
            self._waiting[name] = since_s, note if fits else None
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
        """Leave the interpreter to those who wait for an answer, for longer than it was taken from them."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, _RESTS * seconds)

    def _next(self) -> Mapping[str, _Note | None]:
        """The names that come next; none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            while not self._closed and (left := self._due_s() - time.monotonic()) > 0:
                self._changed.wait(left)
            names = [] if self._closed else list(islice(self._waiting, _SLICE))
            following = {name: self._waiting.pop(name)[1] for name in names}
            self._at_work = bool(following)
            return following

    def _due_s(self) -> float:
        """When what waits is due."""
        oldest_s, _ = next(iter(self._waiting.values()))
        return min(self._added_s + _QUIET_S, oldest_s + _LONGEST_S)
