"""`/search`: things by their names, codes and keys; a page for people, JSON for programs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.service.access import require
from graphmap.service.dependencies import Services
from graphmap.service.http.negotiation import PAGES, negotiated
from graphmap.service.pages import Pages, json_response
from graphmap.service.search_index import Finder
from graphmap.store import Found

__all__ = ["router"]

_PAGE = 20
_LARGEST_PAGE = 100
_LONGEST = 200
_FARTHEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """Search request.

    Args:
        text: words.
        kind: IRI of a class; `None` for any.
        limit: hits of a page.
        offset: hits before it.
    """

    text: str
    kind: str | None
    limit: int
    offset: int

    def address(self, root: str) -> str:
        """The address of the search, without its offset."""
        given = {"q": self.text, "kind": self.kind, "limit": self.limit if self.limit != _PAGE else None}
        return f"{root}/search?{urlencode({name: value for name, value in given.items() if value})}"


def router(services: Services, pages: Pages) -> APIRouter:
    """The search."""
    routes = APIRouter()

    @routes.api_route("/search", methods=["GET", "HEAD"])
    async def search(request: Request) -> Response:
        require(request.scope, "read")
        offer, asked = negotiated(request, PAGES), _asked(request)
        found = await _found(services.finder, asked) if asked.text else Found()
        if offer.name == "html":
            return pages.response("search.html", **_page(services, asked, found))
        return json_response(_members(asked, found))

    return routes


def _asked(request: Request) -> _Search:
    given = request.query_params
    text = given.get("q", "").strip()
    if len(text) > _LONGEST:
        raise CallError(f"a search has at most {_LONGEST} characters", hint="leave some words out")
    return _Search(
        text=text,
        kind=given.get("kind") or None,
        limit=_number(given.get("limit", str(_PAGE)), "limit", _LARGEST_PAGE),
        offset=_number(given.get("offset", "0"), "offset", _FARTHEST),
    )


def _number(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= most):
        raise CallError(f"{text!r} is no {name}", hint=f"give a whole number up to {most}")
    return int(text)


async def _found(finder: Finder | None, asked: _Search) -> Found:
    if finder is None:
        raise HTTPException(404, detail="this service has no search")
    if not await finder.ready():
        detail = {"detail": "the search index is being built", "hint": "try again in a moment; everything else works"}
        raise HTTPException(503, detail=detail, headers={"Retry-After": "5"})  # type: ignore[arg-type]  # members
    return await asyncio.to_thread(finder.find, asked.text, kind=asked.kind, limit=asked.limit, offset=asked.offset)


def _page(services: Services, asked: _Search, found: Found) -> dict[str, object]:
    words, base = services.glossary, services.layout.base
    kinds = [
        {"iri": kind, "label": words.label(kind), "number": number}
        for kind, number in found.kinds.items()
        if kind.startswith(base) or kind == asked.kind or not any(each.startswith(base) for each in found.kinds)
    ]
    hits = [{"hit": hit, "kinds": [words.label(kind) for kind in _own(hit.kinds, base)]} for hit in found.hits]
    address = asked.address(services.root_path)
    return {"asked": asked, "found": found, "hits": hits, "kinds": kinds, "address": address}


def _own(kinds: tuple[str, ...], base: str) -> tuple[str, ...]:
    return tuple(kind for kind in kinds if kind.startswith(base)) or kinds


def _members(asked: _Search, found: Found) -> dict[str, object]:
    hits = [
        {"iri": hit.iri, "label": hit.label, "kinds": hit.kinds, "texts": hit.texts, "href": _href(hit.iri)}
        for hit in found.hits
    ]
    totals = {"total": found.total, "exact": found.exact, "kinds": dict(found.kinds)}
    return {"query": asked.text, "kind": asked.kind, **totals, "offset": asked.offset, "hits": hits}


def _href(iri: str) -> str:
    return f"/resource?{urlencode({'iri': iri})}"
