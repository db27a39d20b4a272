from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from graphmap.errors import RecordError
from graphmap.rdf.terms import RDFS
from graphmap.saved_queries import read_query
from graphmap.service import Services, create_app
from graphmap.service.access.tokens import Access, grant_for
from graphmap.service.dependencies import Knowledge, ServiceLimits
from graphmap.service.http.limits.slow_clients import ClientTimes
from graphmap.service.http.server import HttpServer
from graphmap.store import EmbeddedStore, Layout, Pool, WorkerLimits
from graphmap.store.sparql.update import GraphAccess
from graphmap.store.workers.update_rehearsal import Updates

BASE = "https://schema.limbergraph.com/"
ACCOUNT = f"{BASE}limber/CustomerAccount#a%2Fb%3A1"
QUADS = f"""\
<{ACCOUNT}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}limber/CustomerAccount> .
<{ACCOUNT}> <http://www.w3.org/2000/01/rdf-schema#label> "Hütte & <Söhne>" .
<{ACCOUNT}> <{BASE}limber/accountCode> "a/b:1" .
<{ACCOUNT}> <{BASE}limber/country> <{BASE}limber/Country#NZ> .
<{BASE}limber/Country#NZ> <http://www.w3.org/2000/01/rdf-schema#label> "New Zealand" .
<{BASE}limber/CustomerAccount#München> <{BASE}limber/country> <{BASE}limber/Country#NZ> .
<{BASE}limber/accountCode> <http://www.w3.org/2000/01/rdf-schema#label> "account code" <{BASE}graph/ontology> .
<{ACCOUNT}> <{BASE}limber/accountCode> "a/b:1" <{BASE}limber/CustomerAccount/a%2Fb%3A1> .
<{BASE}limber/CustomerAccount/a%2Fb%3A1> <http://purl.org/dc/terms/source> "SapS4" <{BASE}graph/provenance> .
"""
QUERY = """\
# title: By code
# description: The thing with a code.
# param: code string -- the code
PREFIX limber: <https://schema.limbergraph.com/limber/>
SELECT ?thing { ?thing limber:accountCode $code }
"""
BY_LABEL = """\
# title: By label
# description: Things with a label.
SELECT ?thing { ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    outcome: str
    document: str | None = None
    report: Mapping[str, object] = field(default_factory=dict)


class TakeIn:
    """Stands in for ingest: the body says what is to happen."""

    def __call__(self, body: bytes) -> Taken:
        return take_in(body)

    def many(self, bodies: Iterable[bytes]) -> Iterator[Taken]:
        for body in bodies:
            yield take_in(body)


def take_in(body: bytes) -> Taken:
    word = body.decode().strip('[]" ')
    if word == "broken":
        raise RecordError("the JSON ends too early", hint="send all of it")
    if word in ("quarantined", "rejected"):
        return Taken(outcome=word, report={"conforms": False})
    return Taken(outcome=word, document=f"{BASE}limber/CustomerAccount/Zürich", report={"conforms": True})


def findings(number: int) -> str:
    sh, gm = "http://www.w3.org/ns/shacl#", "https://w3id.org/graphmap#"
    graph = f"<{BASE}graph/reports>"
    lines = []
    for index in range(number):
        node, severity = f"<{BASE}finding/{index}>", "Violation" if index % 3 else "Warning"
        lines += [
            f"{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{sh}ValidationResult> {graph} .",
            f"{node} <{sh}resultSeverity> <{sh}{severity}> {graph} .",
            f'{node} <{sh}resultMessage> "message <b>{index}</b>" {graph} .',
            f'{node} <{gm}rule> "limber.CustomerAccount.rule{index % 2}" {graph} .',
            f'{node} <{gm}row> "{index + 1}"^^<http://www.w3.org/2001/XMLSchema#integer> {graph} .',
        ]
    lines.append(f"<{BASE}finding/3> <{sh}focusNode> <{ACCOUNT}> {graph} .")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path_factory.mktemp("service") / "db")
    opened.load(QUADS.encode())
    opened.load(findings(7).encode())
    opened.load("".join(f'<urn:many{i}> <urn:p> "{i}" .\n' for i in range(300)).encode())
    yield opened
    opened.close()


TOKEN = "gm_test"  # noqa: S105  # of tests alone
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(slots=True, kw_only=True)
class Server:
    """A real server, because paths with `%2F` and broken connections are the server's affair too."""

    services: Services
    times: ClientTimes | None = None
    address: str = ""
    _thread: threading.Thread | None = None
    _server: HttpServer | None = None

    def __enter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each small answer waits 40 ms
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = HttpServer(create_app(self.services), root_path=self.services.root_path, times=self.times)
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(listener),))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = True
        self._thread.join()

    async def _serve(self, listener: socket.socket) -> None:
        assert self._server is not None
        with listener:
            await self._server.serve(sockets=[listener])
        await self.services.aclose()


def services_over(store: EmbeddedStore, folder: Path, *, all_open: bool = False, **options: Any) -> Services:
    """Services over a store; without options they are read-only for whoever has no token."""
    limits = WorkerLimits(timeout_s=2.0, **options.pop("worker_limits", {}))
    pool = Pool(store=store, folder=folder, limits=limits, size=2, kept=options.pop("kept", 0))
    access = GraphAccess(base=BASE, open_below=f"{BASE}graphs/", all_open=all_open)
    knowledge = Knowledge(
        queries={
            "by-code": read_query(QUERY, name="by-code", source="by-code.rq"),
            "by-label": read_query(BY_LABEL, name="by-label", source="by-label.rq"),
        },
        context={"@context": {"limber": f"{BASE}limber/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}},
        ontology=(
            f'<{BASE}limber/CustomerAccount> <{RDFS}label> "customer account" .\n'
            f'<{BASE}limber/accountCode> <{RDFS}label> "account code" .\n'
        ).encode(),
    )
    given: dict[str, Any] = {
        "limits": ServiceLimits(body_bytes=20_000, unpacked_bytes=30_000, records=5),
        "access": Access(grants=(grant_for(TOKEN, ["admin"], name="test"),)),
    }
    return Services(
        pool=pool,
        updates=Updates(store=store, pool=pool, access=access),
        ingest=TakeIn(),
        **{"layout": Layout(base=BASE), "read_knowledge": lambda: knowledge, **given, **options},
    )


@pytest.fixture(scope="session")
def address(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Server(services=services_over(store, tmp_path_factory.mktemp("readers"))) as server:
        yield server.address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=10) as opened:
        yield opened
