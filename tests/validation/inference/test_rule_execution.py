"""Rules: executed in order to a fixpoint, with a limit; left out by name where they are not asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphmap.cli import main
from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.validation.engine.engine import Engine
from graphmap.validation.inference.rule_execution import Inferred, RuleEngine
from graphmap.validation.shapes.reader import read_shapes
from graphmap.validation.sparql import Delegate
from graphmap.validation.validate import validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.test/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
e: sh:declare [ sh:prefix "e" ; sh:namespace "http://e.test/"^^xsd:anyURI ] .
"""
NEXT = """e:S a sh:NodeShape ; sh:targetClass e:T ; sh:rule [ a sh:SPARQLRule ; sh:prefixes e: ;
  sh:construct "CONSTRUCT { $this e:near ?b } WHERE { $this e:next ?b }" ] ."""
TRIPLE = """e:S a sh:NodeShape ; sh:targetClass e:T ; sh:rule [ a sh:TripleRule ;
  sh:subject %s ; sh:predicate %s ; sh:object %s ; %s ] ."""


def infer(shapes: str, data: str, *, rounds: int = 20) -> Inferred:
    read = read_shapes(Graph(parse_triples(PREFIXES + shapes, source="shapes", prefix="s")))
    assert read.unevaluable == ()
    engine = Engine(read, delegate=Delegate.of(read))
    graph = Graph(parse_triples(PREFIXES + data, source="data", prefix="d"))
    return RuleEngine(engine, deadline_s=30.0, rounds=rounds).infer(graph)


def short(found: Inferred) -> set[str]:
    return {" ".join(each.removeprefix("<http://e.test/").strip("<>") for each in triple) for triple in found.triples}


SECTIONS = {
    "General execution of rules": "test_a_chain_of_three_rules_comes_whole_whatever_its_order",
    "sh:condition": "test_a_triple_rule_evaluates_its_expressions[terms6-sh:condition e:Big-expected6]",
    "sh:deactivated": "test_a_triple_rule_evaluates_its_expressions[terms7-sh:deactivated true-expected7]",
    "sh:order": "test_a_chain_of_three_rules_comes_whole_whatever_its_order",
    "Triple rules": "test_a_triple_rule_evaluates_its_expressions[terms0-sh:order 1-expected0]",
    "SPARQL rules": "test_a_sparql_rule_gives_its_triples_for_all_focus_nodes",
    "Focus node expressions": "test_a_triple_rule_evaluates_its_expressions[terms0-sh:order 1-expected0]",
    "Constant term expressions": "test_a_triple_rule_evaluates_its_expressions[terms0-sh:order 1-expected0]",
    "Path expressions": "test_a_triple_rule_evaluates_its_expressions[terms1-sh:order 1-expected1]",
    "Filter shape expressions": "test_a_triple_rule_evaluates_its_expressions[terms3-sh:order 1-expected3]",
    "Union expressions": "test_a_triple_rule_evaluates_its_expressions[terms4-sh:order 1-expected4]",
    "Intersection expressions": "test_a_triple_rule_evaluates_its_expressions[terms5-sh:order 1-expected5]",
    "Function, if, count, order and other expressions": "test_what_a_rule_needs_and_is_not_supported_fails_by_name",
}
"""Sections of SHACL Advanced Features on rules and the expressions in them, to the test that has a case of each."""


def test_each_section_on_rules_has_a_case(request: pytest.FixtureRequest) -> None:
    here = {item.name for item in request.session.items if item.path == request.path}
    missing = {section: name for section, name in SECTIONS.items() if name not in here}
    assert missing == {} or len(here) == 1, "run the whole file: a test that a section names is gone"


def test_a_sparql_rule_gives_its_triples_for_all_focus_nodes() -> None:
    found = infer(NEXT, "e:a a e:T ; e:next e:b . e:b a e:T ; e:next e:c . e:c e:next e:a .")
    assert (found.failures, short(found)) == ((), {"a near b", "b near c"})


@pytest.mark.parametrize(
    ("terms", "more", "expected"),
    [
        (("sh:this", "e:is", "e:x"), "sh:order 1", {"a is x"}),
        (("sh:this", "e:is", "[ sh:path e:next ]"), "sh:order 1", {"a is b", "a is c"}),
        (("[ sh:path e:next ]", "e:of", "sh:this"), "sh:order 1", {"b of a", "c of a"}),
        (("sh:this", "e:is", "[ sh:filterShape e:Big ; sh:nodes [ sh:path e:next ] ]"), "sh:order 1", {"a is b"}),
        (("sh:this", "e:is", "[ sh:union ( e:x [ sh:path e:next ] ) ]"), "sh:order 1", {"a is x", "a is b", "a is c"}),
        (("sh:this", "e:is", "[ sh:intersection ( e:b [ sh:path e:next ] ) ]"), "sh:order 1", {"a is b"}),
        (("sh:this", "e:is", "e:x"), "sh:condition e:Big", set()),
        (("sh:this", "e:is", "e:x"), "sh:deactivated true", set()),
    ],
)
def test_a_triple_rule_evaluates_its_expressions(terms: tuple[str, ...], more: str, expected: set[str]) -> None:
    shapes = TRIPLE % (*terms, more) + " e:Big a sh:NodeShape ; sh:property [ sh:path e:size ; sh:minCount 1 ] ."
    found = infer(shapes, "e:a a e:T ; e:next e:b , e:c . e:b e:size 1 .")
    assert (found.failures, short(found)) == ((), expected)


def test_a_chain_of_three_rules_comes_whole_whatever_its_order() -> None:
    shapes = """e:S a sh:NodeShape ; sh:targetClass e:T ;
      sh:rule [ a sh:TripleRule ; sh:order 3 ; sh:subject sh:this ; sh:predicate e:b ; sh:object [ sh:path e:a ] ] ,
        [ a sh:TripleRule ; sh:order 1 ; sh:subject sh:this ; sh:predicate e:d ; sh:object [ sh:path e:c ] ] .
      e:R a sh:NodeShape ; sh:targetSubjectsOf e:b ; sh:rule [ a sh:SPARQLRule ; sh:order 2 ; sh:prefixes e: ;
        sh:construct "CONSTRUCT { $this e:c ?v } WHERE { $this e:b ?v }" ] ."""
    found = infer(shapes, "e:x a e:T ; e:a 1 .")
    assert [triple.predicate[-2] for triple in found.triples] == ["b", "c", "d"]
    assert found.rounds > 1


def test_a_cycle_without_an_end_is_stopped_by_the_limit() -> None:
    shapes = """e:S a sh:NodeShape ; sh:targetClass e:T ; sh:rule [ a sh:SPARQLRule ; sh:prefixes e: ;
      sh:construct "CONSTRUCT { $this e:n ?more } WHERE { $this e:n ?n BIND(?n + 1 AS ?more) }" ] ."""
    found = infer(shapes, "e:x a e:T ; e:n 1 .", rounds=5)
    assert "came to no end within 5 rounds" in found.failures[0]


def test_what_a_rule_needs_and_is_not_supported_fails_by_name() -> None:
    found = infer(TRIPLE % ("sh:this", "e:is", "[ e:function ( 1 ) ]", "sh:order 1"), "e:a a e:T .")
    assert "node expression of <http://e.test/function> is not supported" in found.failures[0]


def test_rules_over_a_hierarchy_give_what_pyshacl_gives(tmp_path: Path) -> None:
    shapes = (
        PREFIXES
        + """
      e:Point a sh:NodeShape ; sh:targetClass e:Point ; sh:rule [ a sh:SPARQLRule ; sh:order 1 ; sh:prefixes e: ;
        sh:construct "CONSTRUCT { ?thing e:hasPoint $this } WHERE { $this e:isPointOf ?thing }" ] .
      e:Equipment a sh:NodeShape ; sh:targetClass e:Equipment ; sh:rule
        [ a sh:SPARQLRule ; sh:order 2 ; sh:prefixes e: ;
        sh:construct "CONSTRUCT { $this a e:Measured } WHERE { $this e:hasPoint ?point }" ] ;
        sh:rule [ a sh:TripleRule ; sh:order 0 ; sh:subject [ sh:path e:feeds ] ;
          sh:predicate e:isFedBy ; sh:object sh:this ] .
    """
    )
    data = (
        PREFIXES
        + """e:Sensor rdfs:subClassOf e:Point . e:Fan rdfs:subClassOf e:Equipment .
      e:s a e:Sensor ; e:isPointOf e:f . e:f a e:Fan ; e:feeds e:room . e:g a e:Fan ."""
    )
    (tmp_path / "s.ttl").write_text(shapes)
    (tmp_path / "d.ttl").write_text(data)
    import pyshacl  # noqa: PLC0415  # the oracle, for this test alone
    import rdflib  # noqa: PLC0415

    graph = rdflib.Graph().parse(tmp_path / "d.ttl")
    before = {" ".join(term.n3() for term in triple) for triple in graph}
    expanded: Any = pyshacl.shacl_rules(graph, shacl_graph=rdflib.Graph().parse(tmp_path / "s.ttl"), iterate_rules=True)
    theirs = {" ".join(term.n3() for term in statement[:3]) for statement in expanded} - before
    found = infer(shapes.removeprefix(PREFIXES), data.removeprefix(PREFIXES))
    assert {" ".join(triple) for triple in found.triples} == theirs
    assert len(theirs) == 3


def test_without_the_rules_the_report_says_what_was_not_executed() -> None:
    report = validate(PREFIXES + "e:a a e:T .", PREFIXES + NEXT)
    assert "1 rule of 1 shape not executed (--rules executes them)" in report.notes


def test_rules_are_executed_before_a_validation_and_by_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = "e:V a sh:NodeShape ; sh:targetClass e:T ; sh:property [ sh:path e:near ; sh:minCount 1 ] ."
    (tmp_path / "s.ttl").write_text(PREFIXES + NEXT + wanted)
    (tmp_path / "d.ttl").write_text(PREFIXES + "e:a a e:T ; e:next e:b .")
    files = (str(tmp_path / "d.ttl"), "--shapes", str(tmp_path / "s.ttl"))
    ends = []
    for arguments in (("validate", *files), ("validate", *files, "--rules"), ("infer", *files)):
        with pytest.raises(SystemExit) as end:
            main([*arguments])
        ends.append(end.value.code)
    assert ends == [1, 0, 0]
    assert "<http://e.test/a> <http://e.test/near> <http://e.test/b> .\n" in capsys.readouterr().out
