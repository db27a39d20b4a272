"""Who gets in, how much of it, and what is refused on the way."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from graphmap.service.access.tokens import Access, grant_for
from graphmap.service.dependencies import ServiceLimits
from graphmap.service.http.limits.request_gate import Rate
from graphmap.store import EmbeddedStore
from tests.service.conftest import AUTHORIZED, Server, services_over

TURTLE = {**AUTHORIZED, "Content-Type": "text/turtle"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"
ORIGIN = "https://pages.example"


@pytest.fixture(scope="module")
def strict(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that tells tokens apart, lets one origin in, works on two requests at once and keeps a worker."""
    access = Access(
        anonymous=frozenset(),
        grants=tuple(grant_for(f"gm_{right}", [right], name=right) for right in ("read", "query", "ingest", "admin")),
    )
    limits = ServiceLimits(body_bytes=20_000, concurrent=2)
    folder = tmp_path_factory.mktemp("strict")
    services = services_over(store, folder, access=access, origins=(ORIGIN,), limits=limits, kept=1)
    with Server(services=services) as running, httpx.Client(base_url=running.address, timeout=10) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("token", "reports", "sparql", "records", "graphs"),
    [
        ("gm_read", 200, 403, 403, 403),
        ("gm_query", 403, 200, 403, 403),
        ("gm_ingest", 403, 403, 415, 403),
        ("gm_admin", 200, 200, 415, 415),
    ],
)
def test_a_token_does_what_it_is_for_and_nothing_else(
    strict: httpx.Client, token: str, reports: int, sparql: int, records: int, graphs: int
) -> None:
    headers = bearer(token)
    assert strict.get("/reports", headers=headers).status_code == reports
    assert strict.get("/sparql", params={"query": "ASK {}"}, headers=headers).status_code == sparql
    assert strict.post("/records", headers=headers).status_code == records
    assert strict.put("/graphs", params={"graph": "urn:g"}, headers=headers).status_code == graphs


@pytest.mark.parametrize("header", ["Bearer", "Basic Z206eA==", "Bearer gm_wrong", "gm_admin", "\xff"])
def test_a_header_that_is_no_known_token_is_refused_with_a_challenge(strict: httpx.Client, header: str) -> None:
    response = strict.get("/reports", headers={b"Authorization": header.encode("latin-1")})
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert strict.get("/reports").status_code == 401


def test_a_token_shows_in_no_representation_of_a_grant() -> None:
    grant = grant_for("gm_secret", ["read"], name="a")
    assert "gm_secret" not in repr(grant)
    assert grant.sha256 not in repr(grant)


def test_a_preflight_request_is_answered_without_a_token(strict: httpx.Client) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    response = strict.options("/sparql", headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert "Authorization" in response.headers["access-control-allow-headers"]
    assert "Origin" in response.headers["vary"]


def test_errors_can_be_read_from_an_allowed_origin_and_from_no_other(strict: httpx.Client) -> None:
    allowed = strict.get("/reports", headers={"Origin": ORIGIN})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (401, ORIGIN)
    other = strict.get("/reports", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_a_request_too_many_is_told_to_come_again(strict: httpx.Client) -> None:
    def endless() -> None:
        httpx.post(f"{strict.base_url}/sparql", data={"query": ENDLESS}, headers=bearer("gm_admin"), timeout=10)

    assert strict.get("/readyz").status_code == 200  # the process that answers it is there from now on
    busy = [threading.Thread(target=endless) for _ in range(2)]
    for thread in busy:
        thread.start()
    until = time.monotonic() + 20
    while (response := strict.get("/icon.svg")).status_code != 503 and time.monotonic() < until:
        time.sleep(0.02)
    page = strict.get("/icon.svg", headers={"Accept": "text/html"})
    alive = strict.get("/healthz")
    ready = strict.get("/readyz")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (503, "text/html")
    assert "What to do" in page.text
    assert (alive.status_code, ready.status_code) == (200, 200)
    for thread in busy:
        thread.join()
    assert strict.get("/icon.svg").status_code == 200


def test_requests_are_counted_by_address() -> None:
    rate = Rate(1.0)
    for _ in range(60):
        rate.count("a")
    with pytest.raises(Exception, match="429"):
        rate.count("a")
    rate.count("b")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_packed_bodies_are_unpacked(client: httpx.Client, pack: object) -> None:
    assert callable(pack)
    encoding = "gzip" if pack is gzip.compress else "deflate"
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": encoding}
    assert client.post("/sparql", content=pack(b"ASK {}"), headers=headers).status_code == 200


def test_a_packed_bomb_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * 10_000_000)
    assert len(bomb) < 20_000
    assert client.post("/sparql", content=bomb, headers=headers).status_code == 413
    assert client.post("/sparql", content=gzip.compress(b"ASK {}")[:-9], headers=headers).status_code == 400
    brotli = {**headers, "Content-Encoding": "br"}
    assert client.post("/sparql", content=b"x", headers=brotli).status_code == 415


def put(client: httpx.Client, body: bytes, kind: str) -> httpx.Response:
    headers = {**AUTHORIZED, "Content-Type": kind}
    return client.put("/graphs", params={"graph": "urn:test:hostile"}, content=body, headers=headers)


def xml_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    return (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "x">{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#">'
        "<rdf:Description><e:p>&e8;</e:p></rdf:Description></rdf:RDF>"
    ).encode()


def xml_of(text: bytes) -> bytes:
    return (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#">'
        b"<rdf:Description><e:p>" + text + b"</e:p></rdf:Description></rdf:RDF>"
    )


@pytest.mark.parametrize(
    "text", [b'ASK { ?s ?p "\xff" }', b'ASK { ?s ?p "\xed\xa0\x80" }', b"ASK { <urn:\xc3> ?p ?o }"]
)
def test_a_query_that_is_no_utf_8_is_the_clients_mistake(client: httpx.Client, text: bytes) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    direct = {"Content-Type": "application/sparql-query"}
    for response in (
        client.get(f"/sparql?query={quote(text)}"),
        client.post("/sparql", content=f"query={quote(text)}", headers=form),
        client.post("/sparql", content=b"query=" + text, headers=form),
        client.post("/sparql", content=text, headers=direct),
    ):
        assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")
    assert client.get("/graphs?graph=urn:%ff").status_code == 400


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (xml_bomb(), "application/rdf+xml"),
        (xml_bomb().decode().encode("utf-16"), "application/rdf+xml"),
        (b'{"@id": "urn:x", "urn:p": ' + b"[" * 9000 + b"]" * 9000 + b"}", "application/ld+json"),
        (b'{"@context": "https://evil.example/context", "@id": "urn:x"}', "application/ld+json"),
        (b"<urn:s> <urn:p> " + b"(" * 15_000, "text/turtle"),
        (b"<urn:s> <urn:p> 'not closed", "text/turtle"),
        (b"\xff\xfe\x00", "text/turtle"),
        (b'{"@id": "urn:x", "urn:p": "\xff"}', "application/ld+json"),
        (b'{"@id": "urn:x", "urn:\xc3": "a"}', "application/ld+json"),
        (b'<urn:x> <urn:p> "\xff" .', "application/n-triples"),
        (b'<urn:x> <urn:p> "\xed\xa0\x80" .', "application/trig"),
        (xml_of(b"\xff"), "application/rdf+xml"),
    ],
)
def test_a_hostile_document_is_refused_and_the_service_lives_on(client: httpx.Client, body: bytes, kind: str) -> None:
    response = put(client, body, kind)
    assert response.status_code in (400, 422), response.text
    assert client.get("/readyz").status_code == 200
    assert client.get("/graphs", params={"graph": "urn:test:hostile"}).status_code == 404


def test_a_multipart_body_of_too_many_parts_is_refused(client: httpx.Client) -> None:
    files = [("f", (f"{n}.ttl", "<urn:s> <urn:p> 1 .", "text/turtle")) for n in range(30)]
    response = client.post("/graphs", params={"graph": "urn:test:hostile"}, files=files, headers=AUTHORIZED)
    assert response.status_code == 413


@pytest.mark.parametrize("graph", ["https://schema.limbergraph.com/graph/reports", "https://schema.limbergraph.com/x"])
def test_graphs_that_ingest_keeps_are_closed(client: httpx.Client, graph: str) -> None:
    body = "<urn:s> <urn:p> 1 ."
    assert client.put("/graphs", params={"graph": graph}, content=body, headers=TURTLE).status_code == 403
    assert client.delete("/graphs", params={"graph": graph}, headers=AUTHORIZED).status_code == 403
    assert client.put("/graphs?default", content=body, headers=TURTLE).status_code == 403
    update = {"update": f"INSERT DATA {{ GRAPH <{graph}> {{ {body} }} }}"}
    assert client.post("/sparql", data=update, headers=AUTHORIZED).status_code == 403


@pytest.mark.parametrize(
    "update", ["LOAD <http://127.0.0.1:1/>", "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>", "CLEAR ALL"]
)
def test_updates_that_reach_out_or_too_far_are_refused(client: httpx.Client, update: str) -> None:
    assert client.post("/sparql", data={"update": update}, headers=AUTHORIZED).status_code in (400, 403)


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/style.css/../../app.py", "/graphs/..%2f..%2fx"]
)
def test_a_path_never_becomes_a_file(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (400, 404)
    assert "root:" not in response.text


def test_a_link_is_made_only_of_harmless_schemes(store: EmbeddedStore, client: httpx.Client) -> None:
    store.load(b'<urn:test:links> <urn:p> <javascript:alert(1)> .\n<urn:test:links> <urn:q> "<script>" .\n')
    page = client.get("/resource", params={"iri": "urn:test:links", "format": "html"}).text
    assert 'href="javascript' not in page
    assert "<script>" not in page
