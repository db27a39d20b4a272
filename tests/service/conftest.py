from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn

from graphmap.errors import RecordError
from graphmap.queries import read_query
from graphmap.service import Services, create_app
from graphmap.store import EmbeddedStore, Layout, WorkerLimits, Workers

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    outcome: str
    document: str | None = None
    report: Mapping[str, object] = field(default_factory=dict)


def take_in(body: bytes) -> Taken:
    """Stands in for ingest: the body says what is to happen."""
    word = body.decode().strip('[]" ')
    if word == "broken":
        raise RecordError("the JSON ends too early", hint="send all of it")
    if word in ("quarantined", "rejected"):
        return Taken(outcome=word, report={"conforms": False})
    return Taken(outcome=word, document=f"{BASE}limber/CustomerAccount/Zürich", report={"conforms": True})


def findings(number: int) -> str:
    sh, gm = "http://www.w3.org/ns/shacl#", "https://schema.limbergraph.com/graphmap#"
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


@pytest.fixture(scope="session")
def services(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    workers = Workers(
        store=store, folder=tmp_path_factory.mktemp("readers"), limits=WorkerLimits(timeout_s=2.0), size=2
    )
    yield Services(
        workers=workers,
        ingest=take_in,
        queries={"by-code": read_query(QUERY, name="by-code", source="by-code.rq")},
        context={"@context": {"limber": f"{BASE}limber/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}},
        layout=Layout(base=BASE),
        body_bytes=20_000,
    )
    workers.close()


@pytest.fixture(scope="session")
def address(services: Services) -> Iterator[str]:
    """A real server, because paths with `%2F` are the server's affair too."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each small answer waits 40 ms
    server = uvicorn.Server(uvicorn.Config(create_app(services), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=10) as opened:
        yield opened
