"""Words to things: a full-text index in SQLite beside the database, which can be thrown away and built again.

Text is folded before it goes in and before it is looked for: case and accents make no difference, and a letter with an
umlaut is found by its plain letter and by its two letters too, so that Müßiggang, mussiggang and Muessiggang meet.

Source: SQLite FTS5, sections 3 (query syntax), 4.1.2 (prefix indexes) and 5.1.1 (bm25).
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graphmap.errors import Locator, StoreError

__all__ = ["Entry", "Found", "Hit", "SearchIndex", "fold", "index_path", "write_index"]

_SCHEMA = """
CREATE TABLE things (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT NOT NULL, home TEXT, said TEXT NOT NULL
);
CREATE INDEX things_home ON things (home);
CREATE TABLE kinds (kind TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (kind, thing)) WITHOUT ROWID;
CREATE INDEX kinds_thing ON kinds (thing);
CREATE VIRTUAL TABLE words USING fts5 (label, names, parts, tokenize = 'unicode61', prefix = '2 3 4');
PRAGMA user_version = 1;
"""
_VERSION = 1
_WEIGHTS = "10.0, 6.0, 1.0"
_MOST_RANKED = 5_000
"""Matches that are put in order; of more than that the first that are met are shown."""
_LONGEST = 300
_MOST_TEXTS = 200
_WORD = re.compile(r"\w+")
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A thing that can be found.

    Args:
        iri: what it is called.
        label: what people call it.
        kinds: IRIs of its classes.
        names: its own names, keys and codes.
        parts: names, keys and codes of what is embedded in it.
        home: IRI of the document that it goes away with.
    """

    iri: str
    label: str
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A thing that was found, with the texts in which the words stand."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Result of a search.

    Args:
        hits: one page, the best first.
        total: how many there are; of very many, how many were counted.
        exact: whether `total` is all of them, and they are in order.
        kinds: how many of them are of each class.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    exact: bool = True
    kinds: Mapping[str, int] = field(default_factory=dict)


def fold(text: str) -> str:
    """A text without case and accents.

    >>> fold("Müßiggang É")
    'mussiggang e'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


class SearchIndex:
    """Finds things by words; its methods may be called from any thread.

    Args:
        path: the index file; where it is missing or of another version, `ready` is false and nothing is found.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._mark = path.with_name(f"{path.name}-followed")

    @property
    def ready(self) -> bool:
        """Return whether there is an index."""
        if not self.path.exists():
            return False
        with self._open() as database:
            return bool(database.execute("PRAGMA user_version").fetchone()[0] == _VERSION)

    def discard(self) -> None:
        """Throw the index away: what it held is gone, and it has to be built again."""
        with self._writing:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def claim(self) -> None:
        """Begin to follow a store; where whoever did so before ended in the middle of it, the index is thrown away."""
        if self._mark.exists():
            self.discard()
        self._mark.touch()

    def release(self) -> None:
        """End following a store."""
        self._mark.unlink(missing_ok=True)

    def adopt(self, built: Path) -> None:
        """Let an index that `write_index` made take this one's place."""
        self.discard()
        built.replace(self.path)

    def put(self, home: str, entries: Iterable[Entry], *, still_there: Mapping[str, str] | None = None) -> None:
        """Let a document's things be found as they are now.

        Args:
            home: IRI of the document; what was found by way of it before and is not among the entries goes.
            entries: the things; those of other documents are replaced too.
            still_there: IRIs that stay though they are no entries, each with the document that it goes away with now.
        """
        self.put_all([(home, entries, still_there or {})])

    def put_all(self, changes: Iterable[tuple[str, Iterable[Entry], Mapping[str, str]]]) -> None:
        """Do what `put` does for several documents in one step.

        Args:
            changes: arguments of `put`, each document once.
        """
        with self._writing, self._open() as database, database:
            for home, entries, still_there in changes:
                _put(database, home, entries, still_there)

    def at_home(self, home: str) -> tuple[str, ...]:
        """IRIs of the things that are found by way of a document."""
        with self._open() as database:
            return tuple(iri for (iri,) in database.execute("SELECT iri FROM things WHERE home = ?", (home,)))

    def find(self, text: str, *, kind: str | None = None, limit: int = 20, offset: int = 0) -> Found:
        """The things in which every word of a text stands, whole or as a beginning.

        Args:
            text: words; what is no letter and no digit divides them.
            kind: only things of this class.
            limit: how many to give.
            offset: how many to pass over.

        Raises:
            StoreError: where the index is damaged.
        """
        words = _WORD.findall(fold(text))[:16]
        if not words or not self.ready:
            return Found()
        asked = " AND ".join(f'"{word}"*' for word in words)
        with self._open() as database:
            return _found(database, asked, words, (kind, limit, offset))

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=5)) as database:
                database.execute("PRAGMA synchronous = OFF")  # after a broken end the index is built anew
                yield database
        except sqlite3.Error as error:
            where = Locator(source=str(self.path))
            hint = "remove the file; it is built again when the server starts"
            raise StoreError(f"the search index cannot be read: {error}", where=where, hint=hint) from error


def write_index(path: Path, entries: Iterable[Entry]) -> int:
    """Make an index from nothing.

    Args:
        path: a file that does not exist yet.
        entries: each thing once; read lazily.

    Returns:
        How many things it holds.
    """
    path.touch(mode=0o600)  # names and addresses of people
    number = 0
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA journal_mode = OFF")
        database.executescript(_SCHEMA)
        with database:
            for entry in entries:
                _add(database, entry)
                number += 1
            database.execute("INSERT INTO words (words) VALUES ('optimize')")
    return number


def _put(database: sqlite3.Connection, home: str, entries: Iterable[Entry], still_there: Mapping[str, str]) -> None:
    found = {entry.iri: entry for entry in entries}
    for number, iri in database.execute("SELECT id, iri FROM things WHERE home = ?", (home,)).fetchall():
        if iri in found:
            continue
        if iri in still_there:
            database.execute("UPDATE things SET home = ? WHERE id = ?", (still_there[iri], number))
        else:
            _remove(database, number)
    for entry in found.values():
        numbers = [each for (each,) in database.execute("SELECT id FROM things WHERE iri = ?", (entry.iri,)).fetchall()]
        if len(numbers) == 1 and _is_the_same(database, numbers[0], entry):
            continue  # most of what a record embeds stands there from other records
        for number in numbers:
            _remove(database, number)
        _add(database, entry)


def _is_the_same(database: sqlite3.Connection, number: int, entry: Entry) -> bool:
    row = database.execute("SELECT label, said FROM things WHERE id = ?", (number,)).fetchone()
    kinds = {kind for (kind,) in database.execute("SELECT kind FROM kinds WHERE thing = ?", (number,))}
    return bool(row == (entry.label[:_LONGEST], _said(entry)) and kinds == set(entry.kinds))


def _said(entry: Entry) -> str:
    texts = tuple(dict.fromkeys(text[:_LONGEST] for text in (*entry.names, *entry.parts)))[:_MOST_TEXTS]
    return "\n".join(" ".join(text.split()) for text in texts)


def _add(database: sqlite3.Connection, entry: Entry) -> None:
    row = (entry.iri, entry.label[:_LONGEST], entry.home, _said(entry))
    number = database.execute("INSERT INTO things (iri, label, home, said) VALUES (?, ?, ?, ?)", row).lastrowid
    database.executemany("INSERT OR IGNORE INTO kinds VALUES (?, ?)", ((kind, number) for kind in entry.kinds))
    fields = (_searchable((entry.label,)), _searchable(entry.names), _searchable(entry.parts))
    database.execute("INSERT INTO words (rowid, label, names, parts) VALUES (?, ?, ?, ?)", (number, *fields))


def _remove(database: sqlite3.Connection, number: int) -> None:
    database.execute("DELETE FROM words WHERE rowid = ?", (number,))
    database.execute("DELETE FROM kinds WHERE thing = ?", (number,))
    database.execute("DELETE FROM things WHERE id = ?", (number,))


def _searchable(texts: Sequence[str]) -> str:
    """Folded text; what has an umlaut stands there twice."""
    short = [text[:_LONGEST] for text in dict.fromkeys(texts)][:_MOST_TEXTS]
    spelled = [(text, text.translate(_DIGRAPHS)) for text in short if not text.isascii()]
    return "\n".join(map(fold, (*short, *(other for text, other in spelled if other != text))))


def _found(database: sqlite3.Connection, asked: str, words: Sequence[str], page: tuple[str | None, int, int]) -> Found:
    kind, limit, offset = page
    of_kind = "AND EXISTS (SELECT 1 FROM kinds WHERE kind = ? AND thing = words.rowid)" if kind else ""
    given = (asked, kind) if kind else (asked,)
    bounded = f"SELECT rowid FROM words WHERE words MATCH ? {of_kind} LIMIT {_MOST_RANKED + 1}"  # noqa: S608  # ours
    (total,) = database.execute(f"SELECT COUNT(*) FROM ({bounded})", given).fetchone()  # noqa: S608  # ours
    order = f"ORDER BY things.label = ? DESC, bm25(words, {_WEIGHTS}), length(things.label), things.iri"
    exact = total <= _MOST_RANKED
    rows = database.execute(
        "SELECT things.id, things.iri, things.label, things.said FROM words JOIN things ON things.id = words.rowid "  # noqa: S608  # no text from outside
        f"WHERE words MATCH ? {of_kind} {order if exact else ''} LIMIT ? OFFSET ?",
        (*given, *((" ".join(words),) if exact else ()), limit, offset),
    ).fetchall()
    sampled = f"SELECT rowid FROM words WHERE words MATCH ? LIMIT {_MOST_RANKED}"  # noqa: S608  # ours
    kinds = database.execute(
        f"SELECT kind, COUNT(*) FROM kinds WHERE thing IN ({sampled}) GROUP BY kind ORDER BY 2 DESC, 1",  # noqa: S608
        (asked,),
    ).fetchall()
    hits = tuple(_hit(database, row, words) for row in rows)
    return Found(hits=hits, total=min(total, _MOST_RANKED), exact=exact, kinds=dict(kinds))


def _hit(database: sqlite3.Connection, row: tuple[int, str, str, str], words: Sequence[str]) -> Hit:
    number, iri, label, said = row
    kinds = database.execute("SELECT kind FROM kinds WHERE thing = ? ORDER BY kind", (number,))
    texts = [text for text in said.split("\n") if text != label and _has_a_word(text, words)]
    return Hit(iri=iri, label=label, kinds=tuple(kind for (kind,) in kinds), texts=tuple(texts[:4]))


def _has_a_word(text: str, words: Sequence[str]) -> bool:
    there = _WORD.findall(f"{fold(text)} {fold(text.translate(_DIGRAPHS))}")
    return any(each.startswith(word) for word in words for each in there)


def index_path(store: Path) -> Path:
    """The index of a database: a file in the folder beside it."""
    return store.parent / f".{store.name}-beside" / "search.db"
