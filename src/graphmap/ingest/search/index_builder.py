"""An index of a copy of a store, built in a process of its own: `python -m graphmap.ingest.search.index_builder`."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from graphmap.ingest.search.documents import LABELS, LONGEST, is_searched
from graphmap.rdf import RDF_TYPE, iri_of, local_name
from graphmap.store import Entry, Layout, write_index

__all__ = ["build"]

_RAW = """
CREATE TABLE said (thing TEXT NOT NULL, weight INTEGER NOT NULL, text TEXT NOT NULL, home TEXT);
CREATE TABLE types (thing TEXT NOT NULL, kind TEXT NOT NULL);
"""
_NICE = 10
"""Whoever asks or brings records goes before one that builds."""
_LABEL, _NAME, _PART, _INNER = range(4)
"""Role of a text for a thing; `_INNER` marks a thing that stands in a record of another."""


def build(copy: Path, target: Path, layout: Layout) -> int:
    """Build an index of a copy of a store; memory does not grow with it.

    Args:
        copy: folder of the copy; nobody else writes to it.
        target: a file that does not exist yet.
        layout: names of graphs.

    Returns:
        How many things can be found.
    """
    store = ox.Store.read_only(str(copy))
    raw = target.with_suffix(".raw")
    with contextlib.closing(sqlite3.connect(raw)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_RAW)
        for predicate in _predicates(store):
            database.executemany("INSERT INTO said VALUES (?, ?, ?, ?)", _said(store, predicate, layout))
        database.executemany("INSERT INTO types VALUES (?, ?)", _types(store))
        database.execute("CREATE INDEX types_thing ON types (thing)")
        number = write_index(target, _entries(database))
    raw.unlink()
    return number


def _predicates(store: ox.Store) -> list[str]:
    rows = store.query("SELECT DISTINCT ?p { ?s ?p ?o }")
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101  # a SELECT
    return sorted(row["p"].value for row in rows if isinstance(row["p"], ox.NamedNode) and is_searched(row["p"].value))


def _said(store: ox.Store, predicate: str, layout: Layout) -> Iterator[tuple[str, int, str, str | None]]:
    """Thing, what the text is to it, the text, and the document that says it."""
    weight = _LABEL if predicate in LABELS else _NAME
    special = layout.special
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, None):
        if not isinstance(quad.object, ox.Literal) or not isinstance(quad.subject, ox.NamedNode):
            continue
        thing, text = quad.subject.value, quad.object.value[:LONGEST]
        if isinstance(quad.graph_name, ox.DefaultGraph):
            yield thing, weight, text, None
        elif isinstance(quad.graph_name, ox.NamedNode) and str(quad.graph_name) not in special:
            document = quad.graph_name.value
            root = layout.entity(document)
            yield (thing, weight if thing == root else _INNER, text, document)
            if thing != root:
                yield root, _PART, text, document


def _types(store: ox.Store) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(iri_of(RDF_TYPE)), None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            yield quad.subject.value, quad.object.value


def _entries(database: sqlite3.Connection) -> Iterator[Entry]:
    """Things with their texts; what stands inside a record and has no label is found by way of the record alone."""
    rows = database.execute("SELECT thing, weight, text, home FROM said ORDER BY thing, weight, text")
    for thing, group in groupby(rows, key=lambda row: str(row[0])):
        texts: dict[int, dict[str, None]] = {}
        home = None
        for _, weight, text, document in group:
            texts.setdefault(weight, {})[text] = None
            home = home or document
        if _LABEL not in texts and _INNER in texts and _PART not in texts:
            continue
        kinds = database.execute("SELECT kind FROM types WHERE thing = ? ORDER BY kind", (thing,))
        yield Entry(
            iri=thing,
            label=next(iter(texts.get(_LABEL, ())), local_name(thing) or thing),
            kinds=tuple(kind for (kind,) in kinds),
            names=(*texts.get(_LABEL, ()), *texts.get(_NAME, ())),
            parts=tuple(texts.get(_PART, ())),
            home=home,
        )


if __name__ == "__main__":
    os.nice(_NICE)
    build(Path(sys.argv[1]), Path(sys.argv[2]), Layout(base=sys.argv[3]))
