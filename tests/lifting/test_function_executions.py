"""RML-FNML, section by section, and the functions of GREL and IDLab, over a row by interpreter and compiled plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphmap.errors import DataError, MappingError
from graphmap.lifting import FUNCTIONS
from tests.lifting.mappings import PREFIXES, lifted

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = (
    PREFIXES
    + """@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .
@prefix idlab: <https://w3id.org/imec/idlab/function#> .
@prefix old-idlab: <http://example.com/idlab/function/> .
"""
)
_XSD = "^^<http://www.w3.org/2001/XMLSchema#"
_TABLE = {"d.csv": "id,v,w,empty\n1,a b,3,\n"}


def _call(function: str, *inputs: str, more: str = "") -> str:
    given = "".join(f" ; rml:input [ {each} ]" for each in inputs)
    return f"rml:functionExecution [ rml:function {function}{given} ] {more}"


def _of(parameter: str, column: str = "v") -> str:
    return f'rml:parameter {parameter} ; rml:inputValueMap [ rml:reference "{column}" ]'


def _is(parameter: str, text: str) -> str:
    return f'rml:parameter {parameter} ; rml:inputValue "{text}"'


def _objects(folder: Path, object_map: str) -> list[str]:
    body = (
        'ex:d rml:source "d.csv" ; rml:referenceFormulation rml:CSV .\n'
        "ex:m rml:logicalSource ex:d ; rml:subject ex:s ; "
        f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {object_map} ] ] ."
    )
    lines = lifted(folder, body, _TABLE, prefixes=_NAMES)
    return [line.removeprefix("<http://example.com/s> <http://example.com/p> ").removesuffix(" .") for line in lines]


_UPPER = _call("grel:toUpperCase", _of("grel:valueParam"))
_IS_NULL = _call("graphmap:isNull", _of("graphmap:value", "empty"))
_NOT_NULL = _call("graphmap:isNotNull", _of("graphmap:value"))
_IS_THREE = _call("graphmap:equals", _of("graphmap:value", "w"), _is("graphmap:other", "3"))

_SPLIT = _call("grel:string_split", _of("grel:valueParam"), _is("grel:p_string_sep", " "))

_SECTIONS: dict[str, tuple[str, list[str]]] = {
    "function execution": (_UPPER, ['"A B"']),
    "function map": (
        _call("grel:toUppercase", _of("grel:valueParam")).replace(
            "rml:function grel:toUppercase", "rml:functionMap [ rml:constant grel:toUppercase ]"
        ),
        ['"A B"'],
    ),
    "parameter map": (
        _UPPER.replace("rml:parameter grel:valueParam", "rml:parameterMap [ rml:constant grel:valueParam ]"),
        ['"A B"'],
    ),
    "return": (f"{_UPPER} ; rml:return grel:stringOut", ['"A B"']),
    "return map": (f"{_UPPER} ; rml:returnMap [ rml:constant grel:stringOutput ]", ['"A B"']),
    "input value": (_call("grel:toUpperCase", _is("grel:valueParameter", "x")), ['"X"']),
    "datatype of the result": (_call("grel:string_length", _of("grel:valueParam")), [f'"3"{_XSD}integer>']),
    "datatype that the term map declares": (
        _call("grel:string_length", _of("grel:valueParam"), more="; rml:datatype xsd:byte"),
        [f'"3"{_XSD}byte>'],
    ),
    "language that the term map declares": (f'{_UPPER} ; rml:language "en"', ['"A B"@en']),
    "multivalue processing": (
        _call("grel:toUpperCase", f"rml:parameter grel:valueParam ; rml:inputValueMap [ {_SPLIT} ]"),
        ['"A"', '"B"'],
    ),
    "nested functions": (
        _call("grel:string_length", f"rml:parameter grel:valueParam ; rml:inputValueMap [ {_UPPER} ]"),
        [f'"3"{_XSD}integer>'],
    ),
    "condition that holds": (f'rml:condition [ {_NOT_NULL} ] ; rml:constant "filled"', ['"filled"']),
    "condition that does not hold": (f'rml:condition [ {_IS_NULL} ] ; rml:reference "empty"', []),
    "condition over a template": (
        f'rml:condition [ {_IS_THREE} ] ; rml:template "http://e/{{v}}"',
        ["<http://e/a%20b>"],
    ),
    "condition over an IRI": (f"rml:condition [ {_IS_THREE} ] ; rml:constant ex:three", ["<http://example.com/three>"]),
    "condition over a typed constant": (f"rml:condition [ {_IS_THREE} ] ; rml:constant 5", [f'"5"{_XSD}integer>']),
    "condition over a constant in a language": (f'rml:condition [ {_IS_THREE} ] ; rml:constant "x"@en', ['"x"@en']),
    "condition over a datatype": (
        f'rml:condition [ {_IS_THREE} ] ; rml:reference "w" ; rml:datatype xsd:integer',
        [f'"3"{_XSD}integer>'],
    ),
    "condition over a function": (f"rml:condition [ {_IS_THREE} ] ; {_UPPER}", ['"A B"']),
    "condition that is a function itself": (_IS_THREE, [f'"true"{_XSD}boolean>']),
    "condition without its shortcut": (
        _call(
            "graphmap:if",
            f"rml:parameter graphmap:condition ; rml:inputValueMap [ {_NOT_NULL} ]",
            _is("graphmap:value", "filled"),
        ),
        ['"filled"'],
    ),
    "unequal": (
        _call("graphmap:notEquals", _of("graphmap:value", "w"), _is("graphmap:other", "3")),
        [f'"false"{_XSD}boolean>'],
    ),
}


@pytest.mark.parametrize("section", list(_SECTIONS))
def test_a_section_of_rml_fnml_holds(tmp_path: Path, section: str) -> None:
    object_map, expected = _SECTIONS[section]
    assert _objects(tmp_path, object_map) == expected


@pytest.mark.parametrize(
    ("object_map", "message"),
    [
        (f"{_UPPER} ; rml:return grel:output_bool", "is nothing that"),
        (f"{_UPPER} ; rml:return ex:status", "is nothing that"),
        (_call("ex:unknown", _of("grel:valueParam")), "is not a known function"),
        (_call("grel:toUpperCase", _of("ex:parameter")), "is not a parameter of"),
        ('rml:condition [ rml:reference "v" ] ; rml:constant "x"', "is no function execution"),
    ],
)
def test_what_a_function_does_not_have_is_refused_before_a_record_is_read(
    tmp_path: Path, object_map: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        _objects(tmp_path, object_map)


_CUT = _call("grel:string_split", _is("grel:valueParam", "b,a,b"), _is("grel:p_string_sep", ","))
_ARRAY = f"rml:parameter grel:p_array_a ; rml:inputValueMap [ {_CUT} ]"
_TRUE, _FALSE = _is("grel:param_rep_b", "true"), _is("grel:param_rep_b", "false")
_CALLED: dict[str, tuple[str, list[str]]] = {
    "toUppercase": (_call("grel:toUppercase", _of("grel:valueParam")), ['"A B"']),
    "toLowercase": (_call("grel:toLowercase", _is("grel:valueParam", "A")), ['"a"']),
    "toTitleCase": (_call("grel:toTitleCase", _of("grel:valueParam")), ['"A B"']),
    "toTitlecase": (_call("grel:toTitlecase", _of("grel:valueParam")), ['"A B"']),
    "string_toString": (_call("grel:string_toString", _of("grel:any_e")), ['"a b"']),
    "string_length": (_call("grel:string_length", _of("grel:valueParam")), [f'"3"{_XSD}integer>']),
    "string_startsWith": (
        _call("grel:string_startsWith", _of("grel:valueParam"), _is("grel:string_sub", "a")),
        [f'"true"{_XSD}boolean>'],
    ),
    "string_endsWith": (
        _call("grel:string_endsWith", _of("grel:valueParam"), _is("grel:param_string_sub", "a")),
        [f'"false"{_XSD}boolean>'],
    ),
    "string_contains": (
        _call("grel:string_contains", _of("grel:valueParam"), _is("grel:string_sub", " ")),
        [f'"true"{_XSD}boolean>'],
    ),
    "string_indexOf": (
        _call("grel:string_indexOf", _of("grel:valueParam"), _is("grel:string_sub", "b")),
        [f'"2"{_XSD}integer>'],
    ),
    "escape": (_call("grel:escape", _of("grel:valueParam"), _is("grel:modeParam", "url")), ['"a%20b"']),
    "array_join": (_call("grel:array_join", _ARRAY, _is("grel:param_string_sep", "-")), ['"b-a-b"']),
    "array_length": (_call("grel:array_length", _ARRAY), [f'"3"{_XSD}integer>']),
    "array_sum": (_call("grel:array_sum", _of("grel:p_array_a", "w")), [f'"3"{_XSD}integer>']),
    "array_get": (_call("grel:array_get", _ARRAY, _is("grel:p_int_i_from", "1")), ['"a"']),
    "array_slice": (_call("grel:array_slice", _ARRAY, _is("grel:p_int_i_from", "1")), ['"a"', '"b"']),
    "array_reverse": (_call("grel:array_reverse", _ARRAY), ['"a"', '"b"']),
    "array_sort": (_call("grel:array_sort", _ARRAY), ['"a"', '"b"']),
    "array_uniques": (_call("grel:array_uniques", _ARRAY), ['"a"', '"b"']),
    "boolean_and": (_call("grel:boolean_and", _TRUE), [f'"true"{_XSD}boolean>']),
    "boolean_or": (_call("grel:boolean_or", _FALSE), [f'"false"{_XSD}boolean>']),
    "boolean_xor": (_call("grel:boolean_xor", _TRUE), [f'"true"{_XSD}boolean>']),
    "boolean_not": (_call("grel:boolean_not", _is("grel:bool_b", "true")), [f'"false"{_XSD}boolean>']),
    "controls_if": (
        _call("grel:controls_if", _is("grel:bool_b", "false"), _is("grel:any_true", "x"), _of("grel:any_false")),
        ['"a b"'],
    ),
    "equal": (_call("idlab:equal", _of("grel:valueParam"), _is("grel:valueParam2", "a b")), ['"true"']),
    "notEqual": (_call("idlab:notEqual", _of("grel:valueParameter"), _is("grel:valueParameter2", "x")), ['"true"']),
    "stringContainsOtherString": (
        _call(
            "idlab:stringContainsOtherString", _of("idlab:str"), _is("idlab:otherStr", "b"), _is("idlab:delimiter", " ")
        ),
        ['"true"'],
    ),
    "listContainsElement": (_call("idlab:listContainsElement", _of("idlab:list"), _is("idlab:str", "x")), ['"false"']),
    "decide": (
        _call(
            "old-idlab:decide",
            _of("old-idlab:_str"),
            _is("old-idlab:_expectedStr", "a b"),
            _is("old-idlab:_result", "y"),
        ),
        ['"y"'],
    ),
    "isNull": (_call("idlab:isNull", _of("idlab:str", "empty")), [f'"true"{_XSD}boolean>']),
    "trueCondition": (_call("idlab:trueCondition", _is("idlab:strBoolean", "true"), _of("idlab:str")), ['"a b"']),
    "inRange": (_call("idlab:inRange", _of("idlab:p_test", "w"), _is("idlab:p_from", "1")), [f'"true"{_XSD}boolean>']),
    "slugify": (_call("idlab:slugify", _is("idlab:str", "Grüße, Welt!")), ['"grue-welt"']),
    "toUpperCaseURL": (_call("idlab:toUpperCaseURL", _is("idlab:str", "e.org")), ['"HTTP://E.ORG"']),
    "concat": (
        _call("idlab:concat", _of("idlab:str"), _is("idlab:otherStr", "c"), _is("idlab:delimiter", "-")),
        ['"a b-c"'],
    ),
}


@pytest.mark.parametrize("name", list(_CALLED))
def test_a_function_of_grel_or_idlab_gives_what_it_says(tmp_path: Path, name: str) -> None:
    object_map, expected = _CALLED[name]
    assert _objects(tmp_path, object_map) == expected


def test_every_function_of_grel_and_idlab_has_a_case() -> None:
    named = {name.rpartition("#")[2] for name in FUNCTIONS if "grel" in name or "imec" in name}
    elsewhere = {
        "toUpperCase",
        "toLowerCase",
        "random",
    }  # in the tests of functions, and without a result that is known
    elsewhere |= {f"string_{each}" for each in ("trim", "replace", "split", "substring", "md5", "sha1")}
    assert named - set(_CALLED) - elsewhere == set()


def test_random_texts_are_uuids(tmp_path: Path) -> None:
    assert len({*_objects_of_random(tmp_path), *_objects_of_random(tmp_path)}) == 2 * 2


def _objects_of_random(folder: Path) -> list[str]:
    from graphmap.lifting.execution import RunOptions, lift_plan  # noqa: PLC0415  # only here
    from graphmap.lifting.mapping import read_mapping  # noqa: PLC0415  # only here

    (folder / "d.csv").write_text("id\n1\n2\n", encoding="utf-8")
    (folder / "m.ttl").write_text(
        _NAMES + 'ex:d rml:source "d.csv" ; rml:referenceFormulation rml:CSV .\n'
        f"ex:m rml:logicalSource ex:d ; rml:subject ex:s ; rml:predicateObjectMap "
        f"[ rml:predicate ex:p ; rml:objectMap [ {_call('idlab:random')} ] ] .",
        encoding="utf-8",
    )
    plan = read_mapping([folder / "m.ttl"], base=None)
    return "".join(lift_plan(plan, RunOptions(folder=folder, bind={}))).splitlines()


@pytest.mark.parametrize(
    "object_map",
    [
        _call("grel:boolean_not", _of("grel:bool_b")),
        _call("grel:array_sum", _of("grel:p_array_a")),
        _call("grel:array_get", _ARRAY, _is("grel:p_int_i_from", "x")),
        _call("grel:escape", _of("grel:valueParam"), _is("grel:modeParam", "x")),
        _call("idlab:inRange", _of("idlab:p_test"), _is("idlab:p_from", "1")),
    ],
)
def test_a_value_that_a_function_cannot_take_is_a_fault(tmp_path: Path, object_map: str) -> None:
    with pytest.raises(DataError, match="is no"):
        _objects(tmp_path, object_map)
