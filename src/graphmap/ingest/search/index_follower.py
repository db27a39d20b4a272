"""Keeps the search index up to date with the store.

The index follows envelopes, a moment behind them so that nobody waits for it. Whatever else writes to the store throws
the index away, and it is built again from a copy of the store, in a process of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from graphmap.errors import StoreError
from graphmap.ingest.load import Ingestor, IngestResult
from graphmap.ingest.search.background_queue import BackgroundQueue
from graphmap.ingest.search.documents import DocumentReader, NewRecord, SearchDocument
from graphmap.rdf import RDF_TYPE, iri_of
from graphmap.store import Entry, Layout, SearchIndex, Store

__all__ = ["IndexFollower"]

_HOMES = 8
_LOOK_S = 0.02
"""Interval of looking at a process that builds."""


class IndexFollower:
    """Takes envelopes in, and lets them be found at once.

    Args:
        ingest: takes them in.
        store: that it writes to.
        layout: names of graphs.
        index: follows.
    """

    def __init__(self, ingest: Ingestor, store: Store, layout: Layout, index: SearchIndex) -> None:
        self._ingest = ingest
        self._store = store
        self._layout = layout
        self._index = index
        self._building = threading.Lock()
        self._closing = threading.Event()
        self._thrown = self._followed = 0
        self._entries = DocumentReader(store, layout)
        for left in index.path.parent.glob(".index-*"):  # of a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        index.claim()
        if store.generation:  # what a journal held went past the index
            index.discard()
        self._backlog = BackgroundQueue(self._refresh)

    def __call__(self, body: bytes) -> IngestResult:
        """Take in one envelope; see `Ingestor`."""
        ingested = self._ingest(body)
        self._note(ingested)
        return ingested

    def many(self, bodies: Iterable[bytes]) -> Iterator[IngestResult]:
        """Take in envelopes, lazily and in their order; see `Ingestor`."""
        for ingested in self._ingest.many(bodies):
            self._note(ingested)
            yield ingested

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work on the store while no envelope is taken in; the index is thrown away afterwards."""
        try:
            with self._ingest.alone():
                yield
        finally:
            self._thrown += 1
            self._index.discard()

    def pause(self) -> None:
        """While alone: let the envelopes in that wait; see `Ingestor`."""
        self._ingest.pause()

    def settle(self) -> None:
        """Sync the store and empty the journal; see `Ingestor`."""
        self._ingest.settle()

    def build(self) -> bool:
        """Build the index where there is none, and let the documents that came in meanwhile be found too.

        Returns:
            Whether there is an index now.

        Raises:
            StoreError: where the store or the disk fails.
        """
        with self._building:
            if self._index.ready or self._closing.is_set():
                return self._index.ready
            thrown = self._thrown
            with tempfile.TemporaryDirectory(prefix=".index-", dir=self._index.path.parent) as work:
                target = Path(work) / "search.db"
                if not self._built(Path(work) / "copy", target) or self._thrown != thrown:
                    return False
                self._index.adopt(target)
            return True

    def caught_up(self, timeout_s: float = 60.0) -> bool:
        """Wait until all that came in can be found; says whether that was so in time."""
        return self._backlog.is_done(timeout_s)

    def give_up(self) -> None:
        """Build no more: what is being built is thrown away, and nothing is begun again."""
        self._closing.set()

    def close(self) -> None:
        """Give up building, and say whether the index has followed all."""
        self.give_up()
        left = self._backlog.close()
        with self._building:
            if not left:
                self._index.release()

    def _built(self, copy: Path, target: Path) -> bool:
        """Have an index of the store of this moment built, unless the service ends before it is."""
        self._store.checkpoint(copy)
        command = [
            sys.executable,
            "-m",
            "graphmap.ingest.search.index_builder",
            str(copy),
            str(target),
            self._layout.base,
        ]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:  # noqa: S603  # our own module
            while not self._closing.wait(_LOOK_S):
                if process.poll() is not None:
                    return process.returncode == 0
            process.kill()
        return False

    def _note(self, ingested: IngestResult) -> None:
        if ingested.outcome in ("stored", "deleted") and ingested.document is not None:
            self._backlog.add(ingested.document, None if ingested.news is None else NewRecord.of(ingested.news))

    def _refresh(self, documents: Mapping[str, NewRecord | None]) -> None:
        """Let documents be found as they are now; where there is no index, the next one that is built has them."""
        with self._building:
            ready, thrown = self._index.ready, self._thrown
            if not ready or thrown != self._followed:
                self._entries.forget()
                self._followed = thrown
            try:
                if ready:
                    self._index.put_all(self._changes(documents))
            except StoreError:  # a damaged index, or a store that is being closed
                self._index.discard()
                self._entries.forget()

    def _changes(
        self, documents: Mapping[str, NewRecord | None]
    ) -> list[tuple[str, Iterable[Entry], Mapping[str, str]]]:
        return [
            (found.document, found.entries, self._staying(found, documents)) for found in self._entries.of(documents)
        ]

    def _staying(self, found: SearchDocument, documents: Mapping[str, NewRecord | None]) -> Mapping[str, str]:
        """Find entries that come from a document, with their present document."""
        if documents[found.document] is not None:
            return dict.fromkeys(found.things, found.document)
        gone = set(self._index.at_home(found.document)) - {entry.iri for entry in found.entries}
        return {iri: home for iri in gone if (home := self._another_home(iri)) is not None}

    def _another_home(self, iri: str) -> str | None:
        """A document that speaks of a thing; else the thing itself, where the store knows it all the same."""
        graphs = self._store.select(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }} LIMIT {_HOMES}")
        homes = (iri_of(graph) for (graph,) in graphs if graph and self._layout.holds_record(graph, self._store))
        return next(homes, iri if self._store.objects(f"<{iri}>", RDF_TYPE) else None)
