"""Plans: the SQL of a whole query, and its rows as solutions.

Source: SPARQL 1.1 Query Language, section 15 (solution sequences and modifiers).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlglot import exp

from graphmap.virtual.answers import Answer, Row
from graphmap.virtual.fetching import Fetch
from graphmap.virtual.query import (
    Distinct,
    Expression,
    Order,
    Pattern,
    Project,
    Select,
    Slice,
    UnplannedError,
    Variable,
)
from graphmap.virtual.rewriting.branches import Branch
from graphmap.virtual.rewriting.cells import INEXACT, Cell, term_of, when_bound
from graphmap.virtual.rewriting.conditions import ordered_value
from graphmap.virtual.rewriting.pattern_rewriter import Rewriter, from_of
from graphmap.virtual.sources import Engine

__all__ = ["SqlPlan", "plan_of"]


@dataclass(frozen=True, slots=True)
class _Modifiers:
    """Modifiers around the pattern of a query."""

    pattern: Pattern
    order: tuple[tuple[Expression, bool], ...] = ()
    distinct: bool = False
    start: int = 0
    length: int | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """One SQL query and how its columns make terms."""

    engine: Engine
    sql: str
    cells: tuple[tuple[Cell | None, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlPlan:
    """A query as SQL; several queries give the rows one after another.

    Args:
        form: of the query.
        variables: in the order of the answer.
        start: solutions to leave out, where SQL does not do it.
        length: most solutions, where SQL does not see to it.
    """

    form: str
    variables: tuple[str, ...]
    parts: tuple[_Part, ...]
    start: int = 0
    length: int | None = None

    @property
    def queries(self) -> tuple[tuple[str, str], ...]:
        """Database and SQL of each part."""
        return tuple((part.engine.name, part.sql) for part in self.parts)

    def answer(self, fetch: Fetch) -> Answer:
        """The answer, its rows streamed from the databases."""
        end = None if self.length is None else self.start + self.length
        rows = itertools.islice(self._rows(fetch), self.start, end)
        if self.form == "ASK":
            return Answer(boolean=next(rows, None) is not None)
        return Answer(variables=self.variables, rows=rows)

    def _rows(self, fetch: Fetch) -> Iterator[Row]:
        for part in self.parts:
            for values in part.engine.rows(part.sql, fetch.seconds_left):
                yield tuple(_term(cell, at, flag, values) for cell, at, flag in part.cells)


def _term(cell: Cell | None, at: int, flag: int, values: Sequence[Any]) -> str | None:
    if cell is None or (flag >= 0 and not values[flag]):
        return None
    return term_of(cell, values[at : at + len(cell.values)])


def plan_of(query: Select, rewriter: Rewriter) -> SqlPlan:
    """The plan of a query.

    Raises:
        UnplannedError: where no SQL is known to be always equal.
    """
    if query.pattern is None:
        raise UnplannedError(query.why)
    modifiers = _modifiers(query.pattern)
    branches = rewriter.branches(modifiers.pattern, Branch())
    names = tuple(each.name for each in query.variables)
    if len({place.relation.engine.name for each in branches for place in each.places}) > 1 and len(branches) == 1:
        raise UnplannedError("a join of several databases is made by the engine")
    if len(branches) != 1 and (modifiers.order or modifiers.distinct):
        raise UnplannedError("several parts of the mapping are ordered or made distinct by the engine")
    kinds = {cell.kind for each in branches for cell in each.cells.values() if cell is not None}
    if modifiers.distinct and kinds & INEXACT:
        raise UnplannedError("distinct numbers of floating point are found by the engine")
    if query.form == "ASK" and modifiers.length is None:
        modifiers = replace(modifiers, length=modifiers.start + 1)
    one = len(branches) == 1
    parts = tuple(_part(each, names, modifiers, in_sql=one) for each in branches)
    plan = SqlPlan(form=query.form, variables=names, parts=parts)
    return plan if one else replace(plan, start=modifiers.start, length=modifiers.length)


def _modifiers(pattern: Pattern) -> _Modifiers:
    found = _Modifiers(pattern)
    if isinstance(pattern, Slice):
        found = replace(found, start=pattern.start, length=pattern.length)
        pattern = pattern.pattern
    if isinstance(pattern, Distinct):
        found = replace(found, distinct=True)
        pattern = pattern.pattern
    if isinstance(pattern, Project):
        pattern = pattern.pattern
    if isinstance(pattern, Order):
        found = replace(found, order=pattern.keys)
        pattern = pattern.pattern
    return replace(found, pattern=pattern)


def _part(branch: Branch, names: tuple[str, ...], modifiers: _Modifiers, *, in_sql: bool) -> _Part:
    if not branch.places:
        raise UnplannedError("a query of no relation is answered by the engine")
    chosen: list[exp.Expr] = []
    cells: list[tuple[Cell | None, int, int]] = []
    for name in names:
        cell = branch.cells.get(name)
        at, flag = len(chosen), -1
        if cell is not None:
            chosen += [when_bound(cell, value).copy() for value in cell.values]
            if cell.when is not None:
                flag = len(chosen)
                chosen.append(exp.func("COALESCE", exp.paren(cell.when.copy()), exp.false()))
        cells.append((cell, at, flag))
    named: list[exp.Expr] = [exp.alias_(each, f"c{place}", quoted=True) for place, each in enumerate(chosen)]
    query = from_of(branch, named or [exp.alias_(exp.Literal.number(1), "c0", quoted=True)])
    if modifiers.distinct:
        query = query.distinct()
    for key, descends in modifiers.order:
        query = query.order_by(_ordered(key, branch, names, descends=descends, distinct=modifiers.distinct))
    if in_sql:
        query = query.limit(modifiers.length) if modifiers.length is not None else query
        query = query.offset(modifiers.start) if modifiers.start else query
    engine = branch.places[0].relation.engine
    return _Part(engine, query.sql(dialect=engine.dialect), tuple(cells))


def _ordered(key: Expression, branch: Branch, names: tuple[str, ...], *, descends: bool, distinct: bool) -> exp.Expr:
    """One key of an order: what is unbound comes first, or last where it descends."""
    if not isinstance(key, Variable) or (distinct and key.name not in names):
        raise UnplannedError("an order by an expression is made by the engine")
    cell = branch.cells.get(key.name)
    if cell is None or cell.kind not in ("text", "lang", "integer", "decimal", "date", "timestamp") or distinct:
        raise UnplannedError("such terms are put in order by the engine")
    return exp.Ordered(this=ordered_value(cell), desc=descends, nulls_first=not descends)
