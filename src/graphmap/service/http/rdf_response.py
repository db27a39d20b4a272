"""Small graphs that the service makes itself, in the format that the client likes best."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping

import msgspec
import pyoxigraph as ox
from pyld import jsonld
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.rdf import RDF_TYPE, iri_of
from graphmap.service.dependencies import Services
from graphmap.service.http.negotiation import GRAPHS, Offer, negotiated

__all__ = ["write", "write_graph"]

_MOST_KEPT = 16
_RDF_TYPE = iri_of(RDF_TYPE)
_FORMATS = {"rdfxml": ox.RdfFormat.RDF_XML, "trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE}


async def write_graph(request: Request, services: Services, ntriples: bytes, *, suffix: str | None = None) -> Response:
    """Answer with a graph, which is written once for a state of the store.

    Args:
        request: negotiates.
        services: has prefixes and context.
        ntriples: the graph.
        suffix: the format that the path asks for.

    Raises:
        HTTPException: 406 where no format fits.
    """
    offer = negotiated(request, GRAPHS, suffix=suffix)
    tag = services.tags.tag(offer)
    known = services.tags.known(request, tag)
    headers = {"Vary": "Accept", "Content-Type": offer.content_type, "ETag": tag}
    return known or Response(await _written(ntriples, offer, services, tag), headers=headers)


async def _written(ntriples: bytes, offer: Offer, services: Services, tag: str) -> bytes:
    """Write a graph in a thread; whoever asks for the same meanwhile waits for it."""
    key = (tag, ntriples)
    task = services.written.get(key)
    if task is None:
        task = services.written[key] = asyncio.create_task(asyncio.to_thread(write, ntriples, offer, services))
        while len(services.written) > _MOST_KEPT:
            services.written.popitem(last=False)
    try:
        return await asyncio.shield(task)  # who asked first may leave
    except CallError:
        services.written.pop(key, None)
        raise


def write(ntriples: bytes, offer: Offer, services: Services, *, root: str | None = None) -> bytes:
    """Write a graph; sorted lines bring what belongs together next to each other.

    Args:
        ntriples: the graph; a triple may stand in it twice.
        offer: how.
        services: has prefixes and context.
        root: the thing that a framed document begins with.
    """
    lines = b"".join(sorted(set(ntriples.splitlines(keepends=True))))
    if offer.name in ("ntriples", "nquads"):
        return lines
    quads, out = list(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)), io.BytesIO()
    if offer.name in _FORMATS:
        triples = [quad.triple for quad in quads]
        ox.serialize(triples, out, format=_FORMATS[offer.name], prefixes=dict(services.prefixes))
        return out.getvalue()
    ox.serialize(quads, out, format=ox.RdfFormat.JSON_LD)
    return _jsonld(out.getvalue(), services.context, offer.profile, root)


def _jsonld(expanded: bytes, context: Mapping[str, object], profile: str, root: str | None) -> bytes:
    """Write JSON-LD in one of its forms. Source: JSON-LD 1.1 Processing Algorithms and API, section 6; Framing."""
    nodes = [_typed(node) for node in msgspec.json.decode(expanded, type=list[dict[str, object]])]
    inner = context.get("@context", context)
    options: dict[str, object] = {"documentLoader": _no_loading}
    if profile == "expanded":
        return msgspec.json.encode(nodes)
    if profile == "framed" and root is not None:
        frame = {"@context": inner, "@id": root, "@embed": "@once"}
        return msgspec.json.encode(jsonld.frame(nodes, frame, options))
    return msgspec.json.encode(jsonld.compact(nodes, inner, {**options, "graph": True}))


def _typed(node: dict[str, object]) -> dict[str, object]:
    """Say `@type`, where the engine's writer keeps `rdf:type` a property like any other."""
    values = node.get(_RDF_TYPE)
    if not isinstance(values, list) or not all("@id" in value for value in values):
        return node
    rest = {name: value for name, value in node.items() if name != _RDF_TYPE}
    return {**rest, "@type": [value["@id"] for value in values]}


def _no_loading(url: str, _: object = None) -> object:
    raise CallError(f"the context refers to {url}, and nothing is fetched here", hint="write its terms out")
