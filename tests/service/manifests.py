"""Requests of the published SPARQL protocol suites, read from their manifests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS

SUITES = Path(__file__).parents[2].parent / "shared" / "conformance" / "sparql11"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
_CLASS = re.compile(r"StatusCode(\d)xx").fullmatch
_CODES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}

needs_suites = pytest.mark.skipif(not SUITES.is_dir(), reason=f"the published suites are not at {SUITES}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    statuses: tuple[str, ...]
    kind: str | None
    boolean: bool | None
    location: str | None
    content_type: str | None
    body: str | None

    def allows(self, status: int) -> bool:
        return any(self._is(name, status) for name in self.statuses)

    @staticmethod
    def _is(name: str, status: int) -> bool:
        match = _CLASS(name)
        return status // 100 == int(match[1]) if match else status == _CODES[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    name: str
    data: dict[str, Path]
    requests: tuple[Sent, ...]


def cases(manifest: str) -> list[Case]:
    file = SUITES / manifest
    if not file.is_file():
        return []
    graph = rdflib.Graph().parse(file)
    return sorted(_cases(graph, file.parent), key=lambda case: case.name)


def _cases(graph: rdflib.Graph, folder: Path) -> Iterator[Case]:
    for test in set(graph.subjects(MF.action, None)):
        connection = graph.value(test, MF.action)
        requests = Collection(graph, graph.value(connection, HT.requests))  # type: ignore[arg-type]  # always a list
        data = {
            str(graph.value(node, RDFS.label)): folder / Path(str(graph.value(node, UT.graph))).name
            for node in graph.objects(test, UT.graphData)
        }
        yield Case(
            name=str(test).rpartition("#")[2],
            data=data,
            requests=tuple(_sent(graph, node) for node in requests),
        )


def _sent(graph: rdflib.Graph, node: rdflib.term.Node) -> Sent:
    body = graph.value(node, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding) or "utf-8")
    text = str(graph.value(body, CNT.chars) or "")
    response = graph.value(node, HT.resp)
    assert response is not None
    boolean, location = graph.value(response, MF.expectedBoolean), graph.value(response, MF.expectedLocation)
    answer_body = graph.value(response, HT.body)
    return Sent(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=_headers(graph, node),
        body=text.encode(encoding),
        expected=Expected(
            statuses=tuple(str(code).rpartition("#")[2] for code in graph.objects(response, MF.expectedStatus)),
            kind=None if (kind := graph.value(response, MF.expectedFormat)) is None else str(kind),
            boolean=None if boolean is None else str(boolean) == "true",
            location=None if location is None else str(location),
            content_type=_headers(graph, response).get("content-type"),
            body=None if answer_body is None else str(graph.value(answer_body, CNT.chars)),
        ),
    )


def _headers(graph: rdflib.Graph, node: rdflib.term.Node) -> dict[str, str]:
    listed = graph.value(node, HT.headers)
    if listed is None:
        return {}
    nodes = Collection(graph, listed) if graph.value(listed, RDF.first) is not None else [listed]
    return {
        str(graph.value(one, HT.fieldName)).lower(): str(graph.value(one, HT.fieldValue) or graph.value(one, HT.value))
        for one in nodes
    }
