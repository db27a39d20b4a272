"""Answers on their way: whole or broken, large or small, new or known."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import httpx
import pytest

from graphmap.store import EmbeddedStore, WorkerLimits
from tests.service.conftest import ACCOUNT, AUTHORIZED, BASE, Server, services_over

ALL = "SELECT * { ?s ?p ?o }"
# as many rows as there are pairs: 300 times 300 and more, some megabytes
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
THREES = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def short(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that gives out three megabytes at most."""
    limits = {"result_bytes": 3_000_000, "stall_s": 1.0}
    services = services_over(store, tmp_path_factory.mktemp("short"), worker_limits=limits)
    with Server(services=services) as running:
        yield running


def test_a_large_answer_comes_whole_and_in_parts(client: httpx.Client) -> None:
    with client.stream("GET", "/sparql", params={"query": PAIRS, "format": "csv"}) as response:
        assert response.status_code == 200
        assert "content-length" not in response.headers
        lines = sum(part.count(b"\n") for part in response.iter_bytes())
    counted = client.get(
        "/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", "format": "csv"}
    )
    assert lines == int(counted.text.split()[1]) + 1


def test_an_answer_that_fails_late_breaks_the_connection(short: Server) -> None:
    asked = {"query": THREES, "format": "csv"}
    with (
        httpx.Client(base_url=short.address, timeout=10) as client,
        client.stream("GET", "/sparql", params=asked) as got,
    ):
        assert got.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            got.read()


def test_an_answer_that_fails_early_is_an_error(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> None:
    services = services_over(store, tmp_path_factory.mktemp("tiny"), worker_limits={"result_bytes": 2_000})
    with Server(services=services) as running:
        response = httpx.get(f"{running.address}/sparql", params={"query": ALL})
    assert response.status_code == 422


def test_a_client_that_stands_still_loses_its_answer_and_holds_up_nobody(short: Server) -> None:
    place = urlsplit(short.address)
    with socket.create_connection((str(place.hostname), int(place.port or 0))) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(f"GET /sparql?query={quote(THREES)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.3)
        for _ in range(5):
            assert httpx.get(f"{short.address}/sparql", params={"query": "ASK {}"}).status_code == 200
        time.sleep(1.5)
    assert short.services.pool.counts.killed + short.services.pool.counts.crashed <= 2
    assert httpx.get(f"{short.address}/sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_timeout_may_lower_the_limit_and_not_raise_it(
    client: httpx.Client, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"
    services = services_over(store, tmp_path_factory.mktemp("hours"))
    services.pool.limits = WorkerLimits(timeout_s=3_600.0)
    with Server(services=services) as hours:
        lowered = httpx.get(f"{hours.address}/sparql", params={"query": endless, "timeout": "0.3"}, timeout=300)
    assert lowered.status_code == 504
    raised = client.get("/sparql", params={"query": endless, "timeout": "3600"}, timeout=300)
    assert raised.status_code == 504
    for wrong in ("-1", "0", "x", "1e9", "nan"):
        assert client.get("/sparql", params={"query": "ASK {}", "timeout": wrong}).status_code == 400


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/sparql", {"query": 'SELECT ?s { ?s ?p "a/b:1" }'}),
        ("/resource", {"iri": ACCOUNT}),
        ("/limber/CustomerAccount/a%2Fb%3A1", {}),
        ("/ontology", {}),
        ("/.well-known/void", {}),
    ],
)
def test_what_a_client_has_already_is_not_sent_again(
    client: httpx.Client, store: EmbeddedStore, path: str, params: dict[str, str]
) -> None:
    first = client.get(path, params=params)
    assert first.status_code == 200, first.text
    tag = first.headers["etag"]
    again = client.get(path, params=params, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = client.get(path, params=params, headers={"If-None-Match": tag, "Accept": "application/n-triples, text/csv"})
    assert other.status_code == 200
    store.load(f'<urn:test:etag> <urn:p> "{time.monotonic_ns()}" .\n'.encode())
    assert client.get(path, params=params, headers={"If-None-Match": tag}).status_code == 200


def test_an_answer_that_changes_by_itself_has_no_tag(client: httpx.Client) -> None:
    assert "etag" not in client.get("/sparql", params={"query": "SELECT (NOW() AS ?now) {}"}).headers


def test_links_lead_from_a_record_to_its_other_formats_and_the_dataset(client: httpx.Client) -> None:
    response = client.get("/limber/CustomerAccount/a%2Fb%3A1", headers={"Accept": "text/turtle"})
    links = httpx.Response(200, headers={"Link": response.headers["link"]}).links
    assert links["describedby"]["url"] == "/.well-known/void"
    assert 'type="application/ld+json"' in response.headers["link"]
    alternate = client.get(links["alternate"]["url"])
    assert alternate.status_code == 200
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [
        (".ttl", "text/turtle"),
        (".jsonld", "application/ld+json"),
        (".html", "text/html"),
        (".nt", "application/n-triples"),
    ],
)
def test_the_end_of_a_documents_path_may_name_its_format(client: httpx.Client, suffix: str, content_type: str) -> None:
    response = client.get(f"/limber/CustomerAccount/a%2Fb%3A1{suffix}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(content_type)


def test_json_ld_comes_in_the_form_that_a_profile_names(client: httpx.Client) -> None:
    def ask(profile: str) -> httpx.Response:
        accept = f'application/ld+json;profile="http://www.w3.org/ns/json-ld#{profile}"'
        return client.get("/resource", params={"iri": ACCOUNT}, headers={"Accept": accept})

    assert isinstance(ask("expanded").json(), list)
    assert "expanded" in ask("expanded").headers["content-type"]
    framed = ask("framed").json()
    assert framed["@id"] == "limber:CustomerAccount#a%2Fb%3A1"
    assert framed["limber:country"]["rdfs:label"] == "New Zealand"
    assert "@graph" in ask("compacted").json()


def test_a_graph_is_put_read_merged_and_dropped(client: httpx.Client) -> None:
    graph, turtle = "urn:test:graph", {**AUTHORIZED, "Content-Type": "text/turtle"}
    where = {"graph": graph}
    assert client.put("/graphs", params=where, content="<urn:s> <urn:p> 1 .", headers=turtle).status_code == 201
    assert client.post("/graphs", params=where, content="<urn:s> <urn:p> 2 .", headers=turtle).status_code == 204
    assert client.head("/graphs", params=where).status_code == 200
    assert client.get("/graphs", params={**where, "format": "ntriples"}).text.count("\n") == 2
    assert client.put("/graphs", params=where, content="<urn:s> <urn:p> 3 .", headers=turtle).status_code == 204
    assert client.get("/graphs", params={**where, "format": "ntriples"}).text.count("\n") == 1
    assert client.put("/graphs", params=where, content="<urn:s>", headers=turtle).status_code == 400
    assert client.put("/graphs", params=where, content="x", headers=AUTHORIZED).status_code == 415
    assert client.delete("/graphs", params=where, headers=AUTHORIZED).status_code == 204
    assert client.get("/graphs", params=where).status_code == 404
    assert client.get("/graphs").status_code == 400
    assert client.get("/graphs?default&graph=urn:x").status_code == 400


def test_records_come_in_arrays_and_lines(client: httpx.Client) -> None:
    array = client.post("/records", json=["stored", "unchanged"], headers=AUTHORIZED)
    assert (array.status_code, array.json()["counts"]) == (200, {"stored": 1, "unchanged": 1})
    headers = {**AUTHORIZED, "Content-Type": "application/x-ndjson"}
    lines = client.post("/records", content='"stored"\n\n"quarantined"\n', headers=headers)
    assert lines.status_code == 207
    assert [record["outcome"] for record in lines.json()["records"]] == ["stored", "quarantined"]
    assert client.post("/records", json=["stored"] * 6, headers=AUTHORIZED).status_code == 413
    cut = client.post("/records", content="[1,", headers={**AUTHORIZED, "Content-Type": "application/json"})
    assert cut.status_code == 400


def test_a_packed_body_holds_no_record_that_is_larger_than_a_body_may_be(client: httpx.Client) -> None:
    headers = {**AUTHORIZED, "Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    small = client.post("/records", content=gzip.compress(b'"stored"\n' * 2 + b" " * 25_000), headers=headers)
    assert small.status_code == 200
    large = client.post("/records", content=gzip.compress(b'"stored"\n' + b"\0" * 25_000), headers=headers)
    assert large.status_code == 413
    assert "record 2 has 25,000 bytes" in large.json()["detail"]


def test_numbers_for_prometheus_count_what_happened(client: httpx.Client) -> None:
    client.get("/sparql", params={"query": "ASK {}"})
    text = client.get("/metrics").text
    assert 'graphmap_requests_total{route="sparql",method="GET",status="200"}' in text
    assert "graphmap_query_seconds_bucket" in text
    assert "graphmap_queries_killed_total" in text
    assert "graphmap_checkpoint_age_seconds" in text
    (quads,) = [line for line in text.splitlines() if line.startswith("graphmap_store_quads ")]
    assert int(quads.split()[1]) > 300


def test_each_request_has_a_number(client: httpx.Client) -> None:
    numbers = {client.get("/healthz").headers["x-request-id"] for _ in range(3)}
    assert len(numbers) == 3


def test_the_dataset_describes_itself_with_its_classes(client: httpx.Client) -> None:
    response = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    for word in ("ns/void#Dataset", "sparqlEndpoint", "uriSpace", "classPartition", "dcat#Catalog"):
        assert word in response.text
    assert f"{BASE}limber/CustomerAccount" in response.text or "limber:CustomerAccount" in response.text


def test_context_ontology_and_openapi_can_be_had(client: httpx.Client) -> None:
    assert client.get("/context.jsonld").json()["@context"]["limber"] == f"{BASE}limber/"
    assert "customer account" in client.get("/ontology").text
    paths = client.get("/openapi.json").json()["paths"]
    assert paths["/queries/by-code"]["get"]["parameters"][0]["name"] == "code"


def test_behind_a_proxy_all_paths_stand_below_its_own(
    store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    services = services_over(store, tmp_path_factory.mktemp("proxied"), root_path="/kg")
    with Server(services=services) as running, httpx.Client(base_url=running.address) as client:
        page = client.get("/", headers={"Accept": "text/html"}).text
        assert 'href="/kg/style.css?' in page
        assert 'href="/kg/queries/by-code"' in page
        assert 'href="/kg/resource?iri=' in page
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        document = client.get("/limber/CustomerAccount/a%2Fb%3A1")
        assert document.status_code == 200
        assert '</kg/.well-known/void>; rel="describedby"' in document.headers["link"]
        assert "/kg/sparql" in client.get("/.well-known/void").text


def test_editors_find_prefixes_and_example_queries(client: httpx.Client) -> None:
    text = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
    assert f"<{BASE}queries/by-code> <http://www.w3.org/ns/shacl#select>" in text
    assert '<http://www.w3.org/ns/shacl#prefix> "limber"' in text
