"""What comes over a connection is one request, or a problem; a body is never lost."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from graphmap.store import EmbeddedStore
from tests.service.conftest import TOKEN, Server, services_over

UPGRADE = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
QUERY = "SELECT (42 AS ?x) {}"
DIRECT = f"Content-Type: application/sparql-query\r\nAccept: text/csv\r\nContent-Length: {len(QUERY)}\r\n"


@pytest.fixture(scope="module")
def writable(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Server(services=services_over(store, tmp_path_factory.mktemp("connections"), all_open=True)) as server:
        yield server.address


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as channel:
        yield channel


def answers(address: str, sent: str | bytes) -> bytes:
    """All that comes back until the server hangs up; the last request asks for that."""
    with connected(address) as channel:
        channel.sendall(sent if isinstance(sent, bytes) else sent.encode("latin-1"))
        received = b""
        while piece := channel.recv(65_536):
            received += piece
    return received


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("headers", [UPGRADE, "Connection: upgrade\r\nUpgrade: websocket\r\n", ""])
def test_a_body_counts_whatever_protocol_its_request_asks_for(writable: str, headers: str) -> None:
    request = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{DIRECT}{headers}\r\n{QUERY}"
    end = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answered = answers(writable, request + end)
    assert b"\r\n\r\nx\r\n42\r\n" in answered
    assert answered.count(b"HTTP/1.1 ") == 2


def test_a_graph_that_is_put_with_an_upgrade_is_what_was_sent(writable: str) -> None:
    with httpx.Client(base_url=writable, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        graph = {"graph": "urn:upgraded"}
        headers = {"Content-Type": "text/turtle", "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c"}
        client.put(
            "/graphs", params=graph, content="<urn:a> <urn:b> 1, 2, 3 .", headers={"Content-Type": "text/turtle"}
        )
        put = client.put("/graphs", params=graph, content="<urn:a> <urn:b> 4, 5 .", headers=headers)
        found = client.get("/graphs", params=graph, headers={"Accept": "application/n-triples"})
    assert put.status_code == 204
    assert len(found.text.splitlines()) == 2


def test_an_answer_to_http_1_0_has_no_chunks(writable: str) -> None:
    long = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 40000".replace(" ", "%20").replace("?", "%3F")
    answered = answers(writable, f"GET /sparql?query={long} HTTP/1.0\r\nHost: localhost\r\n\r\n")
    head, _, body = answered.partition(b"\r\n\r\n")
    assert status(answered) == 200
    assert b"transfer-encoding" not in head.lower()
    assert json.loads(body)["results"]["bindings"]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("nonsense\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n broken\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        ("POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (
            f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{DIRECT}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (f"GET /{'x' * 600_000} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (f"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: {'x' * 600_000}\r\n\r\n", 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 60 + b"\r\n\r\n", 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ],
)
def test_what_is_no_request_is_a_problem_and_ends_the_connection(
    writable: str, sent: str | bytes, expected: int
) -> None:
    answered = answers(writable, sent)
    head, _, body = answered.partition(b"\r\n\r\n")
    assert status(answered) == expected
    assert answered.count(b"HTTP/1.1 ") == 1
    assert b"application/problem+json" in head.lower()
    assert json.loads(body)["status"] == expected


def test_a_body_that_stops_being_chunks_is_answered_once(writable: str) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    answered = answers(writable, f"{head}Transfer-Encoding: chunked\r\n\r\n4\r\nSELE\r\nzz\r\n")
    assert answered.count(b"HTTP/1.1 ") == 1
    assert status(answered) == 400
    assert httpx.get(f"{writable}/healthz").status_code == 200


def test_a_client_that_leaves_in_the_middle_of_a_body_leaves_nothing_behind(
    writable: str, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(writable) as channel:
        channel.sendall(f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{DIRECT}\r\nSELE".encode())
    assert httpx.get(f"{writable}/healthz").status_code == 200
    assert not caplog.records


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.1.2.3:8080", "anything.example", "a b"])
def test_whoever_watches_over_the_server_may_call_it_by_any_name(writable: str, path: str, host: str) -> None:
    answered = answers(writable, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    assert status(answered) == 200


@pytest.mark.parametrize("broken", ["Host: a\r\nHost: b\r\n", " x\r\n", f"Accept: {'x' * 600_000}\r\n"])
def test_a_broken_request_for_a_head_gets_no_body(writable: str, broken: str) -> None:
    answered = answers(writable, f"HEAD / HTTP/1.1\r\n{broken}\r\n")
    assert status(answered) in (400, 431)
    assert answered.endswith(b"\r\n\r\n")
