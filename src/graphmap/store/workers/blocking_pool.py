"""The pool of worker processes for callers that do not await: the command line, and whoever has threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from types import MappingProxyType

from graphmap.store.query_request import Answer, Dataset
from graphmap.store.sparql import Query
from graphmap.store.workers.pool import Pool

__all__ = ["Workers"]


class Workers:
    """A pool on an event loop of its own; its methods may be called from any thread.

    Args:
        pool: for no other loop; it is closed with this.
    """

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
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
