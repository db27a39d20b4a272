from __future__ import annotations

import httpx
import pytest

from tests.service.conftest import ACCOUNT, AUTHORIZED

ABSENT = {"If-None-Match": "*"}
TURTLE = {**AUTHORIZED, "Content-Type": "text/turtle"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/reports",
        "/queries",
        "/queries/by-label",
        "/ontology",
        "/sparql?query=ASK%7B%7D",
        "/sparql?query=SELECT(NOW()AS%3Fn)%7B%7D",
        "/graphs?default",
        f"/resource?iri={ACCOUNT.replace('#', '%23').replace('%2F', '%252F').replace('%3A', '%253A')}",
    ],
)
def test_what_is_there_is_not_sent_to_who_wants_it_only_where_it_is_not(
    client: httpx.Client, method: str, path: str
) -> None:
    assert client.request(method, path).status_code == 200
    response = client.request(method, path, headers=ABSENT)
    assert (response.status_code, response.content) == (304, b"")
    assert "content-type" not in response.headers
    assert response.headers["vary"]


def test_a_long_answer_leaves_the_connection_as_it_was(client: httpx.Client) -> None:
    pairs = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }", "format": "csv"}
    for _ in range(2):
        response = client.get("/sparql", params=pairs, headers=ABSENT)
        assert (response.status_code, response.content) == (304, b"")
    assert client.get("/sparql", params={"query": "ASK {}", "format": "json"}).json()["boolean"] is True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/resource?iri=urn:nothing", 404),
        ("/graphs?graph=urn:nothing", 404),
        ("/queries/none", 404),
        ("/sparql?query=ASK", 400),
        ("/limber/CustomerAccount/none", 404),
    ],
)
def test_what_is_not_there_is_answered_as_ever(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path, headers=ABSENT)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_an_asterisk_stands_for_all_only_by_itself(client: httpx.Client) -> None:
    for sent in ('W/*, "a"', '*, "a"', '"*"'):
        assert client.get("/ontology", headers={"If-None-Match": sent}).status_code == 200


def test_tags_may_come_in_several_lines(client: httpx.Client) -> None:
    tag = client.get("/ontology").headers["etag"]
    assert client.get("/ontology", headers=[("If-None-Match", '"a"'), ("If-None-Match", tag)]).status_code == 304


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_graph_that_is_there_is_not_changed_by_who_wants_to_make_it(client: httpx.Client, method: str) -> None:
    where = {"graph": "urn:test:absent"}
    made = client.put("/graphs", params=where, content="<urn:s> <urn:p> 1 .", headers=TURTLE | ABSENT)
    assert made.status_code == 201
    body = "<urn:s> <urn:p> 2 ."
    response = client.request(method, "/graphs", params=where, content=body, headers=TURTLE | ABSENT)
    assert response.status_code == 412
    assert response.headers["content-type"] == "application/problem+json"
    assert client.get("/graphs", params={**where, "format": "nt"}).text.count('"1"') == 1
    assert client.delete("/graphs", params=where, headers=AUTHORIZED).status_code == 204
