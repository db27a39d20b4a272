"""What a shapes graph says, and how a fault in one is told."""

from pathlib import Path

import pytest

from graphmap.errors import ShapesError
from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.validation.shapes.loader import load_shapes
from graphmap.validation.shapes.model import Constraint, Shapes, Target
from graphmap.validation.shapes.reader import read_shapes
from graphmap.validation.shapes.vocabulary import TargetKind, sh

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix graphmap: <https://w3id.org/graphmap#> .
"""
SHAPE = "<http://example.org/Shape>"


def shapes(text: str) -> Shapes:
    return read_shapes(Graph(parse_triples(PREFIXES + text, source="shapes.ttl")))


def test_a_shape_says_who_it_is_and_what_rule_it_stands_for() -> None:
    found = shapes(
        'e:Shape sh:path e:p ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "Hm"@en ; sh:name "p" ;'
        'sh:description "what p is" ; graphmap:rule "limber.Thing.p.minCount" ; sh:targetClass e:Thing .'
    ).by_node[SHAPE]
    assert (found.rule, found.name, found.description) == ("limber.Thing.p.minCount", "p", "what p is")
    assert (found.severity, found.messages) == (sh("Warning"), ('"Hm"@en',))
    assert found.targets == (Target(kind=TargetKind.CLASS, term="<http://example.org/Thing>"),)
    count = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert found.constraints == (Constraint(component="MinCountConstraintComponent", terms=(count,), count=1),)


def test_a_shape_that_is_a_class_targets_its_instances() -> None:
    found = shapes("e:Shape a sh:NodeShape , rdfs:Class .").by_node[SHAPE]
    assert found.targets == (Target(kind=TargetKind.CLASS, term=SHAPE),)


def test_a_closed_shape_allows_its_predicates_and_those_it_ignores() -> None:
    found = shapes(
        "e:Shape sh:closed true ; sh:ignoredProperties ( e:i ) ;sh:property [ sh:path e:p ] , [ sh:path ( e:q e:r ) ] ."
    ).by_node[SHAPE]
    closed = next(c for c in found.constraints if c.component == "ClosedConstraintComponent")
    assert closed.terms == ("<http://example.org/p>", "<http://example.org/i>")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("e:Shape sh:property [ sh:minCount 1 ] .", "without sh:path"),
        ("e:Shape a sh:NodeShape ; sh:path e:p .", "a node shape with sh:path"),
        ("e:Shape sh:path e:p , e:q ; sh:minCount 1 .", "sh:path has 2 values"),
        ("e:Shape a sh:NodeShape ; sh:minCount 1 .", "sh:minCount on a node shape"),
        ("e:Shape sh:path e:p ; sh:minCount 1 , 2 .", "sh:minCount has 2 values"),
        ('e:Shape sh:path e:p ; sh:minCount "many" .', "sh:minCount must be an integer"),
        ("e:Shape sh:path e:p ; sh:minCount -1 .", "sh:minCount must be an integer"),
        ('e:Shape sh:datatype "x" .', "sh:datatype must be an IRI"),
        ("e:Shape sh:nodeKind e:Kind .", "sh:nodeKind must be one of"),
        ("e:Shape sh:in e:notAList .", "sh:in must be a list"),
        ("e:Shape sh:or ( 1 2 ) .", "sh:or must be a list of shapes"),
        ("e:Shape sh:not 1 .", "sh:not must be a shape"),
        ('e:Shape sh:languageIn ( "en"@en ) .', "sh:languageIn must be a list of string"),
        ("e:Shape sh:pattern 7 .", "sh:pattern must be a string"),
        ('e:Shape sh:pattern "a" ; sh:flags 7 .', "sh:flags must be a string"),
        ("e:Shape sh:targetClass [] .", "sh:targetClass must be an IRI"),
        ("e:Shape sh:severity 1 ; sh:class e:C .", "sh:severity must be an IRI"),
        ("e:Shape sh:message 1 ; sh:class e:C .", "sh:message must be a text"),
        ('e:Shape sh:deactivated "1"^^xsd:boolean ; sh:class e:C .', "sh:deactivated must be true or false"),
        ("e:Shape sh:closed true ; sh:ignoredProperties ( 1 ) .", "sh:ignoredProperties must be a list"),
        ("e:Shape sh:path ( e:p ) ; sh:minCount 1 .", "fewer than two members"),
        ("e:Shape sh:node e:Shape .", "refers to itself"),
        ("e:Shape sh:property e:P . e:P sh:path e:p ; sh:node e:Q . e:Q sh:not e:Shape .", "refers to itself"),
    ],
)
def test_an_ill_formed_shape_is_named_with_its_fault(text: str, fault: str) -> None:
    with pytest.raises(ShapesError, match=fault) as caught:
        shapes(text)
    assert "http://example.org/Shape>" in caught.value.what.split(": ")[0]


def test_a_blank_shape_is_named_by_its_path_and_parent() -> None:
    with pytest.raises(
        ShapesError, match=r"blank shape for path <http://example\.org/p> of <http://example\.org/Shape>"
    ):
        shapes('e:Shape sh:property [ sh:path e:p ; sh:maxCount "x" ] .')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("e:Shape sh:targetClass e:C ; sh:sparql [ sh:select 'SELEKT' ] .", "not a SPARQL query"),
        ("e:Shape sh:targetClass e:C ; sh:sparql [ ] .", "must have exactly one sh:select"),
        ("e:Shape sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:minCuont 1 ] .", "sh:minCuont"),
        ("e:Shape sh:target [ a sh:SPARQLTarget ] ; sh:class e:C .", "sh:target"),
        (
            "e:Shape sh:targetClass e:C ; e:m 3 . e:Most a sh:ConstraintComponent ; sh:parameter [ sh:path e:m ] .",
            "constraint component <http://example.org/Most> has no validator",
        ),
        ("e:Ontology sh:entailment e:Regime .", "entailment regime"),
    ],
)
def test_what_is_beyond_core_is_kept_as_not_evaluable(text: str, reason: str) -> None:
    assert [reason in each.reason for each in shapes(text).unevaluable] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "e:Shape sh:sparql [] ; sh:class e:C .",
        "e:Shape sh:targetClass e:C ; sh:deactivated true ; sh:sparql [] .",
        "e:Shape sh:targetClass e:C ; sh:order 1 ; sh:group e:G ; sh:defaultValue 7 ; e:own 1 .",
    ],
)
def test_what_is_never_reached_or_has_no_effect_does_not_stand_in_the_way(text: str) -> None:
    assert shapes(text).unevaluable == ()


def test_blank_shapes_of_several_files_keep_apart_and_keep_their_names(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        text = f"{PREFIXES} e:{name[0]} sh:property [ sh:path e:{name[0]} ; sh:minCount 1 ] ."
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / "a.ttl", tmp_path / "b.ttl"]
    found = load_shapes(paths)
    assert len(found.by_node) == 4
    assert found == load_shapes(paths)


def test_a_shapes_file_that_is_no_turtle_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("\n\nthis is not Turtle")
    with pytest.raises(ShapesError, match=r"bad\.ttl, line 3"):
        load_shapes([tmp_path / "bad.ttl"])


def test_a_missing_shapes_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ShapesError, match=r"none\.ttl"):
        load_shapes([tmp_path / "none.ttl"])


def test_every_fault_is_told_with_its_shape() -> None:
    with pytest.raises(ShapesError) as caught:
        shapes('e:S sh:path e:p ; sh:minCount "x" . e:T sh:targetNode e:x ; sh:nodeKind e:None . e:U sh:class e:C .')
    assert "<http://example.org/S>: sh:minCount must be an integer" in caught.value.what
    assert "<http://example.org/T>: sh:nodeKind must be one of the six node kinds" in caught.value.what
    assert "e:U" not in caught.value.what
