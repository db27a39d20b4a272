"""`/sparql`: queries by GET, by form and by direct POST.

Source: SPARQL 1.1 Protocol, section 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.service.bodies import form, media_type_of, reader
from graphmap.service.negotiate import choose, negotiated, offers_for
from graphmap.service.pages import Pages
from graphmap.service.services import Services
from graphmap.service.tables import read_table
from graphmap.store import Dataset, Query, parse_query

__all__ = ["respond", "router"]

_UPDATE = "this endpoint answers queries; updates are not taken, records go to /records"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    query: str
    dataset: Dataset | None


def router(services: Services, pages: Pages) -> APIRouter:
    """The SPARQL endpoint."""
    routes = APIRouter()

    @routes.api_route("/sparql", methods=["GET", "HEAD"])
    def get(request: Request) -> Response:
        fields = _multi(request)
        if "query" not in fields and _wants_page(request):
            return pages.response("sparql.html", query="", layout=services.layout, prefixes=services.prefixes)
        return _run(request, services, pages, _operation(fields))

    @routes.post("/sparql")
    def post(request: Request, body: bytes = Depends(reader(services.body_bytes))) -> Response:
        kind = media_type_of(request)
        if kind == "application/sparql-query":
            return _run(request, services, pages, _operation({**_multi(request), "query": [_text(body)]}))
        if kind == "application/x-www-form-urlencoded":
            return _run(request, services, pages, _operation(form(body)))
        if kind == "application/sparql-update":
            raise HTTPException(403, detail=_UPDATE)
        raise HTTPException(415, detail="send application/sparql-query, or a form with the field query")

    return routes


def respond(
    request: Request,
    services: Services,
    pages: Pages,
    query: Query,
    *,
    page: Mapping[str, object],
    dataset: Dataset | None = None,
) -> Response:
    """Run a query and answer in the format that the request likes best.

    Args:
        request: negotiates.
        services: runs the query.
        pages: writes HTML.
        query: what to run.
        page: what the page `table.html` wants to know beside the table.
        dataset: overrides the query's own.

    Raises:
        HTTPException: 403 for an update, 406 where no format fits.
        GraphmapError: as `Workers.answer` does.
    """
    if query.form == "UPDATE":
        raise HTTPException(403, detail=_UPDATE)
    offer = negotiated(request, offers_for(query.form))
    if offer.name == "html":
        answer = services.workers.answer(query, syntax="json", dataset=dataset)
        return pages.response("table.html", table=read_table(answer.body), layout=services.layout, **page)
    answer = services.workers.answer(query, syntax=offer.name, dataset=dataset, prefixes=services.prefixes)
    return Response(answer.body, headers={"Vary": "Accept", "Content-Type": offer.content_type})


def _run(request: Request, services: Services, pages: Pages, operation: _Operation) -> Response:
    query = parse_query(operation.query, services.query_limits)
    page = {"title": "Result", "text": operation.query}
    return respond(request, services, pages, query, page=page, dataset=operation.dataset)


def _operation(fields: Mapping[str, Sequence[str]]) -> _Operation:
    if "update" in fields:
        raise HTTPException(403, detail=_UPDATE)
    queries = fields.get("query", ())
    if len(queries) != 1:
        raise CallError(f"a request carries one query, and this one has {len(queries)}", hint="give the field query")
    default, named = tuple(fields.get("default-graph-uri", ())), tuple(fields.get("named-graph-uri", ()))
    dataset = Dataset(default_graphs=default, named_graphs=named) if default or named else None
    return _Operation(query=queries[0], dataset=dataset)


def _multi(request: Request) -> dict[str, list[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CallError("the query is no UTF-8", hint="mend its encoding") from error


def _wants_page(request: Request) -> bool:
    chosen = choose(request.headers.get("accept"), offers_for("SELECT"))
    return chosen is not None and chosen.name == "html"
