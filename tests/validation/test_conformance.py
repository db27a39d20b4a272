"""The published SHACL Core suite, a test per manifest entry, whole results compared."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.rdf.terms import Token
from graphmap.validation.engine.engine import Engine
from graphmap.validation.shapes.property_paths import read_path
from graphmap.validation.shapes.reader import read_shapes
from graphmap.validation.shapes.vocabulary import sh

pytestmark = pytest.mark.conformance

SUITE = Path(__file__).parents[2].parent / "shared" / "conformance" / "shacl-core" / "core"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"


def read(path: Path) -> Graph:
    return Graph(parse_triples(path.read_bytes(), source=path.name, base=path.as_uri()))


def file_of(iri: Token) -> Path:
    return Path(iri.removeprefix("<file://").removesuffix(">"))


def manifests(path: Path) -> Iterator[Path]:
    yield path
    for iri in read(path).objects(f"<{path.as_uri()}>", f"<{MF}include>"):
        yield from manifests(file_of(iri))


def entries() -> list[tuple[Path, Token]]:
    if not SUITE.exists():
        return []
    found: list[tuple[Path, Token]] = []
    for path in manifests(SUITE / "manifest.ttl"):
        graph = read(path)
        for head in graph.objects(f"<{path.as_uri()}>", f"<{MF}entries>"):
            found.extend((path, entry) for entry in graph.listed(head) or ())
    return found


ENTRIES = entries()


def one(graph: Graph, node: Token, predicate: Token) -> Token | None:
    values = graph.objects(node, predicate)
    return values[0] if values else None


def expected_results(graph: Graph, report: Token) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for node in graph.objects(report, sh("result")):
        path = one(graph, node, sh("resultPath"))
        names = ("focusNode", "value", "sourceShape", "sourceConstraintComponent", "resultSeverity")
        messages = tuple(sorted(graph.objects(node, sh("resultMessage"))))
        parts = [one(graph, node, sh(name)) for name in names]
        found[(path and read_path(graph, path), messages, *parts)] += 1
    return found


def actual_results(shapes: Graph, data: Graph, *, with_messages: bool) -> Counter[tuple[object, ...]]:
    engine = Engine(read_shapes(shapes))
    assert engine.unevaluable == ()
    return Counter(
        (
            result.path,
            tuple(sorted(result.messages)) if with_messages else (),
            result.focus_node,
            result.value,
            result.source_shape,
            result.component,
            result.severity,
        )
        for result in engine.validate(data)
    )


@pytest.mark.skipif(not SUITE.exists(), reason=f"the published suite is not at {SUITE.name} beside the checkout")
def test_the_suite_holds_its_98_entries() -> None:
    assert len(ENTRIES) == 98


@pytest.mark.skipif(not SUITE.exists(), reason=f"the published suite is not at {SUITE.name} beside the checkout")
@pytest.mark.parametrize(("manifest", "entry"), ENTRIES, ids=[f"{p.parent.name}-{p.stem}" for p, _ in ENTRIES])
def test_the_engine_gives_the_results_that_the_suite_names(manifest: Path, entry: Token) -> None:
    graph = read(manifest)
    action = one(graph, entry, f"<{MF}action>")
    report = one(graph, entry, f"<{MF}result>")
    assert action is not None
    assert report is not None
    data = one(graph, action, f"<{SHT}dataGraph>")
    shapes = one(graph, action, f"<{SHT}shapesGraph>")
    assert data is not None
    assert shapes is not None
    expected = expected_results(graph, report)
    found = actual_results(
        graph if file_of(shapes) == manifest else read(file_of(shapes)),
        graph if file_of(data) == manifest else read(file_of(data)),
        with_messages=any(key[1] for key in expected),
    )
    assert found == expected
    conforms = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    assert (one(graph, report, sh("conforms")) == conforms) == (not found)
