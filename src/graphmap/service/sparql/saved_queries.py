"""`/queries` lists the saved queries, `/queries/{name}` runs one."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.saved_queries import SavedQuery, bind
from graphmap.service.access import require
from graphmap.service.dependencies import Services
from graphmap.service.http import Page, page_of, paged, read_table
from graphmap.service.http.negotiation import (
    PAGES,
    PARAMETERS,
    accepted,
    asked_formats,
    choose,
    negotiated,
    offers_for,
    without_suffix,
)
from graphmap.service.pages import Pages, json_response
from graphmap.service.sparql.endpoint import respond
from graphmap.service.sparql.result_view import result_page
from graphmap.store.sparql import Query, parse_query

__all__ = ["router"]

_PAGING = {"limit", "offset"}


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
            return result_page(pages, services, None, query.form, _page(query, values, query.text))
        page = None if _own(query) & _PAGING else page_of(request.query_params)
        bound = parse_query(bind(query, values), services.query_limits)
        asked = bound if page is None else parse_query(paged(bound, page), services.query_limits)
        if request.query_params.get("empty") == "404":
            await _must_have_rows(services, bound)
        shown = _page(query, values, bound.text)
        offer = negotiated(request, offers_for(asked.form), suffix=suffix, asked=_formats(request, query))
        response = await respond(request, services, pages, asked, page=shown, offer=offer)
        if page is not None and response.status_code == HTTPStatus.OK and await _more(services, bound, page):
            response.headers["Link"] = page.following(f"{services.root_path}/queries/{quote(name)}", values)
        return response

    return routes


async def _more(services: Services, query: Query, page: Page) -> bool:
    """Return whether there are rows after a page."""
    answer = await services.pool.answer(parse_query(paged(query, page, rows=1)), syntax="json")
    return bool(read_table(answer.body).total)


async def _must_have_rows(services: Services, query: Query) -> None:
    if query.form != "SELECT":
        return
    answer = await services.pool.answer(query, syntax="json")
    if not read_table(answer.body, rows=0).total:
        raise HTTPException(404, detail="the query has no rows for these values")


def _page(query: SavedQuery, values: dict[str, str], text: str) -> dict[str, object]:
    """Show the page of a saved query; the text has the values in it, so that it can be copied and changed."""
    address = f"/queries/{quote(query.name)}"
    return {"title": query.title, "saved": query, "values": values, "text": text, "address": address, "given": values}


def _values(request: Request, query: SavedQuery) -> dict[str, str]:
    ours = {*PARAMETERS, "empty", *_PAGING} - _own(query)
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise CallError(f"the parameter {name!r} of the query {query.name!r} is given twice", hint="give it once")
        if name not in ours:
            values[name] = value
    return values


def _own(query: SavedQuery) -> set[str]:
    return {parameter.name for parameter in query.parameters}


def _formats(request: Request, query: SavedQuery) -> tuple[str, ...]:
    """The formats that are asked for; a parameter of the query itself asks for none."""
    return asked_formats(request.query_params.multi_items(), taken=_own(query))


def _form_only(request: Request, query: SavedQuery, values: dict[str, str]) -> bool:
    """Return whether a person came for the form: values are missing and the browser wants a page."""
    missing = any(parameter.required and not values.get(parameter.name) for parameter in query.parameters)
    if not missing or _formats(request, query):
        return False
    chosen = choose(accepted(request), offers_for(query.form))
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
