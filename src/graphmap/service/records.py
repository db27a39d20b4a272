"""`/records`: one envelope in, one outcome out."""

from __future__ import annotations

import threading

import msgspec
from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.service.bodies import check_depth, media_type_of, reader
from graphmap.service.headers import uri
from graphmap.service.services import Ingested, Services

__all__ = ["router"]

_ACCEPTED = ("application/json", "application/ld+json")


def router(services: Services) -> APIRouter:
    """The way in for single records."""
    routes = APIRouter()
    one_at_a_time = threading.Lock()

    @routes.post("/records")
    def post(request: Request, body: bytes = Depends(reader(services.body_bytes))) -> Response:
        if media_type_of(request) not in _ACCEPTED:  # a form of a foreign page cannot send these
            raise HTTPException(415, detail="send the envelope as application/json")
        check_depth(body, services.body_depth)
        with one_at_a_time:
            return _response(services.ingest(body))

    return routes


def _response(ingested: Ingested) -> Response:
    if ingested.outcome in ("quarantined", "rejected"):
        return Response(msgspec.json.encode(ingested.report), 422, media_type="application/json")
    members = {"outcome": ingested.outcome, "document": ingested.document, "report": ingested.report}
    created = ingested.outcome == "stored" and ingested.document is not None
    headers = {"Location": uri(ingested.document)} if created and ingested.document else {}
    return Response(msgspec.json.encode(members), 201 if created else 200, headers, "application/json")
