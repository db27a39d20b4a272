"""`/graphs`: whole graphs read, put, merged and dropped; `?graph=`, `?default`, or the graph at the path itself.

Source: SPARQL 1.1 Graph Store HTTP Protocol, sections 4 and 5.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.rdf import iri_token
from graphmap.service.access import require
from graphmap.service.dependencies import Services
from graphmap.service.http import answer, check_absent, document_iri, uri
from graphmap.service.http.body import Part, check_markup, check_nesting, media_type_of, parts, read_body
from graphmap.service.http.negotiation import GRAPHS, negotiated
from graphmap.store.sparql import parse_query

__all__ = ["router"]

_SYNTAXES = {
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "ntriples",
    "text/plain": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
_CHOICE = "name one graph: ?graph=IRI, ?default, or its path below /graphs/"


def router(services: Services) -> APIRouter:
    """The routes of whole graphs."""
    routes = APIRouter()

    @routes.api_route("/graphs", methods=["GET", "HEAD"])
    @routes.api_route("/graphs/{path:path}", methods=["GET", "HEAD"])
    async def read(request: Request) -> Response:
        require(request.scope, "query")
        graph = _graph(request, services)
        offer = negotiated(request, GRAPHS)
        await _must_exist(services, graph)
        pattern = _in(graph, "?s ?p ?o")
        query = parse_query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
        return await answer(request, services, query, offer)

    @routes.put("/graphs")
    @routes.put("/graphs/{path:path}")
    async def put(request: Request) -> Response:
        require(request.scope, "update")
        graph = _graph(request, services)
        return await _write(request, services, graph, replace=True)

    @routes.post("/graphs")
    @routes.post("/graphs/{path:path}")
    async def post(request: Request) -> Response:
        require(request.scope, "update")
        if not request.scope["query_string"] and request.url.path.rstrip("/").endswith("/graphs"):
            graph = f"{services.layout.base}graphs/{secrets.token_hex(16)}"
            await _write(request, services, graph, replace=False)
            return Response(status_code=201, headers={"Location": uri(graph)})
        return await _write(request, services, _graph(request, services), replace=False)

    @routes.delete("/graphs")
    @routes.delete("/graphs/{path:path}")
    async def drop(request: Request) -> Response:
        require(request.scope, "update")
        graph = _graph(request, services)
        services.updates.access.check(graph)
        await _must_exist(services, graph)
        check_absent(request, exists=True)
        await services.updates.drop_graph(graph)
        return Response(status_code=204)

    return routes


async def _write(request: Request, services: Services, graph: str | None, *, replace: bool) -> Response:
    services.updates.access.check(graph)
    base = graph or services.layout.base
    body = await read_body(request, services.limits)
    triples = [await _parsed(part, services, base) for part in _parts(request, body, services)]
    existed = await _exists(services, graph)
    check_absent(request, exists=existed)
    await services.updates.write_graph(graph, b"".join(triples), replace=replace)
    return Response(status_code=204 if existed else 201)


def _parts(request: Request, body: bytes, services: Services) -> Iterable[Part]:
    kind = media_type_of(request)
    if kind == "multipart/form-data":
        return parts(body, request.headers["content-type"], most=services.limits.parts)
    return (Part(kind, body),)


async def _parsed(part: Part, services: Services, base: str) -> bytes:
    syntax = _syntax(part.media_type)
    if syntax == "rdfxml":
        check_markup(part.body)
    if syntax == "jsonld":
        await check_nesting(part.body, services.limits.body_depth)
    return await services.pool.parse(part.body, syntax=syntax, base=base)


def _syntax(kind: str) -> str:
    if kind not in _SYNTAXES:
        raise HTTPException(415, detail=f"send the graph as one of {', '.join(_SYNTAXES)}")
    return _SYNTAXES[kind]


def _graph(request: Request, services: Services) -> str | None:
    """The graph that a request names; `None` is the default graph."""
    try:
        query = request.scope["query_string"].decode("ascii")
        fields = parse_qs(query, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise CallError(f"the parameters do not parse: {error}", hint="encode them as UTF-8 and percent") from error
    path = request.scope["raw_path"].removeprefix(services.root_path.encode())
    named, default = fields.get("graph", []), "default" in fields
    direct = not path.rstrip(b"/").endswith(b"/graphs") or path.count(b"/") > 2
    if len(named) + default + direct != 1:
        raise CallError("a request is about one graph", hint=_CHOICE)
    if default:
        return None
    graph = named[0] if named else document_iri(services.layout.base, path)
    iri_token(graph)
    return graph


async def _must_exist(services: Services, graph: str | None) -> None:
    if not await _exists(services, graph):
        raise HTTPException(404, detail=f"there is no graph {graph}")


async def _exists(services: Services, graph: str | None) -> bool:
    if graph is None:
        return True
    answered = await services.pool.answer(parse_query(f"ASK {{ GRAPH {iri_token(graph)} {{}} }}"), syntax="json")
    return b"true" in answered.body


def _in(graph: str | None, pattern: str) -> str:
    return pattern if graph is None else f"GRAPH {iri_token(graph)} {{ {pattern} }}"
