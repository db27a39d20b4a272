"""The W3C suites of SPARQL 1.1 Protocol, Graph Store Protocol and Service Description, against a running server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF

from graphmap.service.access.tokens import Access
from graphmap.store import EmbeddedStore
from tests.service.conftest import Server, services_over
from tests.service.manifests import Case, Expected, Sent, cases, needs_suites

PROTOCOL = cases("protocol/manifest.ttl")
GRAPH_STORE = [
    *cases("graph-store-protocol/manifest-direct.ttl"),
    *cases("graph-store-protocol/manifest-indirect.ttl"),
]
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
DESCRIBED = {
    "Service": {"endpoint", "supportedLanguage", "resultFormat", "defaultDataset", "feature"},
    "Dataset": {"defaultGraph", "namedGraph"},
    "NamedGraph": {"name", "graph"},
    "Graph": set(),
}

pytestmark = [pytest.mark.conformance, needs_suites]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that leaves all graphs open to everybody: the suites clear the whole store and carry no token."""
    folder = tmp_path_factory.mktemp("suites")
    store = EmbeddedStore(folder / "db")
    anonymous = Access(anonymous=frozenset(("read", "query", "update")))
    services = services_over(store, folder / "readers", all_open=True, access=anonymous)
    with Server(services=services) as running:
        yield running
    store.close()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, timeout=10) as opened:
        opened.post("/sparql", data={"update": "DROP ALL"})
        yield opened


def test_the_suites_have_all_their_entries() -> None:
    assert len(PROTOCOL) == 34
    assert sum(len(case.requests) for case in PROTOCOL) == 39
    assert len(GRAPH_STORE) == 14


@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: case.name)
def test_an_entry_of_the_protocol_suite_passes(client: httpx.Client, case: Case) -> None:
    for graph, file in case.data.items():
        headers = {"Content-Type": "application/n-triples"}
        assert client.put("/graphs", params={"graph": graph}, content=file.read_bytes(), headers=headers).is_success
    for sent in case.requests:
        response = send(client, sent, sent.path)
        assert sent.expected.allows(response.status_code), response.text
        check_format(response, sent.expected)


@pytest.mark.parametrize("case", GRAPH_STORE, ids=lambda case: case.name)
def test_an_entry_of_the_graph_store_suite_passes(client: httpx.Client, server: Server, case: Case) -> None:
    variables: dict[str, str] = {}
    for sent in case.requests:
        path = "/graphs" + sent.path.removeprefix("/gsp")
        for name, value in variables.items():
            path = path.replace(name, value)
        response = send(client, sent, path)
        assert sent.expected.allows(response.status_code), response.text
        if sent.expected.location is not None:
            variables[sent.expected.location] = response.headers["location"]
        if sent.expected.content_type is not None:
            assert response.headers["content-type"] == sent.expected.content_type
        if sent.expected.body is not None:
            expected = rdflib.Graph().parse(data=sent.expected.body, format="turtle", publicID=server.address)
            assert isomorphic(rdflib.Graph().parse(data=response.text, format="turtle"), expected)


def description(client: httpx.Client) -> rdflib.Graph:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/turtle")
    return rdflib.Graph().parse(data=response.text, format="turtle")


def test_a_get_of_the_endpoint_returns_rdf(client: httpx.Client) -> None:
    for accept in ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples", "*/*"):
        response = client.get("/sparql", headers={"Accept": accept})
        kind = ox.RdfFormat.from_media_type(response.headers["content-type"])
        assert kind is not None
        assert any(str(SD.Service) in str(quad.object) for quad in ox.parse(response.content, format=kind))


def test_the_service_description_names_its_endpoint(client: httpx.Client, server: Server) -> None:
    assert (None, SD.endpoint, rdflib.URIRef(f"{server.address}/sparql")) in description(client)


def test_the_service_description_conforms_to_its_vocabulary(client: httpx.Client) -> None:
    graph = description(client)
    for subject, predicate, obj in graph:
        if str(predicate).startswith(str(SD)):
            kinds = {str(kind).removeprefix(str(SD)) for kind in graph.objects(subject, RDF.type)}
            assert any(str(predicate).removeprefix(str(SD)) in DESCRIBED.get(kind, ()) for kind in kinds)
            assert isinstance(obj, rdflib.URIRef | rdflib.BNode)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert {str(language) for language in graph.objects(service, SD.supportedLanguage)} == {
        str(SD.SPARQL11Query),
        str(SD.SPARQL11Update),
    }
    assert len(list(graph.objects(service, SD.endpoint))) == 1


def send(client: httpx.Client, sent: Sent, path: str) -> httpx.Response:
    headers = {**sent.headers}
    request = client.build_request(sent.method, client.base_url.join(path), content=sent.body or None, headers=headers)
    return client.send(request)


def check_format(response: httpx.Response, expected: Expected) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0]
    if expected.kind in ("boolean", "tabular"):
        assert kind in ("application/sparql-results+json", "application/sparql-results+xml")
    if expected.kind == "RDF":
        assert kind in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
    if expected.boolean is not None:
        assert json.loads(response.text)["boolean"] is expected.boolean
