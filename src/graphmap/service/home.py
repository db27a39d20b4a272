"""`/`: what is here, and how to get at it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import LimitError
from graphmap.service.access import require
from graphmap.service.negotiate import PAGES, negotiated
from graphmap.service.pages import Pages, json_response
from graphmap.service.services import Services
from graphmap.service.tables import Cell, read_table
from graphmap.store import parse_query

__all__ = ["Counts", "router"]

_Rows = tuple[tuple[Cell, ...], ...] | None
_SEVERITY = "http://www.w3.org/ns/shacl#resultSeverity"
_COUNT_TIMEOUT_S = 2.0
_CLASSES = "SELECT ?class (COUNT(?thing) AS ?things) { ?thing a ?class } GROUP BY ?class ORDER BY DESC(?things) ?class"


def router(services: Services, pages: Pages, counts: Counts) -> APIRouter:
    """The home page and its stylesheet."""
    routes = APIRouter()

    @routes.api_route("/", methods=["GET", "HEAD"])
    async def home(request: Request) -> Response:
        require(request.scope, "read")
        classes, findings = await counts.rows()
        if negotiated(request, (PAGES[1], PAGES[0])).name == "html":
            return pages.response("home.html", classes=classes, findings=findings, services=services)
        members = {"classes": _members(classes), "findings": _members(findings)}
        return json_response({**members, "queries": sorted(services.queries)})

    @routes.api_route("/style.css", methods=["GET", "HEAD"])
    async def style() -> Response:
        return Response(pages.style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    @routes.api_route("/icon.svg", methods=["GET", "HEAD"])
    async def icon() -> Response:
        return Response(pages.icon, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})

    return routes


class Counts:
    """Counts of the whole store, made once for each state of it: they cost more than a page is worth."""

    def __init__(self, services: Services) -> None:
        severity = f"GRAPH {services.layout.reports} {{ ?finding <{_SEVERITY}> ?severity }}"
        self._queries = (
            _CLASSES,
            f"SELECT ?severity (COUNT(*) AS ?n) {{ {severity} }} GROUP BY ?severity ORDER BY ?severity",
        )
        self._pool = services.pool
        self._lock = asyncio.Lock()
        self._generation: int | None = None
        self._rows: tuple[_Rows, ...] = ()

    async def rows(self) -> tuple[_Rows, ...]:
        """Classes and severities with their numbers; `None` for what takes too long to count."""
        async with self._lock:
            generation = self._pool.generation
            if generation != self._generation:
                self._rows = (await self._counted(self._queries[0]), await self._counted(self._queries[1]))
                self._generation = generation
            return self._rows

    async def classes(self) -> Mapping[str, int]:
        """Number of things by class; empty where it takes too long to count."""
        return _members((await self.rows())[0]) or {}

    async def _counted(self, query: str) -> _Rows:
        try:
            answer = await self._pool.answer(parse_query(query), syntax="json", timeout_s=_COUNT_TIMEOUT_S)
        except LimitError:
            return None
        return read_table(answer.body).rows


def _members(rows: _Rows) -> dict[str, int] | None:
    return None if rows is None else {row[0].text: int(row[1].text) for row in rows}
