from __future__ import annotations

import threading
import time

import httpx
import pytest

from tests.service.conftest import ACCOUNT, BASE

LABELS = "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?l"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"


def labels(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["l"]["value"] for row in response.json()["results"]["bindings"]]


def test_a_query_is_taken_by_get_by_form_and_directly(client: httpx.Client) -> None:
    expected = ["Hütte & <Söhne>", "New Zealand"]
    direct = {"Content-Type": "application/sparql-query; charset=utf-8"}
    assert labels(client.get("/sparql", params={"query": LABELS})) == expected
    assert labels(client.post("/sparql", data={"query": LABELS})) == expected
    assert labels(client.post("/sparql", content=LABELS, headers=direct)) == expected


def test_the_protocol_dataset_is_taken_by_every_method(client: httpx.Client) -> None:
    graph = f"{BASE}graph/ontology"
    fields = {"query": LABELS, "default-graph-uri": graph}
    direct = {"Content-Type": "application/sparql-query"}
    assert labels(client.get("/sparql", params=fields)) == ["account code"]
    assert labels(client.post("/sparql", data=fields)) == ["account code"]
    direct_answer = client.post("/sparql", params={"default-graph-uri": graph}, content=LABELS, headers=direct)
    assert labels(direct_answer) == ["account code"]
    assert labels(client.get("/sparql", params={"query": LABELS, "named-graph-uri": graph})) == []


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/json", "application/json"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_tables_are_negotiated(client: httpx.Client, accept: str, content_type: str) -> None:
    response = client.get("/sparql", params={"query": LABELS}, headers={"Accept": accept})
    assert response.headers["content-type"] == content_type
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("application/n-quads", "application/n-quads"),
        ("application/trig", "application/trig"),
    ],
)
def test_graphs_are_negotiated(client: httpx.Client, accept: str, content_type: str) -> None:
    query = f"DESCRIBE <{ACCOUNT}>"
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.headers["content-type"] == content_type
    assert "accountCode" in response.text


def test_a_format_that_cannot_be_had_is_answered_with_those_that_can(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": LABELS}, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert {"format": "csv", "mediaType": "text/csv; charset=utf-8"} in response.json()["available"]


def test_a_browser_sees_a_table_with_escaped_values(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": LABELS}, headers={"Accept": "text/html"})
    assert "Hütte &amp; &lt;Söhne&gt;" in response.text
    assert "2 rows" in response.text


def test_a_browser_without_a_query_sees_the_form(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert "<textarea" in response.text


@pytest.mark.parametrize(
    ("query", "member", "value"),
    [
        ("SELECT *\n{ ?s ?p }", "line", 2),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", "column", 12),
        ("{" * 4600, "column", 65),
    ],
)
def test_a_wrong_query_is_a_problem_with_its_place(client: httpx.Client, query: str, member: str, value: int) -> None:
    response = client.post("/sparql", data={"query": query})
    assert response.status_code == 400
    assert response.json()["type"].endswith("#QueryError")
    assert response.json()[member] == value


def test_a_request_without_a_query_or_with_two_is_refused(client: httpx.Client) -> None:
    assert client.post("/sparql", data={"other": "x"}).status_code == 400
    assert client.get("/sparql", params={"query": [LABELS, LABELS]}).status_code == 400


def test_updates_are_refused_without_a_token(client: httpx.Client) -> None:
    update = "DELETE WHERE { ?s ?p ?o }"
    headers = {"Content-Type": "application/sparql-update"}
    assert client.post("/sparql", content=update, headers=headers).status_code == 401
    assert client.post("/sparql", data={"update": update}).status_code == 401
    assert client.get("/sparql", params={"query": update}).status_code == 400
    assert client.put("/sparql", content=update).status_code == 405


def test_other_bodies_are_refused(client: httpx.Client) -> None:
    assert client.post("/sparql", json={"query": LABELS}).status_code == 415
    gzip = {"Content-Encoding": "gzip", "Content-Type": "application/sparql-query"}
    assert client.post("/sparql", content=b"x", headers=gzip).status_code == 400
    assert client.post("/sparql", data={"query": "x" * 40_000}).status_code == 413
    latin = {"Content-Type": "application/sparql-query"}
    assert client.post("/sparql", content="ü".encode("latin-1"), headers=latin).status_code == 400


def test_a_graph_name_that_is_no_iri_is_refused(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": LABELS, "default-graph-uri": "no iri"})
    assert response.status_code == 400


def test_head_answers_like_get_without_a_body(client: httpx.Client) -> None:
    response = client.head("/sparql", params={"query": LABELS})
    assert (response.status_code, response.content) == (200, b"")


def test_a_query_that_never_ends_costs_its_own_client_alone(client: httpx.Client, address: str) -> None:
    statuses: list[tuple[int, float]] = []

    def endless() -> None:
        begin = time.monotonic()
        response = httpx.post(f"{address}/sparql", data={"query": ENDLESS}, timeout=10)
        statuses.append((response.status_code, time.monotonic() - begin))

    first = threading.Thread(target=endless)
    first.start()
    time.sleep(0.3)
    assert len(labels(client.get("/sparql", params={"query": LABELS}))) == 2
    assert not statuses  # it is still at work
    first.join()
    ((status, seconds),) = statuses
    assert status == 504
    assert 2.0 <= seconds < 8
    assert len(labels(client.get("/sparql", params={"query": LABELS}))) == 2


def test_a_form_names_its_format_as_an_address_does(client: httpx.Client) -> None:
    for name in ("format", "output", "results"):
        response = client.post("/sparql", data={"query": LABELS, name: "text/csv"})
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
    graph = {
        "query": "CONSTRUCT WHERE { ?s ?p ?o }",
        "format": ["json-ld", "application/ld+json,application/x-json+ld"],
    }
    assert client.post("/sparql", data=graph).headers["content-type"] == "application/ld+json"
    assert (
        client.post("/sparql", data={"query": LABELS, "format": "none"}, headers={"Accept": "a/b"}).status_code == 406
    )
