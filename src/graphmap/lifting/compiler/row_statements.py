"""The statements of a row's plan, one line each, in the order of the mapping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graphmap.lifting.compiler.cell_terms import Cells
from graphmap.lifting.compiler.program import Piece, constant
from graphmap.lifting.optimizer import all_distinct, never_equal
from graphmap.lifting.plan import Constant, Plan, TermMap, TriplesMap
from graphmap.rdf import Token

__all__ = ["Line", "lines_of", "repeats_never", "statement"]


class Line(NamedTuple):
    """One statement in the making."""

    subject: TermMap
    predicate: Token
    object: TermMap


def lines_of(plan: Plan, cells: Cells) -> tuple[list[Line], list[TriplesMap]]:
    """The lines of a plan with constant predicates, and the triples maps whose terms are left to the interpreter.

    Raises:
        MappingError: where the mapping reads a column that is not there.
    """
    lines: list[Line] = []
    left = []
    for triples_map in plan.triples_maps:
        mine = [
            Line(triples_map.subject, predicate.expression.token, obj)
            for pair in triples_map.predicate_objects
            for predicate in pair.predicates
            if isinstance(predicate.expression, Constant)
            for obj in pair.objects
        ]
        terms = [triples_map.subject, *(line.object for line in mine)]
        if triples_map.iteration.steps or not all(map(cells.printable, terms)):
            left.append(triples_map)
        else:
            lines.extend(mine)
    return lines, left


def repeats_never(lines: Sequence[Line]) -> bool:
    """Return whether no two of the lines can be equal in one record."""
    by_predicate: dict[Token, list[Line]] = {}
    for line in lines:
        by_predicate.setdefault(line.predicate, []).append(line)
    return all(
        all_distinct((one.subject, other.subject)) or never_equal(one.object, other.object)
        for alike in by_predicate.values()
        for at, one in enumerate(alike)
        for other in alike[:at]
    )


def statement(subject: tuple[Piece, ...], predicate: Token, obj: tuple[Piece, ...]) -> list[Piece]:
    """The pieces of a line of N-Triples."""
    return [*subject, constant(f" {predicate} "), *obj, constant(" .\n")]
