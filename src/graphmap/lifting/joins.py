"""What a term map may need from beyond its record: subjects that other sources give, and fresh blank nodes.

Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from graphmap.errors import SourceError
from graphmap.lifting.gathering import Gathered
from graphmap.lifting.plan import Join, ViewJoin
from graphmap.lifting.tally import Tally
from graphmap.terms import Token

__all__ = ["JoinIndex", "Key", "Outside"]

Key = tuple[str, ...]
"""The texts that meet, one a condition."""

_MEMORY = 256 << 20
_ENTRY = 180
"""Bytes that a key and a subject take beside their characters."""
_BATCH = 10_000
_LEAST_CACHE_KB = 2_000


class JoinIndex:
    """What is found under the texts of join conditions, in memory up to a limit, then in a temporary file.

    Args:
        memory: bytes that it may take in memory, about.
    """

    def __init__(self, memory: int = _MEMORY) -> None:
        self._found: dict[Key | str, Token | dict[Token, None]] = {}
        self._left = self._memory = memory
        self._waiting: list[tuple[str, Token]] = []
        self._file: sqlite3.Connection | None = None
        self._sorted = False

    def add(self, key: Key, subject: Token) -> None:
        """Add a subject; the same one under the same key counts once."""
        if self._file is None and self._left > 0:
            self._keep(key, subject)
            return
        if self._file is None:
            self._spill()
        self._waiting.append((json.dumps(key), subject))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def get(self, key: Key) -> Sequence[Token]:
        """The subjects of a key, in the order of their first appearance; nothing is added after that."""
        if self._file is None:
            found = self._found.get(key[0] if len(key) == 1 else key)
            return () if found is None else _listed(found)
        if not self._sorted:
            self._flush()
            with _on_disk():
                self._file.execute("create index keys on subjects (key)")
            self._sorted = True
        query = "select subject from subjects where key = ? order by rowid"
        with _on_disk():
            return list(dict.fromkeys(subject for (subject,) in self._file.execute(query, (json.dumps(key),))))

    def close(self) -> None:
        """Drop the temporary file."""
        if self._file is not None:
            self._file.close()

    def _keep(self, key: Key, subject: Token) -> None:
        short = key[0] if len(key) == 1 else key  # a text alone takes less than in a tuple
        known = self._found.setdefault(short, subject)
        if isinstance(known, str):
            if known is subject:
                self._left -= sum(map(len, key))
            elif known != subject:
                known = self._found[short] = {known: None}
        if isinstance(known, dict):
            known[subject] = None
        self._left -= _ENTRY + len(subject)

    def _spill(self) -> None:
        self._file = sqlite3.connect("")  # a temporary file that its maker alone can see
        keys = (((key,) if isinstance(key, str) else key, found) for key, found in self._found.items())
        rows = ((json.dumps(key), each) for key, found in keys for each in _listed(found))
        with _on_disk():
            self._file.execute("pragma journal_mode = off")
            self._file.execute(f"pragma cache_size = -{max(self._memory >> 10, _LEAST_CACHE_KB)}")
            self._file.execute("create table subjects (key text, subject text)")
            self._file.executemany("insert into subjects values (?, ?)", rows)
        self._found = {}

    def _flush(self) -> None:
        if self._file is not None:
            with _on_disk():
                self._file.executemany("insert into subjects values (?, ?)", self._waiting)
        self._waiting = []


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        what, hint = f"the temporary file of a join cannot be written: {error}", "free some space, or raise --memory"
        raise SourceError(what, hint=hint) from error


def _listed(found: Token | Mapping[Token, None]) -> tuple[Token, ...]:
    return (found,) if isinstance(found, str) else tuple(found)


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
