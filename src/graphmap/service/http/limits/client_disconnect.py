"""Whoever hangs up while an answer is being worked out gets none, and the work for it ends.

A server of ASGI does not cancel what it has begun; it only tells, where it is asked to receive, that nobody is there.
Source: ASGI HTTP specification 2.5, section "Disconnect - receive event".
"""

from __future__ import annotations

import asyncio
from types import TracebackType

from starlette.types import Receive, Scope

__all__ = ["GONE", "ClientGone", "attended"]

GONE = 499
"""Status in the log and in the counts of a request whose client hung up; nobody is there to read it."""

_ATTENDED = "graphmap.attended"
_PATIENCE_S = 0.05
"""Most answers take less, and pay nothing for being attended."""


class ClientGone(Exception):  # noqa: N818  # a signal between a route and the server, and no fault
    """The client hung up before its answer was there."""


class attended:  # noqa: N801  # it is used like a function
    """Cancel what a block does once the client has hung up; inside another block of the same request it does nothing.

    Args:
        scope: of the request.
        receive: of the request, whose body was read already.

    Raises:
        ClientGone: in place of the cancellation.
    """

    __slots__ = ("_gone", "_inside", "_later", "_receive", "_scope", "_task", "_watch")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive
        self._inside = scope.get(_ATTENDED, False)
        self._gone = False
        self._task: asyncio.Task[object] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        """Begin to watch the client, a little later."""
        if not self._inside:
            self._scope[_ATTENDED] = True
            self._task = asyncio.current_task()
            self._later = asyncio.get_running_loop().call_later(_PATIENCE_S, self._begin)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop watching; a cancellation that came of it becomes `ClientGone`."""
        if self._inside:
            return
        self._scope[_ATTENDED] = False
        if self._later is not None:
            self._later.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if kind is asyncio.CancelledError and self._gone and self._task is not None and not self._task.uncancel():
            raise ClientGone from None

    def _begin(self) -> None:
        self._watch = asyncio.get_running_loop().create_task(self._watching())

    async def _watching(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task is not None:
            self._task.cancel()
