"""A dump back into an empty store, as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphmap.errors import CallError, DataError, Locator, StoreError
from graphmap.files import open_bytes, reading
from graphmap.ingest.write import BulkLoad
from graphmap.store import Store
from graphmap.store.embedded import quads_of

__all__ = ["is_dump", "load_dump"]

_PORTION = 1 << 20


def is_dump(name: str) -> bool:
    """Return whether a file's name is that of N-Quads, packed or not."""
    return Path(name.removesuffix(".gz").removesuffix(".zst")).suffix == ".nq"


def load_dump(store: Store, name: str) -> int:
    """Load N-Quads as `store dump` writes them, all or nothing.

    Args:
        store: holds nothing.
        name: a path.

    Returns:
        How many statements there were.

    Raises:
        CallError: where the store holds something.
        DataError: where a line is no statement of such a dump.
        SourceError: where the file cannot be read.
    """
    if store.select("SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 1"):
        hint = "load it into a new workspace, or restore a backup"
        raise CallError("a dump loads into an empty store, and this one holds something", hint=hint)
    count = 0
    with store.staged() as copy, BulkLoad(copy) as bulk:
        for text, lines in _portions(name):
            bulk.add(text)
            count += lines
    return count


def _portions(name: str) -> Iterator[tuple[bytes, int]]:
    """Whole lines, checked one by one: the database would take text from outside that we do not write."""
    row = 0
    with open_bytes(name) as stream, reading(name):
        while lines := stream.readlines(_PORTION):
            for line in lines:
                row += 1
                _check(line, name, row)
            yield b"".join(lines), len(lines)


def _check(line: bytes, name: str, row: int) -> None:
    try:
        for _ in quads_of(line):
            pass
    except (StoreError, UnicodeDecodeError) as error:
        what = "this is not a line of a dump"
        raise DataError(what, where=Locator(source=name, line=row), hint="use what `store dump` wrote") from error
