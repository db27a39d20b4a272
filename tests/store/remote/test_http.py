"""Faults of a server and of the network, made up one by one: what is tried again, what is refused, what is told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import httpx
import pytest

from graphmap.errors import ConfigurationError, LimitError, QueryError, StoreError
from graphmap.store import Endpoint
from graphmap.store.remote.http import Exchange
from tests.store.sparql_server import serving

ENDPOINT = Endpoint(query="http://db.test/query", update="http://db.test/update", graphs="http://db.test/data")
TABLE = {"Content-Type": "application/sparql-results+json"}
ROWS = json.dumps(
    {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "urn:a"}}]}}
).encode()
ASK = "SELECT ?s { ?s ?p ?o }"
Answer = Callable[[httpx.Request], httpx.Response]


class Script:
    """Answers in turn, the last one for good; what was asked is kept."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(request)

    def exchange(self, endpoint: Endpoint = ENDPOINT) -> Exchange:
        return Exchange(endpoint, transport=httpx.MockTransport(self), pause=self.pauses.append)


def gives(status: int, body: bytes = b"", **headers: str) -> Answer:
    return lambda _: httpx.Response(status, content=body, headers={k.replace("_", "-"): v for k, v in headers.items()})


def fails(error: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("made up", request=request)

    return answer


good = gives(200, ROWS, **TABLE)
done = gives(204)


@pytest.mark.parametrize(
    "fault",
    [
        fails(httpx.ConnectError),
        fails(httpx.ReadError),
        fails(httpx.RemoteProtocolError),
        gives(429),
        gives(502),
        gives(503),
        gives(504),
        gives(200, ROWS[:-3], **TABLE),
        gives(200, b"", **TABLE),
    ],
)
def test_a_read_is_tried_again_where_the_fault_may_pass(fault: Answer) -> None:
    script = Script(fault, fault, good)
    assert script.exchange().rows(ASK) == (("<urn:a>",),)
    assert len(script.asked) == 3
    assert len(script.pauses) == 2


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (gives(206, ROWS, **TABLE), "a part of its answer"),
        (gives(200, ROWS, X_SQL_State="S1TAT", **TABLE), "a part of its answer"),
        (gives(200, b"<html>", Content_Type="text/html"), "answers with text/html"),
        (gives(301, Location="http://elsewhere.test/"), "status 301"),
        (gives(401), "GRAPHMAP_STORE_USER"),
        (gives(404), "addresses of the store"),
        (gives(500, b"Traceback of theirs\nand more"), "status 500: Traceback of theirs"),
        (fails(httpx.ReadTimeout), "did not answer in time"),
    ],
)
def test_a_read_is_not_tried_again_where_the_fault_will_not_pass(fault: Answer, told: str) -> None:
    script = Script(fault)
    with pytest.raises(StoreError) as caught:
        script.exchange().rows(ASK)
    assert told in str(caught.value)
    assert len(script.asked) == 1


def test_an_answer_that_stays_broken_is_refused_in_the_end() -> None:
    script = Script(gives(200, ROWS[:-1], **TABLE))
    with pytest.raises(StoreError, match="breaks off"):
        script.exchange().rows(ASK)
    assert len(script.asked) == 5


def test_pauses_grow_have_jitter_and_follow_what_the_server_asks_for() -> None:
    script = Script(gives(503, Retry_After="7"), gives(503), gives(503), good)
    script.exchange().rows(ASK)
    assert script.pauses[0] == 7
    assert 0 <= script.pauses[1] <= 0.4
    assert 0 <= script.pauses[2] <= 0.8


@pytest.mark.parametrize("fault", [fails(httpx.ReadError), gives(502), gives(503)])
def test_an_update_that_may_have_run_is_sent_again_only_where_twice_is_as_good_as_once(fault: Answer) -> None:
    safe = Script(fault, done)
    safe.exchange().send("INSERT DATA { <urn:s> <urn:p> 1 }", again=True)
    assert len(safe.asked) == 2
    unsafe = Script(fault, done)
    with pytest.raises(StoreError):
        unsafe.exchange().send("INSERT { ?s <urn:n> ?m } WHERE { ?s <urn:n> ?n BIND(?n + 1 AS ?m) }", again=False)
    assert len(unsafe.asked) == 1


@pytest.mark.parametrize("fault", [fails(httpx.ConnectError), gives(429), gives(503, Retry_After="0")])
def test_an_update_that_was_surely_not_begun_is_sent_again(fault: Answer) -> None:
    script = Script(fault, done)
    script.exchange().send("CLEAR DEFAULT", again=False)
    assert len(script.asked) == 2


def test_an_update_that_is_too_slow_is_never_sent_again() -> None:
    script = Script(fails(httpx.ReadTimeout), done)
    with pytest.raises(StoreError, match="in time"):
        script.exchange().send("INSERT DATA { <urn:s> <urn:p> 1 }", again=True)
    assert len(script.asked) == 1


def test_what_the_server_does_not_understand_or_take_is_told() -> None:
    with pytest.raises(QueryError, match="line 1, column 12"):
        Script(gives(400, b"Parse error at line 1, column 12")).exchange().rows("SELECT oops")
    with pytest.raises(LimitError, match="size"):
        Script(gives(413)).exchange().send("CLEAR DEFAULT", again=True)


def test_an_answer_larger_than_the_limit_is_refused() -> None:
    endpoint = Endpoint(query="http://db.test/query", update="http://db.test/update", answer_bytes=len(ROWS) - 1)
    with pytest.raises(LimitError, match="larger than may be read"):
        Script(good).exchange(endpoint).rows(ASK)


def test_a_graph_is_put_as_a_whole() -> None:
    script = Script(done)
    script.exchange().write_graph("urn:g", b"<urn:s> <urn:p> <urn:o> .\n", replace=True)
    script.exchange().write_graph(None, b"", replace=False)
    assert [str(request.url) for request in script.asked] == [
        "http://db.test/data?graph=urn%3Ag",
        "http://db.test/data?default=",
    ]
    assert [request.method for request in script.asked] == ["PUT", "POST"]


def test_credentials_go_to_the_server_and_nowhere_else() -> None:
    with serving() as server:
        for given in ({"user": "ada", "password": "secret-word"}, {"token": "secret-word"}):
            server.cut = 0
            endpoint = server.endpoint(**given)
            assert "secret" not in repr(endpoint)
            with closing(Exchange(endpoint, pause=lambda _: None)) as exchange:
                exchange.rows(ASK)
                server.cut = 5
                with pytest.raises(StoreError) as caught:
                    exchange.rows(ASK)
            assert "secret" not in str(caught.value)
        assert set(server.authorizations) == {"Basic YWRhOnNlY3JldC13b3Jk", "Bearer secret-word"}


def test_an_address_with_a_password_in_it_is_refused_without_showing_it() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Endpoint(query="http://ada:secret@db.test/query", update="http://db.test/update")
    assert "secret" not in str(caught.value)
    with pytest.raises(ConfigurationError, match="not an HTTP address"):
        Endpoint(query="file:///etc/passwd", update="http://db.test/update")


@contextmanager
def hanging_up(answer: bytes) -> Iterator[Endpoint]:
    """A server that sends some bytes to whoever connects, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        try:
            yield Endpoint(query=address, update=address)
        finally:
            listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "framing",
    [
        f"Content-Length: {len(ROWS) + 10}\r\n\r\n".encode() + ROWS,
        b"Transfer-Encoding: chunked\r\n\r\n" + f"{len(ROWS):x}\r\n".encode() + ROWS + b"\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n" + f"{len(ROWS):x}\r\n".encode() + ROWS[:20],
    ],
)
def test_a_body_that_ends_before_its_framing_does_is_refused(framing: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
    with (
        hanging_up(head + framing) as endpoint,
        closing(Exchange(endpoint, pause=lambda _: None)) as exchange,
        pytest.raises(StoreError),
    ):
        exchange.rows(ASK)
