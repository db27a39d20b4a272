"""Time limits of connections: for the head of a request, for its body, and for the reading of an answer.

A look once a second at all connections costs less than a timer for each request.
Source: RFC 9110, section 15.5.9 (408).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from graphmap.service.http.limits.connection import Connection

__all__ = ["ClientTimes", "SlowClients"]

_Phase = Literal["head", "body", "work", "answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTimes:
    """Time limits for a client.

    Args:
        head_s: seconds for the head of a request, or until it begins one.
        body_s: seconds for a body, beside those that it needs at `body_rate`.
        body_rate: bytes of a body in a second.
        stall_s: seconds in which nothing of an answer is read.
        answer_s: seconds for the reading of an answer.
    """

    head_s: float = 10.0
    body_s: float = 20.0
    body_rate: int = 16 * 1024
    stall_s: float = 30.0
    answer_s: float = 900.0


@dataclass(slots=True, kw_only=True, eq=False)
class _Seen:
    """A connection when it was looked at last."""

    phase: _Phase
    cycle: object
    since: float
    received_bytes: int
    unsent_bytes: int = 0
    moved: float = 0.0


class SlowClients:
    """Closes the connections of clients that take too long.

    Args:
        times: what they may take.
    """

    def __init__(self, times: ClientTimes) -> None:
        self._times = times
        self._seen: dict[Connection, _Seen] = {}

    def sweep(self, connections: Iterable[object], now: float) -> int:
        """Look at all connections, and close those that are overdue.

        Args:
            connections: those that are open.
            now: seconds of any clock that only goes forward.

        Returns:
            How many were closed.
        """
        open_ones = [each for each in connections if isinstance(each, Connection)]
        self._seen = {each: self._look(each, now) for each in open_ones}
        overdue = [each for each, seen in self._seen.items() if self._is_overdue(seen, now)]
        for each in overdue:
            each.transport.abort()
        return len(overdue)

    def _look(self, connection: Connection, now: float) -> _Seen:
        phase, cycle = _phase(connection), connection.cycle
        seen = self._seen.get(connection)
        if seen is None or (seen.phase, seen.cycle) != (phase, cycle):
            seen = _Seen(phase=phase, cycle=cycle, since=now, received_bytes=connection.received_bytes, moved=now)
        if phase == "body" and connection.flow.read_paused:  # this server is slow, and not the client
            seen.since = now
        if phase == "answer":
            unsent = connection.transport.get_write_buffer_size()
            seen.moved = now if unsent != seen.unsent_bytes else seen.moved
            seen.unsent_bytes = unsent
        if phase == "body":
            seen.unsent_bytes = connection.received_bytes - seen.received_bytes
        return seen

    def _is_overdue(self, seen: _Seen, now: float) -> bool:
        times, took = self._times, now - seen.since
        if seen.phase == "head":
            return took > times.head_s
        if seen.phase == "body":
            return took > times.body_s + seen.unsent_bytes / times.body_rate
        return seen.phase == "answer" and (now - seen.moved > times.stall_s or took > times.answer_s)


def _phase(connection: Connection) -> _Phase:
    if connection.is_waiting:
        return "answer" if connection.transport.get_write_buffer_size() else "head"
    if connection.cycle.more_body:
        return "body"
    return "answer" if connection.flow.write_paused else "work"
