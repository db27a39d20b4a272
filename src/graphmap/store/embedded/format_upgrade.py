"""Stores of the first format, whose own statements are under a former IRI of the vocabulary, in the present one.

A copy takes the place of the store when it is whole; until then the store stays as it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graphmap.errors import CallError, Locator, StoreError
from graphmap.files import make_private
from graphmap.rdf import FORMER, Token
from graphmap.store.directory import StoreDirectory
from graphmap.store.integrity import check_format, holds_database, record_sums, write_format
from graphmap.store.io_errors import explained_errors

__all__ = ["upgrade"]

_BATCH = 100_000


def upgrade(path: Path, *, is_own: Callable[[Token], bool], seen: Callable[[int], None]) -> int:
    """Upgrade a store.

    Args:
        path: the store's own folder; nobody has it open.
        is_own: whether a named graph holds statements of graphmap; the others, and the default graph, are data.
        seen: told the number of quads now and then.

    Returns:
        The number of quads that were copied; none where the store has the present format.

    Raises:
        CallError: where there is no store.
        StoreError: where another process holds it, it cannot be read, or the disk has no space for a copy.
    """
    place = StoreDirectory(path)
    with explained_errors(path):
        place.hold()
        try:
            if not holds_database(path):
                raise CallError("there is no store yet", hint="`graphmap load FILE` makes one")
            check_format(path, upgradable=True)
            if _is_present(path):
                return 0
            _check_space(path)
            copied = _copy(path, make_private(place.clear_staging()), is_own, seen)
            place.exchange()
            place.note_made()
        finally:
            place.clear_staging()
            place.release()
    return copied


def _is_present(path: Path) -> bool:
    try:
        check_format(path)
    except StoreError:
        return False
    return True


def _check_space(path: Path) -> None:
    """A copy takes about as much as the store, and its merging as much again for a while."""
    needed = 2 * sum(file.stat().st_size for file in path.iterdir())
    free = shutil.disk_usage(path).free
    if free < needed:
        what = f"the upgrade needs {needed / 1e9:.1f} GB beside the store, and {free / 1e9:.1f} GB are free"
        raise StoreError(what, where=Locator(source=str(path)), hint="free some space; the store is as it was")


def _copy(path: Path, target: Path, is_own: Callable[[Token], bool], seen: Callable[[int], None]) -> int:
    old, new, copied = ox.Store.read_only(str(path)), ox.Store(str(target)), 0
    quads = iter(old)
    while batch := list(islice(quads, _BATCH)):
        new.bulk_extend(_renamed(batch, is_own))
        copied += len(batch)
        seen(len(batch))
    for graph in old.named_graphs():
        new.add_graph(graph)
    new.optimize()
    new.flush()
    del new
    write_format(target)
    record_sums(target, taking_sums=False)
    return copied


def _renamed(quads: Iterable[ox.Quad], is_own: Callable[[Token], bool]) -> Iterator[ox.Quad]:
    known: dict[Any, bool] = {}
    for quad in quads:
        graph = quad.graph_name
        own = known.get(graph)
        if own is None:
            own = known[graph] = isinstance(graph, ox.NamedNode) and is_own(str(graph))
        yield ox.Quad(_present(quad.subject), _present(quad.predicate), _present(quad.object), graph) if own else quad


def _present(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        for former, present in FORMER.items():
            if term.value.startswith(former):
                return ox.NamedNode(present + term.value[len(former) :])
    return term
