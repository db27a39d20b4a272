"""The owner's end of the process that runs queries: one request at a time, each with a deadline."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from graphmap.errors import DeadlineError, LimitError, QueryError
from graphmap.store import CHUNK, END, HEADER, Reply, Request, frame

if TYPE_CHECKING:
    from graphmap.store.workers import Spawned

__all__ = ["SparqlProcess"]

_MODULE = "graphmap.validation.sparql.worker"
_MEMORY_BYTES = 16 * 1024**3
_RESULT_BYTES = 2 * 1024**3
_LOAD_S = 600.0


class SparqlProcess:
    """A worker process; it is started by the first request, and again by the first after it was killed.

    Args:
        deadline_s: time for one query, in seconds; then the process is killed.
    """

    def __init__(self, *, deadline_s: float) -> None:
        self._deadline_s = deadline_s
        self._spawned: Spawned | None = None

    @property
    def running(self) -> bool:
        """Tell whether there is a process, with what was loaded into it."""
        return self._spawned is not None

    def start(self) -> Spawned:
        """Start the process where there is none; it gets ready while its owner does something else."""
        from graphmap.store.workers import WorkerCommand, spawn  # noqa: PLC0415  # most shapes have no queries

        self._spawned = self._spawned or spawn(WorkerCommand(module=_MODULE, memory_bytes=_MEMORY_BYTES))
        return self._spawned

    def ask(self, task: str, body: object) -> Any:
        """Send a request and wait for the answer.

        Args:
            task: `load`, `insert` or `query`.
            body: what it is about.

        Raises:
            DeadlineError: where the time is up; the process is gone then.
            LimitError: where the answer or the memory grows too large.
            QueryError: where the query is at fault, or the process ended without an answer.
        """
        spawned = self.start()
        names = {"load": "parse", "insert": "rehearse", "query": "query"}
        request = Request(
            task=names[task],  # type: ignore[arg-type]  # the tasks of the protocol
            body=msgspec.msgpack.encode(body),
            result_bytes=_RESULT_BYTES,
        )
        until = time.monotonic() + (self._deadline_s if task == "query" else max(self._deadline_s, _LOAD_S))
        try:
            answer, reply = self._exchange(spawned, frame(CHUNK, msgspec.msgpack.encode(request)), until)
        except TimeoutError as error:
            self.close()
            raise DeadlineError(
                f"the query gave no answer within {self._deadline_s:g} s, and its process was ended",
                hint="raise --timeout",
            ) from error
        except OSError as error:
            self.close()
            raise QueryError("the process of the query ended without an answer", hint="simplify the query") from error
        if reply.status == "done":
            return msgspec.msgpack.decode(answer)
        raise LimitError(reply.what) if reply.status == "limit" else QueryError(reply.what)

    def _exchange(self, spawned: Spawned, request: bytes, until: float) -> tuple[bytes, Reply]:
        channel = spawned.socket
        channel.settimeout(max(until - time.monotonic(), 0.001))
        channel.sendall(request)
        received, answer = bytearray(), bytearray()
        while True:
            while len(received) >= HEADER.size:
                length, kind = HEADER.unpack_from(received)
                end = HEADER.size + length
                if len(received) < end:
                    break
                text = bytes(received[HEADER.size : end])
                del received[:end]
                if kind == END:
                    return bytes(answer), msgspec.msgpack.decode(text, type=Reply)
                answer += text
            channel.settimeout(max(until - time.monotonic(), 0.001))
            part = channel.recv(1 << 20)
            if not part:
                raise ConnectionError
            received += part

    def close(self) -> None:
        """End the process."""
        if self._spawned is not None:
            self._spawned.process.kill()
            self._spawned.process.wait()
            self._spawned.socket.close()
            self._spawned = None
