"""`graphmap serve`, run as a person would: a process, a port, requests."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Call
from tests.ingest.builders import BASE, envelope


@pytest.fixture
def server(workspace: Path, call: Call) -> Iterator[httpx.Client]:
    call("load", *sorted((workspace / "samples").iterdir()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "graphmap"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=workspace, stderr=subprocess.PIPE, text=True)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        _wait(client)
        yield client
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=20)
    assert "Traceback" not in told
    assert not list(workspace.glob(".checkpoints-*"))


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def test_a_served_workspace_answers_takes_records_in_and_reports(server: httpx.Client) -> None:
    ask = "SELECT (COUNT(?d) AS ?n) { GRAPH <https://schema.limbergraph.com/graph/provenance> { ?d a ?c } }"
    got = server.get("/sparql", params={"query": ask}, headers={"Accept": "application/sparql-results+json"})
    assert got.json()["results"]["bindings"][0]["n"]["value"] == "37"
    assert server.post("/sparql", data={"query": ask}).status_code == 200
    direct = server.post("/sparql", content=ask, headers={"Content-Type": "application/sparql-query"})
    assert direct.status_code == 200

    taken = server.post("/records", json=envelope("über/neu"))
    assert taken.status_code == 201
    assert taken.headers["Location"]
    assert taken.json()["document"] == f"{BASE}limber/CustomerAccount/%C3%BCber%2Fneu" or taken.json()["outcome"]
    again = server.post("/records", json=envelope("one"))
    assert (again.status_code, again.json()["outcome"]) == (201, "stored")
    assert server.post("/records", json=envelope("one")).json()["outcome"] == "unchanged"
    entity = f"{BASE}limber/CustomerAccount#one"
    seen = server.get("/resource", params={"iri": entity}, headers={"Accept": "text/turtle"})
    assert '"ErpNord-one"' in seen.text

    refused = server.post("/records", json=envelope("bad", accountCode=[]))
    assert refused.status_code == 422
    findings = refused.json()["report"]["findings"] if "report" in refused.json() else refused.json()["findings"]
    assert findings[0]["rule"] == "limber.CustomerAccount.accountCode.minCount"
    reports = server.get("/reports", headers={"Accept": "application/json"}).json()
    assert reports["counts"]["Violation"] == 1
    assert server.post("/records", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400


def test_another_command_is_told_that_the_store_is_taken(server: httpx.Client, call: Call) -> None:
    assert server.get("/healthz").status_code == 200
    ended = call("store", "stats")
    assert ended.status == 3
    assert "open in another process" in ended.err
