"""What a term map may need from beyond its record: subjects that other sources give, and fresh blank nodes.

Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphmap.lifting.gathering import Gathered
from graphmap.lifting.plan import Join, ViewJoin
from graphmap.lifting.tally import Tally
from graphmap.terms import Token

__all__ = ["JoinIndex", "Key", "Outside"]

Key = tuple[str, ...]
"""The texts that meet, one a condition."""

_IN_MEMORY = 500_000


class JoinIndex:
    """Subjects by the texts of their join conditions, in memory up to a number of them, then in a temporary file.

    Args:
        in_memory: how many subjects are kept in memory.
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._found: dict[Key, dict[Token, None]] = {}
        self._left = in_memory
        self._file: sqlite3.Connection | None = None

    def add(self, key: Key, subject: Token) -> None:
        """Add a subject; the same one under the same key counts once."""
        if self._file is None and self._left > 0:
            subjects = self._found.setdefault(key, {})
            self._left -= subject not in subjects
            subjects[subject] = None
            return
        if self._file is None:
            self._spill()
        self._insert([(json.dumps(key), subject)])

    def get(self, key: Key) -> Sequence[Token]:
        """The subjects of a key, in the order of their first appearance."""
        if self._file is None:
            return tuple(self._found.get(key, ()))
        rows = self._file.execute("select subject from subjects where key = ? order by number", (json.dumps(key),))
        return [subject for (subject,) in rows]

    def close(self) -> None:
        """Drop the temporary file."""
        if self._file is not None:
            self._file.close()

    def _spill(self) -> None:
        self._file = sqlite3.connect("")  # a temporary file that its maker alone can see
        self._file.execute("pragma journal_mode = off")
        self._file.execute(
            "create table subjects (number integer primary key, key text, subject text, unique (key, subject))"
        )
        self._insert([(json.dumps(key), subject) for key, found in self._found.items() for subject in found])
        self._found = {}

    def _insert(self, rows: Sequence[tuple[str, Token]]) -> None:
        if self._file is not None:
            self._file.executemany("insert or ignore into subjects (key, subject) values (?, ?)", rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What stands outside of a record.

    Args:
        joined: the index of each join.
        numbers: for fresh blank nodes; shared by all that lift into one graph.
        position: of the record in its source, counted from 0; `None` where nobody counts.
        gathered: keeps collections with a name until the end; `None` where they end with their record.
        tally: counts terms and nulls, where somebody asks for that.
    """

    joined: Mapping[Join | ViewJoin, JoinIndex] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    position: Callable[[], int] | None = None
    gathered: Gathered | None = None
    tally: Tally | None = None
