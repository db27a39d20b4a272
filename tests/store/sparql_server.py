"""A small SPARQL 1.1 server for tests: the protocol's part that a remote store uses, over a database in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from graphmap.store import Endpoint

MEDIA = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


class SparqlServer(ThreadingHTTPServer):
    """What it was asked, and how it misbehaves: `cut` leaves the last bytes of each answer out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = ox.Store()
        self.updates: list[str] = []
        self.authorizations: list[str | None] = []
        self.cut = 0

    def endpoint(self, **settings: object) -> Endpoint:
        address = f"http://127.0.0.1:{self.server_port}"
        given = {"query": f"{address}/query", "update": f"{address}/update", "graphs": f"{address}/data", **settings}
        return Endpoint(**given)  # type: ignore[arg-type]  # each test gives what the field takes


class _Handler(BaseHTTPRequestHandler):
    server: SparqlServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that the library gives
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.authorizations.append(self.headers["Authorization"])
        try:
            if self.path.startswith("/data"):
                self._load(body.encode())
            elif self.path.startswith("/update"):
                self.server.updates.append(body)
                self.server.store.update(body)
                self._answer(204, b"", "text/plain")
            else:
                self._query(parse_qs(body))
        except SyntaxError as error:
            self._answer(400, str(error).encode(), "text/plain")

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.store.clear_graph(self._graph())
        self._load(body)

    def _graph(self) -> ox.NamedNode | ox.DefaultGraph:
        graph = parse_qs(urlsplit(self.path).query).get("graph")
        return ox.NamedNode(graph[0]) if graph else ox.DefaultGraph()

    def _load(self, body: bytes) -> None:
        self.server.store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=self._graph())
        self._answer(204, b"", "text/plain")

    def _query(self, form: dict[str, list[str]]) -> None:
        named = "default-graph-uri" in form or "named-graph-uri" in form
        results = self.server.store.query(
            form["query"][0],
            default_graph=[ox.NamedNode(iri) for iri in form.get("default-graph-uri", [])] if named else None,
            named_graphs=[ox.NamedNode(iri) for iri in form.get("named-graph-uri", [])] if named else None,
        )
        accept = self.headers["Accept"]
        written = results.serialize(format=MEDIA[accept])  # type: ignore[arg-type]  # fits the query's form
        self._answer(200, written or b"", accept)

    def _answer(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if status != 204:
            self.send_header("Content-Length", str(len(body) - self.server.cut))
        self.end_headers()
        self.wfile.write(body[: len(body) - self.server.cut])


@contextmanager
def serving() -> Iterator[SparqlServer]:
    """Run one on a free port of loopback."""
    with SparqlServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
