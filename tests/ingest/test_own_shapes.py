"""Shapes of one's own beside the derived ones: what the guard still proves."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.ingest import load_knowledge
from graphmap.validation.guard import guard
from graphmap.workspace import read_workspace

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
