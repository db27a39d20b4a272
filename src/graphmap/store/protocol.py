"""Protocol of all stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from graphmap.rdf import Token, Triple
from graphmap.store.compaction import Compaction
from graphmap.store.directory import StoreDirectory

__all__ = ["HeldStore", "Quad", "Store", "StoreStats"]


class Quad(NamedTuple):
    """A triple in a graph, all tokens; `graph` is `None` for the default graph."""

    subject: Token
    predicate: Token
    object: Token
    graph: Token | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStats:
    """The size of a store.

    Args:
        quads: quads in all graphs together.
        default_triples: triples in the default graph.
        named_graphs: named graphs that hold at least one triple.
        disk_bytes: bytes that the database takes on disk; `None` where only its server knows.
    """

    quads: int
    default_triples: int
    named_graphs: int
    disk_bytes: int | None


class Store(Protocol):
    """A quad store with one writer.

    Terms go in and come out as tokens. What comes out is the database's own canonical form, which may differ from
    what went in: Oxigraph gives `"5"^^xsd:long` back as `"5"^^xsd:integer` and `"1.1E3"^^xsd:double` as `"1100"`.
    Both forms name the same stored term, in patterns and in removals too.
    """

    @property
    def generation(self) -> int:
        """A number that grows with every write of this process."""

    @property
    def removals(self) -> int:
        """A number that grows with every write of this process that may have removed something."""

    @property
    def compaction(self) -> Compaction:
        """Progress of the database in merging its files; always done for a server."""

    @property
    def journal(self) -> Path:
        """The file for the journal of what goes into this store."""

    @property
    def portion_bytes(self) -> int | None:
        """Largest size of a bulk load that may be cut between records; `None` is without limit."""

    def bulk_load(self, source: Path | bytes) -> None:
        """Add N-Quads of our own making, all or nothing; made for large inputs, and a path may be a FIFO."""

    def load(self, nquads: bytes) -> None:
        """Add N-Quads of our own making, all or nothing; made for a few records."""

    def add_later(self, nquads: bytes) -> Future[None]:
        """Add N-Quads of our own making soon, with others, and before anybody reads who has not said otherwise.

        What is added so has to be in the journal: it may be lost when the process is killed. Waits while there is much
        to be written.
        """

    def catch_up(self, *, hurry: bool = True) -> None:
        """Wait until what was to be added later is there; `hurry` has it written at once, and others wait meanwhile."""

    def replace(self, *, remove: Iterable[Quad], add: bytes, drop: Iterable[Token] = ()) -> None:
        """Remove quads, drop whole graphs, then add N-Quads, in one transaction and in this order."""

    def update(self, text: str, *, base: str | None = None) -> None:
        """Run a SPARQL update of our own making, or one that was rehearsed, in one transaction."""

    def write_graph(self, name: str | None, ntriples: bytes, *, replace: bool) -> None:
        """Put triples, read and written by the engine, into a graph; `replace` takes out what was there."""

    def graph(self, name: Token | None) -> frozenset[Triple]:
        """The triples of a named graph, or of the default graph for `None`."""

    def graphs_with(self, triple: tuple[Token, Token, Token]) -> Iterator[Token]:
        """The named graphs that hold a triple, lazily and in no order; use it up on the thread that asked."""

    def objects(self, subject: Token, predicate: Token, graph: Token | None = None) -> frozenset[Token]:
        """The objects of a subject and a predicate in one graph, the default graph for `None`."""

    def select(self, query: str, *, lagging: bool = False) -> tuple[tuple[Token | None, ...], ...]:
        """The rows of a SELECT of our own making, cell by cell in the order of its variables; `None` is unbound.

        With `lagging` they may lack what is to be added later.
        """

    def named_graphs(self) -> frozenset[Token]:
        """The names of all named graphs."""

    def count(self, graph: Token | None = None) -> int:
        """The number of triples in a named graph, or in the default graph for `None`."""

    def stats(self) -> StoreStats:
        """The size of the store; counts every quad."""

    def flush(self) -> None:
        """Write buffered data to disk, so that it outlives a power cut."""

    def optimize(self) -> None:
        """Compact the database; blocks for as long as that takes."""

    def checkpoint(self, folder: Path) -> None:
        """Make a copy of this moment in a folder that does not exist yet, for readers in other processes."""

    def dump(self, target: Path | IO[bytes]) -> None:
        """Write all quads as N-Quads."""

    def staged(self) -> AbstractContextManager[Store]:
        """A copy of this moment to write to, which takes this store's place as a whole where the block ends well.

        Readers see the store as it was until then, and writers wait.
        """

    def close(self) -> None:
        """Give the database free; closing twice does nothing."""


class HeldStore(Store, Protocol):
    """A store whose place this process holds, so that it may be looked after as a whole."""

    @property
    def path(self) -> Path:
        """The database's own folder, or what stands for it."""

    @property
    def place(self) -> StoreDirectory:
        """Files beside it: lock, journal, socket."""

    def rebuild(self) -> bool:
        """Have the database forget texts that no quad has any more; says whether it did."""
