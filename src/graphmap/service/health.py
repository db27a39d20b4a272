"""`/healthz` and `/readyz`, for whatever watches over this process."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from graphmap.service.services import Services
from graphmap.store import parse_query

__all__ = ["router"]


def router(services: Services) -> APIRouter:
    """The routes of liveness and readiness."""
    routes = APIRouter()

    @routes.api_route("/healthz", methods=["GET", "HEAD"])
    def healthz() -> Response:
        return Response("ok\n", media_type="text/plain", headers={"Cache-Control": "no-store"})

    @routes.api_route("/readyz", methods=["GET", "HEAD"])
    def readyz() -> Response:
        services.workers.answer(parse_query("ASK {}"), syntax="json")  # raises what becomes a 503 or a 504
        return Response("ready\n", media_type="text/plain", headers={"Cache-Control": "no-store"})

    return routes
