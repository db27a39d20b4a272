"""Rehearses updates on a worker's checkpoint before the store runs them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from graphmap.errors import CallError
from graphmap.rdf import iri_token
from graphmap.store.protocol import Store
from graphmap.store.query_request import Dataset
from graphmap.store.sparql import GraphAccess, Query, operations, with_dataset
from graphmap.store.workers.pool import Pool

__all__ = ["Updates"]


class Updates:
    """Runs updates from outside, one at a time.

    Args:
        store: the writer.
        pool: tries them.
        access: which graphs are open.
        alone: holds off whoever else writes.
    """

    def __init__(
        self,
        *,
        store: Store,
        pool: Pool,
        access: GraphAccess,
        alone: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.access = access
        self._alone = alone
        self._store = store
        self._pool = pool
        self._one_at_a_time = asyncio.Lock()

    async def run(self, update: Query, *, base: str, dataset: Dataset | None = None) -> None:
        """Run an update.

        Args:
            update: what `parse_query` gave.
            base: IRI against which relative ones are resolved.
            dataset: the dataset that the request names.

        Raises:
            CallError: where it is no update, or two datasets are named.
            ClosedGraphError: where it writes to a closed graph.
            QueryError: where the engine does not understand it.
            LimitError: where it takes too much; nothing was changed then.
        """
        if update.form != "UPDATE":
            raise CallError("this is a query", hint="send it as query")
        text = update.text if dataset is None else with_dataset(update.text, dataset)
        if not self.access.all_open:
            for operation in operations(text):
                for graph in operation.writes():
                    self.access.check(graph)
        async with self._one_at_a_time:
            checkpoint = await self._pool.own_checkpoint()
            try:
                await self._pool.rehearse(text, checkpoint, base=base)
            finally:
                await asyncio.to_thread(shutil.rmtree, checkpoint, ignore_errors=True)
            await asyncio.to_thread(self._write, text, base)

    async def write_graph(self, graph: str | None, ntriples: bytes, *, replace: bool) -> None:
        """Put triples into a graph.

        Args:
            graph: its IRI; `None` is the default graph.
            ntriples: what `Pool.parse` gave.
            replace: whether what was there goes.

        Raises:
            ClosedGraphError: where the graph is closed.
        """
        self.access.check(graph)
        async with self._one_at_a_time:
            await asyncio.to_thread(self._write_graph, graph, ntriples, replace=replace)

    async def drop_graph(self, graph: str | None) -> None:
        """Remove a graph.

        Raises:
            ClosedGraphError: where it is closed.
        """
        self.access.check(graph)
        name = "DEFAULT" if graph is None else f"GRAPH {iri_token(graph)}"
        async with self._one_at_a_time:
            await asyncio.to_thread(self._write, f"DROP SILENT {name}")

    def _write_graph(self, graph: str | None, ntriples: bytes, *, replace: bool) -> None:
        with self._alone():
            self._store.write_graph(graph, ntriples, replace=replace)

    def _write(self, text: str, base: str | None = None) -> None:
        with self._alone():
            self._store.update(text, base=base)
