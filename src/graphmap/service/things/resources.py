"""Documents about things: `/resource?iri=` for any, and each record's document at its own path."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.rdf import Token, iri_token
from graphmap.service.access import require
from graphmap.service.catalog import Counts
from graphmap.service.dependencies import Services
from graphmap.service.http import Rendered, document_iri, is_true, uri, write
from graphmap.service.http.negotiation import DESCRIPTIONS, Offer, links, negotiated, without_suffix
from graphmap.service.pages import Pages
from graphmap.service.things.class_page import class_page, instances_query
from graphmap.service.things.class_view import Selection, selection_of
from graphmap.service.things.describe_queries import PAGE, description_query, exists_query, known_query, members_query
from graphmap.service.things.record_page import Asked, record_page, source_page
from graphmap.store.sparql import parse_query

__all__ = ["router"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """Collaborators for making documents."""

    services: Services
    pages: Pages
    counts: Counts
    rendered: Rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Requested part of a document.

    Args:
        offset: things, or links, before it.
        links: the property whose links are wanted.
        total: of a class: how many things it has.
        following: address of the next part.
        selection: of a class: which of its things.
    """

    offset: int
    links: str | None
    total: int | None
    following: str | None
    selection: Selection


def router(services: Services, pages: Pages, counts: Counts) -> APIRouter:
    """The pages about single things; its last route takes every path, so it goes last into an application."""
    routes = APIRouter()
    site = _Site(services=services, pages=pages, counts=counts, rendered=Rendered())

    @routes.api_route("/resource", methods=["GET", "HEAD"])
    async def resource(request: Request) -> Response:
        require(request.scope, "read")
        iris = request.query_params.getlist("iri")
        if len(iris) != 1:
            raise CallError("a request names one resource", hint="give its IRI as /resource?iri=...")
        found = await _describe(request, site, iris[0])
        return found or _unknown(iris[0])

    @routes.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def document(request: Request) -> Response:
        require(request.scope, "read")
        path = request.scope["raw_path"].removeprefix(services.root_path.encode())
        iri = document_iri(services.layout.base, path)
        found = await _describe(request, site, services.layout.entity(iri))
        stem, suffix = without_suffix(iri)
        if found is None and suffix is not None:
            found = await _describe(request, site, services.layout.entity(stem), suffix=suffix)
        return found or _unknown(services.layout.entity(iri))

    return routes


async def _describe(request: Request, site: _Site, iri: str, *, suffix: str | None = None) -> Response | None:
    services, subject = site.services, iri_token(iri)
    offer = negotiated(request, DESCRIPTIONS, suffix=suffix)
    tag = services.tags.tag(offer)
    known = services.tags.known(request, tag)
    if known is not None:
        return known
    address = f"{request.url.netloc} {iri}?{request.url.query}"
    made = site.rendered.get(address, tag) if offer.name == "html" else None
    if made is not None:
        return made
    total = (await site.counts.classes()).get(iri)
    part = _part(request, services, iri, total)
    headers = _headers(offer, iri, services, part) | {"ETag": tag}
    if offer.name == "html":
        response = await _page(request, site, iri, part)
        if response is not None:
            response.headers.update(headers)
            site.rendered.put(address, tag, response)
        return response
    if not await _is_known(services, subject):
        return None
    if offer.name == "csv":
        return await _table(site, iri, part, headers)
    queries = [description_query(subject, services.layout)]
    if total is not None:
        queries.append(members_query(subject, offset=part.offset, total=total, following=part.following))
    triples = [(await services.pool.answer(parse_query(query), syntax="ntriples")).body for query in queries]
    body = await asyncio.to_thread(write, b"".join(triples), offer, services, root=iri)
    return Response(body, headers=headers)


async def _is_known(services: Services, subject: Token) -> bool:
    return await is_true(services, exists_query(subject, services.layout))


def _part(request: Request, services: Services, iri: str, total: int | None) -> _Part:
    """Read the requested part of a long document."""
    offset = request.query_params.get("offset", "0")
    links_to = request.query_params.get("links")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 10):
        raise CallError(f"{offset!r} is not an offset", hint="give a whole number")
    if links_to is not None:
        iri_token(links_to)
    start = int(offset)
    more = total is not None and start + PAGE < total
    address = f"{request.url.scheme}://{request.url.netloc}{services.root_path}/resource"
    following = f"{address}?iri={quote(iri, safe='')}&offset={start + PAGE}" if more else None
    selection = selection_of(iri, request.query_params, services.glossary, offset=start)
    return _Part(offset=start, links=links_to, total=total, following=following, selection=selection)


def _unknown(iri: str) -> Response:
    raise HTTPException(404, detail=f"nothing is known about {iri}")


def _headers(offer: Offer, iri: str, services: Services, part: _Part) -> dict[str, str]:
    """Link headers: the document's own IRI, other formats, context, description."""
    document = uri(services.layout.document(iri))
    found = [
        f'<{document}>; rel="canonical"',
        *links(f"{services.root_path}/resource?iri={quote(iri, safe='')}", DESCRIPTIONS, offer),
        f'<{services.root_path}/.well-known/void>; rel="describedby"',
        '<http://www.w3.org/ns/ldp#RDFSource>; rel="type"',
    ]
    if part.following is not None:
        found.append(f'<{part.following}>; rel="next"')
    if offer.name in ("jsonld", "framed"):
        context = f'<{services.root_path}/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"'
        found.append(f'{context}; type="application/ld+json"')
    return {"Vary": "Accept", "Content-Type": offer.content_type, "Link": ", ".join(found)}


async def _page(request: Request, site: _Site, iri: str, part: _Part) -> Response | None:
    """The page for people: of a class, or of anything else; `None` where nothing is known."""
    services, pages = site.services, site.pages
    if request.query_params.get("view") == "source":
        return await source_page(services, pages, iri) if await _is_known(services, iri_token(iri)) else None
    if part.total is not None or (iri in services.glossary.by_class and await _is_known(services, iri_token(iri))):
        return await class_page(services, pages, site.counts, part.selection, total=part.total or 0)
    return await record_page(services, pages, Asked(iri=iri, offset=part.offset, links=part.links))


async def _table(site: _Site, iri: str, part: _Part, headers: Mapping[str, str]) -> Response:
    """The things of a class with their columns, or the statements about anything else, as CSV."""
    services = site.services
    text = known_query(iri_token(iri), services.layout)
    if part.total is not None:
        text = instances_query(part.selection, services)
    body = (await services.pool.answer(parse_query(text), syntax="csv")).body
    return Response(body, headers=headers)
