"""Every byte of a store's tables looked at, where nobody writes: in a store that is not written to, or in a checkpoint.

A flipped byte in a table shows by the table's sum, wherever it stands. A table whose sum was never taken is left to the
engine, which checks the sum of each block that it reads: all quads are read in each of its nine orders. That finds what
the sums would, but in parts that no reading needs: unused terms, filters and padding. Merging such a copy does not do:
the engine moves whole tables without reading them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from graphmap.errors import StoreError
from graphmap.store.integrity.checksums import recorded_sums, sum_of
from graphmap.store.io_errors import explained_errors

__all__ = ["Damaged", "damaged_files"]


class Damaged(NamedTuple):
    """A file that is not as it was written, and how that shows."""

    file: str
    what: str


def damaged_files(copy: Path, path: Path) -> Iterator[Damaged]:
    """Look over the tables of a store.

    Args:
        copy: nobody writes to it; the store itself, or a checkpoint of it by hard links.
        path: the store's own folder, by which files are named.

    Yields:
        Tables that are not as they were written; nothing where all is well.

    Raises:
        StoreError: where the copy cannot be read.
    """
    known, unknown = recorded_sums(copy), 0
    for table in sorted(copy.glob("*.sst")):
        with explained_errors(table):
            size, found = sum_of(table)
        wanted = None if known is None else known.sum_of(table.name, size)
        unknown += wanted is None
        if wanted not in (None, found):
            yield Damaged(str(path / table.name), "is not as it was written")
    if unknown:
        yield from _unreadable(copy, path)


def _unreadable(copy: Path, path: Path) -> Iterator[Damaged]:
    """Find the first place that the engine cannot read."""
    try:
        with explained_errors(copy):
            _read_in_every_order(ox.Store.read_only(str(copy)))
    except StoreError as error:
        file = Path(error.where.source or copy)
        yield Damaged(str(path if file == copy else path / file.name), error.what.replace(str(copy), str(path)))


def _read_in_every_order(store: ox.Store) -> None:
    """Read all quads by subject, predicate, object, each alone and within each graph: each is an order of its own."""
    subjects, predicates, objects = set(), set(), set()
    for quad in store.quads_for_pattern(None, None, None, None):
        subjects.add(quad.subject)
        predicates.add(quad.predicate)
        objects.add(quad.object)
    for subject in subjects:
        _drain(store.quads_for_pattern(subject, None, None, None))
    for predicate in predicates:
        _drain(store.quads_for_pattern(None, predicate, None, None))
    for value in objects:
        _drain(store.quads_for_pattern(None, None, value, None))
    for graph in store.named_graphs():
        _read_graph(store, graph)


def _read_graph(store: ox.Store, graph: ox.NamedNode | ox.BlankNode) -> None:
    predicates, objects = set(), set()
    for quad in store.quads_for_pattern(None, None, None, graph):
        predicates.add(quad.predicate)
        objects.add(quad.object)
    for predicate in predicates:
        _drain(store.quads_for_pattern(None, predicate, None, graph))
    for value in objects:
        _drain(store.quads_for_pattern(None, None, value, graph))


def _drain(quads: Iterable[ox.Quad]) -> None:
    for _ in quads:
        pass
