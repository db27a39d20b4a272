"""Discovery for programs: VoID and DCAT, ontology, shapes, context, OpenAPI."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.service.access import require
from graphmap.service.catalog.counts import Counts
from graphmap.service.catalog.openapi import openapi
from graphmap.service.catalog.sparql_description import void_description
from graphmap.service.dependencies import Services
from graphmap.service.http import write_graph
from graphmap.service.http.negotiation import SUFFIXES

__all__ = ["router"]


def router(services: Services, counts: Counts) -> APIRouter:
    """The routes of discovery."""
    routes = APIRouter()

    @routes.api_route("/.well-known/void", methods=["GET", "HEAD"])
    async def void(request: Request) -> Response:
        require(request.scope, "read")
        return await write_graph(request, services, void_description(request, services, await counts.classes()))

    @routes.api_route("/ontology", methods=["GET", "HEAD"])
    @routes.api_route("/ontology.{ending}", methods=["GET", "HEAD"])
    async def ontology(request: Request, ending: str | None = None) -> Response:
        require(request.scope, "read")
        return await write_graph(request, services, services.knowledge.ontology, suffix=_format(ending))

    @routes.api_route("/shapes", methods=["GET", "HEAD"])
    @routes.api_route("/shapes.{ending}", methods=["GET", "HEAD"])
    async def shapes(request: Request, ending: str | None = None) -> Response:
        require(request.scope, "read")
        return await write_graph(request, services, services.knowledge.shapes, suffix=_format(ending))

    @routes.api_route("/context.jsonld", methods=["GET", "HEAD"])
    async def context() -> Response:
        headers = {"Cache-Control": "max-age=300"}
        body = msgspec.json.encode({"@context": services.context.get("@context", services.context)})
        return Response(body, media_type="application/ld+json", headers=headers)

    @routes.api_route("/openapi.json", methods=["GET", "HEAD"])
    async def described() -> Response:
        return Response(msgspec.json.encode(openapi(services)), media_type="application/json")

    return routes


def _format(ending: str | None) -> str | None:
    """The format that the end of a path asks for."""
    if ending is None:
        return None
    if f".{ending}" not in SUFFIXES:
        raise HTTPException(404, detail=f"there is no format .{ending} here")
    return SUFFIXES[f".{ending}"]
