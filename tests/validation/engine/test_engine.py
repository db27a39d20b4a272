"""Targets, hierarchy, messages, coverage: what the published suite leaves open."""

import pytest

from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.validation.engine.engine import Engine
from graphmap.validation.report.coverage import Coverage
from graphmap.validation.report.result import Result
from graphmap.validation.shapes.reader import read_shapes

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix graphmap: <https://w3id.org/graphmap#> .
"""


def e(name: str) -> str:
    return f"<http://example.org/{name}>"


def graph(text: str) -> Graph:
    return Graph(parse_triples(PREFIXES + text, source="engine"))


def engine(shapes: str, *hierarchy: tuple[str, str]) -> Engine:
    return Engine(read_shapes(graph(shapes)), hierarchy)


def validate(shapes: str, data: str, *hierarchy: tuple[str, str]) -> list[Result]:
    return engine(shapes, *hierarchy).validate(graph(data))


SHAPE = "e:Shape sh:targetClass e:Top ; sh:property [ sh:path e:p ; sh:minCount 1 ] ."


def test_a_sub_class_of_the_ontology_is_a_target() -> None:
    found = validate(SHAPE, "e:x a e:Low .", (e("Low"), e("Mid")), (e("Mid"), e("Top")))
    assert [result.focus_node for result in found] == [e("x")]


def test_a_sub_class_that_the_data_states_is_a_target_too() -> None:
    found = validate(SHAPE, "e:x a e:Low . e:Low rdfs:subClassOf e:Top .")
    assert [result.focus_node for result in found] == [e("x")]


def test_an_instance_of_a_sub_class_is_an_instance_to_a_class_constraint() -> None:
    shape = "e:Shape sh:targetSubjectsOf e:p ; sh:path e:p ; sh:class e:Top ."
    assert validate(shape, "e:x e:p e:y . e:y a e:Low .", (e("Low"), e("Top"))) == []


def test_a_node_that_several_targets_meet_is_checked_once() -> None:
    shape = "e:Shape sh:targetClass e:A , e:B ; sh:targetNode e:x ; sh:targetSubjectsOf e:p ; sh:class e:C ."
    assert len(validate(shape, "e:x a e:A , e:B ; e:p 1 .")) == 1


def test_a_target_node_is_checked_though_the_graph_does_not_hold_it() -> None:
    assert len(validate("e:Shape sh:targetNode e:gone ; sh:path e:p ; sh:minCount 1 .", "e:x e:q 1 .")) == 1


def test_an_object_of_a_target_predicate_may_be_a_literal() -> None:
    found = validate("e:Shape sh:targetObjectsOf e:p ; sh:nodeKind sh:IRI .", 'e:x e:p "a" , e:y .')
    assert [result.focus_node for result in found] == ['"a"']


def test_a_deactivated_shape_lets_everything_pass_wherever_it_stands() -> None:
    shapes = """
    e:Off sh:deactivated true ; sh:path e:p ; sh:minCount 9 .
    e:Shape sh:targetNode e:x ; sh:property e:Off ; sh:node [ sh:deactivated true ; sh:class e:C ] .
    """
    assert validate(shapes, "e:x e:q 1 .") == []


def test_a_result_carries_rule_and_the_messages_of_its_shape_in_all_languages() -> None:
    shape = 'e:S sh:targetNode e:x ; sh:path e:p ; sh:minCount 1 ; graphmap:rule "a.b.c" ; sh:message "x" , "y"@de .'
    found = validate(shape, "e:x e:q 1 .")[0]
    assert (found.rule, sorted(found.messages)) == ("a.b.c", ['"x"', '"y"@de'])


def test_a_message_may_name_the_value_the_node_and_the_path() -> None:
    shape = 'e:S sh:targetNode e:x ; sh:path e:p ; sh:maxLength 1 ; sh:message "{$this} {?path} {$value}!"@en .'
    found = validate(shape, 'e:x e:p "say \\"hi\\"" .')[0]
    assert found.messages == ('"http://example.org/x http://example.org/p say \\"hi\\"!"@en',)


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("sh:minCount 2", "at least 2"),
        ("sh:datatype xsd:date", "well-formed date"),
        ("sh:in ( 7 8 )", "one of 7, 8"),
        ("sh:in ( 1 2 3 4 5 6 7 8 9 )", "and 1 more"),
        ("sh:class e:C", "must be a C"),
        ("sh:pattern '^x'", "match ^x"),
    ],
)
def test_a_shape_without_a_message_says_what_it_expects(constraint: str, words: str) -> None:
    found = validate(f"e:S sh:targetNode e:x ; sh:path e:p ; {constraint} .", "e:x e:p e:y .")
    assert words in found[0].messages[0]


def test_a_pattern_that_is_no_xpath_makes_the_engine_say_so_and_checks_the_rest() -> None:
    running = engine(r"e:S sh:targetNode e:x ; sh:path e:p ; sh:pattern '\\bx' ; sh:maxCount 0 .")
    assert [each.shape for each in running.unevaluable] == [e("S")]
    assert len(running.validate(graph("e:x e:p 1 ."))) == 1


def test_what_is_beyond_core_is_told_by_the_engine() -> None:
    assert engine("e:S sh:targetNode e:x ; sh:sparql [] .").unevaluable[0].shape == e("S")


def test_equal_values_are_one_value() -> None:
    shape = "e:S sh:targetNode e:x ; sh:path e:p ; sh:maxCount 1 ."
    assert validate(shape, "e:x e:p 1 , 1 .") == []
    assert len(validate(shape, 'e:x e:p 1 , "01"^^xsd:integer .')) == 1


def test_coverage_counts_focus_nodes_empty_shapes_and_unseen_subjects() -> None:
    running = engine(SHAPE + "e:Empty sh:targetClass e:None ; sh:class e:C .")
    coverage = Coverage([shape.node for shape in running.shapes.targeted()], samples=1)
    running.validate(graph("e:x a e:Top . e:y a e:Top . e:z a e:Other . e:w e:q 1 ."), coverage)
    coverage.add(e("Shape"), 10)
    assert coverage.targets == {e("Shape"): 12, e("Empty"): 0}
    assert coverage.without_targets() == (e("Empty"),)
    assert (coverage.unseen, coverage.unseen_samples) == (2, [e("z")])


def test_conformance_to_one_shape_can_be_asked() -> None:
    running = engine("e:S sh:class e:C ; sh:property [ sh:path e:p ; sh:minCount 1 ] .")
    data = graph("e:x a e:C ; e:p 1 . e:y a e:C .")
    assert running.conforms(e("S"), data, e("x"))
    assert not running.conforms(e("S"), data, e("y"))
