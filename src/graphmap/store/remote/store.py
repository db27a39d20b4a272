"""Any server that speaks SPARQL 1.1, as a store.

One update is one request, and takes effect as a whole where the server runs a request as one transaction. One process
of a workspace holds its place, as with a database of our own; nobody else may write to the graphs that graphmap keeps.
Source: SPARQL 1.1 Protocol; SPARQL 1.1 Update, section 3.1; SPARQL 1.1 Graph Store HTTP Protocol, section 5.3.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from graphmap.errors import QueryError, StoreError
from graphmap.rdf import Token, Triple, literal_parts
from graphmap.store.compaction import Compaction
from graphmap.store.directory import StoreDirectory
from graphmap.store.embedded import EmbeddedStore, graph_update, load_while_written
from graphmap.store.endpoint import Endpoint
from graphmap.store.io_errors import explained_errors
from graphmap.store.protocol import Quad, Store, StoreStats
from graphmap.store.remote.canonical_forms import canonical_terms, sent
from graphmap.store.remote.http import Exchange, Row
from graphmap.store.remote.staging import Staged
from graphmap.store.remote.update_batches import Step, additions, batches, replacing

__all__ = ["RemoteStore"]

_EVERYTHING = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
_BULK_BYTES = 16 * 1024 * 1024
"""A larger bulk load would be no faster, and is held in memory until it is sent."""
_PORTION = 10_000
"""Rows of a dump whose forms are looked up together."""


class RemoteStore:
    """A SPARQL server; see `graphmap.store.protocol.Store` for its methods.

    Args:
        path: the place of this workspace's lock, journal and copies; the data are with the server.
        endpoint: the server.
        held: whether this process takes the place, as it must before it writes.

    Raises:
        StoreError: where another process has the place.
    """

    def __init__(self, path: Path, endpoint: Endpoint, *, held: bool = True) -> None:
        self.path = path
        self.place = StoreDirectory(path)
        self.endpoint = endpoint
        self._write_lock = threading.RLock()
        self._generation = self._removals = 0
        self._closed = False
        if held:
            with explained_errors(path):
                self.place.hold()
        self._exchange = Exchange(endpoint)

    @property
    def generation(self) -> int:
        """A number that grows with every write of this process."""
        return self._generation

    @property
    def compaction(self) -> Compaction:
        """Of no files: it is the server's affair."""
        return Compaction(self.path)

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
        """Largest size of a bulk load: well below the limit of the server."""
        return min(_BULK_BYTES, self.endpoint.update_bytes // 2)

    def bulk_load(self, source: Path | bytes) -> None:
        """Add N-Quads of our own making in one update; see `Store`.

        Raises:
            StoreError: where the text does not parse, is larger than the server takes, or the server refuses.
        """
        self.load(source if isinstance(source, bytes) else self._read(source))

    def load(self, nquads: bytes) -> None:
        """Add N-Quads of our own making; see `Store`.

        Raises:
            StoreError: where the text does not parse, or the server refuses; nothing is added then.
        """
        self._write(additions(nquads, self.endpoint), again=True, adds=True)

    def add_later(self, nquads: bytes) -> Future[None]:
        """Add N-Quads of our own making, at once: who asks the server does not ask this process first.

        Raises:
            StoreError: as `load` does.
        """
        self.load(nquads)
        written: Future[None] = Future()
        written.set_result(None)
        return written

    def catch_up(self, *, hurry: bool = True) -> None:
        """Nothing is ever added later."""

    def replace(self, *, remove: Iterable[Quad], add: bytes, drop: Iterable[Token] = ()) -> None:
        """Remove quads, drop whole graphs, then add N-Quads; see `Store`.

        Raises:
            StoreError: where a line does not parse, or the server refuses; nothing is changed then.
        """
        self._write(replacing(remove, drop, add, self.endpoint), again=True)

    def update(self, text: str, *, base: str | None = None) -> None:
        """Run a SPARQL update as it stands; it is sent again only where the server has surely not begun it.

        Raises:
            StoreError: where the server does not understand it, or refuses.
        """
        self._write([Step(text if base is None else f"BASE <{base}> {text}", 0)], again=False)

    def write_graph(self, name: str | None, ntriples: bytes, *, replace: bool) -> None:
        """Put triples into a graph, by the Graph Store Protocol where the server has it; see `Store`.

        Raises:
            StoreError: where the server refuses.
        """
        name = name or self.endpoint.default_graph
        if self.endpoint.graphs is None:
            self.update(graph_update(name, ntriples, replace=replace))
            return
        with self._writing():
            self._exchange.write_graph(name, ntriples, replace=replace)

    def graph(self, name: Token | None) -> frozenset[Triple]:
        """The triples of a named graph, or of the default graph for `None`."""
        return frozenset(Triple(s, p, o) for s, p, o in self._rows(_scoped("?s ?p ?o", name)) if s and p and o)

    def graphs_with(self, triple: tuple[Token, Token, Token]) -> Iterator[Token]:
        """The named graphs that hold a triple; asked for when the first is."""
        subject, predicate, obj = triple
        if subject[0] != "<":  # the inverse of a property with literal values asks for what no graph can hold
            return
        pattern = f"{subject} {predicate} {self._sent(obj)}"
        rows = self._rows(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {pattern} }} }}")
        yield from (graph for (graph,) in rows if graph and graph != self.endpoint.default_token)

    def objects(self, subject: Token, predicate: Token, graph: Token | None = None) -> frozenset[Token]:
        """The objects of a subject and a predicate in one graph, the default graph for `None`."""
        rows = self._rows(_scoped(f"{subject} {predicate} ?o", graph, names="?o"))
        return frozenset(value for (value,) in rows if value)

    def select(self, query: str, *, lagging: bool = False) -> tuple[Row, ...]:  # noqa: ARG002  # it never lags
        """The rows of a SELECT of our own making; see `Store`.

        Raises:
            StoreError: where the server does not understand it, or refuses.
        """
        return self._rows(query)

    def named_graphs(self) -> frozenset[Token]:
        """The names of all named graphs, those of the server's own making too."""
        rows = self._rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        return frozenset(graph for (graph,) in rows if graph) - {self.endpoint.default_token or ""}

    def count(self, graph: Token | None = None) -> int:
        """The number of triples in a named graph, or in the default graph for `None`."""
        return self._number(_scoped("?s ?p ?o", graph, names="(COUNT(*) AS ?n)"))

    def stats(self) -> StoreStats:
        """The size of the store; the server counts every quad, and says nothing of its disk."""
        default = self.count()
        own = bool(default and self.endpoint.default_graph)
        named = self._number("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        graphs = self._number("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        return StoreStats(
            quads=named + (0 if own else default),
            default_triples=default,
            named_graphs=graphs - int(own),
            disk_bytes=None,
        )

    def flush(self) -> None:
        """Nothing to do: the server answers an update when it has committed it."""

    def optimize(self) -> None:
        """Refuse: SPARQL has no word for it.

        Raises:
            StoreError: always.
        """
        hint = "use the server's own means"
        raise StoreError("SPARQL has no word for compacting a database", where=self.endpoint.where, hint=hint)

    def checkpoint(self, folder: Path) -> None:
        """Copy what the server holds into an embedded database, for readers in other processes.

        Raises:
            StoreError: where the server holds too much to copy, or the folder cannot be written.
        """
        with self._write_lock:
            self._check_size("a copy of it")
            copy = EmbeddedStore(folder)
            try:
                load_while_written(copy.bulk_load, self._dump)
                copy.flush()
            finally:
                copy.close()
                shutil.rmtree(copy.place.beside, ignore_errors=True)

    def dump(self, target: Path | IO[bytes]) -> None:
        """Write all quads as N-Quads, and count them against what the server counts; writers of this process wait.

        Raises:
            StoreError: where the target cannot be written, or the server gave more or fewer quads than it has.
        """
        with self._write_lock, explained_errors(self.path):
            if isinstance(target, Path):
                with target.open("wb") as out:
                    self._dump(out)
            else:
                self._dump(target)

    @contextmanager
    def staged(self) -> Iterator[Store]:
        """A copy of this moment to write to; what is written there goes to the server at the end, as one update.

        Raises:
            StoreError: where the server holds too much to copy, or does not take the update; nothing is changed then.
        """
        with self._write_lock:
            quads = self._check_size("a load that takes effect as a whole")
            with Staged.open(self.place, self.endpoint) as staged:
                if quads:
                    staged.fill(self._dump)
                yield staged
                self._write(staged.steps(), again=True)

    def rebuild(self) -> bool:
        """Nothing to do: what texts the server's files keep is the server's affair."""
        return False

    def close(self) -> None:
        """Give the place and the connections free; closing twice does nothing."""
        with self._write_lock:
            self._closed = True
            self._exchange.close()
            self.place.release()

    def _read(self, source: Path) -> bytes:
        """A file or a pipe, to its end: the update is complete before its first byte is sent."""
        with explained_errors(source):
            return source.read_bytes()

    def _dump(self, out: IO[bytes]) -> None:
        wanted, count, held = self.stats().quads, 0, list[Row]()
        for row in self._exchange.pour(f"SELECT ?s ?p ?o ?g {{ {_EVERYTHING} }}"):
            held.append(row)
            count += 1
            if len(held) >= _PORTION:
                out.write(self._lines(held))
                held.clear()
        out.write(self._lines(held))
        if self.endpoint.default_graph is not None:
            wanted += self.count()  # each of its triples comes as one of the default graph, and as one of a named one
        if count != wanted:
            what = f"the server gave {count:,} of {wanted:,} quads"
            raise StoreError(what, where=self.endpoint.where, hint="raise its limits on results, or have others wait")

    def _lines(self, rows: list[Row]) -> bytes:
        forms = canonical_terms(row[2] for row in rows if row[2])
        default = self.endpoint.default_token
        lines = [
            f"{s} {p} {forms.get(o, o)} {f'{g} ' if g else ''}.\n"
            for s, p, o, g in rows
            if s and p and o and (g is None or g != default)
        ]
        return "".join(lines).encode()

    def _write(self, steps: Iterable[Step], *, again: bool, adds: bool = False) -> None:
        texts = batches(steps, self.endpoint)
        if not texts:
            return
        with self._writing(adds=adds):
            for text in texts:
                self._exchange.send(text, again=again)

    @contextmanager
    def _writing(self, *, adds: bool = False) -> Iterator[None]:
        with self._write_lock:
            self._check_open()
            try:
                yield
            except QueryError as error:
                hint = "nothing was changed; correct the record that this text came from"
                raise StoreError(f"the text for the store does not parse: {error.what}", hint=hint) from error
            finally:
                self._removals += not adds
                self._generation += 1

    def _rows(self, query: str) -> tuple[Row, ...]:
        self._check_open()
        try:
            rows = self._exchange.rows(query)
        except QueryError as error:
            what = f"the text for the store does not parse: {error.what}"
            raise StoreError(what, where=self.endpoint.where) from error
        forms = canonical_terms(term for row in rows for term in row if term)
        return tuple(tuple(forms.get(term, term) if term else None for term in row) for row in rows) if forms else rows

    def _sent(self, token: Token) -> Token:
        return sent(canonical_terms([token]).get(token, token))

    def _number(self, query: str) -> int:
        ((number,),) = self._rows(query)
        return int(literal_parts(number or "").lexical)

    def _check_size(self, purpose: str) -> int:
        quads = self.stats().quads
        if quads > self.endpoint.copy_quads:
            what = f"the server holds {quads:,} quads, too many to copy for {purpose}"
            hint = "load with --in-stages, or raise store.copy_quads"
            raise StoreError(what, where=self.endpoint.where, hint=hint)
        return quads

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("the store is closed", where=self.endpoint.where, hint="open it again")


def _scoped(pattern: str, graph: Token | None, names: str = "?s ?p ?o") -> str:
    where = pattern if graph is None else f"GRAPH {graph} {{ {pattern} }}"
    return f"SELECT {names} {{ {where} }}"
