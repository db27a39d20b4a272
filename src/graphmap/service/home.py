"""`/`: what is here, and how to get at it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import LimitError
from graphmap.service.negotiate import PAGES, negotiated
from graphmap.service.pages import Pages, json_response
from graphmap.service.services import Services
from graphmap.service.tables import Cell, read_table
from graphmap.store import parse_query

__all__ = ["router"]

_COUNT_TIMEOUT_S = 2.0
_CLASSES = "SELECT ?class (COUNT(?thing) AS ?things) { ?thing a ?class } GROUP BY ?class ORDER BY DESC(?things) ?class"


def router(services: Services, pages: Pages) -> APIRouter:
    """The home page and its stylesheet."""
    routes = APIRouter()

    @routes.api_route("/", methods=["GET", "HEAD"])
    def home(request: Request) -> Response:
        classes, findings = _classes(services), _findings(services)
        if negotiated(request, (PAGES[1], PAGES[0])).name == "html":
            return pages.response("home.html", classes=classes, findings=findings, services=services)
        counts = None if classes is None else {row[0].text: int(row[1].text) for row in classes}
        severities = None if findings is None else {row[0].text: int(row[1].text) for row in findings}
        return json_response({"classes": counts, "findings": severities, "queries": sorted(services.queries)})

    @routes.api_route("/style.css", methods=["GET", "HEAD"])
    def style() -> Response:
        return Response(pages.style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    return routes


def _classes(services: Services) -> tuple[tuple[Cell, ...], ...] | None:
    return _counted(services, _CLASSES)


def _findings(services: Services) -> tuple[tuple[Cell, ...], ...] | None:
    severity = "<http://www.w3.org/ns/shacl#resultSeverity>"
    where = f"GRAPH {services.layout.reports} {{ ?finding {severity} ?severity }}"
    return _counted(services, f"SELECT ?severity (COUNT(*) AS ?n) {{ {where} }} GROUP BY ?severity ORDER BY ?severity")


def _counted(services: Services, query: str) -> tuple[tuple[Cell, ...], ...] | None:
    """The rows of a counting query, or `None` where counting takes too long for a page."""
    try:
        answer = services.workers.answer(parse_query(query), syntax="json", timeout_s=_COUNT_TIMEOUT_S)
    except LimitError:
        return None
    return read_table(answer.body).rows
