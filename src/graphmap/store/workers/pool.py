"""A pool of worker processes, for one event loop: each query runs where it can be killed at its deadline.

A worker that does not answer in time is killed and replaced, and so is one that crashes: only the client whose query it
was hears of it.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from graphmap.errors import CallError
from graphmap.rdf import GRAPHS, TABLES, media_type
from graphmap.store.embedded import Checkpoints
from graphmap.store.endpoint import Endpoint
from graphmap.store.protocol import Store
from graphmap.store.query_request import Answer, Dataset, WorkerLimits
from graphmap.store.sparql import Query
from graphmap.store.worker_protocol import Request
from graphmap.store.workers.answer_stream import Stream
from graphmap.store.workers.channel import WorkerCommand
from graphmap.store.workers.process import Worker
from graphmap.store.workers.worker_queue import OWN, WorkerQueue

__all__ = ["Pool"]

_ANYONE = ""
"""The client of requests whose address does not matter; they wait in turn with those of others."""
_PREFIXED = ("turtle", "trig", "rdfxml")


class Pool:
    """Worker processes over one store; all awaiting happens on one event loop, the rest on any thread.

    Args:
        store: where checkpoints come from.
        folder: for the checkpoints; see `Checkpoints`.
        limits: what one query may take.
        size: how many queries can run side by side.
        kept: workers beside these, for queries of our own.
        endpoint: the server that answers instead of checkpoints, where the store is another server's.
    """

    def __init__(
        self,
        *,
        store: Store,
        folder: Path,
        limits: WorkerLimits | None = None,
        size: int = 2,
        kept: int = 0,
        endpoint: Endpoint | None = None,
    ) -> None:
        self.limits = limits or WorkerLimits()
        self.checkpoints = Checkpoints(store, folder)
        self._store = store
        self._endpoint = endpoint
        command = WorkerCommand(memory_bytes=self.limits.memory_bytes)
        self._queue = WorkerQueue([Worker(number, command) for number in range(size + kept)], kept=kept)
        self.counts = self._queue.counts

    @property
    def generation(self) -> int:
        """A number that grows with every write to the store; answers under one number stay the same."""
        return self._store.generation

    @property
    def state(self) -> str:
        """Name of the state of the data; never repeated if others may write to it."""
        return str(self.generation) if self._endpoint is None else secrets.token_hex(8)

    @property
    def checkpoint_age_s(self) -> float | None:
        """Seconds since the newest checkpoint was taken; `None` where queries go to another server."""
        return round(self.checkpoints.age_s, 3) if self._endpoint is None else None

    @property
    def processes(self) -> tuple[int, ...]:
        """The process numbers of the workers."""
        return tuple(worker.process.pid for worker in self._queue.workers)

    async def answer(
        self,
        query: Query,
        *,
        syntax: str,
        dataset: Dataset | None = None,
        prefixes: Mapping[str, str] = MappingProxyType({}),
        timeout_s: float | None = None,
        client: str | None = OWN,
    ) -> Answer:
        """Run a query and wait for the whole answer; see `stream`."""
        stream = await self.stream(
            query, syntax=syntax, dataset=dataset, prefixes=prefixes, timeout_s=timeout_s, client=client
        )
        body = stream.first if stream.complete else stream.first + b"".join([part async for part in stream.rest()])
        return Answer(media_type=stream.media_type, body=body)

    async def stream(
        self,
        query: Query,
        *,
        syntax: str,
        dataset: Dataset | None = None,
        prefixes: Mapping[str, str] = MappingProxyType({}),
        timeout_s: float | None = None,
        base: str | None = None,
        client: str | None = OWN,
    ) -> Stream:
        """Run a query until its first megabyte is there, or all of it.

        Args:
            query: what `parse_query` gave.
            syntax: a name of `TABLES` for SELECT and ASK, of `GRAPHS` for CONSTRUCT and DESCRIBE.
            dataset: overrides the query's own.
            prefixes: prefix to namespace, for Turtle and its like.
            timeout_s: seconds; never more than the limit.
            base: IRI against which relative ones are resolved.
            client: address of the client that the query came from; `OWN` for one of our own.

        Returns:
            The answer; use up its rest, or close it.

        Raises:
            CallError: where the syntax does not fit the query, or the query is an update.
            QueryError: where the engine does not understand the query.
            DeadlineError: where the time was up; the process is gone.
            LimitError: where the answer or its memory grew too large, or the engine gave up on the query.
            StoreError: where the checkpoint cannot be taken or read.
        """
        _check_syntax(query, syntax)
        request = Request(
            task="query" if self._endpoint is None else "ask",
            text=query.text,
            syntax=syntax,
            result_bytes=self.limits.result_bytes,
            prefixes=dict(prefixes) if syntax in _PREFIXED else {},
            base=base,
            default_graphs=dataset.default_graphs if dataset else None,
            named_graphs=dataset.named_graphs if dataset else None,
            has_dataset=query.has_dataset,
            endpoint=self._endpoint,
        )
        return await self._run(request, media_type(syntax), timeout_s, client)

    async def parse(self, body: bytes, *, syntax: str, base: str) -> bytes:
        """Read an RDF document from outside.

        Args:
            body: the document.
            syntax: a name of `GRAPHS`; the graphs of a dataset are taken together.
            base: IRI against which relative ones are resolved.

        Returns:
            Its triples as N-Triples, blank nodes under names of their own.

        Raises:
            QueryError: where it does not parse.
            LimitError: where it takes too much time, memory or depth.
        """
        request = Request(task="parse", body=body, syntax=syntax, base=base, result_bytes=self.limits.result_bytes)
        stream = await self._run(request, "", None, _ANYONE)
        return stream.first if stream.complete else stream.first + b"".join([part async for part in stream.rest()])

    async def own_checkpoint(self) -> Path:
        """A folder to rehearse on, for one who removes it: a checkpoint, or nothing where the data are elsewhere.

        Raises:
            StoreError: where the checkpoint cannot be taken.
        """
        checkpoints = self.checkpoints
        return await asyncio.to_thread(checkpoints.own if self._endpoint is None else checkpoints.empty)

    async def rehearse(self, update: str, checkpoint: Path, *, base: str, timeout_s: float | None = None) -> None:
        """Try an update on a checkpoint that nobody else uses.

        Raises:
            QueryError: where the engine does not understand it.
            LimitError: where it takes too much time, memory or depth.
        """
        request = Request(task="rehearse", text=update, checkpoint=str(checkpoint), base=base)
        await self._run(request, "", timeout_s, _ANYONE)

    async def aclose(self) -> None:
        """End all worker processes, those that are just being started too; a query that runs is cut off."""
        await self._queue.aclose()
        self.checkpoints.close()

    def forget(self) -> None:
        """Leave no checkpoint on the disk: after an erasure, on any thread. Queries that run are cut off."""
        for worker in self._queue.workers:
            if worker.checkpoint:  # its open files would keep what was erased
                worker.process.kill()
                worker.process.wait()
        self.checkpoints.drop()

    def close(self) -> None:
        """End all worker processes and remove their checkpoints, where no event loop runs any more."""
        self._queue.close()
        self.checkpoints.close()

    async def _run(self, request: Request, media: str, timeout_s: float | None, client: str | None) -> Stream:
        until = time.monotonic() + min(timeout_s or self.limits.timeout_s, self.limits.timeout_s)
        worker = await self._queue.take(until, client=client)
        self.counts.asked += 1
        stream = Stream(media_type=media, release=partial(self._queue.give_back, worker))
        begun = False
        try:
            if request.task == "query" and not request.checkpoint:
                request = replace(request, checkpoint=await self._checkpoint(worker))
            channel = await worker.connected()
            channel.ask(request, timeout_s=max(until - time.monotonic(), 0.001), stall_s=self.limits.stall_s)
            await stream.begin(channel, self.limits.first_bytes)
            begun = True
        finally:
            if not begun:
                stream.close()
        return stream

    async def _checkpoint(self, worker: Worker) -> str:
        if self.checkpoints.due or worker.checkpoint is not self.checkpoints.newest_path:
            worker.checkpoint = await asyncio.to_thread(self.checkpoints.newest, worker.number)
            worker.folder = str(worker.checkpoint)
        return worker.folder


def _check_syntax(query: Query, syntax: str) -> None:
    if query.form == "UPDATE":
        raise CallError("this is an update, and queries only are answered here", hint="load records instead")
    fitting = GRAPHS if query.form in ("CONSTRUCT", "DESCRIBE") else TABLES
    if query.form == "ASK" and syntax in ("csv", "tsv"):
        raise CallError(f"{syntax} is not defined for ASK", hint="choose json or xml")
    if syntax not in fitting:
        hint = f"choose one of {', '.join(fitting)}"
        raise CallError(f"the answer to {query.form} cannot be written as {syntax}", hint=hint)
