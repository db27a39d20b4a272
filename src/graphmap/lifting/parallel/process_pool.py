"""Several processes at one kind of work: pieces in, results out in the order of the pieces.

The processes are forked, so that what was compiled before is there in all of them and shared in memory. This process
reads, hands out and takes in; one thread a helper does nothing but talk to it. Where this process took pieces, too, its
threads waited for the interpreter, and the helpers for them.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from graphmap.errors import GraphmapError, SourceError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext

__all__ = ["Crew", "usable_processors"]

_Result = TypeVar("_Result")
_AHEAD = 2


def usable_processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0))


class Crew(Generic[_Result]):
    """Works on pieces with a few forked helpers.

    Args:
        work: what to do with a piece; a `GraphmapError` that it raises comes up again at its piece's turn.
        helpers: number of processes beside this one; without any, this one does the work.
    """

    def __init__(self, work: Callable[[bytes], _Result], *, helpers: int) -> None:
        import multiprocessing  # noqa: PLC0415  # 8 ms that most commands need not spend

        self._work = work
        gc.freeze()  # what was made so far is not looked at again, so that helpers share its pages for longer
        fork = multiprocessing.get_context("fork")
        self._helpers = [_Helper(fork, work) for _ in range(helpers)]

    def results(self, pieces: Iterable[bytes]) -> Iterator[_Result]:
        """Work on all pieces.

        Yields:
            The results in the order of the pieces; only a few pieces are in hand at a time.

        Raises:
            GraphmapError: what the work on a piece, or the iteration of the pieces, raised, at its turn.
        """
        if not self._helpers:
            yield from map(self._work, pieces)
            return
        queue: _Queue[_Result] = _Queue(pieces, limit=_AHEAD * len(self._helpers))
        threads = [threading.Thread(target=queue.serve, args=(each.ask,), daemon=True) for each in self._helpers]
        for thread in threads:
            thread.start()
        try:
            yield from queue.ready()
        finally:
            queue.stop()
            for helper in self._helpers:
                helper.end()


class _Helper(Generic[_Result]):
    def __init__(self, fork: ForkContext, work: Callable[[bytes], _Result]) -> None:
        self._ours, theirs = fork.Pipe()
        self._process = fork.Process(target=_serve, args=(theirs, work), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, piece: bytes) -> _Result:
        try:
            self._ours.send_bytes(piece)
            answer: _Result | GraphmapError = self._ours.recv()
        except (EOFError, OSError) as error:
            raise SourceError("a helping process ended before its work was done", hint="try again") from error
        if isinstance(answer, GraphmapError):
            raise answer
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()


def _serve(connection: Connection, work: Callable[[bytes], object]) -> None:
    try:
        while True:
            try:
                answer = work(connection.recv_bytes())
            except GraphmapError as error:
                answer = error
            connection.send(answer)
    except (EOFError, OSError, KeyboardInterrupt):  # the owner is gone, or wants us gone
        return


class _Queue(Generic[_Result]):
    """Pieces that are handed out, and results that wait for their turn."""

    def __init__(self, pieces: Iterable[bytes], *, limit: int) -> None:
        self._pieces = iter(pieces)
        self._limit = limit
        self._changed = threading.Condition()
        self._results: dict[int, _Result | GraphmapError] = {}
        self._given = 0
        self._taken = 0
        self._finished = False

    def _next(self) -> tuple[int, bytes] | None:
        """The next piece and its number, as soon as fewer are in hand than may be; `None` where there is none."""
        with self._changed:
            while not self._finished and self._given - self._taken >= self._limit:
                self._changed.wait()
            if self._finished:
                return None
            number = self._given
            try:
                piece = next(self._pieces, None)
            except GraphmapError as error:
                self._results[number] = error
                self._given += 1
                piece = None
            if piece is None:
                self._finished = True
                self._changed.notify_all()
                return None
            self._given += 1
            return number, piece

    def _put(self, number: int, result: _Result | GraphmapError) -> None:
        with self._changed:
            self._results[number] = result
            self._changed.notify_all()

    def serve(self, ask: Callable[[bytes], _Result]) -> None:
        """Give pieces to a helper until there are none."""
        while (given := self._next()) is not None:
            number, piece = given
            try:
                self._put(number, ask(piece))
            except GraphmapError as error:
                self._put(number, error)

    def ready(self) -> Iterator[_Result]:
        """All results, each when its turn has come."""
        while True:
            with self._changed:
                while self._taken not in self._results:
                    if self._finished and self._taken >= self._given:
                        return
                    self._changed.wait()
                result = self._results.pop(self._taken)
                self._taken += 1
                self._changed.notify_all()
            if isinstance(result, GraphmapError):
                raise result
            yield result

    def stop(self) -> None:
        """Hand out nothing more."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()
