"""State shared across records: subjects that other sources give, and fresh blank nodes.

Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from graphmap.lifting.plan import Join, ViewJoin
from graphmap.lifting.run_state.collections import CollectionBuilder
from graphmap.lifting.run_state.term_counts import TermCounter
from graphmap.rdf import Token

if TYPE_CHECKING:
    from graphmap.files import SpilledPairs

__all__ = ["JoinIndex", "Key", "KeyColumns", "SharedState"]

Key = tuple[str, ...]
"""The texts that meet, one a condition."""

_MEMORY = 256 << 20
_ENTRY = 180
"""Bytes that a key and a subject take beside their characters."""
_BATCH = 10_000
_FEW = 8
"""Subjects of a key are looked through one by one up to this number."""


class KeyColumns(NamedTuple):
    """Subjects of rows, and the texts that meet, one list a condition; a row with a `None` meets nothing."""

    texts: Sequence[Sequence[str | None]]
    subjects: Sequence[Token | None]

    def pairs(self) -> Iterator[tuple[Key | str | None, Token | None]]:
        """Each row's key and subject; a text alone takes less than in a tuple."""
        if len(self.texts) == 1:
            return zip(self.texts[0], self.subjects, strict=True)
        keys = (None if None in key else key for key in zip(*self.texts, strict=True))
        return zip(cast("Iterator[Key | None]", keys), self.subjects, strict=True)


class JoinIndex:
    """Index of a join by the texts of its conditions, in memory up to a limit, then in a temporary file.

    Args:
        memory: bytes that it may take in memory, about.
    """

    def __init__(self, memory: int = _MEMORY) -> None:
        self._found: dict[Key | str, Token | list[Token] | dict[Token, None]] = {}
        self._left = self._memory = memory
        self._waiting: list[tuple[str, Token]] = []
        self._spilled: SpilledPairs | None = None

    @property
    def on_disk(self) -> bool:
        """Return whether it is in a temporary file, which one thread alone may look into."""
        return self._spilled is not None

    def add(self, key: Key, subject: Token) -> None:
        """Add a subject; the same one under the same key counts once."""
        if self._spilled is None and self._left > 0:
            self._keep(key, subject)
            return
        if self._spilled is None:
            self._spilled = self._spill()
        self._waiting.append((json.dumps(key), subject))
        if len(self._waiting) >= _BATCH:
            self._flush(self._spilled)

    def add_columns(self, columns: KeyColumns) -> None:
        """Add the subjects of rows, as `add` does one by one."""
        if self._spilled is not None or self._left <= 0:
            for key, subject in columns.pairs():
                if key is not None and subject is not None:
                    self.add((key,) if isinstance(key, str) else key, subject)
            return
        found = self._found
        for key, subject in columns.pairs():
            if key is not None and subject is not None:
                known = found.setdefault(key, subject)
                if known is not subject:
                    self._add_to(known, key, subject)
        texts = (*columns.texts, columns.subjects)
        self._left -= sum(len(text) for column in texts for text in column if text) + _ENTRY * len(columns.subjects)

    def lines(self, columns: KeyColumns, predicate: Token) -> str:
        """The statements that rows find, one line each; only while the index is in memory."""
        get, middle, made = self._found.get, f" {predicate} ", list[str]()
        for key, subject in columns.pairs():
            if key is None or subject is None or (found := get(key)) is None:
                continue
            if isinstance(found, str):
                made.append(f"{subject}{middle}{found} .\n")
            else:
                made += [f"{subject}{middle}{each} .\n" for each in found]
        return "".join(made)

    def end(self) -> None:
        """Say that nothing is added any more; afterwards forked processes may look up keys."""
        if self._spilled is not None:
            self._flush(self._spilled)
            self._spilled.end()

    def get(self, key: Key) -> Sequence[Token]:
        """The subjects of a key, in the order of their first appearance; nothing is added after that."""
        if self._spilled is None:
            found = self._found.get(key[0] if len(key) == 1 else key)
            return () if found is None else _listed(found)
        if self._waiting:
            self._flush(self._spilled)
        return self._spilled.get(json.dumps(key))

    def close(self) -> None:
        """Drop the temporary file."""
        if self._spilled is not None:
            self._spilled.close()

    def _keep(self, key: Key, subject: Token) -> None:
        short = key[0] if len(key) == 1 else key
        known = self._found.setdefault(short, subject)
        if known is subject:
            self._left -= sum(map(len, key))
        else:
            self._add_to(known, short, subject)
        self._left -= _ENTRY + len(subject)

    def _add_to(self, known: Token | list[Token] | dict[Token, None], key: Key | str, subject: Token) -> None:
        """Add a subject to those of a key that has some."""
        if isinstance(known, dict):
            known[subject] = None
        elif isinstance(known, str):
            if known != subject:
                self._found[key] = [known, subject]
        elif len(known) >= _FEW:
            self._found[key] = dict.fromkeys((*known, subject))
        elif subject not in known:
            known.append(subject)

    def _spill(self) -> SpilledPairs:
        from graphmap.files import SpilledPairs  # noqa: PLC0415  # SQLite is for joins that memory does not hold

        spilled = SpilledPairs(self._memory)
        keys = (((key,) if isinstance(key, str) else key, found) for key, found in self._found.items())
        spilled.add((json.dumps(key), each) for key, found in keys for each in _listed(found))
        self._found = {}
        return spilled

    def _flush(self, spilled: SpilledPairs) -> None:
        spilled.add(self._waiting)
        self._waiting = []


def _listed(found: Token | Iterable[Token]) -> tuple[Token, ...]:
    return (found,) if isinstance(found, str) else tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedState:
    """State outside of a record.

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
    gathered: CollectionBuilder | None = None
    tally: TermCounter | None = None
