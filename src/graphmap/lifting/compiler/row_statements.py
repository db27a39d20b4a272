"""The statements of a row's plan, one line each, in the order of the mapping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graphmap.lifting.compiler.cell_terms import Cells
from graphmap.lifting.compiler.program import Piece, constant
from graphmap.lifting.optimizer import all_distinct, never_equal
from graphmap.lifting.plan import Constant, Plan, PredicateObject, TermMap, TriplesMap, rml
from graphmap.rdf import Token

__all__ = ["DEFAULT_GRAPH", "Line", "graphs_of", "lines_of", "repeats_never", "statement"]

DEFAULT_GRAPH = rml("defaultGraph")


class Line(NamedTuple):
    """One statement in the making."""

    subject: TermMap
    predicate: Token
    object: TermMap
    graph: Token | None = None


def lines_of(plan: Plan, cells: Cells) -> tuple[list[Line], list[TriplesMap]]:
    """The lines of a plan with constant predicates, and the triples maps whose terms are left to the interpreter.

    Raises:
        MappingError: where the mapping reads a column that is not there.
    """
    lines: list[Line] = []
    left = []
    for triples_map in plan.triples_maps:
        mine = [
            Line(triples_map.subject, predicate.expression.token, obj, graph)
            for pair in triples_map.predicate_objects
            for predicate in pair.predicates
            if isinstance(predicate.expression, Constant)
            for obj in pair.objects
            for graph in graphs_of(triples_map, pair)
        ]
        terms = [triples_map.subject, *(line.object for line in mine)]
        if triples_map.iteration.steps or not all(map(cells.printable, terms)):
            left.append(triples_map)
        else:
            lines.extend(mine)
    return lines, left


def repeats_never(lines: Sequence[Line]) -> bool:
    """Tell whether no two of the lines can be equal in one record."""
    by_predicate: dict[tuple[Token, Token | None], list[Line]] = {}
    for line in lines:
        by_predicate.setdefault((line.predicate, line.graph), []).append(line)
    return all(
        all_distinct((one.subject, other.subject)) or never_equal(one.object, other.object)
        for alike in by_predicate.values()
        for at, one in enumerate(alike)
        for other in alike[:at]
    )


def graphs_of(triples_map: TriplesMap, pair: PredicateObject) -> tuple[Token | None, ...]:
    """The graphs of the statements of a pair whose graph maps are constants; `None` is the default graph."""
    maps = (*triples_map.subject_graphs, *pair.graphs)
    tokens = [each.expression.token for each in maps if isinstance(each.expression, Constant)]
    return tuple(dict.fromkeys(None if each == DEFAULT_GRAPH else each for each in tokens)) if maps else (None,)


def statement(
    subject: tuple[Piece, ...], predicate: Token, obj: tuple[Piece, ...], graph: Token | None = None
) -> list[Piece]:
    """The pieces of a line of N-Quads."""
    return [*subject, constant(f" {predicate} "), *obj, constant(f" {graph} .\n" if graph else " .\n")]
