"""Joins whose conditions compare columns, apart from the other statements of a plan.

Any other condition is left to the interpreter.
Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from graphmap.lifting.compiler.cell_terms import Cells
from graphmap.lifting.compiler.row_statements import Line
from graphmap.lifting.plan import Constant, Join, Plan, PredicateObject, Reference, TermMap, TriplesMap, has_graph_maps
from graphmap.rdf import Token

__all__ = ["JoinLine", "join_lines", "joins_meet", "key_columns"]


class JoinLine(NamedTuple):
    """A statement whose objects are found by a join."""

    subject: TermMap
    predicate: Token
    join: Join
    object: TermMap


def join_lines(plan: Plan, cells: Cells) -> tuple[Plan, list[JoinLine]]:
    """Take the joins out of a plan whose keys are columns and whose subjects are printed.

    Args:
        plan: triples maps with constant predicates; those with graphs keep their joins.
        cells: of the rows to come.

    Returns:
        The rest of the plan, and the joins.

    Raises:
        MappingError: where a column is not there.
    """
    kept: list[TriplesMap] = []
    lines: list[JoinLine] = []
    for triples_map in plan.triples_maps:
        if triples_map.iteration.steps or has_graph_maps(triples_map) or not cells.printable(triples_map.subject):
            kept.append(triples_map)
            continue
        pairs = []
        for pair in triples_map.predicate_objects:
            joined = [(obj, obj.expression) for obj in pair.objects if _by_columns(obj, cells)]
            lines += [
                JoinLine(triples_map.subject, predicate.expression.token, join, obj)
                for predicate in pair.predicates
                if isinstance(predicate.expression, Constant)
                for obj, join in joined
                if isinstance(join, Join)
            ]
            pairs.append(_without(pair, [obj for obj, _ in joined]))
        kept.append(replace(triples_map, predicate_objects=tuple(pair for pair in pairs if pair.objects)))
    return replace(plan, triples_maps=tuple(kept)), lines


def key_columns(sides: Iterable[TermMap], cells: Cells) -> list[Reference] | None:
    """The columns that the sides of conditions are; `None` where one is something else."""
    found: list[Reference] = []
    for side in sides:
        if not isinstance(side.expression, Reference) or side.expression.level or not cells.printable(side):
            return None
        found.append(side.expression)
    return found


def joins_meet(joins: Iterable[JoinLine], lines: Iterable[Line]) -> bool:
    """Tell whether a join may give a line that another, or a line without a join, gives too."""
    joined = [line.predicate for line in joins]
    return len(set(joined)) < len(joined) or any(line.predicate in joined for line in lines)


def _by_columns(term_map: TermMap, cells: Cells) -> bool:
    join = term_map.expression
    return isinstance(join, Join) and key_columns((child for child, _ in join.conditions), cells) is not None


def _without(pair: PredicateObject, taken: list[TermMap]) -> PredicateObject:
    return replace(pair, objects=tuple(obj for obj in pair.objects if obj not in taken))
