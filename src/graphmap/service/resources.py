"""Documents about things: `/resource?iri=` for any, and each record's document at its own path."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

import msgspec
import pyoxigraph as ox
from fastapi import APIRouter
from pyld import jsonld
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.service.description import description_query, exists_query, read_view, view_queries
from graphmap.service.headers import uri
from graphmap.service.negotiate import DESCRIPTIONS, Offer, negotiated
from graphmap.service.pages import Pages
from graphmap.service.services import Services
from graphmap.service.tables import read_table
from graphmap.store import parse_query
from graphmap.terms import RDF_TYPE, iri_of, iri_safe, iri_token

__all__ = ["document_iri", "router"]

_RDF_TYPE = iri_of(RDF_TYPE)
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def router(services: Services, pages: Pages) -> APIRouter:
    """The pages about single things; its last route takes every path, so it goes last into an application."""
    routes = APIRouter()

    @routes.api_route("/resource", methods=["GET", "HEAD"])
    def resource(request: Request) -> Response:
        iris = request.query_params.getlist("iri")
        if len(iris) != 1:
            raise CallError("a request names one resource", hint="give its IRI as /resource?iri=...")
        return _describe(request, services, pages, iris[0])

    @routes.api_route("/{path:path}", methods=["GET", "HEAD"])
    def document(request: Request) -> Response:
        iri = document_iri(services.layout.base, request.scope["raw_path"])
        return _describe(request, services, pages, services.layout.entity(iri))

    return routes


def document_iri(base: str, raw_path: bytes) -> str:
    """The IRI of the document at a path.

    What a browser encodes but an IRI holds as it is comes back as it is; `%2F`, `%3A` and their like stay encoded.

    Args:
        base: the base IRI.
        raw_path: the request's path as it came, not decoded.

    >>> document_iri("https://schema.limbergraph.com/", b"/limber/CustomerAccount/M%C3%BCnchen%2f%41")
    'https://schema.limbergraph.com/limber/CustomerAccount/München%2FA'
    """
    path = raw_path.decode("ascii", "replace").partition("?")[0]
    return base + _ENCODED.sub(_as_iri, path.lstrip("/"))


def _as_iri(match: re.Match[str]) -> str:
    try:
        return iri_safe(unquote_to_bytes(match[0]).decode("utf-8"))
    except UnicodeDecodeError:
        return match[0].upper()


def _describe(request: Request, services: Services, pages: Pages, iri: str) -> Response:
    subject = iri_token(iri)
    offer = negotiated(request, DESCRIPTIONS)
    found = services.workers.answer(parse_query(exists_query(subject, services.layout)), syntax="json")
    if read_table(found.body).boolean is not True:
        raise HTTPException(404, detail=f"nothing is known about {iri}")
    if offer.name == "html":
        return _page(services, pages, iri)
    query = parse_query(description_query(subject, services.layout))
    triples = services.workers.answer(query, syntax="ntriples").body
    return Response(_written(triples, offer, services), headers=_headers(offer, services.layout.document(iri)))


def _headers(offer: Offer, document: str) -> dict[str, str]:
    links = f'<{uri(document)}>; rel="canonical"'
    return {"Vary": "Accept", "Content-Type": offer.content_type, "Link": links}


def _page(services: Services, pages: Pages, iri: str) -> Response:
    answers = {
        name: services.workers.answer(parse_query(text), syntax="json").body
        for name, text in view_queries(iri_token(iri), services.layout).items()
    }
    return pages.response("resource.html", view=read_view(iri, answers), layout=services.layout)


def _written(ntriples: bytes, offer: Offer, services: Services) -> bytes:
    """Write a description by subject; sorted lines bring what belongs together next to each other."""
    lines = b"".join(sorted(ntriples.splitlines(keepends=True)))
    if offer.name == "ntriples":
        return lines
    quads = list(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    out = io.BytesIO()
    if offer.name == "turtle":
        triples = [quad.triple for quad in quads]
        ox.serialize(triples, out, format=ox.RdfFormat.TURTLE, prefixes=dict(services.prefixes))
        return out.getvalue()
    ox.serialize(quads, out, format=ox.RdfFormat.JSON_LD)
    return _compacted(out.getvalue(), services.context)


def _compacted(expanded: bytes, context: Mapping[str, object]) -> bytes:
    """Write JSON-LD with a context. Source: JSON-LD 1.1 Processing Algorithms and API, section 6."""
    nodes = [_typed(node) for node in msgspec.json.decode(expanded, type=list[dict[str, object]])]
    options = {"documentLoader": _no_loading, "graph": True}
    return msgspec.json.encode(jsonld.compact(nodes, context.get("@context", context), options))


def _typed(node: dict[str, object]) -> dict[str, object]:
    """Say `@type`, where the engine's writer keeps `rdf:type` a property like any other."""
    values = node.get(_RDF_TYPE)
    if not isinstance(values, list) or not all("@id" in value for value in values):
        return node
    rest = {name: value for name, value in node.items() if name != _RDF_TYPE}
    return {**rest, "@type": [value["@id"] for value in values]}


def _no_loading(url: str, _: object = None) -> object:
    raise CallError(f"the context refers to {url}, and nothing is fetched here", hint="write its terms out")
