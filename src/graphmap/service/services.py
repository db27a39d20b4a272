"""What the service needs from the rest of graphmap, given to it as arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from graphmap.queries import SavedQuery
from graphmap.store import Layout, QueryLimits, Workers

__all__ = ["Ingest", "Ingested", "Services"]

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*").fullmatch


class Ingested(Protocol):
    """What became of one record."""

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
    """Takes one record in; called by one thread at a time."""

    def __call__(self, body: bytes) -> Ingested:
        """Take in one envelope.

        Raises:
            RecordError: where the body cannot be read as a record.
            DataError: where it is no JSON.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The collaborators of the service, and its limits.

    Args:
        workers: answer queries.
        ingest: takes records in.
        queries: saved queries by name.
        context: JSON-LD context of the knowledge, with or without its outer `@context`.
        layout: names of graphs and documents.
        query_limits: what a query from outside may be.
        body_bytes: largest request body.
        body_depth: deepest nesting of a JSON body.
        hosts: names under which the service answers; others are refused, so that no foreign page can reach it by a
            name of its own. `*` opens it to all.
    """

    workers: Workers
    ingest: Ingest
    queries: Mapping[str, SavedQuery]
    context: Mapping[str, object]
    layout: Layout
    query_limits: QueryLimits = field(default_factory=QueryLimits)
    body_bytes: int = 8 * 1024 * 1024
    body_depth: int = 64
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefix to namespace, as the context has them."""
        inner = self.context.get("@context", self.context)
        entries = inner.items() if isinstance(inner, Mapping) else ()
        namespaces = {
            name: iri for name, iri in entries if isinstance(iri, str) and _PREFIX(name) and iri[-1:] in ("/", "#")
        }
        return MappingProxyType(namespaces)
