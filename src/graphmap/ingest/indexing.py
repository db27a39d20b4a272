"""What can be found by words: which texts of a record count, and how the index keeps up with the store.

Labels, names, keys, codes and identifiers count: properties whose own name ends in such a word. A record is found by
what is embedded in it as well, so that an account is found by the name of its payer.

The index follows envelopes, a moment behind them so that nobody waits for it. Whatever else writes to the store throws
the index away, and it is built again from a copy of the store, in a process of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from graphmap.errors import StoreError
from graphmap.ingest.backlog import Backlog
from graphmap.ingest.online import Ingested, Ingestor
from graphmap.ingest.searched import LABELS, LONGEST, is_searched
from graphmap.store import Layout, Store
from graphmap.store.search import Entry, SearchIndex
from graphmap.terms import RDF_TYPE, Token, Triple, iri_of, literal_parts, local_name

__all__ = ["Indexed", "entries_of", "index_path"]

_LOOK_S = 0.02
"""How often a process that builds is looked at."""


def index_path(store: Path) -> Path:
    """The index of a database: a file in the folder beside it."""
    return store.parent / f".{store.name}-beside" / "search.db"


def entries_of(document: str, store: Store, layout: Layout) -> Iterator[Entry]:
    """The things that a record lets be found: itself, and what has a label in it.

    Args:
        document: IRI of the record's document.
        store: holds the record.
        layout: names of graphs.
    """
    subjects: dict[Token, list[Triple]] = {}
    for triple in store.graph(f"<{document}>"):
        if triple.subject[0] == "<":
            subjects.setdefault(triple.subject, []).append(triple)
    root = f"<{layout.entity(document)}>"
    known = _known(subjects, store)
    for subject in sorted(subjects):
        labels = [each for iri in LABELS for each in known.get((subject, f"<{iri}>"), ())]
        if not labels and subject != root:
            continue
        iri, kinds = iri_of(subject), known.get((subject, RDF_TYPE), ())
        others = (triple for each, triples in subjects.items() if each != subject for triple in triples)
        yield Entry(
            iri=iri,
            label=next((literal_parts(each).lexical for each in labels if each[0] == '"'), local_name(iri)),
            kinds=tuple(iri_of(kind) for kind in kinds if kind[0] == "<"),
            names=_texts(subjects[subject]),
            parts=_texts(others) if subject == root else (),
            home=document,
        )


def _known(subjects: Iterable[Token], store: Store) -> Mapping[tuple[Token, Token], Sequence[Token]]:
    """Labels and kinds in the default graph: by subject and predicate, each in order, in one question."""
    asked = ", ".join((RDF_TYPE, *(f"<{iri}>" for iri in LABELS)))
    pattern = f"VALUES ?s {{ {' '.join(subjects)} }} ?s ?p ?o FILTER(?p IN ({asked}))"
    found: dict[tuple[Token, Token], list[Token]] = {}
    for s, p, o in store.select(f"SELECT ?s ?p ?o WHERE {{ {pattern} }}"):
        if s and p and o:
            found.setdefault((s, p), []).append(o)
    return {about: sorted(values) for about, values in found.items()}


def _texts(triples: Iterable[Triple]) -> tuple[str, ...]:
    """The texts of literals that can be searched for, in an order that stays the same."""
    found = {
        literal_parts(triple.object).lexical[:LONGEST]
        for triple in triples
        if triple.object[0] == '"' and is_searched(iri_of(triple.predicate))
    }
    return tuple(sorted(found))


class Indexed:
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
        self._thrown = 0
        for left in index.path.parent.glob(".index-*"):  # of a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        index.claim()
        if store.generation:  # what a journal held went past the index
            index.discard()
        self._backlog = Backlog(self._refresh)

    def __call__(self, body: bytes) -> Ingested:
        """Take in one envelope; see `Ingestor`."""
        ingested = self._ingest(body)
        self._note(ingested)
        return ingested

    def many(self, bodies: Iterable[bytes]) -> Iterator[Ingested]:
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
        command = [sys.executable, "-m", "graphmap.ingest.index_building", str(copy), str(target), self._layout.base]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:  # noqa: S603  # our own module
            while not self._closing.wait(_LOOK_S):
                if process.poll() is not None:
                    return process.returncode == 0
            process.kill()
        return False

    def _note(self, ingested: Ingested) -> None:
        if ingested.outcome in ("stored", "deleted") and ingested.document is not None:
            self._backlog.add(ingested.document)

    def _refresh(self, documents: Sequence[str]) -> None:
        """Let documents be found as they are now; where there is no index, the next one that is built has them."""
        with self._building:
            try:
                if self._index.ready:
                    self._index.put_all([self._change(document) for document in documents])
            except StoreError:  # a damaged index, or a store that is being closed
                self._index.discard()

    def _change(self, document: str) -> tuple[str, list[Entry], list[str]]:
        entries = list(entries_of(document, self._store, self._layout))
        gone = set(self._index.at_home(document)) - {entry.iri for entry in entries}
        return document, entries, [iri for iri in gone if self._store.objects(f"<{iri}>", RDF_TYPE)]
