"""Counts of the whole store, made once for each state of it: they cost more than a page is worth.

What took more than half a second to count is not counted again at once: while records keep coming in, a number may be
as old as twenty times the time that it took.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graphmap.errors import LimitError
from graphmap.rdf import GRAPHMAP
from graphmap.service.dependencies import Services
from graphmap.service.http import Cell, read_table
from graphmap.store import Layout
from graphmap.store.sparql import parse_query

__all__ = ["Counts", "Rows"]

Rows = tuple[tuple[Cell, ...], ...] | None
"""Rows of an answer; `None` for what takes too long to count."""

_TIMEOUT_S = 2.0
_OLDEST = 20
_DEAR_S = 0.5
_KEPT = 500
_SH = "http://www.w3.org/ns/shacl#"
_PROV = "http://www.w3.org/ns/prov#"


@dataclass(slots=True, kw_only=True)
class _Tally:
    """The answer to one query, with the state of the store that it is of and what it cost."""

    generation: int | None = None
    rows: Rows = None
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Counts:
    """Answers questions about the whole store from memory.

    Args:
        services: answers queries, and knows the state of the store.
    """

    def __init__(self, services: Services) -> None:
        self._pool = services.pool
        self._queries = _queries(services.layout)
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()

    async def of(self, name: str) -> Rows:
        """The rows of `classes`, `findings`, `outcomes`, `stored` or `latest`."""
        return await self.rows(self._queries[name])

    async def classes(self) -> Mapping[str, int]:
        """Number of things by class; empty where it takes too long to count."""
        return {row[0].text: int(row[1].text) for row in await self.of("classes") or ()}

    async def rows(self, query: str, *, timeout_s: float = _TIMEOUT_S) -> Rows:
        """The rows of a query of our own, counted again only after the store has changed.

        Args:
            query: a SELECT with few rows.
            timeout_s: after so long there is no answer.
        """
        tally = self._tallies.setdefault(query, _Tally())
        self._tallies.move_to_end(query)
        if len(self._tallies) > _KEPT:
            self._tallies.popitem(last=False)
        async with tally.lock:
            generation = self._pool.generation
            if generation != tally.generation and time.monotonic() >= tally.until:
                begun = time.monotonic()
                tally.rows = await self._counted(query, timeout_s)
                cost = time.monotonic() - begun
                tally.generation = generation
                tally.until = begun + cost * _OLDEST if cost > _DEAR_S else 0.0
            return tally.rows

    async def _counted(self, query: str, timeout_s: float) -> Rows:
        try:
            answer = await self._pool.answer(parse_query(query), syntax="json", timeout_s=timeout_s)
        except LimitError:
            return None
        return read_table(answer.body).rows


def _queries(layout: Layout) -> Mapping[str, str]:
    finding = f"GRAPH {layout.reports} {{ ?finding <{_SH}resultSeverity> ?key }}"
    aside = f"GRAPH {layout.reports} {{ ?record <{GRAPHMAP}outcome> ?key }}"
    document = f"GRAPH {layout.provenance} {{ ?document <{_PROV}specializationOf> ?thing }}"
    moment = f"GRAPH {layout.provenance} {{ ?document <{_PROV}generatedAtTime> ?moment }}"
    return MappingProxyType(
        {
            "classes": "SELECT ?key (COUNT(?thing) AS ?n) { ?thing a ?key } GROUP BY ?key ORDER BY DESC(?n) ?key",
            "findings": f"SELECT ?key (COUNT(*) AS ?n) {{ {finding} }} GROUP BY ?key ORDER BY ?key",
            "outcomes": f"SELECT ?key (COUNT(*) AS ?n) {{ {aside} }} GROUP BY ?key ORDER BY ?key",
            "stored": f"SELECT (COUNT(*) AS ?n) {{ {document} }}",
            "latest": f"SELECT (MAX(?moment) AS ?latest) {{ {moment} }}",
        }
    )
