"""Requests on condition that nothing is there yet: `If-None-Match: *`.

It holds for all that can be read, whether it has an entity tag or not; so the answer is waited for, and is 304 where
it would have been 200. Tags that a client names are compared by `caching.Tags`, before an answer is worked out.
Source: RFC 9110, sections 13.1.2 (If-None-Match), 13.2.1 (when to evaluate), 15.4.5 (304), 15.5.13 (412).
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Unmodified", "check_absent"]

_DESCRIBING = (b"content-length", b"content-type", b"content-encoding")


class Unmodified:
    """ASGI middleware: who wants a representation only where there is none gets 304 where there is one.

    Args:
        app: what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["method"] in ("GET", "HEAD") and (b"if-none-match", b"*") in scope["headers"]:
            await self._app(scope, receive, _emptied(send))
        else:
            await self._app(scope, receive, send)


def check_absent(request: Request, *, exists: bool) -> None:
    """Refuse to change what is there already, where a request changes only what is not.

    Raises:
        HTTPException: 412.
    """
    if exists and request.headers.get("if-none-match") == "*":
        raise HTTPException(412, detail="this exists already, and the request is for where it does not")


def _emptied(send: Send) -> Send:
    begun = False

    async def emptying(message: Message) -> None:
        nonlocal begun
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            begun = True
            kept = [(name, value) for name, value in message["headers"] if name.lower() not in _DESCRIBING]
            await send({**message, "status": 304, "headers": kept})
        elif not begun:
            await send(message)
        elif not message.get("more_body", False):
            await send({"type": "http.response.body", "body": b""})

    return emptying
