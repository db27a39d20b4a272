"""Joins over rows, as program text: the keys of a parent's row, and the lines that a child's row finds by its own.

A condition between two columns is taken here, any other is left to the interpreter.
Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from graphmap.lifting.code import Code
from graphmap.lifting.joins import JoinIndex, Key, Outside
from graphmap.lifting.plan import Constant, Join, Plan, PredicateObject, Reference, TermMap, TriplesMap
from graphmap.lifting.row_terms import PrintedCells, all_of
from graphmap.lifting.row_unpacking import print_unpacking
from graphmap.lifting.values import ValueForms
from graphmap.records.source import Raw
from graphmap.terms import Token

__all__ = ["JoinLine", "join_lines", "joined_text", "row_keys"]


class JoinLine(NamedTuple):
    """A statement whose objects are found by a join."""

    subject: TermMap
    predicate: Token
    join: Join


def row_keys(
    join: Join, header: tuple[str, ...], forms: ValueForms, base: str
) -> Callable[[Raw], tuple[Token, Key] | None] | None:
    """A function from a row of the parent to its subject and the texts of its conditions.

    Returns:
        `None` where the interpreter has to do it. The function gives `None` for a row without subject or key, and
        raises `Odd` for a row out of the ordinary.

    Raises:
        MappingError: where a column is not there.
    """
    cells = PrintedCells(Code("keys(row)"), header, forms, base)
    columns = _columns((parent for _, parent in join.conditions), cells)
    if join.parent.steps or columns is None or not cells.printable(join.subject):
        return None
    code = cells.code
    print_unpacking(code, header, forms.nulls)
    needs, pieces = cells.token(join.subject)
    key = [cells.raw(column) for column in columns]
    with code.block(f"if {all_of(dict.fromkeys((*needs, *key)))}:"):
        code.line(f"return {code.text(pieces)}, ({', '.join(key)},)")
    code.line("return None")
    return code.function("keys")


def join_lines(plan: Plan, cells: PrintedCells) -> tuple[Plan, list[JoinLine]]:
    """Take the joins out of a plan whose keys are columns and whose subjects are printed.

    Args:
        plan: triples maps with constant predicates and without graphs.
        cells: of the rows to come.

    Returns:
        The rest of the plan, and the joins.

    Raises:
        MappingError: where a column is not there.
    """
    kept: list[TriplesMap] = []
    lines: list[JoinLine] = []
    for triples_map in plan.triples_maps:
        if triples_map.iteration.steps or not cells.printable(triples_map.subject):
            kept.append(triples_map)
            continue
        pairs = []
        for pair in triples_map.predicate_objects:
            joined = [(obj, obj.expression) for obj in pair.objects if _by_columns(obj, cells)]
            lines += [
                JoinLine(triples_map.subject, predicate.expression.token, join)
                for predicate in pair.predicates
                if isinstance(predicate.expression, Constant)
                for _, join in joined
                if isinstance(join, Join)
            ]
            pairs.append(_without(pair, [obj for obj, _ in joined]))
        kept.append(replace(triples_map, predicate_objects=tuple(pair for pair in pairs if pair.objects)))
    return replace(plan, triples_maps=tuple(kept)), lines


def joined_text(line: JoinLine, subject: str, needs: Iterable[str], cells: PrintedCells, outside: Outside) -> str:
    """An expression for the lines of a join, where the subject is printed already."""
    code = cells.code
    key = [cells.raw(column) for column in _columns((child for child, _ in line.join.conditions), cells) or ()]
    found = code.bind(_finder(outside.joined[line.join], line.predicate))
    return f"({found}({subject}, ({', '.join(key)},)) if {all_of(dict.fromkeys((*needs, *key)))} else '')"


def _finder(index: JoinIndex, predicate: Token) -> Callable[[Token, Key], str]:
    get = index.get

    def lines(subject: Token, key: Key) -> str:
        return "".join([f"{subject} {predicate} {obj} .\n" for obj in get(key)])

    return lines


def _by_columns(term_map: TermMap, cells: PrintedCells) -> bool:
    join = term_map.expression
    return isinstance(join, Join) and _columns((child for child, _ in join.conditions), cells) is not None


def _columns(sides: Iterable[TermMap], cells: PrintedCells) -> list[Reference] | None:
    """The columns that sides of conditions are; `None` where one is something else."""
    found: list[Reference] = []
    for side in sides:
        if not isinstance(side.expression, Reference) or side.expression.level or not cells.printable(side):
            return None
        found.append(side.expression)
    return found


def _without(pair: PredicateObject, taken: list[TermMap]) -> PredicateObject:
    return replace(pair, objects=tuple(obj for obj in pair.objects if obj not in taken))
