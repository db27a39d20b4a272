"""The pool of worker processes for callers that do not await: the command line, and whoever has threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from graphmap.store.answers import Answer, Dataset, WorkerLimits
from graphmap.store.endpoint import Endpoint
from graphmap.store.pool import Pool
from graphmap.store.protocol import Store
from graphmap.store.sparql import Query

__all__ = ["Workers"]


class Workers:
    """A pool on an event loop of its own; its methods may be called from any thread.

    Args:
        store: where checkpoints come from.
        folder: for the checkpoints; see `Checkpoints`.
        limits: what one query may take.
        size: how many queries can run side by side.
        endpoint: the server that answers, where the store is another server's.
    """

    def __init__(
        self,
        *,
        store: Store,
        folder: Path,
        limits: WorkerLimits | None = None,
        size: int = 2,
        endpoint: Endpoint | None = None,
    ) -> None:
        self.pool = Pool(store=store, folder=folder, limits=limits, size=size, endpoint=endpoint)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def generation(self) -> int:
        """A number that grows with every write to the store; answers under one number stay the same."""
        return self.pool.generation

    def answer(
        self,
        query: Query,
        *,
        syntax: str,
        dataset: Dataset | None = None,
        prefixes: Mapping[str, str] = MappingProxyType({}),
        timeout_s: float | None = None,
    ) -> Answer:
        """Run a query and wait for the whole answer; see `Pool.stream` for arguments and errors."""
        asked = self.pool.answer(query, syntax=syntax, dataset=dataset, prefixes=prefixes, timeout_s=timeout_s)
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result()

    def close(self) -> None:
        """End all worker processes and remove their checkpoints; a query that runs is cut off."""
        asyncio.run_coroutine_threadsafe(self.pool.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
