"""Terms of the SHACL 1.2 drafts: supported, or refused by name."""

from __future__ import annotations

import pytest

from graphmap.rdf import Graph, parse_triples
from graphmap.validation.engine.engine import Engine
from graphmap.validation.report.report import Report
from graphmap.validation.shapes.reader import read_shapes
from graphmap.validation.shapes.vocabulary import DRAFT, PARAMETERS
from graphmap.validation.validate import validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.test/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SUPPORTED = {
    "singleLine": ("sh:singleLine true", 'e:n e:p "a" , e:x .', 'e:n e:p "a\\nb" .'),
    "rootClass": ("sh:rootClass e:Top", "e:n e:p e:Low , e:Top . e:Low rdfs:subClassOf e:Top .", "e:n e:p e:Other ."),
    "subsetOf": ("sh:subsetOf e:q", "e:n e:p 1 ; e:q 1 , 2 .", "e:n e:p 3 ; e:q 1 , 2 ."),
    "someValue": ("sh:someValue [ sh:nodeKind sh:IRI ]", "e:n e:p 1 , e:x .", "e:n e:p 1 ."),
    "someValue of none": ("sh:someValue [ sh:nodeKind sh:IRI ]", "e:n e:p e:x .", "e:n e:q 1 ."),
    "memberShape": ("sh:memberShape [ sh:datatype xsd:integer ]", "e:n e:p ( 1 2 ) , () .", "e:n e:p ( 1 e:x ) ."),
    "memberShape of no list": ("sh:memberShape [ sh:datatype xsd:integer ]", "e:n e:p ( 1 ) .", "e:n e:p 1 ."),
    "minListLength": ("sh:minListLength 2", "e:n e:p ( 1 2 ) .", "e:n e:p ( 1 ) ."),
    "maxListLength": ("sh:maxListLength 1", "e:n e:p ( 1 ) , () .", "e:n e:p ( 1 2 ) ."),
    "uniqueMembers": ("sh:uniqueMembers true", "e:n e:p ( 1 2 ) .", "e:n e:p ( 1 1 ) ."),
    "list of classes": ("sh:class ( e:A e:B )", "e:n e:p e:x . e:x a e:B .", "e:n e:p e:x . e:x a e:C ."),
    "list of datatypes": ("sh:datatype ( xsd:integer xsd:date )", "e:n e:p 1 .", 'e:n e:p "a" .'),
    "list of node kinds": ("sh:nodeKind ( sh:IRI sh:BlankNode )", "e:n e:p e:x , [] .", "e:n e:p 1 ."),
}
UNIQUE = {
    "one property": ("e:p", "e:n e:p 1 . e:m e:p 2 .", "e:n e:p 1 . e:m e:p 1 ."),
    "the pair counts": (
        "( e:p e:q )",
        "e:n e:p 1 ; e:q 2 . e:m e:p 1 ; e:q 3 .",
        "e:n e:p 1 ; e:q 2 . e:m e:p 1 ; e:q 2 .",
    ),
    "all values count": ("e:p", "e:n e:p 1 , 2 . e:m e:p 1 .", "e:n e:p 1 , 2 . e:m e:p 2 , 1 ."),
    "one may be missing": ("( e:p e:q )", "e:n e:p 1 . e:m e:p 1 ; e:q 2 .", "e:n e:p 1 . e:m e:p 1 ."),
    "nothing is not the same": ("( e:p e:q )", "e:n e:r 1 . e:m e:r 2 .", "e:n e:p 1 . e:m e:p 1 ."),
    "no target, no other": ("e:p", "e:n e:p 1 . e:x e:p 1 .", "e:n e:p 1 . e:m e:p 1 ."),
}


def report(shapes: str, data: str) -> Report:
    return validate(PREFIXES + data, PREFIXES + shapes)


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_supported_term_has_a_conforming_and_a_violating_case(name: str) -> None:
    constraint, fits, differs = SUPPORTED[name]
    shapes = f"e:S sh:targetNode e:n ; sh:property [ sh:path e:p ; {constraint} ] ."
    assert report(shapes, fits).outcome == "conforms"
    found = report(shapes, differs)
    assert (found.outcome, len(found.findings)) == ("violates", 1)


@pytest.mark.parametrize("name", UNIQUE)
def test_no_two_targets_may_have_the_same_values(name: str) -> None:
    properties, fits, differs = UNIQUE[name]
    shapes = f"e:S a sh:NodeShape ; sh:targetNode e:n , e:m ; sh:uniqueValuesFor {properties} ."
    assert report(shapes, fits).outcome == "conforms"
    found = report(shapes, differs)
    assert {each.focus_node for each in found.findings} == {"<http://e.test/n>", "<http://e.test/m>"}
    assert {each.component for each in found.findings} == {"UniqueValuesForConstraintComponent"}


def test_three_nodes_of_the_same_values_have_one_result_each() -> None:
    shapes = "e:S sh:targetSubjectsOf e:p ; sh:uniqueValuesFor e:p ."
    found = report(shapes, "e:a e:p 1 . e:b e:p 1 . e:c e:p 1 . e:d e:p 2 .")
    assert [(each.focus_node or "")[-2] for each in found.findings] == ["a", "b", "c"]
    assert all(each.received is None for each in found.findings)


def test_records_of_one_graph_each_cannot_be_compared() -> None:
    shapes = f"{PREFIXES} e:S sh:targetNode e:n ; sh:uniqueValuesFor e:p ."
    engine = Engine(read_shapes(Graph(parse_triples(shapes, source="s"))), whole=False)
    assert "records are validated one at a time" in engine.unevaluable[0].reason


@pytest.mark.parametrize("term", sorted(DRAFT - {"ListConstraintComponent", "ListShape"}))
def test_a_term_that_is_not_supported_fails_by_name(term: str) -> None:
    assert term not in PARAMETERS
    shapes = f"e:S sh:targetNode e:n ; sh:property [ sh:path e:p ; sh:{term} e:x ] ."
    found = report(shapes, "e:n e:p 1 .")
    assert found.outcome == "failed"
    assert any(f"sh:{term} is of a draft of SHACL 1.2" in failure for failure in found.failures)


def test_a_shape_class_targets_its_instances() -> None:
    found = report("e:C a sh:ShapeClass ; sh:property [ sh:path e:p ; sh:minCount 1 ] .", "e:n a e:C .")
    assert [each.component for each in found.findings] == ["MinCountConstraintComponent"]


def test_data_that_asks_for_a_shape_fails_by_name() -> None:
    found = report("e:S sh:targetNode e:n ; sh:nodeKind sh:IRI .", "e:n sh:shape e:S .")
    assert found.outcome == "failed"
    assert "sh:shape" in found.failures[0]
