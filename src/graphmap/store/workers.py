"""Queries from outside, each run in a process that can be killed at its deadline.

The owner of the store takes a checkpoint when a reader needs one and the store has changed since the last; a worker
process opens it read-only and hands back the answer as bytes. A worker that does not answer in time is killed and
replaced, and so is one that crashes: only the client whose query it was hears of it.
"""

from __future__ import annotations

import os
import queue
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from types import MappingProxyType

import msgspec

from graphmap.errors import CallError, DeadlineError, GraphmapError, LimitError, Locator, QueryError, StoreError
from graphmap.store.protocol import Store
from graphmap.store.sparql import Query
from graphmap.store.syntaxes import GRAPHS, TABLES, media_type
from graphmap.store.wire import Reply, Request, receive, send
from graphmap.terms import iri_token

__all__ = ["Answer", "Dataset", "WorkerLimits", "Workers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """What one query may take.

    Args:
        timeout_s: seconds from asking to answer, the wait for a free worker included.
        result_bytes: largest answer.
        memory_bytes: address space of a worker process; half a GiB of it is the stack that it sets aside.
    """

    timeout_s: float = 10.0
    result_bytes: int = 64 * 1024 * 1024
    memory_bytes: int = 4 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The dataset that a protocol request names; it overrides the query's own.

    Args:
        default_graphs: IRIs of the graphs that together are the default graph.
        named_graphs: IRIs of the graphs that GRAPH sees.

    Source: SPARQL 1.1 Protocol, section 2.1.4.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for iri in (*self.default_graphs, *self.named_graphs):
            iri_token(iri)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it goes over the wire."""

    media_type: str
    body: bytes = field(repr=False)


class Workers:
    """A pool of worker processes over one store; its methods may be called from any thread.

    Args:
        store: where checkpoints come from.
        folder: for the checkpoints; on the store's own file system, so that they are hard links. What an earlier
            run left in it is removed.
        limits: what one query may take.
        size: how many queries can run side by side.

    Raises:
        StoreError: where the folder cannot be made.
    """

    def __init__(self, *, store: Store, folder: Path, limits: WorkerLimits | None = None, size: int = 2) -> None:
        self.limits = limits or WorkerLimits()
        self._store = store
        _clear(folder)
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._all = [
            _Worker(store=store, folder=folder / str(number), memory_bytes=self.limits.memory_bytes)
            for number in range(size)
        ]
        for worker in self._all:
            self._idle.put(worker)

    @property
    def generation(self) -> int:
        """A number that grows with every write to the store; answers under one number stay the same."""
        return self._store.generation

    def answer(
        self,
        query: Query,
        *,
        syntax: str,
        dataset: Dataset | None = None,
        prefixes: Mapping[str, str] = MappingProxyType({}),
        timeout_s: float | None = None,
    ) -> Answer:
        """Run a query.

        Args:
            query: what `parse_query` gave.
            syntax: a name of `TABLES` for SELECT and ASK, of `GRAPHS` for CONSTRUCT and DESCRIBE.
            dataset: overrides the query's own.
            prefixes: prefix to namespace, for Turtle and its like.
            timeout_s: seconds; never more than the limit.

        Returns:
            The complete answer, never a part of it.

        Raises:
            CallError: where the syntax does not fit the query, or the query is an update.
            QueryError: where the engine does not understand the query.
            DeadlineError: where the time was up; the process is gone.
            LimitError: where the answer or its memory grew too large, or the engine gave up on the query.
            StoreError: where the checkpoint cannot be taken or read.
        """
        _check_syntax(query, syntax)
        until = time.monotonic() + min(timeout_s or self.limits.timeout_s, self.limits.timeout_s)
        with self._borrowed(until) as worker:
            body = worker.ask(
                Request(
                    checkpoint="",
                    query=query.text,
                    syntax=syntax,
                    result_bytes=self.limits.result_bytes,
                    prefixes=dict(prefixes),
                    default_graphs=dataset.default_graphs if dataset else None,
                    named_graphs=dataset.named_graphs if dataset else None,
                ),
                until,
            )
        return Answer(media_type=media_type(syntax), body=body)

    def close(self) -> None:
        """End all worker processes and remove their checkpoints; a query that runs is cut off."""
        for worker in self._all:
            worker.close()

    @contextmanager
    def _borrowed(self, until: float) -> Iterator[_Worker]:
        try:
            worker = self._idle.get(timeout=max(until - time.monotonic(), 0.001))
        except queue.Empty:
            hint = "try again in a moment"
            raise DeadlineError("all workers were busy until the time for the query was up", hint=hint) from None
        try:
            yield worker
        finally:
            self._idle.put(worker)


class _Worker:
    """One process and the checkpoint that it reads; used by one thread at a time."""

    def __init__(self, *, store: Store, folder: Path, memory_bytes: int) -> None:
        self._store = store
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._names = count(1)
        self._generation: int | None = None
        self._checkpoint: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._connected()

    def ask(self, request: Request, until: float) -> bytes:
        """Send a request to the process, started where there is none, and wait for its answer."""
        request = replace(request, checkpoint=str(self._fresh()))
        channel = self._connected()
        try:
            send(channel, msgspec.json.encode(request))
            reply = msgspec.json.decode(receive(channel, until=until), type=Reply)
            if reply.status == "done":
                return receive(channel, until=until)
        except TimeoutError:
            self._stop()
            self._connected()  # the next client does not wait for the start
            hint = "ask for less, or add a LIMIT"
            raise DeadlineError("the time for the query was up, and it was stopped", hint=hint) from None
        except (EOFError, OSError):
            status = self._stop()
            self._connected()
            raise _crash(status) from None
        raise _fault(reply)

    def close(self) -> None:
        """End the process and remove its checkpoint."""
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fresh(self) -> Path:
        generation = self._store.generation  # read first: a write during the checkpoint makes the next one due
        if self._checkpoint is None or self._generation != generation:
            before, after = self._checkpoint, self._folder / str(next(self._names))
            self._prepare()
            self._store.checkpoint(after)
            self._checkpoint, self._generation = after, generation
            if before is not None:
                shutil.rmtree(before, ignore_errors=True)
        return self._checkpoint

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            where = Locator(source=str(self._folder))
            what = f"the folder for checkpoints cannot be made: {error.strerror}"
            raise StoreError(what, where=where, hint="make it writable") from error

    def _connected(self) -> socket.socket:
        if self._channel is None or self._process is None or self._process.poll() is not None:
            self._stop()
            self._channel, self._process = _start(self._memory_bytes)
        return self._channel

    def _stop(self) -> int | None:
        process, channel, self._process, self._channel = self._process, self._channel, None, None
        if channel is not None:
            channel.close()
        if process is None:
            return None
        try:
            return process.wait(timeout=0.05)  # a process that crashed says how; one that runs is killed
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _clear(folder: Path) -> None:
    """Remove what an earlier run left, and nothing else that may stand there."""
    for entry in folder.glob("[0-9]*"):
        if entry.is_dir() and entry.name.isdigit():
            shutil.rmtree(entry, ignore_errors=True)


def _start(memory_bytes: int) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603  # the arguments are two numbers of our own
            [sys.executable, "-m", "graphmap.store.worker", str(theirs.fileno()), str(memory_bytes)],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for the owner; the process ends when the owner hangs up
            env={name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "TMPDIR") if name in os.environ},
        )
    return ours, process


def _check_syntax(query: Query, syntax: str) -> None:
    if query.form == "UPDATE":
        raise CallError("this is an update, and queries only are answered here", hint="load records instead")
    fitting = GRAPHS if query.form in ("CONSTRUCT", "DESCRIBE") else TABLES
    if query.form == "ASK" and syntax in ("csv", "tsv"):
        raise CallError(f"{syntax} is not defined for ASK", hint="choose json or xml")
    if syntax not in fitting:
        hint = f"choose one of {', '.join(fitting)}"
        raise CallError(f"the answer to {query.form} cannot be written as {syntax}", hint=hint)


def _crash(status: int | None) -> GraphmapError:
    if status is not None and status < 0:
        what = "the query took more memory or depth than it may, and was stopped"
        return LimitError(what, hint="ask for less, or simplify the query")
    return StoreError("the process that ran the query went away", hint="try again")


def _fault(reply: Reply) -> GraphmapError:
    if reply.status == "query":
        where = Locator(line=reply.line, column=reply.column)
        return QueryError(reply.what, where=where, hint="mend the query there")
    if reply.status == "limit":
        return LimitError(reply.what, hint="ask for less, or add a LIMIT")
    return StoreError(f"the store cannot answer: {reply.what}", hint="look at the disk, then at the store")
