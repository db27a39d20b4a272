"""Additions that may be written later: in their order, several by one write, and before anybody reads."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import accumulate, islice, takewhile

from graphmap.errors import StoreError

__all__ = ["WriteBuffer"]

_PORTION_BYTES = 24 << 20
"""Most bytes of one write; larger ones cost memory and are no faster."""
_AHEAD_BYTES = 24 << 20
"""Most bytes that wait while nobody reads: some 250 envelopes, or a second."""
_LITTLE_BYTES = 1 << 20
"""Most bytes that wait while others read: some ten envelopes, or a tenth of a second."""
_READERS_STAY_S = 2.0
"""For how long after somebody has read others are expected to."""
_LINGER_S = 0.25
"""Time that an addition waits for others to be written with."""


@dataclass(slots=True, eq=False)
class _Addition:
    """Text to be written, and whether its `add` has ended."""

    data: bytes
    written: Future[None] = field(default_factory=Future)
    promised: bool = False


class WriteBuffer:
    """Writes additions in a thread of its own; its methods may be called from any thread.

    An addition whose write fails after its `add` has ended is kept, and written again as soon as anybody asks for it or
    adds another.

    Args:
        write: writes N-Quads, all or nothing; raises `StoreError` where it cannot.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._changed = threading.Condition()
        self._waiting: deque[_Addition] = deque()
        self._bytes = 0
        self._due_s = 0.0
        self._read_s = -_READERS_STAY_S
        self._in_need = 0
        self._failure: StoreError | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def add(self, data: bytes) -> Future[None]:
        """Let something be written, and wait until little of all that was added is left to be.

        While others read that is so little that they hardly wait; else it may be what takes a second or two.

        Returns:
            Is done when it is written.

        Raises:
            StoreError: where this or what was added before cannot be written, or this was closed; this is not added
                then.
        """
        with self._changed:
            if self._closed:
                raise StoreError("the store is closed", hint="open it again")
            if self._failure is not None:
                self._wait()
            if not self._waiting:
                self._due_s = time.monotonic() + _LINGER_S
            addition = _Addition(data)
            self._waiting.append(addition)
            self._bytes += len(data)
            self._start()
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._failure is not None or self._bytes <= self._room())
            if self._failure is not None and not addition.written.done():  # nothing is being written, then
                self._waiting.remove(addition)
                self._bytes -= len(data)
                raise _again(self._failure)
            addition.promised = True
            return addition.written

    def wait(self, *, hurry: bool = True, for_readers: bool = False) -> None:
        """Wait until all is written whose `add` has ended.

        Args:
            hurry: whether it is written at once.
            for_readers: whether more readers have to be expected.

        Raises:
            StoreError: where it cannot be written; it is kept.
        """
        with self._changed:
            if for_readers:
                self._read_s = time.monotonic()
            self._wait(in_need=hurry)

    def close(self) -> None:
        """Write what waits, and end; what cannot be written is given up."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _wait(self, *, in_need: bool = True) -> None:
        if self._failure is not None:
            self._try_again()
        last = next((each.written for each in reversed(self._waiting) if each.promised), None)
        if last is None:
            return
        self._in_need += in_need
        self._changed.notify_all()
        try:
            self._changed.wait_for(lambda: last.done() or self._failure is not None)
        finally:
            self._in_need -= in_need
        if self._failure is not None and not last.done():
            raise _again(self._failure)

    def _try_again(self) -> None:
        self._failure = None
        self._start()

    def _room(self) -> int:
        return _LITTLE_BYTES if time.monotonic() - self._read_s < _READERS_STAY_S else _AHEAD_BYTES

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="later", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """Write until there is nothing more at the end, or a write fails."""
        failure: StoreError | None = None
        while failure is None and (portion := self._next()):
            failure = StoreError("the store could not be written", hint="look at the server's log")
            try:
                self._write(b"".join(each.data for each in portion))
                failure = None
            except StoreError as error:
                failure = error
            finally:
                self._end(portion, failure)

    def _next(self) -> list[_Addition]:
        """Take the next text to be written; empty at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._waiting))
            while not (self._closed or self._in_need or self._bytes > min(_PORTION_BYTES, self._room())):
                left_s = self._due_s - time.monotonic()
                if left_s <= 0:
                    break
                self._changed.wait(left_s)
            sizes = accumulate(len(each.data) for each in self._waiting)
            fitting = sum(1 for _ in takewhile(lambda size: size <= _PORTION_BYTES, sizes))
            return list(islice(self._waiting, max(1, fitting)))

    def _end(self, portion: list[_Addition], failure: StoreError | None) -> None:
        with self._changed:
            if failure is not None:
                self._failure, self._thread = failure, None
            else:
                for each in portion:
                    self._waiting.popleft()
                    self._bytes -= len(each.data)
                    each.written.set_result(None)
            self._changed.notify_all()


def _again(failure: StoreError) -> StoreError:
    """A failure for another thread to raise."""
    return StoreError(failure.what, where=failure.where, hint=failure.hint)
