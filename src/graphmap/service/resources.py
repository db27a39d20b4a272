"""Documents about things: `/resource?iri=` for any, and each record's document at its own path."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.service.access import require
from graphmap.service.description import description_query, exists_query, read_view, view_queries
from graphmap.service.headers import uri
from graphmap.service.negotiate import DESCRIPTIONS, Offer, links, negotiated, without_suffix
from graphmap.service.pages import Pages
from graphmap.service.paths import document_iri
from graphmap.service.services import Services
from graphmap.service.tables import read_table
from graphmap.service.writing import write
from graphmap.store import parse_query
from graphmap.terms import iri_token

__all__ = ["router"]


def router(services: Services, pages: Pages) -> APIRouter:
    """The pages about single things; its last route takes every path, so it goes last into an application."""
    routes = APIRouter()

    @routes.api_route("/resource", methods=["GET", "HEAD"])
    async def resource(request: Request) -> Response:
        require(request.scope, "read")
        iris = request.query_params.getlist("iri")
        if len(iris) != 1:
            raise CallError("a request names one resource", hint="give its IRI as /resource?iri=...")
        found = await _describe(request, services, pages, iris[0])
        return found or _unknown(iris[0])

    @routes.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def document(request: Request) -> Response:
        require(request.scope, "read")
        path = request.scope["raw_path"].removeprefix(services.root_path.encode())
        iri = document_iri(services.layout.base, path)
        found = await _describe(request, services, pages, services.layout.entity(iri))
        stem, suffix = without_suffix(iri)
        if found is None and suffix is not None:
            found = await _describe(request, services, pages, services.layout.entity(stem), suffix=suffix)
        return found or _unknown(services.layout.entity(iri))

    return routes


async def _describe(
    request: Request, services: Services, pages: Pages, iri: str, *, suffix: str | None = None
) -> Response | None:
    subject = iri_token(iri)
    offer = negotiated(request, DESCRIPTIONS, suffix=suffix)
    tag = services.tags.tag(offer)
    known = services.tags.known(request, tag)
    if known is not None:
        return known
    found = await services.pool.answer(parse_query(exists_query(subject, services.layout)), syntax="json")
    if read_table(found.body).boolean is not True:
        return None
    headers = _headers(offer, iri, services) | {"ETag": tag}
    if offer.name == "html":
        return await _page(services, pages, iri, headers)
    query = parse_query(description_query(subject, services.layout))
    triples = (await services.pool.answer(query, syntax="ntriples")).body
    return Response(await asyncio.to_thread(write, triples, offer, services, root=iri), headers=headers)


def _unknown(iri: str) -> Response:
    raise HTTPException(404, detail=f"nothing is known about {iri}")


def _headers(offer: Offer, iri: str, services: Services) -> dict[str, str]:
    """What leads on: the document's own name, its other formats, the context, the description of it all."""
    document = uri(services.layout.document(iri))
    found = [
        f'<{document}>; rel="canonical"',
        *links(f"{services.root_path}/resource?iri={quote(iri, safe='')}", DESCRIPTIONS, offer),
        f'<{services.root_path}/.well-known/void>; rel="describedby"',
        '<http://www.w3.org/ns/ldp#RDFSource>; rel="type"',
    ]
    if offer.name in ("jsonld", "framed"):
        context = f'<{services.root_path}/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"'
        found.append(f'{context}; type="application/ld+json"')
    return {"Vary": "Accept", "Content-Type": offer.content_type, "Link": ", ".join(found)}


async def _page(services: Services, pages: Pages, iri: str, headers: Mapping[str, str]) -> Response:
    answers = {
        name: (await services.pool.answer(parse_query(text), syntax="json")).body
        for name, text in view_queries(iri_token(iri), services.layout).items()
    }
    response = pages.response("resource.html", view=read_view(iri, answers), layout=services.layout)
    response.headers.update(headers)
    return response
