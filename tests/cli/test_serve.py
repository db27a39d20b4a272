"""`graphmap serve`, run as a person would: a process, a port, requests."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from graphmap.cli.serve import _access
from graphmap.workspace import read_workspace
from tests.cli.conftest import Call
from tests.cli.servers import process_of, running
from tests.ingest import worlds
from tests.ingest.builders import BASE, envelope


@pytest.fixture
def server(workspace: Path, call: Call) -> Iterator[httpx.Client]:
    call("load", *sorted((workspace / "samples").iterdir()))
    with running(workspace) as client:
        yield client
    assert not list(workspace.glob(".checkpoints-*"))
    assert not (workspace / ".graphmap" / "server.json").exists()


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


def test_another_command_goes_through_the_server_that_holds_the_store(server: httpx.Client, call: Call) -> None:
    assert server.get("/healthz").status_code == 200
    assert "quads in all graphs" in call("store", "stats").out
    assert call("query", "-q", "ASK { ?s ?p ?o }").out == "yes\n"
    assert call("store", "verify").out == "no faults found\n"


def test_without_a_token_the_server_only_reads(server: httpx.Client) -> None:
    del server.headers["Authorization"]
    assert server.post("/records", json=envelope("one")).status_code == 401
    assert server.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_an_envelope_is_validated_and_not_stored(server: httpx.Client) -> None:
    report = server.post("/validate", json=envelope("new", accountCode=[])).json()
    assert report["findings"][0]["rule"] == "limber.CustomerAccount.accountCode.minCount"
    assert server.get("/limber/CustomerAccount/new").status_code == 404


def test_listening_beyond_loopback_takes_a_token(call: Call) -> None:
    ended = call("serve", "--host", "0.0.0.0", "--port", "1")  # noqa: S104  # refused
    assert ended.status == 2
    assert "no token is configured" in ended.err


def configured(workspace: Path, text: str) -> None:
    settings = workspace / "graphmap.toml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def test_an_issuer_of_tokens_needs_an_audience(workspace: Path, call: Call) -> None:
    configured(workspace, '[service.oidc]\nissuer = "https://issuer.example"')
    ended = call("serve")
    assert ended.status == 2
    assert "[service.oidc] audience is missing" in ended.err


def test_an_issuer_of_tokens_needs_a_package(workspace: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(workspace, '[service.oidc]\nissuer = "https://issuer.example"\naudience = "https://graph.example"')
    monkeypatch.setitem(sys.modules, "jwt", None)
    monkeypatch.delitem(sys.modules, "graphmap.service.access.oidc", raising=False)
    ended = call("serve")
    assert ended.status == 2
    assert "install graphmap[oidc]" in ended.err


def test_a_token_is_made_with_its_hash(call: Call) -> None:
    ended = call("token", "loader", "--right", "ingest")
    assert ended.status == 0
    assert "[service.tokens.loader]" in ended.out
    assert 'rights = ["ingest"]' in ended.out
    assert "gm_" not in ended.out


def test_a_hang_up_reads_queries_anew_and_keeps_them_where_one_is_wrong(server: httpx.Client, workspace: Path) -> None:
    process = process_of(workspace)
    (workspace / "queries" / "new.rq").write_text("# title: New\nASK { ?s ?p ?o }\n", encoding="utf-8")
    assert server.get("/queries/new").status_code == 404
    os.kill(process, signal.SIGHUP)
    _until(lambda: server.get("/queries/new").status_code == 200)
    (workspace / "queries" / "new.rq").write_text("nonsense", encoding="utf-8")
    os.kill(process, signal.SIGHUP)
    time.sleep(0.5)
    assert server.get("/queries/new").status_code == 200


def test_a_hang_up_reads_shapes_and_mappings_anew_and_keeps_them_where_one_is_wrong(
    server: httpx.Client, workspace: Path
) -> None:
    process = process_of(workspace)
    own = workspace / "shapes" / "custom" / "names.ttl"
    own.parent.mkdir(exist_ok=True)
    assert server.post("/records", json=envelope("before", salesRepName="Anna")).status_code == 201
    shape = """
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix limber: <https://schema.limbergraph.com/limber/> .
        <urn:test:shape> a sh:NodeShape ; sh:targetClass limber:CustomerAccount ;
            sh:property [ sh:path limber:salesRepName ; sh:pattern "^B" ] .
    """
    own.write_text(shape, encoding="utf-8")
    os.kill(process, signal.SIGHUP)
    anna = envelope("after", salesRepName="Anna")
    _until(lambda: server.post("/validate", json=anna).json().get("conforms") is False)  # 503 while they differ
    assert server.post("/records", json=anna).status_code == 422
    assert server.post("/records", json=envelope("beside", salesRepName="Berta")).status_code == 201
    assert "urn:test:shape" in server.get("/shapes", headers={"Accept": "text/turtle"}).text

    own.write_text("nonsense", encoding="utf-8")
    os.kill(process, signal.SIGHUP)
    time.sleep(1.0)
    assert server.post("/records", json=anna).status_code == 422
    mapping = workspace / "mappings" / "limber.ttl"
    own.unlink()
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("predicate limber:salesRepName", "predicate limber:salesRep"), encoding="utf-8")
    os.kill(process, signal.SIGHUP)
    _until(lambda: server.post("/validate", json=anna).json().get("conforms") is True)
    taken = server.post("/records", json=anna)
    assert taken.status_code == 201, taken.text
    seen = server.get(
        "/resource", params={"iri": f"{BASE}limber/CustomerAccount#after"}, headers={"Accept": "text/turtle"}
    )
    assert "salesRep " in seen.text
    assert "salesRepName" not in seen.text


def test_behind_a_proxy_addresses_are_those_that_the_proxy_shows(workspace: Path) -> None:
    settings = workspace / "graphmap.toml"
    own = '\n[service]\nroot_path = "/kg"\nproxies = ["127.0.0.1"]\nhosts = ["graph.example"]\nrate_per_s = 0.2\n'
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")
    shown = {"Host": "graph.example", "X-Forwarded-Proto": "https", "Accept": "application/n-triples"}
    with running(workspace) as client:
        void = client.get("/.well-known/void", headers={**shown, "X-Forwarded-For": "192.0.2.1"})
        assert "<https://graph.example/kg/sparql>" in void.text
        statuses = [
            client.get("/icon.svg", headers={**shown, "X-Forwarded-For": "192.0.2.2"}).status_code for _ in range(14)
        ]
        assert (statuses[0], statuses[-1]) == (200, 429)
        other = client.get("/healthz", headers={**shown, "X-Forwarded-For": "192.0.2.3"})
        assert other.status_code == 200


def test_headers_of_a_proxy_that_is_not_listed_are_not_believed(server: httpx.Client) -> None:
    void = server.get("/.well-known/void", headers={"X-Forwarded-Proto": "https", "Accept": "application/n-triples"})
    assert f"<{server.base_url}/sparql>" in void.text.replace("localhost", "127.0.0.1")


def test_what_is_at_work_ends_before_the_server_does(server: httpx.Client, workspace: Path) -> None:
    process = process_of(workspace)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    threading.Timer(0.2, os.kill, (process, signal.SIGTERM)).start()
    response = server.get("/sparql", params={"query": slow, "timeout": "8"})
    assert response.status_code in (200, 504)
    with pytest.raises(httpx.TransportError):
        _until(lambda: server.get("/healthz").status_code == 0)


def _until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not done():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_port_that_is_taken_or_is_none_is_told_before_anything_is_announced(workspace: Path, call: Call) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        called = call("serve", "--port", str(port))
    assert called.status == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use (name another with --port" in called.err
    assert "serving" not in called.err
    assert "token" not in called.err
    assert not (workspace / ".graphmap" / "server.json").exists()
    assert call("serve", "--port", "99999").status == 2


@pytest.mark.parametrize(
    ("host", "service", "anonymous"),
    [
        ("127.0.0.1", "", {"read", "query"}),
        ("::1", "", {"read", "query"}),
        ("0.0.0.0", "", set()),  # noqa: S104  # nobody listens there in this test
        ("graph.example", "", set()),
        ("127.0.0.1", 'hosts = ["graph.example"]', set()),
        ("127.0.0.1", 'hosts = ["localhost:8080", "[::1]"]', {"read", "query"}),
        ("127.0.0.1", 'proxies = ["10.0.0.1"]', set()),
        ("127.0.0.1", 'root_path = "/kg"', set()),
        ("0.0.0.0", 'anonymous = ["read"]', {"read"}),  # noqa: S104  # as above
        ("127.0.0.1", "anonymous = []", set()),
    ],
)
def test_beyond_loopback_clients_without_a_token_get_nothing_unless_the_configuration_says_so(
    workspace: Path, host: str, service: str, anonymous: set[str]
) -> None:
    file = workspace / "graphmap.toml"
    token = f'[service.tokens.a]\nsha256 = "{"0" * 64}"\nrights = ["ingest"]\n'
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[service]\n{service}\n{token}", encoding="utf-8")
    access, made = _access(read_workspace(workspace), host)
    assert set(access.anonymous) == anonymous
    assert made is None


def test_a_workspace_without_sources_is_served_and_says_what_it_cannot_take(tmp_path: Path) -> None:
    (tmp_path / "graphmap.toml").write_text('base = "https://empty.example/"\n')
    with running(tmp_path) as client:
        assert {client.get(path).status_code for path in ("/", "/check", "/reports", "/readyz")} == {200}
        for path in ("/records", "/validate"):
            told = client.post(path, json={"id": 1})
            assert (told.status_code, told.json()["detail"]) == (400, "no source of this workspace reads JSON")


def test_a_workspace_of_tables_and_a_feed_takes_records_of_the_feed(tmp_path: Path) -> None:
    shop, feed = worlds.shop(tmp_path, 3), worlds.feed(tmp_path / "feed", 1)
    sources = (feed.root / "graphmap.toml").read_text().partition("\n")[2].replace("mappings/", "feed/mappings/")
    (tmp_path / "graphmap.toml").write_text((tmp_path / "graphmap.toml").read_text() + sources)
    entry = {feed.names["key"]: "k", feed.names["title"]: "T"}
    with running(tmp_path) as client:
        taken = client.post("/records", json=entry)
        assert (taken.status_code, taken.json()["outcome"]) == (201, "stored")
        assert client.post("/records", json=entry).json()["outcome"] == "unchanged"
        keyless = client.post("/records", json={feed.names["title"]: "T"})
        assert (keyless.status_code, keyless.json()["findings"][0]["pointer"]) == (422, f"/{feed.names['key']}")
        n = shop.names
        rows = f"{n['number']},{n['owner']},{n['state']}\n1,1,broken\n"
        assert "must be one of new, used" in client.post("/check", data={"text": rows}).text
