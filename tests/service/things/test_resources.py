from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from graphmap.rdf.terms import RDF_TYPE
from graphmap.service.http.raw_paths import document_iri
from graphmap.store import EmbeddedStore
from tests.service.conftest import ACCOUNT, BASE

DOCUMENT = "/limber/CustomerAccount/a%2Fb%3A1"


def test_a_thing_is_described_in_turtle_with_prefixes_labels_and_provenance(client: httpx.Client) -> None:
    response = client.get("/resource", params={"iri": ACCOUNT})
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    triples = {str(quad.triple) for quad in ox.parse(response.content, format=ox.RdfFormat.TURTLE)}
    assert f'<{BASE}limber/Country#NZ> <http://www.w3.org/2000/01/rdf-schema#label> "New Zealand"' in triples
    assert f'<{BASE}limber/CustomerAccount/a%2Fb%3A1> <http://purl.org/dc/terms/source> "SapS4"' in triples
    assert "limber:accountCode" in response.text


def test_a_thing_is_described_in_json_ld_with_the_context(client: httpx.Client) -> None:
    response = client.get("/resource", params={"iri": ACCOUNT}, headers={"Accept": "application/ld+json"})
    body = response.json()
    assert body["@context"]["limber"] == f"{BASE}limber/"
    (node,) = [node for node in body["@graph"] if node["@id"] == "limber:CustomerAccount#a%2Fb%3A1"]
    assert node["limber:accountCode"] == "a/b:1"
    assert node["@type"] == "limber:CustomerAccount"


def test_a_thing_has_a_page_with_labels_types_and_links(client: httpx.Client) -> None:
    response = client.get("/resource", params={"iri": ACCOUNT}, headers={"Accept": "text/html"})
    assert "<h1><bdi>Hütte &amp; &lt;Söhne&gt;</bdi></h1>" in response.text
    assert "account code" in response.text
    assert "New Zealand</bdi></a>" in response.text
    assert "SapS4" in response.text
    assert "<script" not in response.text


def test_links_to_a_thing_are_counted_first_and_shown_when_asked_for(client: httpx.Client) -> None:
    where = {"iri": f"{BASE}limber/Country#NZ", "format": "html"}
    page = client.get("/resource", params=where).text
    assert "2 links" in page
    assert "Hütte" not in page
    assert "Hütte" in client.get("/resource", params={**where, "links": f"{BASE}limber/country"}).text
    assert client.get("/resource", params={**where, "links": "no iri"}).status_code == 400
    turtle = client.get("/resource", params={"iri": f"{BASE}limber/Country#NZ"}).text
    assert "incomingLinks> 2" in turtle


def test_a_document_stands_at_its_own_path_with_its_encoded_characters(client: httpx.Client) -> None:
    response = client.get(DOCUMENT)
    assert response.status_code == 200
    assert '"a/b:1"' in response.text
    assert response.headers["link"].startswith(f'<{BASE}limber/CustomerAccount/a%2Fb%3A1>; rel="canonical"')
    assert client.get("/limber/CustomerAccount/a/b:1").status_code == 404


def test_a_document_whose_name_is_not_ascii_is_found(client: httpx.Client) -> None:
    response = client.get("/limber/CustomerAccount/München")
    assert response.status_code == 200
    assert response.headers["link"].startswith(f"<{BASE}limber/CustomerAccount/M%C3%BCnchen>")


def test_a_class_has_a_document_with_its_things_and_their_number(client: httpx.Client) -> None:
    page = client.get("/limber/CustomerAccount", headers={"Accept": "text/html"}).text
    assert '<h2 id="things">1 thing</h2>' in page
    assert "CustomerAccount%23a%252Fb%253A1" in page
    turtle = client.get("/limber/CustomerAccount", headers={"Accept": "text/turtle"}).text
    assert "core#totalItems> 1" in turtle


def test_the_things_of_a_class_come_in_pages(client: httpx.Client, store: EmbeddedStore) -> None:
    kind, many = "urn:test:class", 120
    lines = "".join(f"<urn:test:thing:{n}> {RDF_TYPE} <{kind}> .\n" for n in range(many))
    store.load(lines.encode())
    seen, path = 0, f"/resource?iri={kind}"
    while path:
        response = client.get(path, headers={"Accept": "application/n-triples"})
        seen += response.text.count("hydra/core#member>")
        path = response.links.get("next", {}).get("url", "")
    assert seen == many
    assert "51 to 100 of 120" in client.get(f"/resource?iri={kind}&offset=50&format=html").text
    store.update(f"DELETE WHERE {{ ?s {RDF_TYPE} <{kind}> }}")


def test_head_works_on_documents(client: httpx.Client) -> None:
    response = client.head(DOCUMENT)
    assert (response.status_code, response.content) == (200, b"")


def test_what_is_not_known_is_not_found(client: httpx.Client) -> None:
    response = client.get("/resource", params={"iri": "urn:nothing"}, headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json()["detail"] == "nothing is known about urn:nothing"
    page = client.get("/limber/CustomerAccount/none", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize("iri", ["relative", "urn:x> ?p ?o } #", "http://e/ b", ""])
def test_what_is_no_iri_is_refused(client: httpx.Client, iri: str) -> None:
    assert client.get("/resource", params={"iri": iri}).status_code == 400


def test_a_request_that_names_no_resource_is_refused(client: httpx.Client) -> None:
    assert client.get("/resource").status_code == 400


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        (b"/limber/X/a%2fb", "limber/X/a%2Fb"),
        (b"/limber/X/%E6%BC%A2", "limber/X/漢"),
        (b"/limber/X/%ff%41", "limber/X/%FF%41"),
        (b"/limber/X/a?query", "limber/X/a"),
        (b"/limber/X/%20", "limber/X/%20"),
    ],
)
def test_a_path_becomes_the_iri_that_was_minted(path: bytes, iri: str) -> None:
    assert document_iri(BASE, path) == BASE + iri
