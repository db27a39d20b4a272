"""Collaborators of the service, given to it as arguments."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from graphmap.ingest.check import CheckedRecord
from graphmap.saved_queries import SavedQuery
from graphmap.service.access import Access
from graphmap.service.etags import Tags
from graphmap.service.glossary import Glossary, read_glossary
from graphmap.service.search_index import Finder
from graphmap.store import Layout
from graphmap.store.sparql import QueryLimits
from graphmap.store.workers import Pool, Updates

__all__ = ["Check", "Ingest", "IngestResult", "Knowledge", "ServiceLimits", "Services"]

_INGEST_THREADS = 16
"""Threads that records wait in for the writer; others have threads of their own."""
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*").fullmatch


class IngestResult(Protocol):
    """Outcome for one record."""

    @property
    def outcome(self) -> str:
        """One of stored, unchanged, stale, deleted, checked, quarantined, rejected."""

    @property
    def document(self) -> str | None:
        """IRI of the record's document, where it has one."""

    @property
    def report(self) -> Mapping[str, object]:
        """The conformance report, ready for JSON."""


class Ingest(Protocol):
    """Takes records in; called from any thread."""

    def __call__(self, body: bytes) -> IngestResult:
        """Take in one envelope.

        Raises:
            RecordError: where the body cannot be read as a record.
            DataError: where it is no JSON.
        """

    def many(self, bodies: Iterable[bytes]) -> Iterator[IngestResult]:
        """Take in envelopes in their order; one that is not JSON is rejected, and the others are taken in."""


class Check(Protocol):
    """Validates records and stores nothing; awaited on the event loop."""

    async def record(self, body: bytes, *, client: str = "") -> Mapping[str, object]:
        """Report on one envelope.

        Raises:
            DataError: where the body is not JSON.
            LimitError: where it takes too much time or memory.
        """

    async def rows(self, body: bytes, *, most: int, client: str = "") -> list[CheckedRecord]:
        """Report on the first rows of a table.

        Raises:
            LimitError: where it takes too much time or memory.
        """

    async def aclose(self) -> None:
        """End what it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """Limits of requests.

    Args:
        body_bytes: largest request body.
        unpacked_bytes: largest request body after it was unpacked.
        body_depth: deepest nesting of a JSON body.
        bodies_bytes: most bytes of the bodies of all requests that are here.
        parts: most parts of a multipart body.
        records: most records in one body.
        concurrent: most requests at work at once; a further one is sent away for a moment.
        rate_per_s: most requests in a second from one address, over a minute; `None` does not count.
    """

    body_bytes: int = 8 * 1024 * 1024
    unpacked_bytes: int = 64 * 1024 * 1024
    bodies_bytes: int = 256 * 1024 * 1024
    body_depth: int = 64
    parts: int = 20
    records: int = 10_000
    concurrent: int = 256
    rate_per_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Content of a workspace beside its data; read again on demand.

    Args:
        queries: saved queries by name.
        context: JSON-LD context, with or without its outer `@context`.
        ontology: classes and properties, as N-Triples.
        shapes: SHACL shapes, as N-Triples.
    """

    queries: Mapping[str, SavedQuery] = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    ontology: bytes = b""
    shapes: bytes = b""


@dataclass(slots=True, kw_only=True)
class Services:
    """The collaborators of the service, and its limits.

    Args:
        pool: answers queries.
        updates: runs updates and writes graphs.
        ingest: takes records in.
        check: validates records and stores nothing; gives the reports.
        renew: takes mappings, shapes and ontology for records anew, at a reload; gives the `check` that goes by them.
        finder: finds things by words.
        operate: runs an operation on the store by its name; see `graphmap.ingest.admin.operations`.
        read_knowledge: reads what a workspace knows; called at the start and at a reload.
        layout: names of graphs and documents.
        access: who may do what.
        query_limits: what a query from outside may be.
        limits: what requests may take.
        hosts: names under which the service answers; others are refused, so that no foreign page can reach it by a
            name of its own. `*` opens it to all.
        origins: web origins whose pages may read; `*` opens it to all.
        root_path: path under which a proxy shows the service.
    """

    pool: Pool
    updates: Updates
    ingest: Ingest
    read_knowledge: Callable[[], Knowledge]
    layout: Layout
    check: Check | None = None
    renew: Callable[[], Check] | None = None
    finder: Finder | None = None
    operate: Callable[[str, Mapping[str, object]], Any] | None = None
    access: Access = field(default_factory=Access)
    query_limits: QueryLimits = field(default_factory=QueryLimits)
    limits: ServiceLimits = field(default_factory=ServiceLimits)
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    origins: tuple[str, ...] = ()
    root_path: str = ""
    knowledge: Knowledge = field(init=False)
    glossary: Glossary = field(init=False)
    prefixes: Mapping[str, str] = field(init=False)
    tags: Tags = field(init=False)
    written: OrderedDict[tuple[str, bytes], asyncio.Task[bytes]] = field(init=False, default_factory=OrderedDict)
    ready: bool = field(init=False, default=True)
    ingest_threads: Executor = field(init=False)

    def __post_init__(self) -> None:
        self.tags = Tags(self.pool)
        self.ingest_threads = ThreadPoolExecutor(_INGEST_THREADS, thread_name_prefix="ingest")
        self._take(self.read_knowledge())

    def reload(self) -> None:
        """Read queries, context, mappings, ontology and shapes again; what was there stays where that fails.

        It waits for records that are being taken in: not to be called on the event loop.

        Raises:
            GraphmapError: where a file is wrong.
        """
        knowledge = self.read_knowledge()
        if self.renew is not None:
            self.check = self.renew()
        self._take(knowledge)
        self.tags.renew()

    async def aclose(self) -> None:
        """End the processes that answer queries and validate records, and the threads that take records in."""
        self.ingest_threads.shutdown(wait=False)
        await self.pool.aclose()
        if self.check is not None:
            await self.check.aclose()

    def _take(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.prefixes = _prefixes(self.knowledge.context)
        self.glossary = read_glossary(self.knowledge.ontology, self.knowledge.shapes)

    @property
    def queries(self) -> Mapping[str, SavedQuery]:
        """Saved queries by name."""
        return self.knowledge.queries

    @property
    def context(self) -> Mapping[str, object]:
        """The JSON-LD context."""
        return self.knowledge.context


def _prefixes(context: Mapping[str, object]) -> Mapping[str, str]:
    """Prefix to namespace, as a context has them."""
    inner = context.get("@context", context)
    entries = inner.items() if isinstance(inner, Mapping) else ()
    return MappingProxyType(
        {name: iri for name, iri in entries if isinstance(iri, str) and _PREFIX(name) and iri[-1:] in ("/", "#")}
    )
