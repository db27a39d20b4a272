"""What records entail: the compiled lift and the saturation against owlrl over the plain lift, with the same rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import owlrl
import pytest
import rdflib
from rdflib.term import Node

from benchmarks.envelopes import envelopes
from benchmarks.rows import COLUMNS, rows
from graphmap.lifting import Plan, compile_plan, read_mapping
from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.rdf.terms import RDF_TYPE, Token, Triple, literal_parts, literal_token
from graphmap.reasoning.closure import close_files
from graphmap.reasoning.saturation import Saturation
from graphmap.records import decode_json
from graphmap.workspace import Workspace, read_workspace

pytestmark = pytest.mark.slow

_KINDS = ("subClassOf>", "subPropertyOf>", "equivalentClass>", "equivalentProperty>", "inverseOf>")


class _SameRules(owlrl.OWLRL_Semantics):  # type: ignore[misc]  # owlrl ships no types
    """OWL RL without equality, axioms and datatypes: what is left are the rules of properties and classes."""

    def one_time_rules(self) -> None:
        """Nothing: these speak of owl:Thing and of datatypes."""

    def rules(self, t: tuple[Node, Node, Node], cycle_num: int) -> None:
        """The rules prp-*, cax-* and scm-*; the ontology that they get holds the five kinds of statement alone."""
        self._properties(t, cycle_num)
        self._class_axioms(t, cycle_num)
        self._schema_vocabulary(t, cycle_num)


@pytest.fixture(scope="module")
def workspace(root: Path) -> Workspace:
    return read_workspace(root)


@pytest.fixture(scope="module")
def ontology(workspace: Workspace) -> set[Triple]:
    triples = (t for path in workspace.ontology() for t in parse_triples(path.read_bytes(), source=path.name))
    return {triple for triple in triples if triple.predicate.endswith(_KINDS)}


@pytest.fixture(scope="module")
def saturation(workspace: Workspace) -> Saturation:
    return Saturation.of(close_files(workspace.ontology()))


def _lifted(
    workspace: Workspace, source: str, records: Iterable[Any], saturation: Saturation
) -> tuple[set[Triple], set[Triple]]:
    """What the compiled lift asserts of all records, and what it entails beyond."""
    settings = workspace.sources[source]
    plan: Plan = read_mapping(settings.mappings, base=workspace.base)
    header = COLUMNS if settings.kind == "table" else None
    lift = compile_plan(plan, header=header, forms=settings.forms, entailment=saturation).lift
    lines = [lifted for record in records if (lifted := lift(record)) is not None]
    asserted = {triple for _, text, _, _ in lines for triple in Graph.of_lines(text).triples()}
    entailed = {triple for _, _, text, _ in lines for triple in Graph.of_lines(text).triples()}
    assert len(lines) == 100
    return asserted, entailed - asserted


def _reasoned(asserted: set[Triple], ontology: set[Triple]) -> set[Triple]:
    """What owlrl adds to the records."""
    graph = rdflib.Graph()
    for triple in asserted | ontology:
        graph.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    _SameRules(graph, axioms=False, daxioms=False).closure()
    links = {t.object for t in asserted if t.object[0] == "<" and t.predicate != RDF_TYPE}
    nodes = links | {triple.subject for triple in asserted}
    found = {Triple(_token(s), _token(p), _token(o)) for s, p, o in graph}
    return {triple for triple in found if triple.subject in nodes} - asserted - ontology


def _node(token: Token) -> Node:
    if token[0] == "<":
        return rdflib.URIRef(token[1:-1])
    parts = literal_parts(token)
    datatype = None if parts.language or token[-1] == '"' else rdflib.URIRef(parts.datatype)
    return rdflib.Literal(parts.lexical, lang=parts.language, datatype=datatype, normalize=False)


def _token(term: Node) -> Token:
    if isinstance(term, rdflib.Literal):
        return literal_token(str(term), datatype=term.datatype and str(term.datatype), language=term.language)
    return f"<{term}>"


def _all_equal(
    workspace: Workspace, ontology: set[Triple], saturation: Saturation, source: str, records: Iterable[Any]
) -> None:
    asserted, entailed = _lifted(workspace, source, records, saturation)
    assert len(entailed) > 1_000
    assert entailed == set(saturation.entailed(asserted))
    assert entailed == _reasoned(asserted, ontology)


def test_rows_entail_what_owlrl_says(workspace: Workspace, ontology: set[Triple], saturation: Saturation) -> None:
    records = [tuple(row.values()) for row in rows(100, Random(13))]
    _all_equal(workspace, ontology, saturation, "dim_customer", records)


def test_envelopes_entail_what_owlrl_says(workspace: Workspace, ontology: set[Triple], saturation: Saturation) -> None:
    records = [decode_json(json.dumps(envelope)) for envelope in envelopes(100, Random(13))]
    _all_equal(workspace, ontology, saturation, "customer-account", records)
