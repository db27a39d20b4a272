"""Clients that ask over HTTP as fast as they are answered, in one process of little weight.

`python -m benchmarks.http_load HOST PORT --clients 16 --seconds 5 < requests`, where each line of standard input is
the path of a GET; what it measured goes to standard output as JSON. Sockets are read by hand, because a client library
would take more time than the servers that are measured.
"""

from __future__ import annotations

import argparse
import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Client", "answer_end", "main", "measure"]


_PATIENCE = 12


@dataclass(slots=True, kw_only=True)
class Client:
    """One connection.

    Args:
        channel: connected, without waiting.
        requests: what to ask next, without an end.
    """

    channel: socket.socket
    requests: Iterator[bytes]
    received: bytearray = field(default_factory=bytearray)
    began: float = 0.0

    def ask(self) -> None:
        """Send the next request."""
        self.received.clear()
        self.began = time.perf_counter()
        self.channel.sendall(next(self.requests))

    def finished(self) -> bool:
        """Take in what has come, and say whether the answer is whole.

        Raises:
            ConnectionError: where the server hung up.
        """
        data = self.channel.recv(1 << 18)
        if not data:
            raise ConnectionError("the server hung up")
        self.received += data
        end = answer_end(self.received)
        return end is not None and len(self.received) >= end


def answer_end(received: bytearray) -> int | None:
    """Where an HTTP answer ends; `None` while that cannot be told.

    >>> answer_end(bytearray(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok"))
    40
    """
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    headers = bytes(received[:head]).lower()
    at = headers.find(b"\r\ncontent-length:")
    if at >= 0:
        return head + 4 + int(headers[at + 17 :].split(b"\r\n", 1)[0])
    return len(received) if received.endswith(b"0\r\n\r\n") else None


def measure(address: tuple[str, int], paths: Sequence[str], *, clients: int, seconds: float) -> dict[str, float]:
    """Ask for so many seconds.

    Args:
        address: host and port.
        paths: what to ask, over and over, each client from another place.
        clients: connections that are kept open.
        seconds: how long; up to `_PATIENCE` times that where nobody has been answered by then.

    Returns:
        Requests per second, times in milliseconds, and how many answers were no 200.
    """
    lines = [_request(address[0], path) for path in paths]
    selector, errors = selectors.DefaultSelector(), 0
    times: list[float] = []
    for number in range(clients):
        channel = socket.create_connection(address)
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(channel=channel, requests=_write_order(lines, number * len(lines) // clients))
        selector.register(channel, selectors.EVENT_READ, client)
        client.ask()
    begin = time.perf_counter()
    while time.perf_counter() - begin < (seconds if times else seconds * _PATIENCE):
        for key, _ in selector.select(timeout=1.0):
            client = key.data
            if client.finished():
                times.append(time.perf_counter() - client.began)
                errors += not client.received.startswith(b"HTTP/1.1 200")
                client.ask()
    took = time.perf_counter() - begin
    for key in list(selector.get_map().values()):
        key.data.channel.close()
    return _summary(sorted(times), took, errors)


def _summary(times: list[float], took: float, errors: int) -> dict[str, float]:
    number = len(times)
    return {
        "requests_per_s": number / took,
        "p50_ms": times[number // 2] * 1000 if times else 0.0,
        "p99_ms": times[number * 99 // 100] * 1000 if times else 0.0,
        "errors": errors,
    }


def _write_order(lines: Sequence[bytes], start: int) -> Iterator[bytes]:
    place = start
    while True:
        yield lines[place % len(lines)]
        place += 1


def _request(host: str, path: str) -> bytes:
    accept = "application/sparql-results+json, text/turtle"
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n".encode()


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args(arguments)
    paths = [line for line in sys.stdin.read().splitlines() if line]
    result = measure((given.host, given.port), paths, clients=given.clients, seconds=given.seconds)
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
