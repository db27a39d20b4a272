"""The published SHACL Core suite through the command line: whole results compared, as they stand in the report."""

from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest

from graphmap.cli import main
from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples, read_rdf
from graphmap.rdf.terms import Token
from graphmap.validation.shapes.loader import load_shapes
from graphmap.validation.shapes.property_paths import read_path
from graphmap.validation.shapes.vocabulary import sh

pytestmark = pytest.mark.conformance

SUITE = Path(__file__).parents[2].parent / "shared" / "conformance" / "shacl-core" / "core"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
NAMES = ("focusNode", "value", "sourceShape", "sourceConstraintComponent", "resultSeverity")


def read(path: Path) -> Graph:
    return Graph(parse_triples(path.read_bytes(), source=path.name, base=path.as_uri()))


def cases(path: Path) -> list[Path]:
    included = (f.removeprefix("<file://").removesuffix(">") for f in read(path).objects(f"<{path.as_uri()}>", INCLUDE))
    return [path, *(found for each in included for found in cases(Path(each)))]


INCLUDE = f"<{MF}include>"
FILES = [path for path in (cases(SUITE / "manifest.ttl") if SUITE.exists() else []) if path.name != "manifest.ttl"]


def one(graph: Graph, node: Token, predicate: Token) -> Token:
    (value,) = graph.objects(node, predicate)
    return value


def named(manifest: Path, data: Path) -> dict[Token, Token]:
    """Blank node of the manifest, as this test reads it, to its name in the report."""
    if data != manifest:
        return {}
    pairs = zip(parse_triples(data.read_bytes(), source="", base=data.as_uri()), read_rdf(data), strict=True)
    return {ours: theirs for left, right in pairs for ours, theirs in zip(left, right, strict=True)}


def results(
    graph: Graph, report: Token, *, shape: str, names: dict[Token, Token], shapes: dict[Token, Token]
) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for node in graph.objects(report, sh("result")):
        path = next(iter(graph.objects(node, sh("resultPath"))), None)
        parts = {name: next(iter(graph.objects(node, sh(name))), "") for name in NAMES}
        source = parts["sourceShape"].replace("_:b", shape)
        parts["sourceShape"] = shapes.get(source, source)
        renamed = [names.get(part, part) for part in parts.values()]
        found[(None if path is None else read_path(graph, path), *renamed)] += 1
    return found


@pytest.mark.skipif(not FILES, reason=f"the published suite is not at {SUITE.name} beside the checkout")
def test_the_command_line_has_the_98_entries_before_it() -> None:
    assert len(FILES) == 98


@pytest.mark.parametrize("manifest", FILES, ids=[f"{path.parent.name}-{path.stem}" for path in FILES])
def test_the_command_reports_the_results_that_the_suite_names(manifest: Path, tmp_path: Path) -> None:
    graph = read(manifest)
    (entry,) = graph.subjects("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{SHT}Validate>")
    action, expected = one(graph, entry, f"<{MF}action>"), one(graph, entry, f"<{MF}result>")
    data, shapes = (
        Path(one(graph, action, f"<{SHT}{name}>").removeprefix("<file://").removesuffix(">"))
        for name in ("dataGraph", "shapesGraph")
    )
    out = tmp_path / "report.ttl"
    with pytest.raises(SystemExit) as end:
        main(
            [
                "validate",
                str(data),
                "--shapes",
                str(shapes),
                "--report",
                str(out),
                "--fail-on",
                "info",
                "--allow-no-targets",
            ]
        )
    quads = pyoxigraph.parse(out.read_bytes(), pyoxigraph.RdfFormat.TURTLE)
    written = Graph((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)
    (report,) = written.subjects("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", sh("ValidationReport"))
    known = load_shapes([shapes], strict=False).by_node
    stable = {node: shape.stable for node, shape in known.items()}
    wanted = results(graph, expected, shape="_:f0s", names=named(manifest, data), shapes=stable)
    assert results(written, report, shape="_:b", names={}, shapes={}) == wanted
    assert written.objects(report, sh("conforms")) == graph.objects(expected, sh("conforms"))
    assert end.value.code == (1 if wanted else 0)
