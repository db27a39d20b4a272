"""Answers of all queries of a shapes graph over one data graph, a query for each constraint.

A query is asked once for all nodes that its shape may be asked about, which the paths from the targets tell; the engine
looks the answers up, also where the shape stands below `sh:not` or `sh:or`.
Source: SHACL, sections 5 (SPARQL-based constraints) and 6 (SPARQL-based constraint components).
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from graphmap.errors import DeadlineError, LimitError, QueryError
from graphmap.rdf import Graph, Token, iri_of
from graphmap.validation.shapes import (
    SUBCLASS_OF,
    Shape,
    Shapes,
    SparqlFunction,
    SparqlQuery,
    Unevaluable,
    follow,
    needs_reference,
)
from graphmap.validation.sparql.process import SparqlProcess
from graphmap.validation.sparql.rewriting import function_text, rewrite

__all__ = ["Answers", "Delegate", "Solution", "load_request"]


class Solution(NamedTuple):
    """A solution that is a result: what its variables are bound to."""

    bindings: Mapping[str, Token]


Answers = dict[SparqlQuery, Mapping[Token, Sequence[Solution]] | frozenset[tuple[Token, Token]]]
"""Query to its solutions by focus node; of an ASK query, the pairs of focus node and value for which it is true."""


class Delegate:
    """Evaluates the queries of a shapes graph in a process of its own.

    Args:
        shapes: the frozen shapes.
        deadline_s: time for one query over one graph, in seconds; then the process is killed, and the shape given up.
    """

    def __init__(self, shapes: Shapes, *, deadline_s: float = 10.0) -> None:
        self._all = shapes
        self.shapes = frozenset(shape.node for shape in needs_reference(shapes))
        self._process = SparqlProcess(deadline_s=deadline_s)
        self._failed: dict[Unevaluable, None] = {}
        self._given_up: set[SparqlQuery] = set()
        self._data = ""
        self._rewrites: str | None = None
        self._loaded = False
        self.answers: Answers = {}
        weakref.finalize(self, self._process.close)

    @classmethod
    def of(cls, shapes: Shapes, *, deadline_s: float = 10.0) -> Delegate | None:
        """A delegate where the shapes hold queries."""
        wanted = needs_reference(shapes) or any(shape.target_queries for shape in shapes.by_node.values())
        return cls(shapes, deadline_s=deadline_s) if wanted else None

    @property
    def failures(self) -> tuple[Unevaluable, ...]:
        """The shapes that were given up, and why."""
        return tuple(self._failed)

    def start(self) -> None:
        """Start the process of the queries, where a data graph is on its way."""
        self._process.start()

    def begin(self, graph: Graph, facts: Iterable[tuple[Token, Token]]) -> None:
        """Take another data graph; it is loaded by the first query.

        Args:
            graph: the data graph.
            facts: pairs (sub-class, super-class) of the ontology.
        """
        self._process.close() if self._given_up else None
        lines = [f"{s} {p} {o} .\n" for s, p, o in graph.triples()]
        lines += [f"{low} {SUBCLASS_OF} {up} .\n" for low, up in facts]
        self._data, self._rewrites, self._loaded = "".join(lines), None, False
        self.answers = {}

    def targets(self) -> Iterator[tuple[Shape, list[Token]]]:
        """The focus nodes of SPARQL-based targets, by shape."""
        for shape in self._all.targeted():
            for query in shape.target_queries:
                found = self._ask(shape, query, ("this",), None)
                yield shape, [each["this"] for _, each in found or () if "this" in each]

    def answer(self, graph: Graph, focus: Mapping[Token, Iterable[Token]]) -> None:
        """Ask all queries that focus nodes lead to.

        Args:
            graph: the data graph.
            focus: shape to its focus nodes.
        """
        for shape, nodes in self._candidates(graph, focus):
            step = None if shape.path is None else follow(shape.path)
            for constraint in shape.constraints:
                query = constraint.query
                if query is not None and query not in self.answers:
                    self.answers[query] = (
                        self._asks(shape, query, nodes, graph, step)
                        if query.asks
                        else self._selects(shape, query, nodes)
                    )

    def _selects(self, shape: Shape, query: SparqlQuery, nodes: list[Token]) -> Mapping[Token, Sequence[Solution]]:
        found: dict[Token, list[Solution]] = {}
        for row, bindings in self._ask(shape, query, ("this",), [(node,) for node in nodes]) or ():
            if "failure" in bindings and bindings["failure"].startswith('"true"'):
                self._give_up(shape, query, "its query reports a failure")
            found.setdefault(nodes[row], []).append(Solution(bindings))
        return found

    def _asks(
        self, shape: Shape, query: SparqlQuery, nodes: list[Token], graph: Graph, step: Any
    ) -> frozenset[tuple[Token, Token]]:
        rows = [(node, value) for node in nodes for value in ((node,) if step is None else step(graph, node))]
        found = self._ask(shape, query, ("this", "value"), rows)
        return frozenset(rows) if found is None else frozenset(rows[row] for row, _ in found)

    def _ask(
        self, shape: Shape, query: SparqlQuery, names: tuple[str, ...], rows: Sequence[tuple[Token, ...]] | None
    ) -> list[tuple[int, dict[str, Token]]] | None:
        """The answers to a query; `None` where it had to be given up."""
        if query in self._given_up:
            return None
        try:
            job = self._job(query, names, rows)
            if not job["rows"]:
                return []
            self._load(textual=job["textual"])
            answer: list[tuple[int, dict[str, Token]]] = self._process.ask("query", job)
        except (DeadlineError, LimitError, QueryError) as error:
            self._give_up(shape, query, error.what)
            return None
        return answer

    def _job(
        self, query: SparqlQuery, names: tuple[str, ...], rows: Sequence[tuple[Token, ...]] | None
    ) -> dict[str, Any]:
        if rows is None:
            from graphmap.store.sparql import bind_terms  # noqa: PLC0415

            text = bind_terms(query.text, dict(query.bindings))
            return {"text": text, "columns": [], "rows": [()], "one_by_one": False, "textual": False}
        made = rewrite(query, names)
        constants = dict(query.bindings)
        tail = tuple(constants[name] for name in made.columns if name in constants)
        kept = [name for name in names if name in made.columns]
        table = [(*row[: len(kept)], *tail) for row in rows]
        return {**made._asdict(), "rows": table}

    def _load(self, *, textual: bool) -> None:
        """Load the data graph where that was not done yet.

        Raises:
            QueryError: where a query may read the text of literals that the store writes otherwise.
        """
        if not (self._loaded and self._process.running):
            self._send()
        if textual and self._rewrites is not None:
            what = f"the query may read the text of numbers or times, and {self._rewrites} is not in canonical form"
            raise QueryError(what, hint="use --engine pyshacl")

    def _send(self) -> None:
        rewritten = self._process.ask("load", load_request(self._all, self._data))
        self._rewrites = next(iter(rewritten), None)
        self._loaded = True

    def _give_up(self, shape: Shape, query: SparqlQuery, reason: str) -> None:
        self._given_up.add(query)
        self._failed[Unevaluable(shape=shape.node, reason=reason)] = None

    def _candidates(self, graph: Graph, focus: Mapping[Token, Iterable[Token]]) -> Iterator[tuple[Shape, list[Token]]]:
        """Each shape with queries, and every node that it may be asked about."""
        nodes = {node: dict.fromkeys(found) for node, found in focus.items() if node in self.shapes}
        for shape in self._order(nodes):
            mine = nodes.get(shape.node, {})
            if any(constraint.query is not None for constraint in shape.constraints):
                yield shape, list(mine)
            values = mine
            if shape.path is not None:
                step = follow(shape.path)
                values = dict.fromkeys(value for node in mine for value in step(graph, node))
            for inner in self._below(shape):
                nodes.setdefault(inner, {}).update(values)

    def _below(self, shape: Shape) -> Iterator[Token]:
        """The shapes with queries that a shape refers to."""
        for constraint in shape.constraints:
            yield from (each for each in (*constraint.shapes, *constraint.siblings) if each in self.shapes)

    def _order(self, starts: Iterable[Token]) -> list[Shape]:
        """The shapes below some, each after all that lead to it; none leads to itself."""
        found: list[Shape] = []
        done = set[Token]()
        pending = [(node, False) for node in starts]
        while pending:
            node, leaving = pending.pop()
            if leaving:
                found.append(self._all.by_node[node])
            elif node not in done:
                done.add(node)
                pending.append((node, True))
                pending.extend((each, False) for each in self._below(self._all.by_node[node]))
        return found[::-1]


def load_request(shapes: Shapes, data: str) -> dict[str, Any]:
    """The request that loads a data graph, in N-Triples, and what its queries need of the shapes graph."""
    return {
        "data": data,
        "shapes": "".join(f"{s} {p} {o} .\n" for s, p, o in shapes.triples),
        "functions": [_function(each) for each in shapes.functions],
    }


def _function(function: SparqlFunction) -> dict[str, Any]:
    text, substituted = function_text(function)
    return {
        "name": iri_of(function.query.source),
        "text": text,
        "parameters": function.parameters,
        "substituted": substituted,
        "required": function.required,
        "asks": function.query.asks,
    }
