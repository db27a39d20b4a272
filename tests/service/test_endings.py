"""Requests that end in another way than by their answer: clients that leave, faults that nobody foresaw."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from graphmap.service import Services
from graphmap.store import EmbeddedStore, WorkerLimits
from tests.service.conftest import Server, services_over

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def patient(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Services]]:
    """A server whose queries have a minute: whatever ends before was ended by something else."""
    services = services_over(store, tmp_path_factory.mktemp("patient"))
    services.pool.limits = WorkerLimits(timeout_s=60.0)
    with Server(services=services) as running:
        yield running.address, services


def asked(address: str, path: str, body: str | None = None) -> socket.socket:
    """A connection on which a request was sent, by POST where it has a body, and nothing was read yet."""
    host, port = address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/csv\r\n"
    if body is not None:
        head += f"Content-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n"
    connection.sendall(f"{head}\r\n{body or ''}".encode())
    return connection


def within(seconds: float, happened: object) -> bool:
    assert callable(happened)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("method", "path", "body"), [("GET", f"/sparql?query={quote(ENDLESS)}", None), ("POST", "/sparql", ENDLESS)]
)
def test_a_query_whose_client_hangs_up_is_stopped_at_once(
    patient: tuple[str, Services], method: str, path: str, body: str | None
) -> None:
    address, services = patient
    before, started = services.pool.counts.killed, services.pool.counts.asked
    processes = services.pool.processes
    with asked(address, path, body):
        assert within(30, lambda: services.pool.counts.asked > started)
        time.sleep(0.3)
        assert services.pool.counts.killed == before
    assert within(30, lambda: services.pool.counts.killed == before + 1)
    assert within(30, lambda: len(set(processes) - set(services.pool.processes)) == 1)
    assert httpx.get(f"{address}/sparql", params={"query": "ASK {}"}).status_code == 200
    metrics = httpx.get(f"{address}/metrics").text
    assert f'graphmap_requests_total{{route="sparql",method="{method}",status="499"}} 1' in metrics


def test_an_answer_whose_reader_hangs_up_is_stopped(patient: tuple[str, Services]) -> None:
    address, services = patient
    before = services.pool.counts.killed
    with asked(address, f"/sparql?query={quote(LONG)}") as connection:
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert within(30, lambda: services.pool.counts.killed == before + 1)


@pytest.mark.parametrize("path", ["/resource?iri=urn%3Ax", "/limber/CustomerAccount", "/reports", "/queries/by-label"])
def test_whatever_is_read_ends_with_its_reader(
    store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    services = services_over(store, tmp_path_factory.mktemp("left"))
    told: list[str] = []

    async def stream(*_: object, **__: object) -> None:
        told.append("begun")
        try:
            await asyncio.sleep(60)
        finally:
            told.append("ended")

    monkeypatch.setattr(services.pool, "stream", stream)
    with Server(services=services) as running:
        with asked(running.address, path):
            assert within(30, lambda: "begun" in told)
            time.sleep(0.2)
            assert "ended" not in told
        assert within(30, lambda: "ended" in told)


def test_a_client_that_waits_gets_its_answer_however_long_it_takes(patient: tuple[str, Services]) -> None:
    address, _ = patient
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(CONCAT(STR(?a), STR(?d)) != 'x') }"
    begin = time.monotonic()
    answer = httpx.get(f"{address}/sparql", params={"query": text}, timeout=60)
    assert answer.status_code == 200
    assert time.monotonic() - begin > 0.05


@pytest.mark.parametrize("path", ["/sparql?query=ASK%20%7B%7D", "/readyz"])
def test_a_fault_that_nobody_foresaw_is_a_problem_too(
    store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    services = services_over(store, tmp_path_factory.mktemp("faulty"))

    async def stream(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr(services.pool, "stream", stream)
    with Server(services=services) as running:
        answer = httpx.get(f"{running.address}{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["title"] == "Internal Server Error"
    assert "secret" not in answer.text


def test_the_parameter_explain_is_answered_by_what_the_store_cannot_tell(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "ASK {}", "explain": "true"})
    assert (answer.status_code, answer.json()["detail"]) == (400, "the store tells no plan of a query")
