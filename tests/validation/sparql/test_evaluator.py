"""Queries of shapes graphs: evaluated within their deadline, or named."""

import subprocess
import time

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.errors import ShapesError
from graphmap.rdf import XSD
from graphmap.validation.report.report import Report
from graphmap.validation.sparql import worker
from graphmap.validation.validate import validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://example.org/> .
"""
DECLARED = 'e: sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .\n'
SPARQL = (
    DECLARED
    + """
e:S a sh:NodeShape ; sh:targetClass e:A ; sh:sparql e:C .
e:C a sh:SPARQLConstraint ; sh:prefixes e: ; sh:message "{?value} is more than q" ;
  sh:select "SELECT $this ?value WHERE { $this e:p ?value ; e:q ?limit FILTER(?value > ?limit) }" .
e:Core a sh:NodeShape ; sh:targetClass e:A ; sh:property [ sh:path e:q ; sh:maxCount 1 ] .
"""
)
RUNAWAY = (
    DECLARED
    + """
e:S a sh:NodeShape ; sh:targetClass e:A ; sh:sparql [ sh:prefixes e: ;
  sh:select "SELECT $this WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(?c + ?f = ?i + ?o) }" ] .
e:Core a sh:NodeShape ; sh:targetClass e:A ; sh:property [ sh:path e:q ; sh:minCount 1 ] .
"""
)
CUSTOM = (
    DECLARED
    + """
e:MaxComponent a sh:ConstraintComponent ; sh:parameter [ sh:path e:most ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes e: ; sh:ask "ASK { FILTER($value <= $most) }" ] .
e:S a sh:NodeShape ; sh:targetClass e:A ; sh:property [ sh:path e:p ; e:most 3 ] .
"""
)


RECURSIVE = "e:S a sh:NodeShape ; sh:targetClass e:A ; sh:property [ sh:path e:p ; sh:node e:S ] ."


def report(
    shapes: str, data: str, *, deadline_s: float = 30.0, allow_no_targets: bool = False, strict: bool = False
) -> Report:
    return validate(
        PREFIXES + data,
        PREFIXES + shapes,
        deadline_s=deadline_s,
        allow_no_targets=allow_no_targets,
        strict=strict,
    )


def test_a_sparql_constraint_gives_results_beside_those_of_the_engine() -> None:
    found = report(SPARQL, "e:x a e:A ; e:p 3 ; e:q 2 . e:y a e:A ; e:p 1 ; e:q 2 , 3 .")
    assert found.failures == ()
    assert {(each.component, each.message) for each in found.findings} == {
        ("SPARQLConstraintComponent", "3 is more than q"),
        ("MaxCountConstraintComponent", "There must be at most 1 value"),
    }


def test_a_custom_component_gives_results_under_its_own_name() -> None:
    found = report(CUSTOM, "e:x a e:A ; e:p 3 , 4 .")
    # the standard names the value too; pySHACL leaves it out where a component asks by ASK
    assert [each.component for each in found.findings] == ["http://example.org/MaxComponent"]
    assert found.outcome == "violates"


def test_a_graph_without_a_focus_node_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)  # whoever starts a process fails
    assert report(SPARQL, "e:x a e:Other .", allow_no_targets=True).conforms


def test_a_sparql_constraint_that_runs_for_ever_is_ended_at_its_deadline_and_fails_the_run() -> None:
    data = "e:x a e:A . " + " ".join(f"e:x e:p {number} ." for number in range(60))
    begun = time.monotonic()
    found = report(RUNAWAY, data, deadline_s=3.0)
    assert time.monotonic() - begun < 60
    assert found.outcome == "failed"
    assert found.failures == ("<http://example.org/S>: the query gave no answer within 3 s, and its process was ended",)
    assert [each.component for each in found.findings] == ["MinCountConstraintComponent"]


def test_a_query_that_would_ask_another_server_is_refused() -> None:
    shapes = SPARQL.replace("FILTER", "SERVICE <http://localhost:1/sparql> { ?x ?y ?z } FILTER")
    found = report(shapes, "e:x a e:A ; e:p 3 .")
    assert found.outcome == "failed"
    assert "another server" in found.failures[0]


def test_a_query_that_does_not_parse_is_a_failure() -> None:
    found = report(SPARQL.replace("SELECT $this", "SELEKT $this"), "e:x a e:A .")
    assert found.outcome == "failed"


def test_what_nobody_evaluates_is_a_failure() -> None:
    found = report("e:S a sh:NodeShape ; sh:targetClass e:A ; sh:js [] .", "e:x a e:A .")
    assert (found.outcome, found.failures) == ("failed", ("<http://example.org/S>: sh:js is not part of SHACL Core",))


def test_a_shape_without_a_target_says_nothing_and_is_not_asked_about() -> None:
    found = report(SPARQL.replace("sh:targetClass e:A ; sh:sparql", "sh:sparql"), "e:x a e:A ; e:p 3 ; e:q 2 .")
    assert found.conforms
    assert list(found.coverage.targets) == ["http://example.org/Core"]


def test_a_shape_with_a_target_that_nothing_meets_is_named_in_the_coverage() -> None:
    shapes = "e:S a sh:NodeShape ; sh:targetClass e:Nobody ; sh:nodeKind sh:IRI ."
    found = report(shapes, "e:x a e:A .", allow_no_targets=True)
    assert found.conforms
    assert found.coverage.without_targets() == ("http://example.org/S",)
    assert found.coverage.unseen_samples == ("http://example.org/x",)


def test_a_recursive_shape_is_refused_by_name() -> None:
    with pytest.raises(ShapesError, match=r"<http://example\.org/S>: the shape refers to itself"):
        report(RECURSIVE, "e:x a e:A .", strict=True)
    found = report(RECURSIVE, "e:x a e:A .")
    assert found.outcome == "failed"
    assert "<http://example.org/S>: the shape refers to itself" in found.failures


_XSD_FORMS = {
    "integer": r"[-+]?0?[0-9]{1,20}",
    "boolean": "true|false|1|0",
    "date": r"[0-9]{4}-[01][0-9]-[0-3][0-9](Z|\+0[0-9]:00)?",
    "dateTime": r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,2})?(Z|-0[0-9]:00)?",
    "decimal": r"-?[0-9]{1,3}(\.[0-9]{1,3})?",
}


_forms = st.sampled_from(sorted(_XSD_FORMS)).flatmap(
    lambda name: st.tuples(st.just(name), st.from_regex(f"(?a:{_XSD_FORMS[name]})", fullmatch=True))
)


@given(_forms)
@settings(max_examples=600, deadline=None)
def test_a_literal_that_is_not_looked_at_is_written_as_it_came(form: tuple[str, str]) -> None:
    datatype, lexical = form
    line = f'<urn:s> <urn:p> "{lexical}"^^<{XSD}{datatype}> .\n'
    if not worker._INLINED.findall(line):
        store = ox.Store()
        store.load(line.encode(), format=ox.RdfFormat.N_TRIPLES)
        assert store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()).decode() == line  # type: ignore[union-attr]  # bytes
