"""Errors as the client sees them: one table from exception to status, one shape.

Source: RFC 9457 (Problem Details for HTTP APIs).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphmap import errors
from graphmap.rdf import GRAPHMAP
from graphmap.service.http.negotiation import PARAMETERS, Offer, accepted, choose
from graphmap.service.pages import Pages
from graphmap.store.sparql import ClosedGraphError

__all__ = ["STATUS", "Problems", "guarded", "problem", "register"]

STATUS: Mapping[type[errors.GraphmapError], int] = MappingProxyType(
    {
        errors.CallError: 400,
        errors.QueryError: 400,
        errors.TermError: 400,
        errors.DataError: 400,
        errors.RecordError: 400,
        errors.SourceError: 400,
        errors.LimitError: 422,
        errors.DeadlineError: 504,
        errors.StoreError: 503,
        ClosedGraphError: 403,
    }
)
"""Exception to HTTP status, the nearest class of the error's ancestry; 500 for what is not listed."""

_PROBLEM = "application/problem+json"
_OFFERS = (
    Offer(name="problem", media_type=_PROBLEM),
    Offer(name="json", media_type="application/json"),
    Offer(name="html", media_type="text/html"),
)


class Problems:
    """ASGI middleware: what is raised becomes a problem, unless an answer has begun.

    Args:
        app: what may raise.
        pages: writes HTML.
    """

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        begun = False

        async def watching(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except (errors.GraphmapError, HTTPException) as error:
            if begun:
                raise
            await problem(Request(scope), self._pages, error)(scope, receive, send)


def register(app: FastAPI, pages: Pages) -> None:
    """Let an application answer all errors of its routes as problems."""

    def foreseen(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.GraphmapError | HTTPException)  # noqa: S101  # registered for these
        return problem(request, pages, error)

    app.add_exception_handler(errors.GraphmapError, foreseen)
    app.add_exception_handler(HTTPException, foreseen)
    app.add_exception_handler(Exception, _unforeseen(pages))


def guarded(app: ASGIApp, pages: Pages) -> ASGIApp:
    """Answer what nobody foresaw as a problem too; the server hears of it afterwards, and logs it.

    Args:
        app: what may raise anything.
        pages: writes HTML.
    """
    return ServerErrorMiddleware(app, handler=_unforeseen(pages))


def _unforeseen(pages: Pages) -> Callable[[Request, Exception], Response]:
    def unforeseen(request: Request, _: Exception) -> Response:
        detail = "something went wrong here that should not; the server's log says more"
        members = {"type": "about:blank", "title": "Internal Server Error", "status": 500, "detail": detail}
        return _response(request, pages, members)

    return unforeseen


def problem(request: Request, pages: Pages, error: errors.GraphmapError | HTTPException) -> Response:
    """The answer that tells of an error.

    Args:
        request: says whether a page or data is wanted.
        pages: writes HTML.
        error: what happened.
    """
    if isinstance(error, errors.GraphmapError):
        return _response(request, pages, _members(error))
    detail: object = error.detail
    extra = detail if isinstance(detail, dict) else {"detail": detail}
    members = {"type": "about:blank", "title": HTTPStatus(error.status_code).phrase, "status": error.status_code}
    return _response(request, pages, {**members, **extra}, error.headers)


def _members(error: errors.GraphmapError) -> dict[str, object]:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    members: dict[str, object] = {
        "type": f"{GRAPHMAP}{type(error).__name__}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.what,
    }
    where = error.where
    extra = {
        "hint": error.hint,
        "line": where.line,
        "column": where.column,
        "row": where.row,
        "pointer": where.pointer,
    }
    return members | {name: value for name, value in extra.items() if value is not None}


def _response(
    request: Request, pages: Pages, members: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> Response:
    status = members["status"]
    assert isinstance(status, int)  # noqa: S101  # set above
    offer = choose(accepted(request), _OFFERS) or _OFFERS[0]
    out = {"Vary": "Accept", **(headers or {})}
    if status in (HTTPStatus.GATEWAY_TIMEOUT, HTTPStatus.SERVICE_UNAVAILABLE):
        out.setdefault("Retry-After", "1")
    if offer.name == "html":
        return Response(_page(request, pages, members), status, out, "text/html; charset=utf-8")
    return Response(msgspec.json.encode(members), status, out, _PROBLEM)


def _page(request: Request, pages: Pages, members: Mapping[str, object]) -> str:
    """The page about a problem, with the query that has it, so that it can be mended there."""
    asked = request.query_params
    others = urlencode([(name, value) for name, value in asked.multi_items() if name not in PARAMETERS])
    return pages.render(
        "error.html",
        problem=members,
        query=asked.get("query", "") if request.scope["path"].rstrip("/").endswith("/sparql") else "",
        here=f"?{others}&" if others else "?",
        document=msgspec.json.format(msgspec.json.encode(members), indent=2).decode(),
    )
