"""Envelopes into a running server over HTTP: in batches as fast as they are answered, or singly at a steady rate."""

from __future__ import annotations

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Server", "Steady", "batches", "percentile", "steady"]

_CONNECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where envelopes go, on loopback, and the token that lets them in."""

    port: int
    token: str

    def connection(self) -> http.client.HTTPConnection:
        """A connection of its own."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def post(self, connection: http.client.HTTPConnection, body: bytes, kind: str) -> int:
        """Send a body and read the answer to its end; returns the status."""
        headers = {"Content-Type": kind, "Authorization": f"Bearer {self.token}"}
        connection.request("POST", "/records", body=body, headers=headers)
        response = connection.getresponse()
        response.read()
        return response.status

    def read(self) -> float:
        """Ask a query, which sees all that was acknowledged; returns the seconds to its answer.

        Raises:
            SystemExit: where the answer is no 200.
        """
        start, connection = time.perf_counter(), self.connection()
        connection.request("GET", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
        response = connection.getresponse()
        response.read()
        connection.close()
        if response.status != http.client.OK:
            raise SystemExit(f"a query was answered with {response.status}")
        return time.perf_counter() - start


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """How long single envelopes took that came at a steady rate.

    Args:
        times_ms: each from the moment when it was due to its whole answer, in ascending order.
        errors: how many had another answer than 200 or 201.
    """

    times_ms: Sequence[float]
    errors: int


def batches(server: Server, envelopes: Sequence[bytes], size: int, *, clients: int = 1) -> float:
    """Send envelopes as JSON Lines, each client one batch after another.

    Returns:
        The seconds from the first to the last answer.

    Raises:
        SystemExit: where an answer is no 200.
    """
    bodies = [b"\n".join(envelopes[at : at + size]) for at in range(0, len(envelopes), size)]

    def send(some: Sequence[bytes]) -> None:
        connection = server.connection()
        for body in some:
            status = server.post(connection, body, "application/x-ndjson")
            if status != http.client.OK:
                raise SystemExit(f"a batch of {size} was answered with {status}")
        connection.close()

    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(send, (bodies[number::clients] for number in range(clients))))
    return time.perf_counter() - start


def steady(server: Server, envelopes: Sequence[bytes], *, rate_per_s: float) -> Steady:
    """Send envelopes one by one, each when it is due, however long those before it take."""
    local, start = threading.local(), time.perf_counter() + 0.2

    def send(number: int) -> tuple[float, int]:
        if not hasattr(local, "connection"):
            local.connection = server.connection()
        due = start + number / rate_per_s
        try:
            status = server.post(local.connection, envelopes[number], "application/json")
        except ConnectionError:  # nothing was sent on it for so long that the server has hung up
            local.connection = server.connection()
            status = server.post(local.connection, envelopes[number], "application/json")
        return (time.perf_counter() - due) * 1000, status

    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        waiting = []
        for number in range(len(envelopes)):
            time.sleep(max(0.0, start + number / rate_per_s - time.perf_counter()))
            waiting.append(pool.submit(send, number))
        done = [each.result() for each in waiting]
    errors = sum(status not in (http.client.OK, http.client.CREATED) for _, status in done)
    return Steady(times_ms=sorted(took for took, _ in done), errors=errors)


def percentile(times: Sequence[float], share: float) -> float:
    """The value that a share of times does not pass.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    return times[max(0, -(-len(times) * round(share * 1000) // 1000) - 1)]
