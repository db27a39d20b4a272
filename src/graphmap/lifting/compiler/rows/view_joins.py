"""Triples maps over a view that joins another one, row by row, on the fast path.

A row and the fields of a match are one longer row, for which the compiler prints a function as for any table. What does
not fit stays with the interpreter: several joins, other levels, values that are no plain texts.
Source: RML-LV, logical view joins.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from graphmap.lifting.optimizer import changed
from graphmap.lifting.paths import column_path
from graphmap.lifting.plan import Position, Reference, TermMap, TriplesMap, ViewJoin
from graphmap.lifting.run_state import JoinIndex, Key

__all__ = ["JoinedRows", "join_of", "plain_rows", "with_joins"]

_Lift = Callable[[Any], tuple[str, str, str, tuple[str, ...]] | None]
_MARK = "\0"
"""Before the name of a joined field, so that no column has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedRows:
    """Rows made longer by what a join finds.

    Args:
        join: of the view.
        outer: whether a row that meets nothing stays.
        header: columns of the rows.
        nulls: cells that stand for no value.
    """

    join: ViewJoin
    outer: bool
    header: tuple[str, ...]
    nulls: frozenset[str]

    @property
    def longer_header(self) -> tuple[str, ...]:
        """The columns of longer rows."""
        return (*self.header, *(_MARK + name for name, _ in self.join.fields))

    def over_longer_rows(self, triples_map: TriplesMap) -> TriplesMap:
        """A triples map over the view as one over longer rows."""

        def read(expression: Reference | Position) -> Reference | Position:
            if not isinstance(expression, Reference) or expression.level == 0:
                return expression
            return replace(expression, level=0, path=column_path(_MARK + expression.text))

        return replace(changed(triples_map, read), iteration=replace(triples_map.iteration, steps=()))

    def texts(self, lift: _Lift, index: JoinIndex) -> Callable[[list[str]], str | None] | None:
        """A function from a row to the text of its matches; `None` where a condition is no column.

        Args:
            lift: of longer rows.
            index: of the join.
        """
        columns = _columns([child for child, _ in self.join.conditions], self.header)
        if columns is None:
            return None
        names, nulls = [name for name, _ in self.join.fields], self.nulls
        unmatched = [[""] * len(names)] if self.outer else []

        def text(row: list[str]) -> str | None:
            key = tuple(row[at] for at in columns)
            there = "" not in key and nulls.isdisjoint(key)
            found = [_cells(each, names) for each in index.get(key)] if there else []
            parts = []
            for cells in found or unmatched:
                lifted = None if cells is None or not nulls.isdisjoint(cells) else lift([*row, *cells])
                if lifted is None:
                    return None
                parts.append(lifted[1])
            return "".join(parts)

        return text


def join_of(triples_map: TriplesMap) -> tuple[ViewJoin, bool] | None:
    """The join that is all there is of a triples map's iteration, and whether it is outer."""
    steps = triples_map.iteration.steps
    if len(steps) != 1 or not isinstance(steps[0].maker, ViewJoin):
        return None
    return None if steps[0].maker.unmatched else (steps[0].maker, steps[0].outer)


def with_joins(lift: _Lift, texts: Iterable[Callable[[list[str]], str | None]]) -> _Lift:
    """A function over rows that adds the lines of joins, each line once."""
    joins = tuple(texts)

    def lift_all(row: list[str]) -> tuple[str, str, str, tuple[str, ...]] | None:
        found = lift(row)
        if found is None:
            return None
        lines = dict.fromkeys(found[1].split("\n")[:-1])
        for each in joins:
            text = each(row)
            if text is None:
                return None
            lines.update(dict.fromkeys(text.split("\n")[:-1]))
        return found[0], "".join(f"{line}\n" for line in lines), found[2], found[3]

    return lift_all


def plain_rows(
    join: ViewJoin, header: tuple[str, ...], nulls: frozenset[str], number: Callable[[], int]
) -> Callable[[list[str]], tuple[str, Key] | None] | None:
    """A function from a row of the joined view to what it adds to the index; `None` where all is not plain columns.

    Args:
        join: that asks for it.
        header: columns of the joined view's source.
        nulls: cells that stand for no value there.
        number: of the next iteration of the view.
    """
    fields = _columns([value for _, value in join.fields], header)
    conditions = _columns([parent for _, parent in join.conditions], header)
    if join.parent.steps or fields is None or conditions is None:
        return None
    named = list(zip([name for name, _ in join.fields], fields, strict=True))

    def pair(row: list[str]) -> tuple[str, Key] | None:
        key = tuple(row[at] for at in conditions)
        if "" in key or not nulls.isdisjoint(key):
            return None
        cells = [(name, row[at], None) for name, at in named if row[at] and row[at] not in nulls]
        return json.dumps([number(), *cells]), key

    return pair


def _columns(maps: Iterable[TermMap], header: tuple[str, ...]) -> list[int] | None:
    """The columns that term maps read; `None` where one of them is more than a column."""
    found = []
    for each in maps:
        expression = each.expression
        names = expression.path.names if isinstance(expression, Reference) and expression.level == 0 else None
        if names is None or len(names) != 1 or names[0] not in header:
            return None
        found.append(header.index(names[0]))
    return found


def _cells(row: str, names: list[str]) -> list[str] | None:
    """The cells of a match; `None` where one is no plain text."""
    texts = dict[str, str]()
    for name, text, natural in json.loads(row)[1:]:
        if natural is not None or not text:
            return None
        texts[name] = text
    return [texts.get(name, "") for name in names]
