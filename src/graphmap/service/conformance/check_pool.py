"""Worker processes that validate records from outside, each within a deadline and a limit on memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import Self

import msgspec
from msgspec.structs import replace

from graphmap.errors import DataError, Locator
from graphmap.ingest import Knowledge
from graphmap.ingest.check import CheckedRecord
from graphmap.store import Request, WorkerLimits
from graphmap.store.workers import Stream, Worker, WorkerCommand, WorkerQueue

__all__ = ["CheckPool"]

_MODULE = "graphmap.ingest.check.check_worker"
_DECODE = msgspec.msgpack.Decoder(list[CheckedRecord]).decode


class CheckPool:
    """Validates records and stores nothing; awaited on one event loop.

    Args:
        knowledge: mappings, shapes and ontology; the processes read them for themselves, and refuse where they are
            others by then.
        limits: what one request may take.
        size: how many can be validated side by side.
    """

    def __init__(self, knowledge: Knowledge, *, limits: WorkerLimits | None = None, size: int = 2) -> None:
        self._limits = limits or WorkerLimits()
        self._command = self._command_for(knowledge)
        self._queue = WorkerQueue([Worker(number, self._command) for number in range(size)])
        self._loop: asyncio.AbstractEventLoop | None = None

    async def record(self, body: bytes, *, client: str = "") -> Mapping[str, object]:
        """Report on one envelope.

        Args:
            body: the envelope.
            client: address of the client.

        Raises:
            DataError: where the body is not JSON.
            DeadlineError: where the time was up.
            LimitError: where it took too much memory.
            StoreError: where the rules cannot be read.
        """
        (checked,) = await self._checked(Request(task="record", body=body), client)
        if checked.trouble:
            raise DataError(checked.trouble, where=Locator(source="POST /validate"), hint=checked.hint)
        return checked.report

    async def rows(self, body: bytes, *, most: int, client: str = "") -> list[CheckedRecord]:
        """Report on the first rows of a table, each with its trouble where it cannot be read.

        Args:
            body: the table with its header.
            most: how many rows are validated.
            client: address of the client.

        Raises:
            GraphmapError: as `record` does.
        """
        return await self._checked(Request(task="table", body=body, most=most), client)

    def renew(self, knowledge: Knowledge) -> Self:
        """Validate by other mappings, shapes and ontology from now on; on any thread."""
        self._command = self._command_for(knowledge)
        for worker in self._queue.workers:
            worker.command = self._command
            if self._loop is None:
                worker.renew()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._queue.replace_all)
        return self

    async def aclose(self) -> None:
        """End the processes."""
        await self._queue.aclose()

    def close(self) -> None:
        """End the processes, where no event loop runs any more."""
        self._queue.close()

    async def _checked(self, request: Request, client: str) -> list[CheckedRecord]:
        self._loop = asyncio.get_running_loop()
        until = time.monotonic() + self._limits.timeout_s
        worker = await self._queue.take(until, client=client)
        stream = Stream(media_type="", release=partial(self._queue.give_back, worker))
        try:
            channel = await worker.connected()
            left_s = max(until - time.monotonic(), 0.001)
            channel.ask(
                replace(request, result_bytes=self._limits.result_bytes), timeout_s=left_s, stall_s=self._limits.stall_s
            )
            await stream.begin(channel, self._limits.result_bytes + 1)
            return _DECODE(stream.first)
        finally:
            stream.close()

    def _command_for(self, knowledge: Knowledge) -> WorkerCommand:
        arguments = (str(knowledge.workspace.root), knowledge.fingerprint.hex())
        return WorkerCommand(module=_MODULE, memory_bytes=self._limits.memory_bytes, arguments=arguments)
