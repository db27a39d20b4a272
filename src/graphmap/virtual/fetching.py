"""Triples fetched for one query: every triple that its patterns may match, in an engine of its own.

The engine is that of the embedded store, so that an answer means what it would mean there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyoxigraph
from sqlglot import exp

from graphmap.errors import DeadlineError, LimitError, Locator, MappingError
from graphmap.lifting.plan import LogicalSource, TermMap, references
from graphmap.rdf import XSD, canonical
from graphmap.records import ValueForms
from graphmap.virtual.mapping import Assertion, Maker, Rows, TermRule, column_of, columns_of, inverted, term_maker
from graphmap.virtual.query import Read
from graphmap.virtual.sources import Engine, Relation, Relations

__all__ = ["Fetch", "Limits", "Scan", "equal_columns", "holds_text", "scans"]

_CHILD, _PARENT = "child", "parent"
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one query.

    Args:
        triples: most triples that are fetched for it.
        seconds: from its start to its last row.
    """

    triples: int = 1_000_000
    seconds: float = 60


class Scan(NamedTuple):
    """One SQL query and the assertions that are made from its rows."""

    engine: Engine
    sql: str
    columns: tuple[tuple[bool, str], ...]
    assertions: tuple[Assertion, ...]


def scans(assertions: Sequence[Assertion], reads: Sequence[Read], relations: Relations) -> Iterator[Scan]:
    """The SQL queries that give all triples of some patterns.

    Args:
        assertions: of the mapping.
        reads: patterns of the query.
        relations: behind the mapping's sources.

    Raises:
        MappingError: where a source lacks a column that the mapping reads, or its join has no SQL form.
        SourceError: where a source cannot be reached.
    """
    found: dict[tuple[Rows, str], list[Assertion]] = {}
    conditions: dict[str, exp.Expr] = {}
    for assertion in assertions:
        wanted = [each for read in reads if (each := _wanted(assertion, read, relations)) is not None]
        if not wanted:
            continue
        text = ""
        if all(wanted):
            condition = exp.or_(*(exp.and_(*each) for each in wanted))
            text = condition.sql()
            conditions[text] = condition
        found.setdefault((assertion.rows, text), []).append(assertion)
    for (rows, text), made in found.items():
        yield _scan(rows, conditions.get(text), made, relations)


def _wanted(assertion: Assertion, read: Read, relations: Relations) -> list[exp.Expr] | None:
    """Conditions on a row for its triple to match a pattern; `None` where no row does."""
    subject, predicate, value = read
    if predicate is not None and predicate != assertion.predicate:
        return None
    found: list[exp.Expr] = []
    for rule, token in ((assertion.subject, subject), (assertion.object, value)):
        binding = () if token is None else inverted(rule, token)
        if binding is None:
            return None
        for column, text in binding:
            held = holds_text(_relation(assertion.rows, rule, relations), column, text, _alias(rule))
            if held is None:
                return None
            if held != exp.true():
                found.append(held)
    return found


def _alias(rule: TermRule) -> str:
    return _PARENT if rule.of_parent else _CHILD


def _relation(rows: Rows, rule: TermRule, relations: Relations) -> Relation:
    return relations.of(rows.parent if rule.of_parent and rows.parent is not None else rows.source)


def holds_text(relation: Relation, column: str, text: str, alias: str) -> exp.Expr | None:
    """A condition that a column's value is written as a text; true where it is not known, `None` where it never is."""
    name = relation.column(column)
    kind = relation.columns[name]
    value = relation.value(name, alias)
    if kind == "text":
        # PostgreSQL has no text with the character zero in it
        return None if "\0" in text else exp.EQ(this=value, expression=exp.Literal.string(text))
    if kind == "integer":
        if canonical(XSD + "integer", text) != text or abs(int(text)) >= 2**63:
            return None
        return exp.EQ(this=value, expression=exp.Literal.number(int(text)))
    return exp.true()


def equal_columns(rows: Rows, relations: Relations, aliases: tuple[str, str]) -> list[exp.Expr]:
    """The join conditions of rows as SQL.

    Raises:
        MappingError: where the texts of two columns are not compared by SQL.
    """
    parent_source = rows.parent
    if parent_source is None:
        return []
    child, parent = relations.of(rows.source), relations.of(parent_source)
    if child.engine is not parent.engine:
        raise MappingError(
            f"{child.name} and {parent.name} are joined and lie in two databases",
            where=Locator(source=child.name),
            hint="bring both into one database, or load them",
        )
    found: list[exp.Expr] = []
    for left, right in rows.conditions:
        sides = [_side(child, left, aliases[0]), _side(parent, right, aliases[1])]
        kinds = {kind for kind, _ in sides}
        if not kinds <= {"text", "integer", "date", "boolean"} or (len(kinds) > 1 and kinds != {"text", "integer"}):
            what = f"joins columns of the kinds {' and '.join(sorted(kinds))}"
            raise MappingError(what, where=left.written, hint="cast both to text in a view")
        values = [exp.cast(value, "text") if len(kinds) > 1 and kind != "text" else value for kind, value in sides]
        found.append(exp.EQ(this=values[0], expression=values[1]))
    return found


def _side(relation: Relation, term_map: TermMap, alias: str) -> tuple[str, exp.Expr]:
    name = relation.column(column_of(next(references(term_map))))
    return relation.columns[name], relation.value(name, alias)


def _scan(rows: Rows, condition: exp.Expr | None, made: list[Assertion], relations: Relations) -> Scan:
    rules = [rule for each in made for rule in (each.subject, each.object)]
    columns = tuple(sorted({(rule.of_parent, column) for rule in rules for column in columns_of(rule.term_map)}))
    child = relations.of(rows.source)
    sides = {False: child, True: relations.of(rows.parent) if rows.parent is not None else child}
    aliases = {False: _CHILD, True: _PARENT}
    chosen = [
        exp.alias_(sides[side].value(sides[side].column(column), aliases[side]), f"c{place}", quoted=True)
        for place, (side, column) in enumerate(columns)
    ]
    query = exp.select(*(chosen or [exp.alias_(exp.Literal.number(1), "c0", quoted=True)])).from_(
        exp.alias_(child.table.copy(), _CHILD, table=True)
    )
    if rows.parent is not None:
        on = exp.and_(*equal_columns(rows, relations, (_CHILD, _PARENT)))
        query = query.join(exp.alias_(sides[True].table.copy(), _PARENT, table=True), on=on, join_type="inner")
    if condition is not None:
        query = query.where(condition)
    return Scan(child.engine, query.sql(dialect=child.engine.dialect), columns, tuple(made))


class Fetch:
    """Triples of a query, put into an engine in memory.

    Args:
        forms: how each source writes its values.
        limits: what the query may take.
    """

    def __init__(self, forms: Mapping[LogicalSource, ValueForms], limits: Limits) -> None:
        self._forms = forms
        self._limits = limits
        self._end = time.monotonic() + limits.seconds

    @property
    def seconds_left(self) -> float:
        """The time that is left.

        Raises:
            DeadlineError: where none is.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            what = f"the query took longer than {self._limits.seconds:g} s"
            raise DeadlineError(what, hint="ask for less, or allow more time")
        return left

    def store(self, wanted: Sequence[Scan]) -> pyoxigraph.Store:
        """An engine that holds the triples of some scans.

        Raises:
            LimitError: where they are more than one query may fetch.
            DataError: where a value gives no valid term.
            SourceError: where a database refuses or goes away.
            DeadlineError: when the time is up.
        """
        store, count = pyoxigraph.Store(), 0
        for scan in wanted:
            for lines in self._portions(scan):
                count += lines.count("\n")
                if count > self._limits.triples:
                    what = f"the query needs more than {self._limits.triples} triples to be fetched"
                    raise LimitError(what, hint="name subjects, classes or properties in it, or load the records")
                store.load(lines, pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        return store

    def _portions(self, scan: Scan) -> Iterator[str]:
        makers = [self._makers(each) for each in scan.assertions]
        lines: dict[str, None] = {}
        for values in scan.engine.rows(scan.sql, self.seconds_left):
            rows = _sides(scan.columns, values)
            for (subject, predicate, value), (of_subject, of_value) in makers:
                objects = value(rows[of_value])
                for start in subject(rows[of_subject]) if objects else ():
                    lines.update(dict.fromkeys(f"{start} {predicate} {end} .\n" for end in objects))
            if len(lines) >= _AT_ONCE:
                yield "".join(lines)
                lines = {}
                _ = self.seconds_left
        yield "".join(lines)

    def _makers(self, assertion: Assertion) -> tuple[tuple[Maker, str, Maker], tuple[bool, bool]]:
        ends = assertion.subject, assertion.object
        subject, value = (self._maker(assertion.rows, rule) for rule in ends)
        return (subject, assertion.predicate, value), (ends[0].of_parent, ends[1].of_parent)

    def _maker(self, rows: Rows, rule: TermRule) -> Maker:
        source = rows.parent if rule.of_parent and rows.parent is not None else rows.source
        return term_maker(rule, self._forms[source], source.name)


def _sides(columns: tuple[tuple[bool, str], ...], values: Sequence[Any]) -> dict[bool, dict[str, Any]]:
    rows: dict[bool, dict[str, Any]] = {False: {}, True: {}}
    for (side, column), value in zip(columns, values, strict=False):
        if value is not None:
            rows[side][column] = value
    return rows
