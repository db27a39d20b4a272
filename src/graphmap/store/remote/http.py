"""One exchange with a SPARQL server over HTTP: asked again where that is safe, and never believed by halves.

Reads, and updates that come to the same when they run twice, are tried again after a pause with jitter where the fault
may pass. Any other update is tried again only where the server has surely not begun it. An answer counts when all of it
is there: status 200, the media type that was asked for, the framing of HTTP closed, the JSON complete.
Source: SPARQL 1.1 Protocol, sections 2.1 and 2.2; RFC 9110, sections 9.2.2 and 15.3.7.
"""

from __future__ import annotations

import io
import re
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TypeVar, cast

import httpx
import pyoxigraph as ox

from graphmap.errors import LimitError, StoreError
from graphmap.rdf import Token
from graphmap.store.endpoint import Endpoint
from graphmap.store.query_request import Dataset
from graphmap.store.remote.errors import TransientError, check_answer, unreachable

__all__ = ["Body", "Exchange", "Row"]

T = TypeVar("T")
Row = tuple[Token | None, ...]
_TABLE = "application/sparql-results+json"
_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.1
_NAMED = re.compile(r"\bGRAPH\s*<([^<>]*)>", re.IGNORECASE).findall
_CONNECT_S = 10.0


class Exchange:
    """A connection to a server; its methods may be called from any thread.

    Args:
        endpoint: the server.
        transport: stands in for the network, in tests.
        pause: waits for some seconds.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint = endpoint
        self._pause = pause
        self._jitter = secrets.SystemRandom().uniform
        self._client = httpx.Client(
            auth=_basic(endpoint),
            headers=_headers(endpoint),
            timeout=httpx.Timeout(endpoint.timeout_s, connect=min(_CONNECT_S, endpoint.timeout_s)),
            transport=transport,
            verify=ssl.create_default_context(),  # the system's authorities, or those of SSL_CERT_FILE
            trust_env=False,  # a .netrc or a proxy of the environment would get what is for this server alone
        )

    def rows(self, query: str) -> tuple[Row, ...]:
        """The rows of a SELECT, whole.

        Raises:
            LimitError: where the answer is larger than the endpoint allows.
            StoreError: where the server cannot be reached, refuses, or gives no whole answer.
        """

        def once() -> tuple[Row, ...]:
            with self.answer(query, accept=_TABLE, most_bytes=self.endpoint.answer_bytes) as body:
                return tuple(_solutions(body))

        return self.repeated(once, again=True)

    def pour(self, query: str) -> Iterator[Row]:
        """The rows of a SELECT as they come, however many; use them up on the thread that asked.

        Raises:
            StoreError: as `rows` does; what was given before it is a part of an answer and no answer.
        """
        try:
            with self.answer(query, accept=_TABLE, most_bytes=None) as body:
                yield from _solutions(body)
        except TransientError as fault:
            raise fault.error from fault

    def send(self, update: str, *, again: bool) -> None:
        """Run an update.

        Args:
            update: its text.
            again: whether running it twice comes to the same as once.

        Raises:
            StoreError: where the server cannot be reached or refuses.
        """
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        body = update.encode()
        timeout = httpx.Timeout(self.endpoint.update_timeout_s, connect=_CONNECT_S)

        def once() -> None:
            with self._response(
                "POST", self.endpoint.update, content=body, headers=headers, timeout=timeout
            ) as response:
                check_answer(response, self.endpoint, accept=None)

        self.repeated(once, again=again)

    def write_graph(self, graph: str | None, ntriples: bytes, *, replace: bool) -> None:
        """Write a graph by way of the Graph Store Protocol; only replacing it comes to the same when it runs twice.

        Args:
            graph: its IRI; `None` is the default graph.
            ntriples: what it holds from now on, or what comes to it.
            replace: whether what was there goes.

        Raises:
            StoreError: where the server cannot be reached or refuses.
        """
        params = {"default": ""} if graph is None else {"graph": graph}
        method, address = "PUT" if replace else "POST", self.endpoint.graphs or ""
        headers = {"Content-Type": "application/n-triples"}
        timeout = httpx.Timeout(self.endpoint.update_timeout_s, connect=_CONNECT_S)

        def once() -> None:
            with self._response(
                method, address, content=ntriples, headers=headers, params=params, timeout=timeout
            ) as response:
                check_answer(response, self.endpoint, accept=None)

        self.repeated(once, again=replace)

    @contextmanager
    def answer(
        self, query: str, *, accept: str, most_bytes: int | None, dataset: Dataset | None = None, own: bool = True
    ) -> Iterator[IO[bytes]]:
        """Ask once, and read the answer as a file.

        Args:
            query: its text.
            accept: the media type to answer in.
            most_bytes: a longer answer is refused.
            dataset: the dataset that the request names.
            own: whether the query leaves the dataset to the endpoint.

        Raises:
            Passing: where it may go better another time.
            GraphmapError: where it will not.
        """
        form: dict[str, str | list[str]] = {"query": query}
        if dataset is not None:
            form["default-graph-uri"] = list(dataset.default_graphs)
            form["named-graph-uri"] = list(dataset.named_graphs)
        elif own and self.endpoint.default_graph is not None:
            form["default-graph-uri"] = self.endpoint.default_graph
            form["named-graph-uri"] = _NAMED(query)  # Virtuoso shows a graph that a query names only where it is listed
        with self._response("POST", self.endpoint.query, data=form, headers={"Accept": accept}) as response:
            check_answer(response, self.endpoint, accept=accept)
            yield cast("IO[bytes]", io.BufferedReader(Body(response, most_bytes), 1 << 16))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def _response(self, method: str, address: str, **asked: object) -> Iterator[httpx.Response]:
        try:
            with self._client.stream(method, address, **asked) as response:  # type: ignore[arg-type]  # as httpx takes them
                yield response
        except httpx.HTTPError as error:
            raise unreachable(error, self.endpoint) from error
        except SyntaxError as error:
            broken = StoreError(f"the server's answer breaks off or is damaged: {error}", where=self.endpoint.where)
            raise TransientError(broken) from error

    def repeated(self, once: Callable[[], T], *, again: bool) -> T:
        """Try something until it goes well, as long as that is safe.

        Args:
            once: raises `TransientError` where another time may go better.
            again: whether doing it twice comes to the same as once.

        Raises:
            GraphmapError: what the last attempt found.
        """
        until = time.monotonic() + self.endpoint.timeout_s
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return once()
            except TransientError as fault:
                pause_s = max(self._jitter(0, _FIRST_PAUSE_S * 2**attempt), fault.wait_s)
                last = attempt == _ATTEMPTS or time.monotonic() + pause_s > until
                if last or not (again or fault.untouched):
                    raise fault.error from fault
                self._pause(pause_s)
        raise AssertionError("the last attempt returns or raises")


class Body(io.RawIOBase):
    """The body of an answer as a file.

    Args:
        response: whose headers are read.
        most_bytes: a longer body is refused.
    """

    def __init__(self, response: httpx.Response, most_bytes: int | None) -> None:
        self._parts = response.iter_bytes()
        self._left = most_bytes
        self._held = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer with what comes next."""
        if not self._held:
            self._held = next(self._parts, b"")
            if self._left is not None:
                self._left -= len(self._held)
                if self._left < 0:
                    raise LimitError("the server's answer is larger than may be read", hint="ask for less")
        view = memoryview(buffer)  # type: ignore[arg-type]  # a buffer, as the class above has it
        taken = self._held[: len(view)]
        view[: len(taken)] = taken
        self._held = self._held[len(taken) :]
        return len(taken)


def _solutions(body: IO[bytes]) -> Iterator[Row]:
    solutions = cast("ox.QuerySolutions", ox.parse_query_results(body, ox.QueryResultsFormat.JSON))
    for solution in solutions:
        yield tuple(None if term is None else str(term) for term in solution)


def _headers(endpoint: Endpoint) -> dict[str, str]:
    return {"User-Agent": "graphmap"} | ({"Authorization": f"Bearer {endpoint.token}"} if endpoint.token else {})


def _basic(endpoint: Endpoint) -> httpx.BasicAuth | None:
    return None if endpoint.user is None else httpx.BasicAuth(endpoint.user, endpoint.password or "")
