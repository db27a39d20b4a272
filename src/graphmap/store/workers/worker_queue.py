"""Worker processes, and the requests that wait for one.

A request has a client. Requests from outside wait in turn by client: the one that has the fewest at work comes first,
so that a client with a hundred requests does not stop another with one. Some workers are kept for requests of our own.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from graphmap.errors import DeadlineError
from graphmap.store.workers.process import Worker

__all__ = ["OWN", "WorkerCounts", "WorkerQueue"]

OWN = None
"""The client of requests of our own making, such as those of pages and of readiness."""
_NOBODY = "nobody"


@dataclass(slots=True, kw_only=True)
class WorkerCounts:
    """Events of a queue so far, for monitoring."""

    asked: int = 0
    killed: int = 0
    crashed: int = 0


class WorkerQueue:
    """Worker processes for one event loop; a lost one is replaced.

    Args:
        workers: the processes.
        kept: so many of them never serve a request from outside.
    """

    def __init__(self, workers: Sequence[Worker], *, kept: int = 0) -> None:
        self.counts = WorkerCounts()
        self.workers = tuple(workers)
        self._open = len(workers) - kept
        self._idle = deque(self.workers)
        self._waiting: dict[str | None, deque[asyncio.Future[Worker]]] = {}
        self._clients: dict[int, str] = {}
        self._busy: dict[str, int] = {}
        self._renewals: set[asyncio.Task[None]] = set()
        self._closed = False

    async def take(self, until: float, *, client: str | None = OWN) -> Worker:
        """Take a worker; `give_back` returns it.

        Args:
            until: time of `time.monotonic` at which waiting ends.
            client: address of the client; `OWN` for a request of our own.

        Raises:
            DeadlineError: where none is free until then.
        """
        if self._idle and not self._waiting and self._may_start(client):
            return self._start(client)
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        self._assign()  # those before it may have given up
        late = turn.get_loop().call_later(max(until - time.monotonic(), 0.001), _refuse, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._free(turn.result())
            raise
        finally:
            late.cancel()

    def give_back(self, worker: Worker) -> None:
        """Return a worker; one that is lost is replaced first."""
        if worker.usable:
            self._free(worker)
        elif not self._closed:
            self.counts.killed += worker.lost in ("late", "stalled")
            self.counts.crashed += worker.lost == "gone"
            self._replace(worker)

    def replace_all(self) -> None:
        """Have each process replaced, those at work when they are done."""
        for worker in self.workers:
            worker.outdated = True
        for worker in tuple(self._idle):
            self._idle.remove(worker)
            self._replace(worker)

    async def aclose(self) -> None:
        """End all processes, those that are just being started too; a request at work is cut off."""
        self._closed = True
        await asyncio.gather(*self._renewals)
        self.close()
        await asyncio.sleep(0)  # the loop closes the sockets

    def close(self) -> None:
        """End all processes, where no event loop runs any more."""
        self._closed = True
        for worker in self.workers:
            worker.end()

    def _replace(self, worker: Worker) -> None:
        renewal = asyncio.get_running_loop().create_task(self._renew(worker))
        self._renewals.add(renewal)  # the loop itself keeps no hold of its tasks
        renewal.add_done_callback(self._renewals.discard)

    async def _renew(self, worker: Worker) -> None:
        worker.detach()
        await asyncio.to_thread(worker.renew)
        self._free(worker)

    def _free(self, worker: Worker) -> None:
        client = self._clients.pop(worker.number, OWN)
        if client is not OWN:
            left = self._busy.pop(client) - 1
            if left:
                self._busy[client] = left
        if worker.outdated and not self._closed:
            self._replace(worker)
            return
        self._idle.append(worker)
        self._assign()

    def _assign(self) -> None:
        """Give idle workers to requests that wait."""
        while self._idle and (client := self._next()) is not _NOBODY:
            source_runs = self._waiting[client]
            turn = source_runs.popleft()
            if not source_runs:
                del self._waiting[client]
            if not turn.done():  # else it gave up
                turn.set_result(self._start(client))

    def _next(self) -> str | None:
        """The client whose request comes next, `_NOBODY` where none may begin."""
        if OWN in self._waiting:
            return OWN
        if not self._waiting or len(self._clients) >= self._open:
            return _NOBODY
        return min(self._waiting, key=self._at_work)

    def _at_work(self, client: str | None) -> int:
        return 0 if client is OWN else self._busy.get(client, 0)

    def _may_start(self, client: str | None) -> bool:
        return client is OWN or len(self._clients) < self._open

    def _start(self, client: str | None) -> Worker:
        worker = self._idle.popleft()
        if client is not OWN:
            self._clients[worker.number] = client
            self._busy[client] = self._busy.get(client, 0) + 1
        return worker


def _refuse(turn: asyncio.Future[Worker]) -> None:
    if not turn.done():
        what = "all workers were busy until the time for the query was up"
        turn.set_exception(DeadlineError(what, hint="try again in a moment"))
