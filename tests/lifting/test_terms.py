"""What term maps make of a document, by interpreter and compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphmap.lifting import Interpreter, pointer
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import both, mapping, source

if TYPE_CHECKING:
    from pathlib import Path

_XSD = "http://www.w3.org/2001/XMLSchema#"


def _objects(folder: Path, object_map: str, record: Any, *, formulation: str = "JSONPath") -> list[str]:
    body = (
        source(formulation) + "ex:map rml:logicalSource ex:source ; rml:subject ex:s ;\n"
        f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {object_map} ] ] ."
    )
    lines = both(mapping(folder, body), record)
    return [line.removeprefix("<http://example.com/s> <http://example.com/p> ").removesuffix(" .") for line in lines]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x", ['"x"']),
        ("", ['""']),
        ('say "hi"\n', ['"say \\"hi\\"\\n"']),
        (7, [f'"7"^^<{_XSD}integer>']),
        (True, [f'"true"^^<{_XSD}boolean>']),
        (None, []),
    ],
)
def test_a_literal_has_the_natural_datatype_of_its_value(tmp_path: Path, value: Any, expected: list[str]) -> None:
    assert _objects(tmp_path, 'rml:reference "$.v"', {"v": value}) == expected
    assert _objects(tmp_path, 'rml:reference "$.v"', {}) == []


def test_a_declared_datatype_gives_the_canonical_form(tmp_path: Path) -> None:
    typed = 'rml:reference "$.v" ; rml:datatype xsd:decimal'
    assert _objects(tmp_path, typed, {"v": "+01.50"}) == [f'"1.5"^^<{_XSD}decimal>']
    assert _objects(tmp_path, 'rml:reference "$.v" ; rml:datatype xsd:integer', {"v": "7"}) == [f'"7"^^<{_XSD}integer>']


def test_an_ill_typed_value_keeps_its_text_and_is_a_fault_at_its_place(tmp_path: Path) -> None:
    typed = 'rml:reference "$.a.v" ; rml:datatype xsd:date'
    assert _objects(tmp_path, typed, {"a": {"v": "soon"}}) == [f'"soon"^^<{_XSD}date>']
    plan = mapping(
        tmp_path,
        source() + "ex:map rml:logicalSource ex:source ; rml:subject ex:s ; "
        f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {typed} ] ] .",
    )
    (fault,) = Interpreter(plan, forms=ValueForms()).lift({"a": {"v": "soon"}}).faults
    assert (fault.kind, pointer(fault.place), fault.value) == ("ill-typed", "/a/v", "soon")


def test_an_object_where_a_value_is_expected_becomes_json_and_a_fault(tmp_path: Path) -> None:
    json = "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>"
    assert _objects(tmp_path, 'rml:reference "$.v"', {"v": {"b": [1]}}) == [f'"{{\\"b\\":[1]}}"{json}']


def test_an_array_stands_for_its_elements_where_the_path_says_so_or_is_lax(tmp_path: Path) -> None:
    assert _objects(tmp_path, 'rml:reference "$.v[*]"', {"v": ["b", "a", "b", None]}) == ['"a"', '"b"']
    lax = {"formulation": "LaxJSONPath"}
    assert _objects(tmp_path, 'rml:reference "$.v[*]"', {"v": "a"}, **lax) == ['"a"']
    assert _objects(tmp_path, 'rml:reference "$.v[*]"', {"v": ["a", "b"]}, **lax) == ['"a"', '"b"']


def test_a_language_tag_is_written_in_lower_case(tmp_path: Path) -> None:
    assert _objects(tmp_path, 'rml:reference "$.v" ; rml:language "de-CH"', {"v": "Grüezi"}) == ['"Grüezi"@de-ch']


def test_a_template_encodes_what_cannot_stand_in_an_iri_and_only_there(tmp_path: Path) -> None:
    record = {"v": "1::2 ü/{"}
    assert _objects(tmp_path, 'rml:template "http://e/{$.v}"', record) == ["<http://e/1%3A%3A2%20ü%2F%7B>"]
    assert _objects(tmp_path, 'rml:template "is {$.v}" ; rml:termType rml:Literal', record) == ['"is 1::2 ü/{"']
    assert _objects(tmp_path, r'rml:template "\\{{$.v}\\}" ; rml:termType rml:Literal', {"v": 1}) == ['"{1}"']


def test_a_template_gives_the_product_of_its_values_and_nothing_while_one_is_missing(tmp_path: Path) -> None:
    template = 'rml:template "http://e/{$.a[*]}-{$.b}"'
    assert _objects(tmp_path, template, {"a": [1, 2], "b": 3}) == ["<http://e/1-3>", "<http://e/2-3>"]
    assert _objects(tmp_path, template, {"a": [1, 2]}) == []


def test_a_reference_to_an_iri_is_resolved_and_a_bad_one_gives_no_term(tmp_path: Path) -> None:
    iri = 'rml:reference "$.v" ; rml:termType rml:IRI'
    assert _objects(tmp_path, iri, {"v": "x/y"}) == ["<http://example.com/base/x/y>"]
    for bad in ("http://[bad", "http://a/%zz", "http://user@@host", "http://a/\ue000", "a b", ""):
        assert _objects(tmp_path, iri, {"v": bad}) == []


def test_blank_nodes_of_one_value_are_one_node(tmp_path: Path) -> None:
    assert _objects(tmp_path, 'rml:reference "$.v[*]" ; rml:termType rml:BlankNode', {"v": ["a", "a", "b"]}) == [
        "_:ba",
        "_:bb",
    ]


def test_the_first_argument_with_a_value_wins_and_later_ones_are_not_looked_at(tmp_path: Path) -> None:
    coalesce = """rml:functionExecution [ rml:function graphmap:coalesce ;
      rml:input [ rml:parameter graphmap:first ; rml:inputValueMap [ rml:template "http://e/a/{$.a}" ] ] ,
                [ rml:parameter graphmap:second ; rml:inputValueMap [ rml:template "http://e/b/{$.b}" ] ] ] ;
      rml:termType rml:IRI"""
    assert _objects(tmp_path, coalesce, {"a": 1, "b": 2}) == ["<http://e/a/1>"]
    assert _objects(tmp_path, coalesce, {"b": 2}) == ["<http://e/b/2>"]
    assert _objects(tmp_path, coalesce, {"a": 1, "b": {"odd": 1}}) == ["<http://e/a/1>"]
    assert _objects(tmp_path, coalesce, {}) == []


def test_a_value_is_given_only_where_the_condition_has_one(tmp_path: Path) -> None:
    when = """rml:functionExecution [ rml:function graphmap:when ;
      rml:input [ rml:parameter graphmap:condition ; rml:inputValueMap [ rml:template "x{$.a}" ; {type} ] ] ,
                [ rml:parameter graphmap:value ; rml:inputValueMap [ rml:template "http://e/{$.b}" ] ] ] ;
      rml:termType rml:IRI"""
    for kind in ("rml:termType rml:Literal", "rml:termType rml:IRI"):
        text = when.replace("{type}", kind)
        assert _objects(tmp_path, text, {"a": 1, "b": 2}) == ["<http://e/2>"]
        assert _objects(tmp_path, text, {"b": 2}) == []
        assert _objects(tmp_path, text, {"a": 1}) == []


def test_a_view_reads_values_of_the_nodes_around_its_items(tmp_path: Path) -> None:
    body = (
        source()
        + """ex:view rml:viewOn ex:source ;
  rml:field [ rml:fieldName "id" ; rml:reference "$.id" ] , [ rml:fieldName "order" ; rml:iterator "$.orders[*]" ;
    rml:field [ rml:fieldName "no" ; rml:reference "$.no" ] , [ rml:fieldName "line" ; rml:iterator "$.lines[*]" ;
      rml:field [ rml:fieldName "sku" ; rml:reference "$.sku" ] ] ] .
ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{id}/{order.no}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:sku ; rml:objectMap [ rml:reference "order.line.sku" ] ] ."""
    )
    record = {"id": 7, "orders": [{"no": 1, "lines": [{"sku": "a"}, {"sku": "b"}]}, {"no": 2, "lines": []}, {}]}
    assert both(mapping(tmp_path, body), record) == [
        '<http://e/7/1> <http://example.com/sku> "a" .',
        '<http://e/7/1> <http://example.com/sku> "b" .',
    ]


def test_graphs_of_subject_and_of_predicate_are_united_and_the_default_graph_has_no_name(tmp_path: Path) -> None:
    body = (
        source()
        + """ex:map rml:logicalSource ex:source ;
  rml:subjectMap [ rml:constant ex:s ; rml:graph ex:g ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:object 1 ; rml:graphMap [ rml:template "http://e/{$.g}" ] ] ,
    [ rml:predicate ex:q ; rml:object 2 ; rml:graph rml:defaultGraph ] ."""
    )
    one, two = (f'"{number}"^^<{_XSD}integer>' for number in (1, 2))
    assert both(mapping(tmp_path, body), {"g": "x"}) == [
        f"<http://example.com/s> <http://example.com/p> {one} <http://e/x> .",
        f"<http://example.com/s> <http://example.com/p> {one} <http://example.com/g> .",
        f"<http://example.com/s> <http://example.com/q> {two} .",
        f"<http://example.com/s> <http://example.com/q> {two} <http://example.com/g> .",
    ]
