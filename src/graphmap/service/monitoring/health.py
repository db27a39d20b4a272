"""`/healthz`, `/readyz` and `/metrics`, for whatever watches over this process."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.service.access import require
from graphmap.service.dependencies import Services
from graphmap.service.monitoring.metrics import Metrics
from graphmap.store.sparql import parse_query

__all__ = ["router"]

_UNSTORED = {"Cache-Control": "no-store"}


def router(services: Services, metrics: Metrics) -> APIRouter:
    """The routes of liveness, readiness and numbers."""
    routes = APIRouter()

    @routes.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> Response:
        return Response("ok\n", media_type="text/plain", headers=_UNSTORED)

    @routes.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz() -> Response:
        if not services.ready:
            raise HTTPException(503, detail="the service is going down", headers={"Retry-After": "5"})
        await services.pool.answer(parse_query("ASK {}"), syntax="json")  # raises what becomes a 503 or a 504
        return Response("ready\n", media_type="text/plain", headers=_UNSTORED)

    @routes.api_route("/metrics", methods=["GET", "HEAD"])
    async def numbers(request: Request) -> Response:
        require(request.scope, "read")
        await metrics.count()
        return Response(metrics.text(), media_type="text/plain; version=0.0.4", headers=_UNSTORED)

    return routes
