"""Oxigraph by itself: `bulk_load` of the very quads that a `graphmap load` stores, to hold the load against."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from graphmap.ingest import load_files
from graphmap.ingest.workspace_model import load_knowledge
from graphmap.provenance.document import now
from graphmap.store import EmbeddedStore
from graphmap.workspace import read_workspace

__all__ = ["main"]

_MOST_SEEN = 4_000_000
"""Statements that are remembered: records share them with those nearby."""


class _Spool(EmbeddedStore):
    """A store whose bulk loads go to a file, each statement once."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        super().__init__(path)
        self._file = file
        self._seen: set[int] = set()

    def bulk_load(self, source: Path | bytes) -> None:
        assert isinstance(source, bytes)  # noqa: S101  # a load sends nothing else
        if len(self._seen) > _MOST_SEEN:
            self._seen.clear()
        lines = dict.fromkeys(source.splitlines(keepends=True))
        hashes = list(map(hash, lines))
        self._file.writelines(line for line, each in zip(lines, hashes, strict=True) if each not in self._seen)
        self._seen.update(hashes)


def _quads(workspace: Path, records: str, target: Path, *, record_graphs: bool) -> None:
    knowledge = load_knowledge(read_workspace(workspace))
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, target.open("wb") as file:
        spool = _Spool(Path(folder) / "store", file)
        load_files([records], knowledge, spool, moment=now(), record_graphs=record_graphs, in_stages=True)
        spool.dump(file)  # ontology and shapes, which go in by transactions
        spool.close()


def _load(store: Path, quads: Path) -> None:
    database = ox.Store(store)
    database.bulk_load(path=quads, format=ox.RdfFormat.N_QUADS, lenient=True)
    database.flush()


def main() -> None:
    """Write the quads of a load in the order of the records, or load them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oxigraph", description=main.__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    quads = actions.add_parser("quads", help="what `graphmap load` sends, each statement once")
    quads.add_argument("workspace", type=Path)
    quads.add_argument("records")
    quads.add_argument("target", type=Path)
    quads.add_argument("--no-record-graphs", action="store_true")
    load = actions.add_parser("load", help="bulk-load into a new store")
    load.add_argument("source", type=Path)
    load.add_argument("target", type=Path)
    options = parser.parse_args()
    if options.action == "quads":
        _quads(options.workspace, options.records, options.target, record_graphs=not options.no_record_graphs)
    else:
        _load(options.target, options.source)


if __name__ == "__main__":
    main()
