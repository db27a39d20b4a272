"""`/sparql`: queries by GET, by form and by direct POST; updates by form and by direct POST.

It stands in front of the router as an application of its own, since it is asked more than all the rest together.
Source: SPARQL 1.1 Protocol, sections 2.1 and 2.2; SPARQL 1.1 Service Description, section 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphmap.errors import CallError
from graphmap.service.access import require
from graphmap.service.catalog import service_description
from graphmap.service.dependencies import Services
from graphmap.service.http import answer, ndjson, read_table, run_in_thread, write_graph
from graphmap.service.http.body import form, media_type_of, read_body
from graphmap.service.http.limits import GONE, ClientGone, attended, client_of
from graphmap.service.http.negotiation import Offer, accepted, asked_formats, choose, negotiated, offers_for
from graphmap.service.monitoring import QUERY
from graphmap.service.pages import Pages
from graphmap.service.sparql.result_view import result_page
from graphmap.store import Dataset
from graphmap.store.sparql import Query, parse_query

__all__ = ["Endpoint", "respond"]

_QUERY_FIELDS = ("default-graph-uri", "named-graph-uri")
_UPDATE_FIELDS = ("using-graph-uri", "using-named-graph-uri")
_ALLOW = "GET, HEAD, POST, OPTIONS"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    text: str
    dataset: Dataset | None
    update: bool
    timeout_s: float | None
    asked: tuple[str, ...]


class Endpoint:
    """The SPARQL endpoint as an ASGI application.

    Args:
        services: collaborators.
        pages: writes HTML.
    """

    def __init__(self, services: Services, pages: Pages) -> None:
        self._services = services
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._response(request)
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            fields = _fields(request)
            if "query" not in fields and "update" not in fields:
                return await self._about(request)
            return await self._run(request, _operation(fields, post=False))
        if request.method == "POST":
            return await self._run(request, await self._posted(request))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": _ALLOW})
        raise HTTPException(405, detail="queries come by GET or POST", headers={"Allow": _ALLOW})

    async def _posted(self, request: Request) -> _Operation:
        kind = media_type_of(request)
        if kind == "application/x-www-form-urlencoded":
            body = await read_body(request, self._services.limits)
            fields = await run_in_thread(len(body), form, body)
            return _operation({**_fields(request), **fields}, post=True)
        names = {"application/sparql-query": "query", "application/sparql-update": "update"}
        if kind not in names:
            detail = "send application/sparql-query, application/sparql-update, or a form with query or update"
            raise HTTPException(415, detail=detail)
        body_text = _text(await read_body(request, self._services.limits))
        return _operation({**_fields(request), names[kind]: [body_text]}, post=True)

    async def _run(self, request: Request, operation: _Operation) -> Response:
        services = self._services
        require(request.scope, "update" if operation.update else "query")
        request.scope[QUERY] = operation.text
        query = await run_in_thread(len(operation.text), parse_query, operation.text, services.query_limits)
        if operation.update:
            await services.updates.run(query, base=services.layout.base, dataset=operation.dataset)
            return Response(status_code=204)
        page = {"title": "Result", "text": operation.text, "address": "/sparql", "given": {"query": operation.text}}
        return await respond(
            request,
            services,
            self._pages,
            query,
            page=page,
            dataset=operation.dataset,
            timeout_s=operation.timeout_s,
            offer=negotiated(request, offers_for(query.form), asked=operation.asked),
        )

    async def _about(self, request: Request) -> Response:
        """A form for people, a description of the service for programs."""
        require(request.scope, "read")
        accept = accepted(request) or ""
        if "html" in accept and choose(accept, offers_for("SELECT")[-1:]) is not None:
            return _form(request, self._services, self._pages)
        return await write_graph(request, self._services, service_description(request, self._services))


def _form(request: Request, services: Services, pages: Pages) -> Response:
    """The page on which a query is written; `edit` names a saved query to begin with."""
    saved = services.queries.get(request.query_params.get("edit", ""))
    values = {
        "query": saved.text if saved else "",
        "layout": services.layout,
        "prefixes": services.prefixes,
        "queries": list(services.queries.values()),
    }
    return pages.with_editor("sparql.html", **values)


async def respond(
    request: Request,
    services: Services,
    pages: Pages,
    query: Query,
    *,
    page: Mapping[str, object],
    offer: Offer,
    dataset: Dataset | None = None,
    timeout_s: float | None = None,
) -> Response:
    """Run a query and answer.

    Args:
        request: what is asked; its entity tags are looked at.
        services: runs the query.
        pages: writes HTML.
        query: what to run.
        page: what the page `table.html` wants to know beside the table.
        offer: the format of the answer.
        dataset: overrides the query's own.
        timeout_s: lowers the limit.

    Raises:
        CallError: for an update.
        GraphmapError: as `Pool.stream` does.
    """
    if query.form == "UPDATE":
        raise CallError("this is an update, and a query is asked for", hint="send it as update, by POST")
    try:
        async with attended(request.scope, request.receive):
            if offer.name not in ("html", "ndjson"):
                return await answer(request, services, query, offer, dataset=dataset, timeout_s=timeout_s)
            table = await services.pool.answer(
                query, syntax="json", dataset=dataset, timeout_s=timeout_s, client=client_of(request.scope)
            )
    except ClientGone:
        return Response(status_code=GONE)
    if offer.name == "html":
        return result_page(pages, services, read_table(table.body), query.form, page)
    return Response(ndjson(table.body), headers={"Vary": "Accept", "Content-Type": offer.content_type})


def _operation(fields: Mapping[str, Sequence[str]], *, post: bool) -> _Operation:
    if "explain" in fields:
        hint = "leave explain out; a low timeout tells whether a query is cheap"
        raise CallError("the store tells no plan of a query", hint=hint)
    texts = [(name, text) for name in ("query", "update") for text in fields.get(name, ())]
    if len(texts) != 1:
        what = f"a request carries one query or one update, and this one has {len(texts)}"
        raise CallError(what, hint="give the field query or the field update")
    ((name, text),) = texts
    if name == "update" and not post:
        raise CallError("an update does not come by GET", hint="send it by POST")
    default, named = (tuple(fields.get(key, ())) for key in (_UPDATE_FIELDS if name == "update" else _QUERY_FIELDS))
    return _Operation(
        text=text,
        dataset=Dataset(default_graphs=default, named_graphs=named) if default or named else None,
        update=name == "update",
        timeout_s=_seconds(fields.get("timeout", ())),
        asked=asked_formats((key, value) for key, values in fields.items() for value in values),
    )


def _seconds(values: Sequence[str]) -> float | None:
    """The `timeout` parameter: seconds, that may lower the limit."""
    if not values:
        return None
    text = values[0]
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(text) < 10 and float(text) > 0):
        raise CallError(f"{text!r} is not a timeout", hint="give seconds, such as 2.5")
    return float(text)


def _fields(request: Request) -> dict[str, list[str]]:
    try:
        query = request.scope["query_string"].decode("ascii")
        return parse_qs(query, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise CallError(f"the parameters do not parse: {error}", hint="encode them as UTF-8 and percent") from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CallError("the text is not UTF-8", hint="correct its encoding") from error
