"""Monitoring: metrics for Prometheus, and a line of JSON for each request.

A request's number has the form of a span's, so that its line is a step of the trace that it names.
Source: Prometheus text exposition format 0.0.4; W3C Trace Context, section 3.2.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphmap.errors import LimitError, StoreError
from graphmap.service.dependencies import Services
from graphmap.service.http import with_security
from graphmap.service.monitoring.trace_context import trace_of
from graphmap.store.sparql import parse_query

__all__ = ["QUERY", "Metrics", "Observed"]

QUERY = "graphmap.query"
"""Key in the scope of a request for the SPARQL text that it runs; the log has its hash."""

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SLOW_S = 1.0
_COUNT = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_COUNT_EVERY_S = 60.0
_COUNT_TIMEOUT_S = 2.0
_log = logging.getLogger("graphmap.service.requests")


class Metrics:
    """Counts of what happened; used on one event loop.

    Args:
        services: is asked for what it counts itself.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0
        self._sent_bytes = 0
        self._outcomes: Counter[str] = Counter()
        self._findings: Counter[str] = Counter()
        self._quads: int | None = None
        self._counted: tuple[int, float] | None = None

    def request(self, route: str, method: str, status: int, seconds: float, sent_bytes: int) -> None:
        """Count a request."""
        self._requests[(route, method, status)] += 1
        if route == "sparql":
            self._seconds += seconds
            self._sent_bytes += sent_bytes
            self._buckets[next((bound for bound in _BUCKETS_S if seconds <= bound), float("inf"))] += 1

    def ingested(self, outcome: str, findings: Mapping[str, int]) -> None:
        """Count a record and its findings by severity."""
        self._outcomes[outcome] += 1
        self._findings.update(findings)

    async def count(self) -> None:
        """Count the statements of a store that has changed, not more often than once a minute."""
        pool, now = self._services.pool, time.monotonic()
        if self._counted and (self._counted[0] == pool.generation or now - self._counted[1] < _COUNT_EVERY_S):
            return
        self._counted = (pool.generation, now)
        try:
            answer = await pool.answer(parse_query(_COUNT), syntax="csv", timeout_s=_COUNT_TIMEOUT_S)
        except (LimitError, StoreError):
            self._quads = None  # a number that is no longer true is none
        else:
            self._quads = int(answer.body.split()[1])

    def text(self) -> str:
        """All of it, for Prometheus."""
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        pool = self._services.pool
        yield from _family("graphmap_requests_total", "counter", "requests answered")
        for (route, method, status), number in sorted(self._requests.items()):
            yield f'graphmap_requests_total{{route="{route}",method="{method}",status="{status}"}} {number}'
        yield from _family("graphmap_query_seconds", "histogram", "seconds from request to last byte at /sparql")
        total = 0
        for bound in (*_BUCKETS_S, float("inf")):
            total += self._buckets[bound]
            yield f'graphmap_query_seconds_bucket{{le="{"+Inf" if bound == float("inf") else bound}"}} {total}'
        yield f"graphmap_query_seconds_sum {self._seconds:.6f}"
        yield f"graphmap_query_seconds_count {total}"
        for name, kind, meaning, value in (
            ("graphmap_query_bytes_total", "counter", "bytes of answers at /sparql", self._sent_bytes),
            ("graphmap_queries_started_total", "counter", "queries handed to a worker", pool.counts.asked),
            ("graphmap_queries_killed_total", "counter", "workers killed at a deadline", pool.counts.killed),
            ("graphmap_workers_crashed_total", "counter", "workers that crashed", pool.counts.crashed),
            ("graphmap_checkpoint_age_seconds", "gauge", "age of what readers see", pool.checkpoint_age_s),
            ("graphmap_store_writes_total", "counter", "writes to the store", pool.generation),
            ("graphmap_store_quads", "gauge", "statements, when last counted", self._quads),
        ):
            if value is not None:
                yield from _family(name, kind, meaning)
                yield f"{name} {value}"
        yield from _family("graphmap_records_total", "counter", "records received, by outcome")
        for outcome, number in sorted(self._outcomes.items()):
            yield f'graphmap_records_total{{outcome="{outcome}"}} {number}'
        yield from _family("graphmap_findings_total", "counter", "findings about records received, by severity")
        for severity, number in sorted(self._findings.items()):
            yield f'graphmap_findings_total{{severity="{severity}"}} {number}'


class Observed:
    """ASGI middleware: each request gets a number, is counted, and is told of in the log.

    Args:
        app: what answers.
        metrics: counts.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            return
        begin, request_id = time.perf_counter(), secrets.token_hex(8)
        status, sent_bytes = 500, 0

        async def watching(message: Message) -> None:
            nonlocal status, sent_bytes
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*with_security(message["headers"]), (b"x-request-id", request_id.encode())]
            else:
                sent_bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watching)
        finally:
            seconds = time.perf_counter() - begin
            self._metrics.request(_route(scope["path"]), scope["method"], status, seconds, sent_bytes)
            if seconds >= _SLOW_S or _log.isEnabledFor(logging.INFO):
                _tell(scope, request_id, status, seconds, sent_bytes)


def _tell(scope: Scope, request_id: str, status: int, seconds: float, sent_bytes: int) -> None:
    """Write a line: never a query's text or a token, but what a query can be recognised by."""
    trace = trace_of(scope["headers"])
    query = scope.get(QUERY)
    members = {
        "request": request_id,
        "trace": trace and trace.trace,
        "parent": trace and trace.parent,
        "method": scope["method"],
        "path": scope["path"],
        "query": sha256(query.encode()).hexdigest()[:16] if query else None,
        "status": status,
        "seconds": round(seconds, 6),
        "bytes": sent_bytes,
        "slow": seconds >= _SLOW_S,
    }
    level = logging.WARNING if seconds >= _SLOW_S else logging.INFO
    _log.log(level, "%s", msgspec.json.encode({k: v for k, v in members.items() if v is not None}).decode())


def _route(path: str) -> str:
    """The first part of a path, where it is one of ours; what a client makes up must not become a label."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in _ROUTES else "document"


_ROUTES = frozenset(
    (
        *("sparql", "graphs", "records", "validate", "reports", "queries", "resource", "ontology", "shapes"),
        *("search", "quarantine", "check", "editor", "words.json", "style.css", "icon.svg", ""),
        *("metrics", "healthz", "readyz", "context.jsonld", "openapi.json", ".well-known"),
    )
)


def _family(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
