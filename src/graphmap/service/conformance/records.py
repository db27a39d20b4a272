"""`/records`: envelopes in, outcomes out; `/validate`: a report, and nothing is stored."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from functools import partial

import msgspec
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.service.access import require
from graphmap.service.dependencies import Ingest, IngestResult, ServiceLimits, Services
from graphmap.service.http import run_in_thread, uri
from graphmap.service.http.body import media_type_of, read_json
from graphmap.service.http.limits import client_of
from graphmap.service.monitoring import Metrics

__all__ = ["router"]

_ONE = ("application/json", "application/ld+json")
_LINES = ("application/x-ndjson", "application/jsonl", "application/json-seq")
_BAD = ("quarantined", "rejected")


def router(services: Services, metrics: Metrics) -> APIRouter:
    """The way in for records."""
    routes = APIRouter()

    @routes.post("/records")
    async def post(request: Request) -> Response:
        require(request.scope, "ingest")
        body = await _body(request, services)
        bodies, single = await run_in_thread(len(body), _bodies, body, media_type_of(request), services.limits)
        work = partial(_taken, services.ingest, bodies, single=single)
        taken = await asyncio.get_running_loop().run_in_executor(services.ingest_threads, work)
        for one in taken:
            metrics.ingested(one.outcome, _severities(one.report))
        return _one(taken[0]) if single else _many(taken)

    @routes.post("/validate")
    async def validate(request: Request) -> Response:
        require(request.scope, "query")
        if services.check is None:
            raise HTTPException(404, detail="this service validates nothing")
        report = await services.check.record(await _body(request, services), client=client_of(request.scope))
        return Response(msgspec.json.encode(report), media_type="application/json")

    return routes


def _taken(ingest: Ingest, bodies: list[bytes], *, single: bool) -> list[IngestResult]:
    return [ingest(bodies[0])] if single else list(ingest.many(bodies))


async def _body(request: Request, services: Services) -> bytes:
    if media_type_of(request) not in (*_ONE, *_LINES):  # a form of a foreign page cannot send these
        raise HTTPException(
            415, detail="send documents as application/json or application/x-ndjson; tables are for `graphmap load`"
        )
    return await read_json(request, services.limits)


def _bodies(body: bytes, kind: str, limits: ServiceLimits) -> tuple[list[bytes], bool]:
    """Single envelopes of a body, and whether it is one by itself."""
    bodies, single = _parts(body, kind)
    if len(bodies) > limits.records:
        detail = f"a body may have {limits.records:,} records, and this one has {len(bodies):,}: send it in parts"
        raise HTTPException(413, detail=detail)
    for number, each in enumerate(bodies, 1):
        if len(each) > limits.body_bytes:  # a packed body may be larger, and what is refused is kept as it came
            detail = f"record {number:,} has {len(each):,} bytes; limits.body_bytes allows {limits.body_bytes:,}"
            raise HTTPException(413, detail=detail)
    return bodies, single


def _parts(body: bytes, kind: str) -> tuple[list[bytes], bool]:
    if kind in _LINES:
        found = [line for line in body.split(b"\n") if line.strip(b"\x1e \t\r")]
    elif body.lstrip()[:1] == b"[":
        try:
            found = [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, detail=f"the array does not parse: {error}") from error
    else:
        return [body], True
    return found, False


def _one(ingested: IngestResult) -> Response:
    if ingested.outcome in _BAD:
        return Response(msgspec.json.encode(ingested.report), 422, media_type="application/json")
    members = {"outcome": ingested.outcome, "document": ingested.document, "report": ingested.report}
    created = ingested.outcome == "stored" and ingested.document is not None
    headers = {"Location": uri(ingested.document)} if created and ingested.document else {}
    return Response(msgspec.json.encode(members), 201 if created else 200, headers, "application/json")


def _many(taken: list[IngestResult]) -> Response:
    """Each outcome in the order of the records; 207 where some did not conform."""
    counts = Counter(one.outcome for one in taken)
    records = [
        {"outcome": one.outcome, "document": one.document}
        | ({"report": one.report} if one.outcome in _BAD or not one.report.get("conforms", True) else {})
        for one in taken
    ]
    status = 207 if any(counts[outcome] for outcome in _BAD) else 200
    return Response(msgspec.json.encode({"counts": counts, "records": records}), status, media_type="application/json")


def _severities(report: Mapping[str, object]) -> Mapping[str, int]:
    counts = report.get("counts")
    return {str(name): int(number) for name, number in counts.items()} if isinstance(counts, dict) else {}
