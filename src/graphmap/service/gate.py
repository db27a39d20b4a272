"""What every request passes before it reaches a route: its host, its origin, its turn, its token.

Where a client that only reads hangs up, the work for it ends here too.

Pre-flight requests carry no token, so they are answered before tokens are asked for.
Source: Fetch Standard, section 3.3 (CORS protocol); RFC 9110, section 15.6.4 (503).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphmap.service.access import grant_rights
from graphmap.service.attending import GONE, ClientGone, attended
from graphmap.service.http.client_address import client_of
from graphmap.service.http.limits.admission import Admission, finish_work
from graphmap.service.http.limits.answer_buffer import AnswerBuffer, AnswerRoom, has_begun
from graphmap.service.services import Services

__all__ = ["Gate", "Rate"]

_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_READING = ("GET", "HEAD")
_PROBES = ("/healthz", "/readyz")
_ALLOWED = "Authorization, Content-Type, Content-Encoding, If-None-Match, Accept"
_EXPOSED = "ETag, Link, Location, Retry-After, X-Request-Id"


class Gate:
    """ASGI middleware that lets through who may pass.

    Args:
        app: what stands behind it.
        services: has the limits, hosts, origins and tokens.
    """

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services
        limits = services.limits
        self._rate = Rate(limits.rate_per_s)
        self._admission = Admission(concurrent=limits.concurrent, body_bytes=limits.bodies_bytes)
        self._buffered = AnswerBuffer(app, AnswerRoom(), made=finish_work)
        self._probes = tuple(f"{root}{path}" for root in {"", services.root_path} for path in _PROBES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or send it away.

        Raises:
            HTTPException: 400 for a foreign host, 401 for an unknown token, 429 and 503 for too many requests.
        """
        if scope["path"] in self._probes:  # whoever watches over this process is answered always
            await self._app(scope, receive, send)
            return
        host, origin, preflight = _looked_at(scope["headers"])
        self._check_host(host)
        send = self._telling(send, origin) if origin else send
        if preflight and scope["method"] == "OPTIONS":
            await _send_preflight(send)
            return
        self._rate.count(client_of(scope))
        await grant_rights(scope, self._services.access)
        await self._admission.admit(self._pass, scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; reading ends where its client leaves, and what writes goes on."""
        if scope["method"] not in _READING:
            await self._buffered(scope, receive, send)
            return
        try:
            async with attended(receive):
                await self._buffered(scope, receive, send)
        except ClientGone:
            if has_begun(scope):  # a client that has all of its answer counts as gone too
                return
            await Response(status_code=GONE)(scope, receive, send)

    def _check_host(self, host: str) -> None:
        hosts = self._services.hosts
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if "*" not in hosts and name not in hosts:
            raise HTTPException(400, detail="the service does not answer under this host name")

    def _telling(self, send: Send, origin: str) -> Send:
        origins = self._services.origins

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if "*" in origins or origin in origins:
                    headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
                    headers["Access-Control-Expose-Headers"] = _EXPOSED
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        return telling


class Rate:
    """Counts requests by address, in buckets that fill again.

    Args:
        per_s: how fast a bucket fills; it holds a minute of it. `None` does not count.
    """

    def __init__(self, per_s: float | None) -> None:
        self._per_s = per_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, address: str) -> None:
        """Count a request.

        Raises:
            HTTPException: 429 where the bucket is empty.
        """
        if self._per_s is None:
            return
        most, now = self._per_s * 60, time.monotonic()
        left, before = self._buckets.pop(address, (most, now))
        left = min(most, left + (now - before) * self._per_s) - 1
        self._buckets[address] = (max(left, 0.0), now)
        if len(self._buckets) > 10_000:
            self._buckets.popitem(last=False)
        if left < 0:
            wait = str(max(1, round(1 / self._per_s)))
            raise HTTPException(429, detail="too many requests from here", headers={"Retry-After": wait})


def _looked_at(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, str, bool]:
    host, origin, preflight = "", "", False
    for name, value in headers:
        if name == b"host":
            host = value.decode("latin-1").lower()
        elif name == b"origin":
            origin = value.decode("latin-1")
        elif name == b"access-control-request-method":
            preflight = True
    return host, origin, preflight


async def _send_preflight(send: Send) -> None:
    headers = [
        (b"access-control-allow-methods", _METHODS.encode()),
        (b"access-control-allow-headers", _ALLOWED.encode()),
        (b"access-control-max-age", b"600"),
        (b"allow", _METHODS.encode()),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
