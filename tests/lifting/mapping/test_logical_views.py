"""Logical views: fields of any expression, views on views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphmap.errors import MappingError
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.records import Number
from tests.lifting.mappings import both, mapping, source

if TYPE_CHECKING:
    from pathlib import Path

_UPPER = """rml:functionExecution [ rml:function graphmap:upper ;
  rml:input [ rml:parameter graphmap:value ; rml:inputValueMap [ rml:reference "$.name" ] ] ]"""
_VIEW = f"""ex:view rml:viewOn ex:source ;
  rml:field [ rml:fieldName "id" ; rml:template "{{$.kind}} {{$.number}}" ] ,
    [ rml:fieldName "loud" ; {_UPPER} ] , [ rml:fieldName "from" ; rml:constant "here" ] ,
    [ rml:fieldName "item" ; rml:iterator "$.items[*]" ; rml:field
      [ rml:fieldName "label" ; rml:template "{{$.size}}/{{$.type}}" ] ] .
"""
_RECORD = {
    "kind": "a b",
    "number": 7,
    "name": "ann",
    "items": [{"type": "sword", "size": 1}, {"type": "bow", "size": 2}, {"type": "hat"}],
}


def _map(object_map: str, view: str = "ex:view") -> str:
    return f"""ex:map rml:logicalSource {view} ; rml:subjectMap [ rml:template "http://e/{{id}}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {object_map} ] ] ."""


def _objects(folder: Path, object_map: str) -> list[str]:
    lines = both(mapping(folder, source() + _VIEW + _map(object_map)), _RECORD)
    start = "<http://e/a%20b%207> <http://example.com/p> "
    assert all(line.startswith(start) for line in lines)
    return [line.removeprefix(start).removesuffix(" .") for line in lines]


@pytest.mark.parametrize(
    ("object_map", "expected"),
    [
        ('rml:reference "loud"', ['"ANN"']),
        ('rml:reference "from"', ['"here"']),
        ('rml:reference "id"', ['"a b 7"']),
        ('rml:reference "loud" ; rml:termType rml:IRI', ["<http://example.com/base/ANN>"]),
        ('rml:template "http://e/{loud}/{from}"', ["<http://e/ANN/here>"]),
        ('rml:template "http://e/{item.label}"', ["<http://e/1%2Fsword>", "<http://e/2%2Fbow>"]),
        ('rml:template "{from}: {item.label}" ; rml:termType rml:Literal', ['"here: 1/sword"', '"here: 2/bow"']),
    ],
)
def test_a_field_is_a_template_a_constant_or_a_function(tmp_path: Path, object_map: str, expected: list[str]) -> None:
    assert _objects(tmp_path, object_map) == expected


def test_a_view_on_a_view_reads_the_fields_below(tmp_path: Path) -> None:
    outer = 'ex:outer rml:viewOn ex:view ; rml:field [ rml:fieldName "id" ; rml:reference "id" ] , '
    outer += '[ rml:fieldName "both" ; rml:template "{loud} {item.label}" ] .\n'
    plan = mapping(tmp_path, source() + _VIEW + outer + _map('rml:reference "both"', "ex:outer"))
    assert [line.split(" ", 2)[2] for line in both(plan, _RECORD)] == ['"ANN 1/sword" .', '"ANN 2/bow" .']
    with pytest.raises(MappingError, match="no field 'none'"):
        mapping(tmp_path, source() + _VIEW + outer.replace("loud", "none") + _map('rml:reference "both"', "ex:outer"))


@pytest.mark.parametrize("compiled", [True, False])
def test_fields_of_rows_give_the_same_by_either_way(tmp_path: Path, compiled: bool) -> None:  # noqa: FBT001  # a parameter
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n3,\n")
    body = """ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
    ex:view rml:viewOn ex:rows ; rml:field [ rml:fieldName "id" ; rml:reference "a" ] ,
      [ rml:fieldName "both" ; rml:template "{a}-{b}" ] , [ rml:fieldName "empty" ; rml:constant "" ] ."""
    plan = mapping(tmp_path, body + _map('rml:reference "both" ] , [ rml:reference "empty"'))
    texts = lift_plan(plan, RunOptions(folder=tmp_path, bind={}, compiled=compiled))
    assert sorted("".join(texts).splitlines()) == [
        '<http://e/1> <http://example.com/p> "" .',
        '<http://e/1> <http://example.com/p> "1-2" .',
        '<http://e/3> <http://example.com/p> "" .',
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.items[1:].type", ['"bow"', '"hat"']),
        ("$.items[::-2].type", ['"hat"', '"sword"']),
        ("$.items[?@.size > 1].type", ['"bow"']),
        ("$.items[?@.price < 2.5].type", ['"hat"']),
        ("$.items[?length(@.type) == 3 && !@.size].type", ['"hat"']),
        ("$.items[?match(@.type, 's.*')].type", ['"sword"']),
    ],
)
def test_a_reference_is_any_path_of_rfc_9535(tmp_path: Path, path: str, expected: list[str]) -> None:
    items = [{"type": "sword", "size": 1}, {"type": "bow", "size": 2}, {"type": "hat", "price": Number("2.10")}]
    body = (
        source()
        + f"""ex:map rml:logicalSource ex:source ; rml:subject ex:s ;
      rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "{path}" ] ] ."""
    )
    lines = both(mapping(tmp_path, body), {"items": items})
    assert [line.split(" ")[2] for line in lines] == sorted(expected)


def test_a_path_that_is_none_is_refused_with_a_caret_under_its_fault(tmp_path: Path) -> None:
    body = (
        source()
        + """ex:map rml:logicalSource ex:source ; rml:subject ex:s ;
      rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.items[1:x]" ] ] ."""
    )
    with pytest.raises(MappingError, match="is not a path") as caught:
        mapping(tmp_path, body)
    *_, line, caret = str(caught.value).splitlines()
    assert line[caret.index("^") :].startswith(("x]", ":x]"))
