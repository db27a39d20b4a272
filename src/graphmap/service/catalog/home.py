"""`/`: what is here, how well it fits, and how to get at it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from graphmap.rdf import local_name
from graphmap.service.access import require
from graphmap.service.catalog.counts import Counts, Rows
from graphmap.service.dependencies import Services
from graphmap.service.http import Cell
from graphmap.service.http.negotiation import PAGES, negotiated
from graphmap.service.pages import Bar, Pages, bars, json_response, link

__all__ = ["router"]

_QUESTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Health:
    """State of the graph in numbers; `None` for what takes too long to count.

    Args:
        stored: records.
        aside: records that were set aside.
        findings: number by severity.
        latest: when a record was stored last; empty where none was.
    """

    stored: int | None
    aside: int | None
    findings: Mapping[str, int] | None
    latest: str


def router(services: Services, pages: Pages, counts: Counts) -> APIRouter:
    """The home page, its stylesheet and its icon."""
    routes = APIRouter()

    @routes.api_route("/", methods=["GET", "HEAD"])
    async def home(request: Request) -> Response:
        require(request.scope, "read")
        names = ("classes", "findings", "outcomes", "stored", "latest")
        rows = dict(zip(names, await asyncio.gather(*(counts.of(name) for name in names)), strict=True))
        if negotiated(request, (PAGES[1], PAGES[0])).name == "html":
            return pages.response("home.html", **_page(request, services, rows))
        members = {"classes": _members(rows["classes"]), "findings": _members(rows["findings"])}
        return json_response({**members, "queries": sorted(services.queries)})

    @routes.api_route("/style.css", methods=["GET", "HEAD"])
    async def style() -> Response:
        return Response(pages.style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    @routes.api_route("/icon.svg", methods=["GET", "HEAD"])
    async def icon() -> Response:
        return Response(pages.icon, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})

    return routes


def _page(request: Request, services: Services, rows: Mapping[str, Rows]) -> dict[str, object]:
    kinds = rows["classes"]
    base = services.layout.base
    own = [row for row in kinds or () if row[0].text.startswith(base)]
    own = own or list(kinds or ())
    questions = sorted(services.queries.values(), key=lambda query: any(each.required for each in query.parameters))
    return {
        "known": kinds is not None,
        "kinds": bars(_kind(row, services) for row in own),
        "others": bars(_kind(row, services) for row in kinds or () if row not in own),
        "health": _health(rows),
        "questions": questions[:_QUESTIONS],
        "address": f"{request.url.scheme}://{request.url.netloc}{services.root_path}",
    }


def _kind(row: tuple[Cell, ...], services: Services) -> Bar:
    word = services.glossary.word(row[0].text)
    href = services.root_path + link(word.iri)
    return Bar(label=word.label, number=int(row[1].text), href=href, note=word.meaning)


def _health(rows: Mapping[str, Rows]) -> _Health:
    stored, latest = rows["stored"], rows["latest"]
    outcomes, findings = _members(rows["outcomes"]), _members(rows["findings"])
    return _Health(
        stored=None if stored is None else int(stored[0][0].text),
        aside=None if outcomes is None else sum(outcomes.values()),
        findings=None if findings is None else {local_name(name): number for name, number in findings.items()},
        latest=latest[0][0].text if latest else "",
    )


def _members(rows: Rows) -> dict[str, int] | None:
    return None if rows is None else {row[0].text: int(row[1].text) for row in rows}
