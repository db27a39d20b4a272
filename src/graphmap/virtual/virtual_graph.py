"""A virtual graph: SPARQL answered from tables that stay where they are.

A query is one SQL query where that is known to answer exactly as the query means; otherwise the triples that its
patterns may match are fetched, within a limit, and the embedded store's engine answers from them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from graphmap.lifting import read_mapping
from graphmap.lifting.execution import forms_of
from graphmap.lifting.plan import FUNCTIONS, LogicalSource
from graphmap.reasoning import Saturation
from graphmap.records import ValueForms
from graphmap.virtual.answers import Answer, evaluated
from graphmap.virtual.fetching import Fetch, Limits, Scan, scans
from graphmap.virtual.mapping import assertions_of
from graphmap.virtual.query import Select, UnplannedError, read_algebra
from graphmap.virtual.rewriting import Matcher, Rewriter, SqlPlan, plan_of
from graphmap.virtual.sources import Relations

__all__ = ["Explanation", "VirtualGraph"]

_MOST_PLANS = 256
_BASE = "http://example.com/base/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Explanation of how a query is answered.

    Args:
        way: `sql`, or `fetched` where triples are fetched first.
        why: the reason for the latter.
        queries: source or database and SQL, in order; without secrets.
    """

    way: str
    why: str
    queries: tuple[tuple[str, str], ...]


class VirtualGraph:
    """The graph of a mapping over its tables.

    Args:
        mappings: files of RML or R2RML; paths in them start from the folder of the first.
        bind: name of a source to a file or the URL of a database, or a name in `${}` to its value.
        environment: values of names in `${}` that are not bound.
        saturation: what an ontology entails.
        forms: how a source writes its values, beside what the mapping says.
        limits: what one query may take; the usual ones where left out.
        base: of relative IRIs, where the mapping has none.

    Raises:
        MappingError: where a mapping cannot be read, or has a part that is not answered from tables in place.
        CallError: where a name is bound that the mapping does not use.
    """

    def __init__(
        self,
        mappings: Iterable[Path],
        *,
        bind: Mapping[str, str] = MappingProxyType({}),
        environment: Mapping[str, str] | None = None,
        saturation: Saturation | None = None,
        forms: ValueForms | None = None,
        limits: Limits | None = None,
        base: str = _BASE,
    ) -> None:
        files = tuple(mappings)
        plan = read_mapping(files, base=base, functions=FUNCTIONS)
        self._assertions = assertions_of(plan, saturation or Saturation(classes={}, properties={}))
        found = os.environ if environment is None else environment
        sources = tuple(dict.fromkeys((*plan.sources, *(join.parent.source for join in plan.joins))))
        self._forms: Mapping[LogicalSource, ValueForms] = {each: forms or forms_of(each) for each in sources}
        self._relations = Relations(files[0].parent, bind, found, self._forms)
        self._relations.check(sources)
        self._limits = limits or Limits()
        self._plans: dict[str, tuple[Select, SqlPlan | None, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._relations.close()

    def query(self, text: str) -> Answer:
        """Answer a query.

        Args:
            text: SPARQL 1.1 query.

        Raises:
            QueryError: where it is no query or reaches out to other services.
            LimitError: where its answer needs more triples than may be fetched, or more time.
            DataError: where a value that it reads gives no valid term.
            SourceError: where a source cannot be read; rows before may have been given.
        """
        fetch = Fetch(self._forms, self._limits)
        query, plan, _ = self._planned(text)
        if plan is not None:
            return plan.answer(fetch)
        store = fetch.store(self._scans(query))
        return evaluated(store, query.text, fetch.seconds_left)

    def explain(self, text: str) -> Explanation:
        """The way in which a query is answered; nothing is read but the columns of its tables.

        Raises:
            QueryError: as for `query`.
            SourceError: where a source cannot be reached.
        """
        query, plan, why = self._planned(text)
        if plan is not None:
            return Explanation(way="sql", why="", queries=plan.queries)
        queries = tuple((scan.engine.name, scan.sql) for scan in self._scans(query))
        return Explanation(way="fetched", why=why, queries=queries)

    def _planned(self, text: str) -> tuple[Select, SqlPlan | None, str]:
        """A query, its plan, or why there is none; kept by its text."""
        if text not in self._plans:
            query = read_algebra(text)
            try:
                plan = plan_of(query, Rewriter(Matcher(self._assertions, self._relations)))
                found: tuple[Select, SqlPlan | None, str] = query, plan, ""
            except UnplannedError as error:
                found = query, None, str(error)
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            self._plans[text] = found
        return self._plans[text]

    def _scans(self, query: Select) -> list[Scan]:
        return list(scans(self._assertions, query.reads, self._relations))
