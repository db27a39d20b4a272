"""Connections of HTTP/1.1 with limits on their heads and their number; what cannot be read is answered as a problem.

h11 parses: it answers a request that asks for another protocol as if it had not asked, body and all.
Source: RFC 9112; RFC 9110, sections 7.8 (Upgrade), 15.5.15 (414); RFC 6585, section 5 (431); RFC 9457.
"""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from itertools import islice

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from graphmap.service.http.limits.corked_transport import CorkedTransport

__all__ = ["Connection", "limited_to"]

_LOOKED_AT = 64
"""So many connections are looked at for one that waits, before a new one is refused."""


class Connection(H11Protocol):
    """A connection of a client.

    Attributes:
        most: so many connections may be open at once.
        received_bytes: bytes that have come so far.
    """

    most = 4096

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base has it
        """Make room for it where too many are open: the one that waits for a request goes."""
        super().connection_made(CorkedTransport(transport, self.loop))
        self.received_bytes = 0
        self._has_failed = False
        if len(self.connections) > self.most:
            waiting = (each for each in islice(self.connections, _LOOKED_AT) if isinstance(each, Connection))
            idle = next((each for each in waiting if each is not self and each.is_waiting), self)
            idle.transport.abort()

    @property
    def is_waiting(self) -> bool:
        """Whether no request is being read or answered."""
        cycle: RequestResponseCycle | None = self.cycle  # its base says that there is always one
        return cycle is None or cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self.received_bytes += len(data)
        if not self._has_failed:  # else it is passed over, so that the client can read its answer
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP request; called while the parser's error is handled."""
        if not self.is_waiting:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self.transport.abort()
                return
        status, detail = self._fault(msg)
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        body = msgspec.json.encode(problem)
        headers = [
            ("Content-Type", "application/problem+json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        response = h11.Response(status_code=status.value, headers=headers, reason=status.phrase)
        if self.conn.trailing_data[0].startswith(b"HEAD "):
            body = b""
        self.transport.write(self.conn.send(response) + body)
        self._has_failed = True
        self._unset_keepalive_if_required()  # else it would cut off an answer that is still being read
        self.transport.write_eof()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: many clients ask for an upgrade each time, and go on without."""

    def _fault(self, message: str) -> tuple[HTTPStatus, str]:
        error = sys.exc_info()[1]
        status = HTTPStatus(error.error_status_hint) if isinstance(error, h11.RemoteProtocolError) else None
        if status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            if b"\n" in self.conn.trailing_data[0]:
                return status, "the head of the request is too long; send less in its headers"
            return HTTPStatus.REQUEST_URI_TOO_LONG, "the address of the request is too long; send a query by POST"
        return status or HTTPStatus.BAD_REQUEST, f"this is no request of HTTP/1.1: {error or message}"


def limited_to(most: int) -> type[Connection]:
    """The class of connections of which so many may be open."""
    return type("LimitedConnection", (Connection,), {"most": most})
