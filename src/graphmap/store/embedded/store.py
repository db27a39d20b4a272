"""Oxigraph on disk, opened read-write by this process alone.

Oxigraph result objects abort the process when another thread touches them, so every method makes, reads and drops
its results in itself and hands out plain texts. Only text of our own making is parsed here: queries from outside can
crash a process, and they run in `graphmap.store.workers.blocking_pool`.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from graphmap.errors import Locator, StoreError
from graphmap.rdf import Token, Triple, literal_parts
from graphmap.store.compaction import Compaction, UnmergedLoads
from graphmap.store.directory import StoreDirectory
from graphmap.store.embedded.statements import data_block, graph_of, graph_update, quads_of, resource, term
from graphmap.store.embedded.stream_load import load_while_written
from graphmap.store.embedded.write_buffer import WriteBuffer
from graphmap.store.integrity import copy_database, open_database, record_sums, require_whole_database
from graphmap.store.io_errors import explained_errors
from graphmap.store.protocol import Quad, StoreStats

__all__ = ["EmbeddedStore"]

_BULK_BYTES = 3 << 19
"""From so many bytes on a bulk load, which syncs files of its own, beats a transaction; some twenty envelopes."""
_COUNT_ALL = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_COUNT_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g {} FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }"


class EmbeddedStore:
    """The one read-write opener of a database on disk; see `graphmap.store.protocol.Store` for its methods.

    Args:
        path: the database's own folder; made where it is missing.
        writable: whether it may be written to; else nothing is made or changed in its folder.

    Raises:
        StoreError: where another process has it open, where it may not be written, and where it is damaged.
    """

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        self.path = path
        self.writable = writable
        self.place = StoreDirectory(path)
        self._write_lock = threading.Lock()
        self._turn = threading.Condition()
        self._readers = 0
        self._generation = self._removals = 0
        self._transactions = self._flushed = 0
        self._later = WriteBuffer(self._add)
        self._merging, self.compaction = UnmergedLoads(path), Compaction(path)
        self._opened: ox.Store | None = None
        with explained_errors(path):
            require_whole_database(self.place)
            self.place.hold()
            try:
                self._opened = open_database(self.place, writable=writable)
            except (OSError, ValueError, RuntimeError, StoreError):
                self.place.release()
                raise

    @property
    def generation(self) -> int:
        """A number that grows with every write of this process."""
        return self._generation

    @property
    def removals(self) -> int:
        """A number that grows with every write of this process that may have removed something."""
        return self._removals

    @property
    def journal(self) -> Path:
        """The file for the journal of what goes into this store."""
        return self.place.journal

    @property
    def portion_bytes(self) -> int | None:
        """A bulk load may be of any size."""
        return None

    def bulk_load(self, source: Path | bytes) -> None:
        """Add N-Quads of our own making, all or nothing; made for large inputs.

        Args:
            source: a file, a FIFO, or the text itself in UTF-8.

        Raises:
            StoreError: where the text does not parse or the disk fails; nothing is added then.
        """
        with self._writing(adds=True, synced=True) as store:
            if isinstance(source, Path):
                store.bulk_load(path=source, format=ox.RdfFormat.N_QUADS, lenient=True)
            else:
                store.bulk_load(source, format=ox.RdfFormat.N_QUADS, lenient=True)

    def load(self, nquads: bytes) -> None:
        """Add N-Quads of our own making, all or nothing; made for a few records.

        Raises:
            StoreError: where the text does not parse or the disk fails; nothing is added then.
        """
        self._later.wait()
        self._add(nquads)
        self._generation += 1

    def add_later(self, nquads: bytes) -> Future[None]:
        """Add N-Quads of our own making soon, with others, and before anybody reads who has not said otherwise.

        Raises:
            StoreError: where this or what was added before cannot be written; this is not added then.
        """
        written = self._later.add(nquads)
        self._generation += 1  # only now: who saw it would take a checkpoint without this for a new one
        return written

    def catch_up(self, *, hurry: bool = True) -> None:
        """Wait until what was to be added later is there; see `Store`.

        Raises:
            StoreError: where it cannot be written; it is kept, and written when the disk lets it.
        """
        self._later.wait(hurry=hurry)

    def _add(self, nquads: bytes) -> None:
        with self._write_lock, self._reading(lagging=True) as store:
            if len(nquads) > _BULK_BYTES:
                self._merging.wait()
                store.bulk_load(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)
                self._merging.note()
            else:
                self._transactions += 1
                store.load(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)

    def replace(self, *, remove: Iterable[Quad], add: bytes, drop: Iterable[Token] = ()) -> None:
        """Remove quads, drop whole graphs, then add N-Quads, in one transaction and in this order.

        Args:
            remove: quads; one that is not there is passed over.
            add: N-Quads of our own making, one statement a line, without blank nodes.
            drop: graph tokens.

        Raises:
            StoreError: where a line does not parse or the disk fails; nothing is changed then.
        """
        steps = [
            data_block("DELETE", remove),
            *(f"DROP SILENT GRAPH {graph}" for graph in drop),
            data_block("INSERT", quads_of(add)),
        ]
        update = " ;\n".join(step for step in steps if step)
        if update:
            with self._writing() as store:
                store.update(update)

    def update(self, text: str, *, base: str | None = None) -> None:
        """Run a SPARQL update in one transaction; it runs in this process and cannot be stopped.

        Args:
            text: of our own making, or from outside and rehearsed by `graphmap.store.sparql.update`.
            base: IRI against which relative ones are resolved.

        Raises:
            StoreError: where it does not parse or the disk fails; nothing is changed then.
        """
        with self._writing() as store:
            store.update(text, base_iri=base)

    def write_graph(self, name: str | None, ntriples: bytes, *, replace: bool) -> None:
        """Put triples into a graph, in one transaction; see `Store`.

        Args:
            name: its IRI; `None` is the default graph.
            ntriples: what the engine wrote, blank nodes and all.
            replace: whether what was there goes.

        Raises:
            StoreError: where the disk fails; nothing is changed then.
        """
        self.update(graph_update(name, ntriples, replace=replace))

    def graph(self, name: Token | None) -> frozenset[Triple]:
        """The triples of a named graph, or of the default graph for `None`."""
        with self._reading() as store:
            quads = store.quads_for_pattern(None, None, None, graph_of(name))
            return frozenset(Triple(str(q.subject), str(q.predicate), str(q.object)) for q in quads)

    def graphs_with(self, triple: tuple[Token, Token, Token]) -> Iterator[Token]:
        """The named graphs that hold a triple, lazily and in no order; use it up on the thread that asked."""
        subject, predicate, obj = triple
        if subject[0] != "<":  # the inverse of a property with literal values asks for what no graph can hold
            return
        with self._reading() as store:
            for quad in store.quads_for_pattern(resource(subject), resource(predicate), term(obj), None):
                if not isinstance(quad.graph_name, ox.DefaultGraph):
                    yield str(quad.graph_name)

    def objects(self, subject: Token, predicate: Token, graph: Token | None = None) -> frozenset[Token]:
        """The objects of a subject and a predicate in one graph, the default graph for `None`."""
        with self._reading() as store:
            quads = store.quads_for_pattern(resource(subject), resource(predicate), None, graph_of(graph))
            return frozenset(str(quad.object) for quad in quads)

    def select(self, query: str, *, lagging: bool = False) -> tuple[tuple[Token | None, ...], ...]:
        """The rows of a SELECT of our own making, cell by cell in the order of its variables; `None` is unbound.

        It runs in this process and cannot be stopped: a query from outside goes to `graphmap.store.workers`.

        Args:
            query: the text.
            lagging: whether the rows may lack what is to be added later.

        Raises:
            StoreError: where the text does not parse or the disk fails.
        """
        with self._reading(lagging=lagging) as store:
            solutions = cast("ox.QuerySolutions", store.query(query))
            return tuple(tuple(None if term is None else str(term) for term in row) for row in solutions)

    def named_graphs(self) -> frozenset[Token]:
        """The names of all named graphs."""
        with self._reading() as store:
            return frozenset(str(name) for name in store.named_graphs())

    def count(self, graph: Token | None = None) -> int:
        """The number of triples in a named graph, or in the default graph for `None`."""
        where = "?s ?p ?o" if graph is None else f"GRAPH {graph} {{ ?s ?p ?o }}"
        return self._number(f"SELECT (COUNT(*) AS ?n) {{ {where} }}")

    def stats(self) -> StoreStats:
        """The size of the store; counts every quad."""
        return StoreStats(
            quads=self._number(_COUNT_ALL),
            default_triples=self.count(),
            named_graphs=self._number(_COUNT_GRAPHS),
            disk_bytes=sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file()),
        )

    def flush(self) -> None:
        """Write buffered data to disk, so that it outlives a power cut.

        Bulk loads are synced by themselves. After many of them the database would first merge files, which may take
        longer than they did.

        Raises:
            StoreError: where the disk fails.
        """
        with self._reading() as store:
            transactions = self._transactions
            if transactions != self._flushed:
                store.flush()
                self._flushed = transactions  # what was written meanwhile may have been missed
                record_sums(self.path)

    def optimize(self) -> None:
        """Compact the database; blocks for as long as that takes."""
        with self._reading() as store:
            store.optimize()

    def checkpoint(self, folder: Path) -> None:
        """Make a copy of this moment, by hard links where the file system is the same.

        Args:
            folder: does not exist yet; its parent does.

        Raises:
            StoreError: where the folder exists or cannot be written.
        """
        self._later.wait(for_readers=True)
        self._copy(folder)

    def _copy(self, folder: Path) -> None:
        with self._reading(lagging=True) as store:
            copy_database(store, self.path, folder, writable=self.writable)

    def dump(self, target: Path | IO[bytes]) -> None:
        """Write all quads as N-Quads.

        Raises:
            StoreError: where the target cannot be written.
        """
        with self._reading() as store, explained_errors(target if isinstance(target, Path) else self.path):
            store.dump(target, format=ox.RdfFormat.N_QUADS)

    @contextmanager
    def staged(self) -> Iterator[EmbeddedStore]:
        """A copy of this moment to write to, made of hard links.

        It takes this store's place as a whole where the block ends well, and is gone where an error leaves the block.
        Readers see the store as it was until then; writers wait.

        Raises:
            StoreError: where the disk fails.
        """
        self._later.wait()
        with self._write_lock:
            with explained_errors(self.path):
                self._copy(self.place.clear_staging())
            copy = EmbeddedStore(self.place.staging)
            whole = False
            try:
                yield copy
                copy.flush()
                whole = True
            finally:
                copy.close()
                shutil.rmtree(copy.place.beside, ignore_errors=True)
                if not whole:
                    self.place.clear_staging()
            self._exchange()

    def rebuild(self) -> bool:
        """Write all quads into new files; the database keeps texts of terms that no quad has any more, these do not.

        Returns:
            True: it is done.

        Raises:
            StoreError: where the disk fails; the store stays as it was then.
        """
        self._later.wait()
        with self._write_lock:
            copy = EmbeddedStore(self.place.clear_staging())
            try:
                load_while_written(copy.bulk_load, self._pour)
                copy.flush()
            finally:
                copy.close()
                shutil.rmtree(copy.place.beside, ignore_errors=True)
            self._exchange()
        return True

    def _pour(self, target: IO[bytes]) -> None:
        with self._reading(lagging=True) as store:
            store.dump(target, format=ox.RdfFormat.N_QUADS)

    def _exchange(self) -> None:
        with explained_errors(self.path), self._turn:
            self._turn.wait_for(lambda: not self._readers)
            self._opened = None
            try:
                self.place.exchange()
            finally:
                self._opened, self._merging = open_database(self.place), UnmergedLoads(self.path)
            self._generation += 1
            self._removals += 1

    def close(self) -> None:
        """Give the database free; closing twice does nothing."""
        self._later.close()
        with self._write_lock, self._turn:
            opened, self._opened = self._opened is not None, None
            if opened and self.writable and not self._readers:  # the last of these closes the database
                record_sums(self.path, left=True)
            self.place.release()

    def _number(self, query: str) -> int:
        ((number,),) = self.select(query)
        return int(literal_parts(number or "").lexical)

    @contextmanager
    def _reading(self, *, lagging: bool = False) -> Iterator[ox.Store]:
        if not lagging:
            self._later.wait()
        with self._turn:
            store = self._opened
            if store is None:
                raise StoreError("the store is closed", where=Locator(source=str(self.path)), hint="open it again")
            self._readers += 1
        try:
            with explained_errors(self.path):
                yield store
        finally:
            del store  # the last reference closes the database
            with self._turn:
                self._readers -= 1
                self._turn.notify_all()

    @contextmanager
    def _writing(self, *, adds: bool = False, synced: bool = False) -> Iterator[ox.Store]:
        self._later.wait()
        with self._write_lock, self._reading(lagging=True) as store:
            try:
                yield store
            finally:
                self._transactions += not synced
                self._removals += not adds
                self._generation += 1  # after the write: a checkpoint taken meanwhile counts as old
