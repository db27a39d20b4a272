"""Admission: how many requests are at work at once, and how many bytes of bodies wait.

A request takes its slot when it is whole, so that clients that send slowly stop nobody.
Source: RFC 9110, section 15.6.4 (503); RFC 9112, section 6.1 (framing of bodies).
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Admission", "finish_work"]

_SLOT = "graphmap.slot"
_RETRY = {"Retry-After": "1"}


class Admission:
    """Lets requests in as far as there is room.

    Args:
        concurrent: most requests at work at once.
        body_bytes: most bytes of the bodies of all requests that are here.
    """

    def __init__(self, *, concurrent: int, body_bytes: int) -> None:
        self._concurrent = concurrent
        self._most_bytes = body_bytes
        self._at_work = 0
        self._held_bytes = 0

    async def admit(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; where its body is still to come, it takes its slot when all of it is there.

        Raises:
            HTTPException: 503 where there is no room, 400 where the length of the body is ambiguous.
        """
        slot = scope[_SLOT] = _Slot(self)
        try:
            if _has_body(scope["headers"]):
                await app(scope, slot.receiving(receive), send)
            else:
                slot.take()
                await app(scope, receive, send)
        finally:
            slot.release()

    def begin(self) -> None:
        """Count a request that goes to work.

        Raises:
            HTTPException: 503 where too many are at work.
        """
        if self._at_work >= self._concurrent:
            raise HTTPException(503, detail="too many requests are at work; try again in a moment", headers=_RETRY)
        self._at_work += 1

    def end(self) -> None:
        """Count a request whose work is done."""
        self._at_work -= 1

    def hold(self, size: int) -> None:
        """Count bytes of a body; negative where they are gone.

        Raises:
            HTTPException: 503 where bodies take too much room.
        """
        self._held_bytes += size
        if size > 0 and self._held_bytes > self._most_bytes:
            raise HTTPException(503, detail="too many bodies are on their way; try again in a moment", headers=_RETRY)


class _Slot:
    """The place of one request."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._taken = False
        self._held_bytes = 0

    def take(self) -> None:
        self._admission.begin()
        self._taken = True

    def finish_work(self) -> None:
        if self._taken:
            self._taken = False
            self._admission.end()

    def release(self) -> None:
        self.finish_work()
        self._admission.hold(-self._held_bytes)

    def receiving(self, receive: Receive) -> Receive:
        async def counting() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                size = len(message.get("body", b""))
                self._held_bytes += size
                self._admission.hold(size)
                if not message.get("more_body", False) and not self._taken:
                    self.take()
            return message

        return counting


def finish_work(scope: Scope) -> None:
    """Give the slot of a request free before its answer is sent: what is left costs no more than memory or disk."""
    slot = scope.get(_SLOT)
    if slot is not None:
        slot.finish_work()


def _has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether a body is to come.

    Raises:
        HTTPException: 400 where two headers say how long it is: another server on the way may read it otherwise.
    """
    found = [(name, value) for name, value in headers if name in (b"content-length", b"transfer-encoding")]
    if not found:
        return False
    if len(found) > 1:
        detail = "a request has either Content-Length or Transfer-Encoding"
        raise HTTPException(400, detail=detail, headers={"Connection": "close"})
    return found[0][1] != b"0"
