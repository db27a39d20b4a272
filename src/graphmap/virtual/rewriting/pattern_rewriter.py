"""Rewrites a pattern of the algebra into branches, and groups of a branch into a subquery.

Unions come out on top, so that in each branch every variable has one kind of term.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlglot import exp

from graphmap.virtual.query import (
    Aggregate,
    Extend,
    Filter,
    Group,
    Join,
    LeftJoin,
    Pattern,
    Triple,
    Union,
    UnplannedError,
    Variable,
)
from graphmap.virtual.rewriting.branches import Branch, Matcher, Place
from graphmap.virtual.rewriting.cells import INEXACT, NUMERIC, Cell, when_bound
from graphmap.virtual.rewriting.conditions import condition_of, ordered_value, variables_of
from graphmap.virtual.sources import Relation

__all__ = ["Rewriter", "from_of"]

_MOST_BRANCHES = 64
_SAMPLES = frozenset({"SAMPLE"})


class Rewriter:
    """Rewrites patterns.

    Args:
        matcher: of triple patterns.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._groups = itertools.count()

    def branches(self, pattern: Pattern, branch: Branch) -> list[Branch]:
        """The branches in which a pattern is joined to one.

        Raises:
            UnplannedError: where no SQL is known to be always equal.
        """
        make = _REWRITES.get(type(pattern))
        if make is None:
            raise UnplannedError(f"{type(pattern).__name__} inside of a pattern is evaluated by the engine")
        found = make(self, pattern, branch)
        if len(found) > _MOST_BRANCHES:
            raise UnplannedError(f"more than {_MOST_BRANCHES} combinations of tables match")
        return found

    def triple(self, pattern: Triple, branch: Branch) -> list[Branch]:
        """A triple pattern."""
        return self._matcher.matched(pattern, branch)

    def join(self, pattern: Join, branch: Branch) -> list[Branch]:
        """A join, part by part."""
        found = [branch]
        for part in pattern.parts:
            found = [each for one in found for each in self.branches(part, one)]
        return found

    def union(self, pattern: Union, branch: Branch) -> list[Branch]:
        """Both sides."""
        return [*self.branches(pattern.left, branch), *self.branches(pattern.right, branch)]

    def filter(self, pattern: Filter, branch: Branch) -> list[Branch]:
        """A filter; its variables are those of its own group."""
        found = self.branches(pattern.pattern, branch)
        names, kept = variables_of(pattern.condition), []
        for each in found:
            if branch.cells and names & (branch.cells.keys() - self._own(pattern.pattern)):
                raise UnplannedError("a filter in a group reads a variable from outside of it")
            condition = condition_of(pattern.condition, each.cells)
            kept.append(replace(each, conditions=(*each.conditions, condition)))
        return kept

    def left_join(self, pattern: LeftJoin, branch: Branch) -> list[Branch]:
        """OPTIONAL over a single row, or one more relation."""
        if branch.cells and (self._own(pattern.right) & branch.cells.keys()) - self._own(pattern.left):
            raise UnplannedError("an OPTIONAL in a group reads a variable from outside of it")
        return [self._optional(pattern, left) for left in self.branches(pattern.left, branch)]

    def _optional(self, pattern: LeftJoin, left: Branch) -> Branch:
        right = self.branches(pattern.right, left)
        names = self._own(pattern.right) - left.cells.keys()
        if not right:
            return replace(left, cells={**left.cells, **dict.fromkeys(names)})
        if len(right) > 1:
            raise UnplannedError("an OPTIONAL that several parts of the mapping match is evaluated by the engine")
        (found,) = right
        conditions = list(found.conditions[len(left.conditions) :])
        if pattern.condition is not None:
            conditions.append(condition_of(pattern.condition, found.cells))
        added = found.places[len(left.places) :]
        if len(added) > 1 or any(place.optional is not None for place in added):
            raise UnplannedError("an OPTIONAL over several relations is evaluated by the engine")
        when: exp.Expr = exp.and_(*(each.copy() for each in conditions)) if conditions else exp.true()
        places = left.places
        if added:
            when = _marker(added[0], found)
            places = (*left.places, replace(added[0], optional=tuple(conditions)))
        new = ((name, cell) for name, cell in found.cells.items() if name in names)
        cells = {name: None if cell is None else cell.maybe(when) for name, cell in new}
        return replace(left, places=places, cells={**left.cells, **cells})

    def extend(self, pattern: Extend, branch: Branch) -> list[Branch]:
        """BIND of a variable or a constant."""
        found = []
        for each in self.branches(pattern.pattern, branch):
            name, value = pattern.variable.name, pattern.expression
            cell: Cell | None
            if isinstance(value, Variable):
                if value.name in branch.cells and value.name not in self._own(pattern.pattern):
                    raise UnplannedError("BIND in a group reads a variable from outside of it")
                cell = each.cells.get(value.name)
            elif isinstance(value, str):
                cell = Cell(kind="constant", shape=(value,))
            else:
                raise UnplannedError("an expression in BIND is evaluated by the engine")
            # a key of a group is bound again to its own sample
            if name in each.cells and each.cells[name] is not cell:
                raise UnplannedError("a variable is bound twice")
            found.append(replace(each, cells={**each.cells, name: cell}))
        return found

    def group(self, pattern: Group, branch: Branch) -> list[Branch]:
        """Groups of one branch, as a subquery."""
        inner = self.branches(pattern.pattern, branch)
        if branch.cells or branch.places or len(inner) != 1:
            raise UnplannedError("groups over several parts of the mapping are made by the engine")
        return [_grouped(pattern, inner[0], f"g{next(self._groups)}")]

    def _own(self, pattern: Pattern) -> frozenset[str]:
        """The variables of a pattern."""
        if isinstance(pattern, Triple):
            terms = (pattern.subject, pattern.predicate, pattern.object)
            return frozenset(term.name for term in terms if isinstance(term, Variable))
        if isinstance(pattern, Join):
            return frozenset[str]().union(*map(self._own, pattern.parts))
        if isinstance(pattern, LeftJoin | Union):
            return self._own(pattern.left) | self._own(pattern.right)
        own = self._own(pattern.pattern)
        return own | {pattern.variable.name} if isinstance(pattern, Extend) else own


def _marker(place: Place, branch: Branch) -> exp.Expr:
    """SQL that is true where a left join found a row: a value that such a row cannot lack."""
    for condition in branch.conditions:
        column = condition.find(exp.Column)
        is_present = isinstance(condition, exp.Not) and isinstance(condition.this, exp.Is)
        if is_present and column is not None and column.table == place.alias:
            return condition.copy()
    raise UnplannedError("an OPTIONAL without a value of its own is evaluated by the engine")


_REWRITES: Mapping[type, Callable[..., list[Branch]]] = MappingProxyType(
    {
        Triple: Rewriter.triple,
        Join: Rewriter.join,
        Union: Rewriter.union,
        Filter: Rewriter.filter,
        LeftJoin: Rewriter.left_join,
        Extend: Rewriter.extend,
        Group: Rewriter.group,
    }
)


def from_of(branch: Branch, chosen: list[exp.Expr]) -> exp.Select:
    """A SELECT over the relations and conditions of a branch."""
    query = exp.select(*chosen)
    for place in branch.places:
        table = place.table if place.table is not None else place.relation.table
        named = exp.alias_(table.copy(), place.alias, table=True)
        if "from_" not in query.args and "from" not in query.args:
            query = query.from_(named)
        elif place.optional is not None:
            on = exp.and_(*(each.copy() for each in place.optional)) if place.optional else exp.true()
            query = query.join(named, on=on, join_type="left")
        else:
            query = query.join(named, join_type="cross")
    return query.where(*(each.copy() for each in branch.conditions)) if branch.conditions else query


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the subquery of groups."""

    name: str
    sql: exp.Expr


def _grouped(pattern: Group, inner: Branch, alias: str) -> Branch:
    columns: list[_Column] = []
    cells: dict[str, Cell | None] = {}
    for key in pattern.keys or ():
        cells[key.name] = _kept(inner.cells.get(key.name), columns, alias)
    keys = [each.sql for each in columns]
    for aggregate in pattern.aggregates:
        sampled = aggregate.argument.name if isinstance(aggregate.argument, Variable) else None
        if aggregate.name in _SAMPLES and sampled in cells:
            cells[aggregate.variable.name] = cells[sampled]
            continue
        if aggregate.name == "AVG":
            cells[aggregate.variable.name] = _average(aggregate, inner, columns, alias)
            continue
        kind, sql = _aggregated(aggregate, inner, never_empty=bool(pattern.keys))
        cells[aggregate.variable.name] = _aggregate_cell(kind, sql, columns, alias)
    chosen: list[exp.Expr] = [exp.alias_(each.sql.copy(), each.name, quoted=True) for each in columns]
    query = from_of(inner, chosen or [exp.alias_(exp.Literal.number(1), "nothing", quoted=True)])
    if pattern.keys is not None:
        if not keys:
            raise UnplannedError("groups by constants are made by the engine")
        query = query.group_by(*(key.copy() for key in keys))
    relation = _relation_of(inner)
    return Branch(places=(Place(relation=relation, alias=alias, table=query.subquery()),), cells=cells)


def _relation_of(branch: Branch) -> Relation:
    if not branch.places:
        raise UnplannedError("a group of no relation is made by the engine")
    return branch.places[0].relation


def _add(sql: exp.Expr, columns: list[_Column], alias: str) -> exp.Expr:
    name = f"c{len(columns)}"
    columns.append(_Column(name, sql))
    return exp.column(name, table=alias, quoted=True)


def _kept(cell: Cell | None, columns: list[_Column], alias: str) -> Cell | None:
    """A cell outside of the subquery that selects its values."""
    if cell is None:
        return None
    if cell.kind in INEXACT:
        raise UnplannedError("groups by floating point are made by the engine")
    values = tuple(_add(when_bound(cell, value), columns, alias) for value in cell.values)
    when = None if cell.when is None else _add(exp.func("COALESCE", exp.paren(cell.when), exp.false()), columns, alias)
    return replace(cell, values=values, when=when)


def _aggregate_cell(kind: str, sql: exp.Expr, columns: list[_Column], alias: str) -> Cell:
    value = _add(sql, columns, alias)
    kind, _, language = kind.partition(" ")
    present = exp.Not(this=exp.Is(this=value.copy(), expression=exp.null()))
    shape = (language,) if language else ()
    return Cell(kind=kind, shape=shape, values=(value,), value_kinds=(kind,), when=present)


def _aggregated(aggregate: Aggregate, inner: Branch, *, never_empty: bool) -> tuple[str, exp.Expr]:
    """Kind and SQL of an aggregate; null for an error, as one unbound value makes it."""
    argument = aggregate.argument
    if argument is None and not aggregate.distinct:
        return "integer", exp.Count(this=exp.Star())
    if not isinstance(argument, Variable):
        raise UnplannedError("such an aggregate is made by the engine")
    cell = inner.cells.get(argument.name)
    if aggregate.name == "COUNT":
        return "integer", _counted(cell, distinct=aggregate.distinct)
    make = _AGGREGATES.get(aggregate.name)
    if cell is None or aggregate.distinct or make is None:
        raise UnplannedError(f"such a {aggregate.name} is made by the engine")
    kind, sql = make(cell)
    if aggregate.name == "SUM" and kind == "decimal" and not never_empty:
        raise UnplannedError("the sum of nothing is the integer 0, which the engine adds up")
    if cell.when is None:
        return kind, sql
    counted = exp.Count(this=cell.value)
    return kind, exp.case().when(exp.EQ(this=counted, expression=exp.Count(this=exp.Star())), sql)


def _average(aggregate: Aggregate, inner: Branch, columns: list[_Column], alias: str) -> Cell:
    """Sum and number of the values, which are divided where terms are made."""
    name = aggregate.argument.name if isinstance(aggregate.argument, Variable) else ""
    cell = inner.cells.get(name)
    if cell is None or aggregate.distinct:
        raise UnplannedError("such an AVG is made by the engine")
    _, total = _aggregated(replace(aggregate, name="SUM"), inner, never_empty=True)
    found = _aggregate_cell("average", total, columns, alias)
    count = _add(exp.Count(this=exp.Star()), columns, alias)
    if cell.kind == "decimal":
        # the sum of no decimals is null, and their average the integer 0
        found = replace(found, when=exp.or_(found.when, exp.EQ(this=count.copy(), expression=exp.Literal.number(0))))
    return replace(found, values=(*found.values, count))


def _counted(cell: Cell | None, *, distinct: bool) -> exp.Expr:
    if cell is None:
        return exp.Literal.number(0)
    if cell.kind == "constant" or (not distinct and cell.values):
        if distinct:
            raise UnplannedError("distinct constants are counted by the engine")
        one = when_bound(cell, exp.Literal.number(1))
        return exp.Count(this=one)
    if len(cell.values) != 1 or cell.kind in INEXACT:
        raise UnplannedError("distinct terms of several columns are counted by the engine")
    return exp.Count(this=exp.Distinct(expressions=[when_bound(cell, cell.values[0])]))


def _sum(cell: Cell) -> tuple[str, exp.Expr]:
    if cell.kind not in NUMERIC:
        raise UnplannedError("a sum of such terms is made by the engine")
    if cell.kind == "decimal":
        return "decimal", exp.Sum(this=cell.value)
    exact = exp.cast(cell.value, "decimal(38, 0)")
    total = exp.func("COALESCE", exp.Sum(this=exact), exp.Literal.number(0))
    fits = exp.Between(this=total, low=exp.Literal.number(-(2**63) + 1), high=exp.Literal.number(2**63 - 1))
    return "integer", exp.case().when(fits, total.copy())


def _extreme(make: type[exp.Min | exp.Max]) -> Callable[[Cell], tuple[str, exp.Expr]]:
    def made(cell: Cell) -> tuple[str, exp.Expr]:
        if cell.kind not in ("text", "integer", "decimal", "date", "timestamp"):
            raise UnplannedError("the first or last of such terms is found by the engine")
        return cell.kind, make(this=ordered_value(cell))

    return made


_AGGREGATES: Mapping[str, Callable[[Cell], tuple[str, exp.Expr]]] = MappingProxyType(
    {"SUM": _sum, "MIN": _extreme(exp.Min), "MAX": _extreme(exp.Max)}
)
