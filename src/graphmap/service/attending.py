"""Whoever hangs up while an answer is being worked out gets none, and the work for it ends.

A server of ASGI does not cancel what it has begun; it only tells, where it is asked to receive, that nobody is there.
Source: ASGI HTTP specification 2.5, section "Disconnect - receive event".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Receive, Scope

__all__ = ["GONE", "ClientGone", "attended"]

GONE = 499
"""Status in the log and in the counts of a request whose client hung up; nobody is there to read it."""

_ATTENDED = "graphmap.attended"
_PATIENCE_S = 0.05
"""Most answers take less, and pay nothing for being attended."""


class ClientGone(Exception):  # noqa: N818  # a signal between a route and the server, and no fault
    """The client hung up before its answer was there."""


@asynccontextmanager
async def attended(scope: Scope, receive: Receive) -> AsyncIterator[None]:
    """Cancel what a block does once the client has hung up; inside another block of the same request it does nothing.

    Args:
        scope: of the request.
        receive: of the request, whose body was read already.

    Raises:
        ClientGone: in place of the cancellation.
    """
    if scope.get(_ATTENDED, False):
        yield
        return
    scope[_ATTENDED] = True
    try:
        async with _watched(receive):
            yield
    finally:
        scope[_ATTENDED] = False


@asynccontextmanager
async def _watched(receive: Receive) -> AsyncIterator[None]:
    task = asyncio.current_task()
    watch: asyncio.Task[None] | None = None
    gone = False

    async def watching() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        if task is not None:
            task.cancel()

    def begin() -> None:
        nonlocal watch
        watch = asyncio.get_running_loop().create_task(watching())

    later = asyncio.get_running_loop().call_later(_PATIENCE_S, begin)
    try:
        yield
    except asyncio.CancelledError:
        if not gone or task is None or task.uncancel():
            raise
        raise ClientGone from None
    finally:
        later.cancel()
        if watch is not None:
            watch.cancel()
