"""`/queries` lists the saved queries, `/queries/{name}` runs one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.queries import SavedQuery, bind
from graphmap.service.access import require
from graphmap.service.negotiate import PAGES, choose, negotiated, offers_for, without_suffix
from graphmap.service.pages import Pages, json_response
from graphmap.service.services import Services
from graphmap.service.sparql import respond
from graphmap.store import parse_query

__all__ = ["router"]


def router(services: Services, pages: Pages) -> APIRouter:
    """The routes of saved queries."""
    routes = APIRouter()

    @routes.api_route("/queries", methods=["GET", "HEAD"])
    async def listed(request: Request) -> Response:
        require(request.scope, "read")
        if negotiated(request, PAGES).name == "html":
            return pages.response("queries.html", queries=services.queries.values(), layout=services.layout)
        return json_response([_members(query) for query in services.queries.values()])

    @routes.api_route("/queries/{name}", methods=["GET", "HEAD"])
    async def run(request: Request, name: str) -> Response:
        require(request.scope, "query")
        name, suffix = (name, None) if name in services.queries else without_suffix(name)
        query = services.queries.get(name)
        if query is None:
            raise HTTPException(404, detail=f"there is no saved query {name!r}; /queries lists them")
        values = _values(request, query)
        if _form_only(request, query, values):
            return pages.response("table.html", table=None, layout=services.layout, **_page(query, values))
        bound = parse_query(bind(query, values), services.query_limits)
        return await respond(request, services, pages, bound, page=_page(query, values), suffix=suffix)

    return routes


def _page(query: SavedQuery, values: dict[str, str]) -> dict[str, object]:
    return {"title": query.title, "saved": query, "values": values, "text": query.text}


def _values(request: Request, query: SavedQuery) -> dict[str, str]:
    values = {name: value for name, value in request.query_params.items() if name != "format"}
    for name in values:
        if len(request.query_params.getlist(name)) > 1:
            raise CallError(f"the parameter {name!r} of the query {query.name!r} is given twice", hint="give it once")
    return values


def _form_only(request: Request, query: SavedQuery, values: dict[str, str]) -> bool:
    """Whether a person came for the form: values are missing and the browser wants a page."""
    missing = any(parameter.required and not values.get(parameter.name) for parameter in query.parameters)
    if not missing or "format" in request.query_params:
        return False
    chosen = choose(request.headers.get("accept"), offers_for(query.form))
    return chosen is not None and chosen.name == "html"


def _members(query: SavedQuery) -> dict[str, object]:
    parameters = [
        {
            "name": parameter.name,
            "type": parameter.kind,
            "required": parameter.required,
            "default": parameter.default,
            "meaning": parameter.meaning,
        }
        for parameter in query.parameters
    ]
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "href": f"/queries/{query.name}",
        "parameters": parameters,
    }
