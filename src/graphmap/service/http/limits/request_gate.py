"""Gate before all routes: host, origin, admission, token.

Where a client that only reads hangs up, the work for it ends here too.

Pre-flight requests carry no token, so they are answered before tokens are asked for.
Source: Fetch Standard, section 3.3 (CORS protocol); RFC 9110, sections 7.2 (Host) and 15.6.4 (503); RFC 9112,
section 3.2 (more than one Host); RFC 6585, section 5 (431).
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphmap.service.access import grant_rights
from graphmap.service.dependencies import Services
from graphmap.service.http.limits.admission import Admission, finish_work
from graphmap.service.http.limits.answer_buffer import AnswerBuffer, AnswerRoom, has_begun
from graphmap.service.http.limits.client_address import client_of
from graphmap.service.http.limits.client_disconnect import GONE, ClientGone, attended
from graphmap.service.http.negotiation import LONGEST

__all__ = ["Gate", "Rate"]

_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_READING = ("GET", "HEAD")
_VERSIONS = ("1.0", "1.1")
_PROBES = ("/healthz", "/readyz")
_ALLOWED = "Authorization, Content-Type, Content-Encoding, If-None-Match, Accept"
_EXPOSED = "ETag, Link, Location, Retry-After, X-Request-Id"
_HOST = re.compile(r"([a-z0-9._~-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{0,5}))?").fullmatch
_BOUNDED = (b"accept", b"content-type", b"content-encoding", b"host", b"if-none-match", b"origin", b"traceparent")
"""Headers that are read here and may not be longer than `LONGEST`; tokens may be, and what is not read may be too."""


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
            HTTPException: 400 for a host that is foreign or none, 401 for an unknown token, 429 and 503 for too many
                requests, 431 for a header that is too long.
        """
        if scope["http_version"] not in _VERSIONS:
            raise HTTPException(505, detail="this service speaks HTTP/1.1", headers={"Connection": "close"})
        if scope["path"] in self._probes:  # whoever watches over this process is answered always
            await self._app(scope, receive, send)
            return
        seen = _looked_at(scope["headers"])
        self._check_host(seen.hosts)
        send = self._telling(send, seen.origins) if seen.origins else send
        if seen.preflight and scope["method"] == "OPTIONS":
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
            async with attended(scope, receive):
                await self._buffered(scope, receive, send)
        except ClientGone:
            if has_begun(scope):  # a client that has all of its answer counts as gone too
                return
            await Response(status_code=GONE)(scope, receive, send)

    def _check_host(self, sent: list[str]) -> None:
        """The host goes into links and must be one; a client of HTTP/1.0 may name none where all are welcome."""
        hosts = self._services.hosts
        if len(sent) > 1:
            raise HTTPException(400, detail="a request names one host, and this one has several lines of Host")
        if sent and not _is_host(sent[0]):
            raise HTTPException(400, detail="the header Host is not a host name or address with a port")
        if "*" not in hosts and _name_of(sent[0] if sent else "") not in hosts:
            raise HTTPException(400, detail="the service does not answer under this host name")

    def _telling(self, send: Send, sent: list[str]) -> Send:
        origins, origin = self._services.origins, sent[0] if len(sent) == 1 else ""

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


class _Seen(NamedTuple):
    """Headers that the gate reads."""

    hosts: list[str]
    origins: list[str]
    preflight: bool


def _looked_at(headers: Iterable[tuple[bytes, bytes]]) -> _Seen:
    hosts, origins, preflight = [], [], False
    for name, value in headers:
        if len(value) > LONGEST and name in _BOUNDED:
            what = f"the header {name.decode()} may have {LONGEST} bytes, and this one has more"
            raise HTTPException(431, detail=what)
        if name == b"host":
            hosts.append(value.decode("latin-1").lower())
        elif name == b"origin":
            origins.append(value.decode("latin-1"))
        elif name == b"access-control-request-method":
            preflight = True
    return _Seen(hosts, origins, preflight)


def _is_host(text: str) -> bool:
    """Return whether a text is a host with or without a port, without user, zone or anything else.

    >>> _is_host("localhost:8080"), _is_host("[::1]:80"), _is_host("a@b"), _is_host("a:99999"), _is_host("[::1%25x]")
    (True, True, False, False, False)
    """
    match = _HOST(text)
    if match is None or int(match[2] or "0") > 65535:
        return False
    return not match[1].startswith("[") or _is_address(match[1][1:-1])


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _name_of(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host


async def _send_preflight(send: Send) -> None:
    headers = [
        (b"access-control-allow-methods", _METHODS.encode()),
        (b"access-control-allow-headers", _ALLOWED.encode()),
        (b"access-control-max-age", b"600"),
        (b"allow", _METHODS.encode()),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
