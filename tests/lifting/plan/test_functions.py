"""Functions that mappings call, by interpreter and compiled plan, over documents and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphmap.errors import MappingError
from graphmap.lifting import FUNCTIONS, Function, Interpreter, of_each, pointer, read_mapping
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import BASE, PREFIXES, both, mapping, source

if TYPE_CHECKING:
    from pathlib import Path

_GREL = "@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .\n"


def _call(function: str, *inputs: str) -> str:
    given = " , ".join(f"[ rml:parameter {each} ]" for each in inputs)
    return f"rml:functionExecution [ rml:function {function} ; rml:input {given} ]"


def _value(path: str = "$.v") -> str:
    return f'graphmap:value ; rml:inputValueMap [ rml:reference "{path}" ]'


def _body(object_map: str) -> str:
    return (
        _GREL + source() + "ex:map rml:logicalSource ex:source ; rml:subject ex:s ;\n"
        f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {object_map} ] ] ."
    )


def _objects(folder: Path, object_map: str, record: Any) -> list[str]:
    lines = both(mapping(folder, _body(object_map)), record)
    return [line.removeprefix("<http://example.com/s> <http://example.com/p> ").removesuffix(" .") for line in lines]


@pytest.mark.parametrize(
    ("function", "more", "value", "expected"),
    [
        ("upper", [], "straße", ['"STRASSE"']),
        ("lower", [], "A", ['"a"']),
        ("trim", [], " a ", ['"a"']),
        ("trim", [], "  ", []),
        ("upper", [], None, []),
        ("replace", [("find", "-"), ("by", "/")], "a-b-c", ['"a/b/c"']),
        ("replace", [("find", "-")], "a-b", ['"ab"']),
        ("substring", [("from", "1"), ("to", "3")], "abcd", ['"bc"']),
        ("split", [("separator", ";")], "a;b;a", ['"a"', '"b"']),
        ("hash", [], "abc", ['"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"']),
        ("hash", [("algorithm", "md5")], "abc", ['"900150983cd24fb0d6963f7d28e17f72"']),
        ("parseDate", [("format", "%d/%m/%Y")], "01/02/2023", ['"2023-02-01"']),
        ("parseDateTime", [("format", "%d/%m/%Y %H:%M")], "01/02/2023 10:11", ['"2023-02-01T10:11:00"']),
        ("parseNumber", [("point", ","), ("grouping", ".")], "1.234,50", ['"1234.5"']),
        ("lookup", [("table", '{\\"m\\": \\"male\\"}')], "m", ['"male"']),
        ("lookup", [("table", '{\\"m\\": \\"male\\"}')], "x", []),
        ("lookup", [("table", '{\\"m\\": \\"male\\"}'), ("otherwise", "?")], "x", ['"?"']),
    ],
)
def test_a_function_makes_texts_of_texts(
    tmp_path: Path, function: str, more: list[tuple[str, str]], value: Any, expected: list[str]
) -> None:
    inputs = [f'graphmap:{name} ; rml:inputValue "{text}"' for name, text in more]
    assert _objects(tmp_path, _call(f"graphmap:{function}", _value(), *inputs), {"v": value}) == expected


def test_texts_are_concatenated_with_what_is_there(tmp_path: Path) -> None:
    parts = [f'graphmap:{name} ; rml:inputValueMap [ rml:reference "$.{name}[*]" ]' for name in ("first", "second")]
    call = _call("graphmap:concatenate", 'graphmap:separator ; rml:inputValue ", "', *parts)
    assert _objects(tmp_path, call, {"first": ["a"], "second": ["b", "c"]}) == ['"a, b"', '"a, c"']
    assert _objects(tmp_path, call, {"second": ["b"]}) == ['"b"']
    assert _objects(tmp_path, call, {}) == []


def test_functions_nest_and_their_results_take_a_datatype(tmp_path: Path) -> None:
    inner = _call("graphmap:trim", _value())
    given = f"graphmap:value ; rml:inputValueMap [ {inner} ]"
    call = _call("graphmap:parseNumber", given) + " ; rml:datatype xsd:decimal"
    assert _objects(tmp_path, call, {"v": " 07.50 "}) == ['"7.5"^^<http://www.w3.org/2001/XMLSchema#decimal>']


@pytest.mark.parametrize("parameter", ["grel:valueParam", "grel:valueParameter"])
def test_functions_go_by_the_names_of_grel_as_well_and_may_be_named_by_maps(tmp_path: Path, parameter: str) -> None:
    call = f"""rml:functionExecution [ rml:functionMap [ rml:constant grel:toUpperCase ] ; rml:input [
      rml:parameterMap [ rml:constant {parameter} ] ; rml:inputValueMap [ rml:reference "$.v" ] ] ]"""
    assert _objects(tmp_path, call, {"v": "a"}) == ['"A"']


@pytest.mark.parametrize(
    ("function", "name", "text"),
    [
        ("parseDate", "format", "%Y"),
        ("parseNumber", "point", ","),
        ("hash", "algorithm", "sum"),
        ("substring", "from", "one"),
        ("uuid5", "namespace", "none"),
        ("lookup", "table", "[]"),
        ("lookup", "table", "{"),
    ],
)
def test_a_value_that_a_function_cannot_take_is_a_fault_at_its_place(
    tmp_path: Path, function: str, name: str, text: str
) -> None:
    call = _call(f"graphmap:{function}", _value(), f'graphmap:{name} ; rml:inputValue "{text}"')
    assert _objects(tmp_path, call, {"v": "soon"}) == []
    lifted = Interpreter(mapping(tmp_path, _body(call)), forms=ValueForms()).lift({"v": "soon"})
    assert [(fault.kind, pointer(fault.place)) for fault in lifted.faults] == [("no-term", "/v")]


def test_a_function_of_ones_own_is_one_more_row(tmp_path: Path) -> None:
    (tmp_path / "mapping.ttl").write_text(PREFIXES + _body(_call("ex:greet", _value())))
    greet = Function(parameters=("https://w3id.org/graphmap#value",), apply=of_each(lambda name: [f"Hello {name}"]))
    mine = {**FUNCTIONS, "http://example.com/greet": greet}
    plan = read_mapping([tmp_path / "mapping.ttl"], base=BASE, functions=mine)
    assert both(plan, {"v": "Ann"}) == ['<http://example.com/s> <http://example.com/p> "Hello Ann" .']


def test_an_unknown_function_or_parameter_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="greet> is not a known function"):
        mapping(tmp_path, _body(_call("ex:greet", _value())))
    with pytest.raises(MappingError, match="is not a parameter of"):
        mapping(tmp_path, _body(_call("graphmap:upper", 'ex:p ; rml:inputValue "a"')))


@pytest.mark.parametrize("compiled", [True, False])
def test_functions_over_rows_give_the_same_by_either_way(tmp_path: Path, compiled: bool) -> None:  # noqa: FBT001  # a parameter
    (tmp_path / "rows.csv").write_text("id,tags\n1,a;b\n2,\n")
    split = _call("graphmap:split", _value("tags"), 'graphmap:separator ; rml:inputValue ";"')
    body = f"""ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
    ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{{id}}" ; rml:class ex:Row ] ;
      rml:predicateObjectMap [ rml:predicate ex:tag ; rml:objectMap [ {split} ] ] ."""
    conditions = RunOptions(folder=tmp_path, bind={}, compiled=compiled)
    lines = [line for text in lift_plan(mapping(tmp_path, body), conditions) for line in text.splitlines()]
    assert sorted(line for line in lines if "tag" in line) == [
        '<http://e/1> <http://example.com/tag> "a" .',
        '<http://e/1> <http://example.com/tag> "b" .',
    ]
    assert len(lines) == 4
