"""Execution of rules into a graph of inferred triples, again and again until nothing new comes.

Source: SHACL Advanced Features, section 8 (rules); running to a fixpoint goes beyond it, with a limit.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from graphmap.errors import DeadlineError, LimitError, QueryError, ShapesError, counted
from graphmap.rdf import Graph, Token, Triple
from graphmap.validation.engine import Engine
from graphmap.validation.inference.node_expressions import Expression, compile_expression
from graphmap.validation.shapes import SUBCLASS_OF, Rule, Shapes
from graphmap.validation.sparql import SparqlProcess, load_request, rewrite

__all__ = ["Inferred", "RuleEngine", "unexecuted"]

_Plain = tuple[Token, Token, Token]
_ROUNDS = 100
_MOST_TRIPLES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """The outcome of the rules over one graph.

    Args:
        triples: what was inferred and the data graph does not hold, in order.
        failures: rules that could not be executed or did not come to an end, a sentence each.
        rounds: how often all rules were executed.
    """

    triples: Sequence[Triple] = ()
    failures: tuple[str, ...] = ()
    rounds: int = 0


def unexecuted(shapes: Shapes) -> tuple[str, ...]:
    """A sentence on the rules that a validation without them leaves out; nothing where there are none."""
    if not shapes.rules:
        return ()
    owners = len({rule.shape for rule in shapes.rules})
    return (f"{counted(len(shapes.rules), 'rule')} of {counted(owners, 'shape')} not executed (--rules executes them)",)


class RuleEngine:
    """The rules of a shapes graph, ready to be executed.

    Args:
        engine: of the same shapes; it tells focus nodes and conditions.
        deadline_s: time for one query, in seconds.
        rounds: how often all rules may be executed.
    """

    def __init__(self, engine: Engine, *, deadline_s: float = 10.0, rounds: int = _ROUNDS) -> None:
        self._engine = engine
        self._rules = sorted(engine.shapes.rules, key=lambda rule: rule.order)
        self._rounds = rounds
        self._shapes_graph = Graph(engine.shapes.triples)
        self._process = SparqlProcess(deadline_s=deadline_s)
        self._expressions: dict[Token, tuple[Expression, ...]] = {}
        weakref.finalize(self, self._process.close)

    def infer(self, graph: Graph) -> Inferred:
        """Execute all rules over a data graph.

        Args:
            graph: the data graph; it stays as it is.
        """
        known: dict[_Plain, None] = dict.fromkeys((s, p, o) for s, p, o in graph.triples())
        size = len(known)
        whole = graph
        failures: dict[str, None] = {}
        loaded = False
        number = before = 0
        while number < self._rounds:
            number += 1
            before = len(known)
            for _, rules in groupby(self._rules, key=lambda rule: rule.order):
                fresh = dict.fromkeys(self._fresh(list(rules), whole, failures, loaded=loaded))
                loaded = self._process.running
                new = [triple for triple in fresh if triple not in known]
                known.update(dict.fromkeys(new))
                if new:
                    whole = Graph(known)
                    self._tell(new, loaded=loaded)
            if len(known) == before or failures or len(known) > _MOST_TRIPLES:
                break
        if len(known) > before and not failures:
            failures[f"the rules came to no end within {number} rounds and {len(known) - size} new triples"] = None
        new_triples = [Triple(*each) for each in list(known)[size:]]
        return Inferred(triples=new_triples, failures=tuple(failures), rounds=number)

    def _tell(self, triples: Iterable[_Plain], *, loaded: bool) -> None:
        if loaded:
            self._process.ask("insert", "".join(f"{s} {p} {o} .\n" for s, p, o in triples))

    def _fresh(self, rules: list[Rule], graph: Graph, failures: dict[str, None], *, loaded: bool) -> Iterator[_Plain]:
        """The triples that the rules of one order give."""
        for rule in rules:
            try:
                nodes = self._focus_nodes(rule, graph)
                if not nodes:
                    continue
                if rule.query is None:
                    yield from self._of_expressions(rule, graph, nodes)
                    continue
                if not loaded or not self._process.running:
                    self._load(graph)
                    loaded = True
                yield from self._of_query(rule, nodes)
            except (DeadlineError, LimitError, QueryError, ShapesError) as error:
                failures[f"the rule {rule.node} of {rule.shape}: {error.what}"] = None

    def _focus_nodes(self, rule: Rule, graph: Graph) -> list[Token]:
        """The focus nodes of a rule: those of its shape that conform to its conditions."""
        delegate, shape = self._engine.delegate, self._engine.shapes.by_node[rule.shape]
        if shape.target_queries or (delegate is not None and not delegate.shapes.isdisjoint(rule.conditions)):
            raise ShapesError("its targets or conditions hold queries, which rules do not support")
        engine = self._engine.under(graph)
        focus = engine.focus(graph)
        nodes = [node for node, shapes in focus.items() if any(each.node == rule.shape for each in shapes)]
        conforms = engine.conforms
        return [node for node in nodes if all(conforms(shape, graph, node) for shape in rule.conditions)]

    def _of_expressions(self, rule: Rule, graph: Graph, nodes: list[Token]) -> Iterator[_Plain]:
        if rule.node not in self._expressions:
            compiled = (compile_expression(self._shapes_graph, term, self._engine.conforms) for term in rule.terms)
            self._expressions[rule.node] = tuple(compiled)
        subject, predicate, value = self._expressions[rule.node]
        for node in nodes:
            for s in subject(graph, node):
                for p in predicate(graph, node):
                    yield from ((s, p, o) for o in value(graph, node) if s[0] != '"' and p[0] == "<")

    def _load(self, graph: Graph) -> None:
        facts = ((low, SUBCLASS_OF, up) for low, up in self._engine.facts)
        lines = (f"{s} {p} {o} .\n" for s, p, o in chain(graph.triples(), facts))
        self._process.ask("load", load_request(self._engine.shapes, "".join(lines)))

    def _of_query(self, rule: Rule, nodes: list[Token]) -> Iterator[_Plain]:
        assert rule.query is not None  # noqa: S101  # the caller looked
        made = rewrite(rule.query, ("this",))
        constants = dict(rule.query.bindings)
        tail = tuple(constants[name] for name in made.columns if name in constants)
        rows = [(node, *tail) for node in nodes]
        for triple in self._process.ask("query", {**made._asdict(), "rows": rows}):
            yield triple[0], triple[1], triple[2]
