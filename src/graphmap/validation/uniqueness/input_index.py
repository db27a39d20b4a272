"""An index of the key values of an input, and who collides.

A private SQLite database without a name: it stays in memory while it is small and spills to a temporary file by itself.
Source: SQLite, temporary databases ("" as file name).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Self

from graphmap.errors import Locator
from graphmap.rdf import Token
from graphmap.validation.report import Finding, Uniqueness, plain
from graphmap.validation.uniqueness.constraints import KeyConstraint

__all__ = ["KeyIndex"]

_BATCH = 10_000
_NAMED = 3
_TABLE = """
CREATE TABLE entry (at INTEGER PRIMARY KEY, key INTEGER, value TEXT, focus TEXT, source TEXT, row INTEGER)
"""
_GROUPS = """
SELECT key, value, CASE WHEN {all} THEN COUNT(*) ELSE COUNT(DISTINCT focus) END AS number
FROM entry GROUP BY key, value HAVING number > 1 ORDER BY key, MIN(at)
"""


class _Entry(NamedTuple):
    focus: Token
    source: str | None
    row: int | None


class KeyIndex:
    """Takes key values as they come and tells at the end which of them more than one record has.

    Args:
        cache_kib: memory that the index may take before it spills, in KiB.
    """

    def __init__(self, *, cache_kib: int = 16_384) -> None:
        self._numbers: dict[tuple[str | None, ...], int] = {}
        self._constraints: list[KeyConstraint] = []
        self._pending: list[tuple[int, Token, Token, str | None, int | None]] = []
        self._connection = sqlite3.connect("", isolation_level=None)
        for statement in (
            f"PRAGMA cache_size = -{cache_kib:d}",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            _TABLE,
        ):
            self._connection.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the index and its file."""
        self._connection.close()

    def add(
        self, constraint: KeyConstraint, value: Token, *, focus: Token, source: str | None, row: int | None
    ) -> None:
        """Add one value of one record.

        Args:
            constraint: which key.
            value: token of the value.
            focus: token of the record, or of the node in it that has the value.
            source: name of the source.
            row: data row or document, counted from 1.
        """
        name = (constraint.rule, constraint.shape, constraint.component)
        key = self._numbers.get(name)
        if key is None:
            key = self._numbers[name] = len(self._constraints)
            self._constraints.append(constraint)
        self._pending.append((key, value, focus, source, row))
        if len(self._pending) >= _BATCH:
            self._flush()

    def findings(self) -> Iterator[Finding]:
        """One finding for each record that shares a value, naming some of the others.

        Yields:
            By key, then by first appearance of the value, then in order of the input. Values may be added afterwards.
        """
        self._flush()
        self._connection.execute("CREATE INDEX IF NOT EXISTS entry_value ON entry (key, value)")
        for key, value, number in self._groups():
            yield from self._collision(self._constraints[key], key, value, number)

    def uniqueness(self) -> Uniqueness:
        """Count the values of each property, and the different ones among them; asked after `findings`."""
        self._flush()
        sql = "SELECT key, COUNT(*), COUNT(DISTINCT value) FROM entry GROUP BY key"
        known = ((self._constraints[key], *counts) for key, *counts in self._connection.execute(sql))
        return {each.predicate: (values, distinct) for each, values, distinct in known if each.predicate is not None}

    def _flush(self) -> None:
        self._connection.execute("BEGIN")
        sql = "INSERT INTO entry (key, value, focus, source, row) VALUES (?, ?, ?, ?, ?)"
        self._connection.executemany(sql, self._pending)
        self._connection.execute("COMMIT")
        self._pending.clear()

    def _groups(self) -> list[tuple[int, Token, int]]:
        every = [number for number, constraint in enumerate(self._constraints) if constraint.same_focus_collides]
        condition = f"key IN ({', '.join(map(str, every))})" if every else "0"
        return self._connection.execute(_GROUPS.format(all=condition)).fetchall()

    def _collision(self, constraint: KeyConstraint, key: int, value: Token, number: int) -> Iterator[Finding]:
        sql = "SELECT focus, source, row FROM entry WHERE key = ? AND value = ? ORDER BY at"
        first = self._connection.execute(f"{sql} LIMIT {_NAMED * 4}", (key, value))
        named = [_Entry(*row) for row in first]
        for row in self._connection.execute(sql, (key, value)):
            yield _finding(constraint, value, _Entry(*row), named, number - 1)


def _finding(constraint: KeyConstraint, value: Token, entry: _Entry, named: list[_Entry], others: int) -> Finding:
    if constraint.same_focus_collides:
        rest = [other for other in named if other != entry]
    else:
        rest = list({other.focus: other for other in named if other.focus != entry.focus}.values())
    places = [str(Locator(source=other.source, row=other.row)) or other.focus for other in rest[:_NAMED]]
    more = others - len(places)
    also = "; also in " + "; ".join(places) + (f" and {more} more" if more > 0 else "")
    return Finding(
        focus_node=entry.focus,
        result_path=constraint.path,
        received=plain(value),
        source_shape=constraint.shape,
        rule=constraint.rule,
        component=constraint.component,
        severity=constraint.severity,
        message=constraint.message + also,
        source=entry.source,
        row=entry.row,
    )
