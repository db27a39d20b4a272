"""Shapes of one's own beside the derived ones: what the guard still proves."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from graphmap.ingest import Ingestor, load_knowledge
from graphmap.store import EmbeddedStore
from graphmap.validation.static.row_proof import guard
from graphmap.workspace import read_workspace
from tests.ingest.builders import BASE, envelope

OWN = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix w: <https://schema.limbergraph.com/warehouse/> .
<https://example.org/S> a sh:NodeShape ; sh:{target} ; sh:sparql [ sh:select "SELECT $this WHERE {{ $this ?p ?o }}" ] .
"""


@pytest.mark.parametrize(
    ("target", "doubted"),
    [
        ("targetClass w:dim_customer", {"<https://example.org/S>"}),
        ("targetClass w:fct_checkin", set()),
        ("target [ sh:select 'SELECT ?this WHERE { ?this ?p ?o }' ]", {""}),
    ],
)
def test_only_what_a_sparql_constraint_may_target_is_left_to_the_engine(
    root: Path, tmp_path: Path, target: str, doubted: set[str]
) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(OWN.format(target=target))
    workspace = read_workspace(root)
    knowledge = load_knowledge(workspace, shapes=[*workspace.shapes(), own])
    found = guard(knowledge.plans["dim_customer"], knowledge.engine.shapes, knowledge.superclasses)
    assert {each.shape for each in found.obligations if each.doubts} == doubted


def test_a_record_that_broke_a_shape_without_a_name_is_cleared_by_a_later_one(
    root: Path, tmp_path: Path, store: EmbeddedStore
) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix l: <https://schema.limbergraph.com/limber/> .
        [] a sh:NodeShape ; sh:targetClass l:CustomerAccount ;
            sh:property [ sh:path l:salesRepName ; sh:pattern "^B" ] .
    """)
    workspace = read_workspace(root)
    knowledge = load_knowledge(workspace, shapes=[*workspace.shapes(), own])
    take_in = Ingestor(store, knowledge, workspace.sources["customer-account"])
    outcomes = [take_in(msgspec.json.encode(envelope("one", salesRepName=name))).outcome for name in ("Anna", "Berta")]
    take_in.close()
    assert outcomes == ["quarantined", "stored"]
    rows = store.select(f"SELECT ?s WHERE {{ GRAPH <{BASE}graph/reports> {{ ?f ?p ?s FILTER(isBlank(?s)) }} }}")
    assert list(rows) == []
