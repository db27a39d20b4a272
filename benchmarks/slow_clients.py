"""Slow clients beside one that is not: `python -m benchmarks.slow_clients --seconds 60`.

Hundreds of connections send a body a byte a second, a thousand stay idle (half of them within a head), and some ask for
an answer of 64 MB and hardly read it; whoever is sent away comes again. Meanwhile a client in a process of its own asks
a point query, by turns on a connection that is kept open and on a new one. The end is a failure where one of its
answers was no 200, or where one in a hundred took 100 ms or more.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.serving import fill, graphmap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

__all__ = ["Crowd", "Waits", "asked", "main"]

_POINT = "SELECT ?p ?o { <https://schema.limbergraph.com/limber/CustomerAccount> ?p ?o } LIMIT 20"
_CROSS = "SELECT * {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {rows}"
_ANSWER_BYTES = 63_000_000
"""Of the large answers; the server's limit is 64 MiB."""
_BODY_BYTES = 100_000
_TO_NEXT_BYTE_S = 1.0
_READ_BYTES = 4096
_RETURNS_AFTER_S = 0.5
_PAUSE_S = 0.005
_PATIENCE_S = 20.0
_P99_MS = 100.0
_BODIES = (
    ("POST", "/records", "application/json", b"{"),
    ("PUT", "/graphs?graph=urn:slow:1", "text/turtle", b"#"),
    ("POST", "/sparql", "application/sparql-query", b"#"),
    ("POST", "/validate", "application/json", b"{"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long the client that is not slow waited.

    Args:
        times_ms: from asking to the whole answer, connecting included, in ascending order.
        errors: what was wrong, with how often.
    """

    times_ms: Sequence[float]
    errors: Counter[str] = field(default_factory=Counter)

    def percentile(self, share: float) -> float:
        """The wait in milliseconds that so large a share stays within.

        >>> Waits(times_ms=[1.0, 2.0, 3.0]).percentile(0.5)
        2.0
        """
        return self.times_ms[min(int(len(self.times_ms) * share), len(self.times_ms) - 1)] if self.times_ms else 0.0

    @property
    def fails(self) -> bool:
        """Whether the slow clients did harm."""
        return not self.times_ms or bool(self.errors) or self.percentile(0.99) >= _P99_MS

    def line(self) -> str:
        """As a line to print."""
        told = f"p50 {self.percentile(0.5):.1f} ms, p99 {self.percentile(0.99):.1f} ms, max {self.percentile(1):.1f} ms"
        wrong = ", ".join(f"{number} x {what}" for what, number in self.errors.most_common(5)) or "none"
        return f"{len(self.times_ms)} point queries: {told}; errors: {wrong}"


@dataclass(slots=True, kw_only=True)
class Crowd:
    """The slow clients, all on one event loop.

    Args:
        port: of the server, on loopback.
        token: lets them send records and graphs.
        rows: so many rows make an answer of 64 MB.
    """

    port: int
    token: str
    rows: int
    ended: Counter[str] = field(default_factory=Counter)
    at_work: Counter[str] = field(default_factory=Counter)

    async def stay(self, *, bodies: int, idle: int, readers: int, until: Awaitable[Waits]) -> Waits:
        """Keep so many connections of each kind busy until something else is done; gives what that gives."""
        kinds: list[tuple[str, Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]]] = [
            ("slow body", partial(self._send_slowly, number)) for number in range(bodies)
        ]
        kinds += [
            ("idle", partial(self._wait, b"GET / HTTP/1.1\r\nHost: 127." if at % 2 else b"")) for at in range(idle)
        ]
        kinds += [("slow reader", self._read_slowly)] * readers
        tasks = [asyncio.create_task(self._again(kind, work)) for kind, work in kinds]
        try:
            return await until
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(
        self, kind: str, work: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
    ) -> None:
        """Connect and be slow; over and over, where the server hangs up."""
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=_READ_BYTES)
            except OSError:
                self.ended[f"{kind}: no connection"] += 1
                await asyncio.sleep(_RETURNS_AFTER_S)
                continue
            self.at_work[kind] += 1
            try:
                with contextlib.suppress(OSError):
                    await work(reader, writer)
            finally:
                self.at_work[kind] -= 1
                writer.transport.abort()
            await asyncio.sleep(_RETURNS_AFTER_S)

    async def _send_slowly(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, kind, byte = _BODIES[number % len(_BODIES)]
        writer.write(self._head(method, target, f"Content-Type: {kind}\r\nContent-Length: {_BODY_BYTES}\r\n"))
        answered = asyncio.create_task(reader.read(_READ_BYTES))
        try:
            while not (await asyncio.wait((answered,), timeout=_TO_NEXT_BYTE_S))[0]:
                writer.write(byte)
            self.ended[f"slow body: {_status(await answered)}"] += 1
        finally:
            answered.cancel()

    async def _wait(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if first:
            writer.write(first)
        self.ended[f"{'half a head' if first else 'idle'}: {_status(await reader.read(_READ_BYTES))}"] += 1

    async def _read_slowly(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = quote(_CROSS.format(rows=self.rows))
        writer.write(self._head("GET", f"/sparql?query={query}", "Accept: text/csv\r\n"))
        data = await reader.read(_READ_BYTES)
        status = _status(data)
        while data:
            await asyncio.sleep(_TO_NEXT_BYTE_S)
            data = await reader.read(_READ_BYTES)
        self.ended[f"slow reader: {status}, then closed"] += 1

    def _head(self, method: str, target: str, fields: str) -> bytes:
        start = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
        return f"{start}{fields}\r\n".encode()


def asked(port: int, seconds: float) -> Waits:
    """Ask a point query for so many seconds, by turns on a connection that is kept open and on a new one."""
    kept, times, errors = _connection(port), list[float](), Counter[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for connection in (kept, _connection(port)):
            begun = time.perf_counter()
            wrong = _ask(connection)
            times.append((time.perf_counter() - begun) * 1000)
            errors.update([wrong] if wrong else [])
            if wrong or connection is not kept:
                connection.close()  # a closed one connects anew when it is asked again
        time.sleep(_PAUSE_S)
    return Waits(times_ms=sorted(times), errors=errors)


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)


def _ask(connection: http.client.HTTPConnection) -> str:
    """Ask once; gives what was wrong, if anything."""
    try:
        connection.request(
            "GET", f"/sparql?query={quote(_POINT)}", headers={"Accept": "application/sparql-results+json"}
        )
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    return "" if response.status == http.client.OK else f"status {response.status}"


def _status(data: bytes) -> str:
    return data[9:12].decode("latin-1") if data else "closed"


def _rows_of_a_large_answer(port: int) -> int:
    """How many rows of the cross product make an answer of the size that is wanted."""
    query, tried = quote(_CROSS.format(rows=2000)), 2000
    address = f"http://127.0.0.1:{port}/sparql?query={query}"
    request = urllib.request.Request(address, headers={"Accept": "text/csv"})  # our own server
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310  # as above
        return int(_ANSWER_BYTES * tried / len(response.read()))


def main(arguments: list[str] | None = None) -> None:
    """Start a server, let them loose, print, and end with status 1 where they did harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--bodies", type=int, default=256, help="connections that send a body slowly")
    parser.add_argument("--idle", type=int, default=1000, help="connections that send nothing, or half a head")
    parser.add_argument("--readers", type=int, default=2, help="connections that read a large answer slowly")
    parser.add_argument("--rows", type=int, default=300)
    given = parser.parse_args(arguments)
    _raise_open_files(given.bodies + given.idle + given.readers + 200)
    with tempfile.TemporaryDirectory(prefix="graphmap-slow-") as name:
        workspace = Path(name) / "workspace"
        fill(workspace, given.rows)
        with graphmap(workspace) as port:
            token = json.loads((workspace / ".graphmap" / "server.json").read_text(encoding="utf-8"))["token"]
            rows = _rows_of_a_large_answer(port)
            sys.stdout.write(f"alone: {asked(port, min(given.seconds / 10, 3.0)).line()}\n")
            sys.stdout.flush()
            crowd = Crowd(port=port, token=token, rows=rows)
            waits = asyncio.run(_beside(crowd, given))
    sys.stdout.write(f"beside {given.bodies} slow bodies, {given.idle} idle and {given.readers} slow readers: ")
    sys.stdout.write(f"{waits.line()}\n")
    sys.stdout.write("how slow connections ended: ")
    sys.stdout.write(", ".join(f"{number} x {what}" for what, number in crowd.ended.most_common()) + "\n")
    if waits.fails:
        sys.exit(1)


async def _beside(crowd: Crowd, given: argparse.Namespace) -> Waits:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        asking = asyncio.get_running_loop().run_in_executor(pool, asked, crowd.port, given.seconds)
        return await crowd.stay(bodies=given.bodies, idle=given.idle, readers=given.readers, until=asking)


def _raise_open_files(wanted: int) -> None:
    """Let this process and those that it starts open so many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


if __name__ == "__main__":
    main()
