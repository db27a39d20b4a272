"""From the description of the dataset to a record, by links alone, as a program would go."""

from __future__ import annotations

import httpx
import pyoxigraph as ox

from tests.service.conftest import ACCOUNT, BASE

VOID = "http://rdfs.org/ns/void#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def graph_at(client: httpx.Client, path: str, **params: str) -> list[ox.Triple]:
    answer = client.get(path, params=params, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200, answer.text
    return [quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)]


def values(triples: list[ox.Triple], predicate: str) -> set[str]:
    return {
        each.object.value for each in triples if each.predicate.value == predicate and hasattr(each.object, "value")
    }


def test_links_lead_from_the_description_to_a_class_and_from_there_to_a_record(client: httpx.Client) -> None:
    description = graph_at(client, "/.well-known/void")
    (look_up,) = values(description, f"{VOID}uriLookupEndpoint")
    assert look_up == f"{client.base_url}/resource?iri="
    roots = values(description, f"{VOID}rootResource")
    assert f"{BASE}limber/CustomerAccount" in roots

    # a program asks for the IRI as it stands; here its host is the test's server
    of_class = graph_at(client, f"{BASE}limber/CustomerAccount".removeprefix(BASE[:-1]))
    members = {each.subject.value for each in of_class if each.predicate.value == TYPE}  # type: ignore[union-attr]
    assert ACCOUNT in members

    path, _, key = ACCOUNT.removeprefix(BASE[:-1]).partition("#")
    record = graph_at(client, f"{path}/{key}")
    assert values(record, f"{BASE}limber/accountCode") == {"a/b:1"}
    assert record
    looked_up = graph_at(client, "/resource", iri=ACCOUNT)
    assert values(looked_up, f"{BASE}limber/accountCode") == {"a/b:1"}


def test_what_the_description_calls_an_endpoint_answers(client: httpx.Client) -> None:
    (endpoint,) = values(graph_at(client, "/.well-known/void"), f"{VOID}sparqlEndpoint")
    assert client.get(endpoint, params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


def test_whatever_can_be_got_can_be_asked_for_its_head_alone(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()["paths"]
    paths = [path for path, operations in described.items() if "get" in operations]
    assert len(paths) > 12
    for path in (*paths, "/limber/CustomerAccount/a%2Fb%3A1", "/limber/CustomerAccount", "/ontology.ttl", "/style.css"):
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers.get("content-type") == got.headers.get("content-type"), path
