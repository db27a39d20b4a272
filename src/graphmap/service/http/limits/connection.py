"""Connections of HTTP/1.1 with limits on their heads and their number; what cannot be read is answered as a problem.

h11 parses: it answers a request that asks for another protocol as if it had not asked, body and all.
Source: RFC 9112; RFC 9110, sections 7.8 (Upgrade), 15.5.15 (414); RFC 6585, section 5 (431); RFC 9457.
"""

from __future__ import annotations

import asyncio
import re
import sys
from http import HTTPStatus
from itertools import chain, islice
from types import MappingProxyType

import h11
import msgspec
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

__all__ = ["Connection", "limited_to"]

_REASONS = MappingProxyType({status.value: status.phrase.encode() for status in HTTPStatus})
_UNFIT = re.compile(rb"[\0-\x08\n-\x1f]").search
_HEAD = b"HEAD "
"""Beginning of a request that is answered without a body, whatever is wrong with the rest of it."""
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
        super().connection_made(transport)
        self._app, self.app = self.app, self._answer
        self.received_bytes = 0
        self._has_failed = False
        self._begins_head = b""
        if len(self.connections) > self.most:
            waiting = (each for each in islice(self.connections, _LOOKED_AT) if isinstance(each, Connection))
            idle = next((each for each in waiting if each is not self and each.is_waiting), self)
            idle.transport.abort()

    @property
    def is_waiting(self) -> bool:
        """Return whether no request is being read or answered."""
        cycle: RequestResponseCycle | None = self.cycle  # its base says that there is always one
        return cycle is None or cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self.received_bytes += len(data)
        if self.is_waiting and not self.conn.trailing_data[0]:
            self._begins_head = data[: len(_HEAD)]
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
        if _HEAD in (self._begins_head, self.conn.trailing_data[0][: len(_HEAD)]):
            body = b""
        self.transport.write(self.conn.send(response) + body)
        self._has_failed = True
        self.transport.write_eof()

    def on_response_complete(self) -> None:
        """Go on with the next request; idle connections are the affair of `SlowClients`, and need no timer each."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.conn.our_state is h11.DONE and self.conn.their_state is h11.DONE:
            self.conn.start_next_cycle()
            self.handle_events()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application answer; an answer that is one piece leaves by one system call."""
        cycle = self.cycle
        head: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal head
            if head is None and message["type"] == "http.response.start":
                head = message
                return
            start, head = head, None
            if start is not None and not message.get("more_body", False):
                await self._send_whole(cycle, start, message.get("body", b""))
                return
            if start is not None:
                await send(start)
            await send(message)

        await self._app(scope, receive, sending)
        if head is not None:  # what it raises or leaves open is the base's affair
            await send(head)

    async def _send_whole(self, cycle: RequestResponseCycle, start: Message, body: bytes) -> None:
        """Send head and body together; otherwise as the base does, but for headers that are looked at once."""
        if self.flow.write_paused:
            await self.flow.drain()
        if cycle.disconnected:
            return
        cycle.response_started, cycle.waiting_for_100_continue = True, False
        headers = [*cycle.default_headers, *start["headers"]]
        if CLOSE_HEADER in cycle.scope["headers"] and CLOSE_HEADER not in headers:
            headers.append(CLOSE_HEADER)
        if _UNFIT(b"".join(chain.from_iterable(headers))):
            raise ValueError("a header of an answer holds a control character")
        status = start["status"]
        response = h11.Response(status_code=status, headers=headers, reason=_REASONS.get(status, b""), _parsed=True)
        data = h11.Data(data=b"" if cycle.scope["method"] == "HEAD" else body)
        head = self.conn.send(response) or b""
        rest = self.conn.send(data) or b""
        self.transport.write(head + rest + (self.conn.send(h11.EndOfMessage()) or b""))
        cycle.response_complete = True
        cycle.message_event.set()
        if self.conn.our_state is h11.MUST_CLOSE or not cycle.keep_alive:
            self.conn.send(h11.ConnectionClosed())
            self.transport.close()
        cycle.on_response()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: many clients ask for an upgrade each time, and go on without."""

    def _fault(self, message: str) -> tuple[HTTPStatus, str]:
        error = sys.exc_info()[1]
        status = HTTPStatus(error.error_status_hint) if isinstance(error, h11.RemoteProtocolError) else None
        if status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            if b"\n" in self.conn.trailing_data[0]:
                return status, "the head of the request is too long; send less in its headers"
            return HTTPStatus.REQUEST_URI_TOO_LONG, "the address of the request is too long; send a query by POST"
        return status or HTTPStatus.BAD_REQUEST, f"this is not a valid HTTP request: {error or message}"


def limited_to(most: int) -> type[Connection]:
    """The class of connections of which so many may be open."""
    return type("LimitedConnection", (Connection,), {"most": most})
