"""Lists and containers, by the fast path and by the interpreter.

Source: RML-CC; the data are those of its examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from graphmap.errors import MappingError
from graphmap.lifting import compile_plan
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import PREFIXES, lifted, mapping, same

if TYPE_CHECKING:
    from pathlib import Path

_SOURCE = 'ex:data rml:source "data.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .\n'
_A = '{"id": "a", "values": ["1", "2", "3"]}'
_B = '{"id": "b", "values": ["4", "5", "6"]}'
_NONE = '{"id": "d", "values": []}'
_AGAIN = '{"id": "a", "values": ["7", "8", "9"]}'
_TWO = '{"id": "a", "a": ["1", "2", "3"], "b": ["4", "5"]}'
_VALUES = '[ rml:reference "$.values[*]" ]'


def _object(gather: str, more: str = "") -> str:
    return f"""{_SOURCE}ex:map rml:logicalSource ex:data ; rml:subjectMap [ rml:template "http://e/{{$.id}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:with ; rml:objectMap [ {gather} ] {more} ] ."""


def _gather(kind: str, members: str = _VALUES, more: str = "") -> str:
    return f"rml:gather ( {members} ) ; rml:gatherAs rdf:{kind} ; {more}"


def _says(lines: list[str], trig: str) -> bool:
    """Whether lines say the same as some TriG."""
    quads = pyoxigraph.parse(PREFIXES + "@prefix : <http://e/> .\n" + trig, pyoxigraph.RdfFormat.TRIG)
    return same("".join(f"{line}\n" for line in lines), "".join(f"{quad} .\n" for quad in quads))


_EACH = ('[ rml:reference "$.a[*]" ]', '[ rml:reference "$.b[*]" ]')
_BOTH = " ".join(_EACH)
_EMPTY = "rml:allowEmptyListAndContainer true"
_PRODUCT = "rml:strategy rml:cartesianProduct"
_NAMED = 'rml:template "http://e/list/{$.id}" ; '
_SIX = '("1" "4"), ("1" "5"), ("2" "4"), ("2" "5"), ("3" "4"), ("3" "5")'
_CASES = {
    "a list": (_gather("List"), [_A, _B], ':a ex:with ("1" "2" "3") . :b ex:with ("4" "5" "6") .'),
    "a bag": (_gather("Bag"), [_A], ':a ex:with [ a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" ; rdf:_3 "3" ] .'),
    "a sequence": (_gather("Seq"), [_A], ':a ex:with [ a rdf:Seq ; rdf:_1 "1" ; rdf:_2 "2" ; rdf:_3 "3" ] .'),
    "alternatives": (_gather("Alt"), [_A], ':a ex:with [ a rdf:Alt ; rdf:_1 "1" ; rdf:_2 "2" ; rdf:_3 "3" ] .'),
    "nothing where there is nothing": (_gather("List"), [_A, _NONE], ':a ex:with ("1" "2" "3") .'),
    "no empty bag": (_gather("Bag"), [_NONE], ""),
    "an empty list": (_gather("List", more=_EMPTY), [_NONE], ":d ex:with () ."),
    "an empty bag": (_gather("Bag", more=_EMPTY), [_NONE], ":d ex:with [ a rdf:Bag ] ."),
    "an empty list has no name": (_NAMED + _gather("List", more=_EMPTY), [_NONE], ":d ex:with () ."),
    "two lists of one subject": (_gather("List"), [_A, _AGAIN], ':a ex:with ("1" "2" "3"), ("7" "8" "9") .'),
    "a name goes on": (
        _NAMED + _gather("List"),
        [_A, _B, _AGAIN],
        """:a ex:with <http://e/list/a> . <http://e/list/a> rdf:first "1" ; rdf:rest ("2" "3" "7" "8" "9") .
           :b ex:with <http://e/list/b> . <http://e/list/b> rdf:first "4" ; rdf:rest ("5" "6") .""",
    ),
    "a named bag": (
        _NAMED + _gather("Bag"),
        [_A, _AGAIN],
        """:a ex:with <http://e/list/a> . <http://e/list/a> a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" ; rdf:_3 "3" ;
           rdf:_4 "7" ; rdf:_5 "8" ; rdf:_6 "9" .""",
    ),
    "terms of several maps": (_gather("List", _BOTH), [_TWO], ':a ex:with ("1" "2" "3" "4" "5") .'),
    "combinations": (_gather("List", _BOTH, _PRODUCT), [_TWO], f":a ex:with {_SIX} ."),
    "no combinations without a value": (_gather("List", _BOTH, _PRODUCT), ['{"id": "a", "a": ["1"]}'], ""),
    "combinations under one name": (
        _NAMED + _gather("List", _BOTH, _PRODUCT),
        [_TWO],
        """:a ex:with <http://e/list/a> . <http://e/list/a> rdf:first "1" ;
           rdf:rest ("4" "1" "5" "2" "4" "2" "5" "3" "4" "3" "5") .""",
    ),
    "the same term twice": (_gather("List"), ['{"id": "a", "values": ["1", "1"]}'], ':a ex:with ("1" "1") .'),
    "a list of bags": (
        _gather(
            "List",
            " ".join(f"[ {_gather('Bag', each)} ]" for each in _EACH),
        ),
        [_TWO],
        """:a ex:with ( [ a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" ; rdf:_3 "3" ]
                        [ a rdf:Bag ; rdf:_1 "4" ; rdf:_2 "5" ] ) .""",
    ),
    "terms of several kinds": (
        _gather(
            "Seq", '[ rml:template "http://e/{$.id}" ] [ rml:constant 7 ] [ rml:reference "$.id" ; rml:language "en" ]'
        ),
        [_A],
        ':a ex:with [ a rdf:Seq ; rdf:_1 :a ; rdf:_2 7 ; rdf:_3 "a"@en ] .',
    ),
}


@pytest.mark.parametrize("kind", _CASES)
def test_an_object_map_gathers(tmp_path: Path, kind: str) -> None:
    gather, records, expected = _CASES[kind]
    assert _says(lifted(tmp_path, _object(gather), {"data.json": f"[{', '.join(records)}]"}), expected)


def test_a_collection_stands_in_the_graph_of_its_statement(tmp_path: Path) -> None:
    body = _object(_gather("List"), '; rml:graphMap [ rml:template "http://e/g/{$.id}" ]')
    found = lifted(tmp_path, body, {"data.json": f"[{_A}]"})
    assert _says(found, '<http://e/g/a> { :a ex:with ("1" "2" "3") }')


@pytest.mark.parametrize("pair", [True, False], ids=["with an object", "alone"])
def test_a_subject_map_gathers(tmp_path: Path, pair: bool) -> None:  # noqa: FBT001  # a parameter
    more = "; rml:predicateObjectMap [ rml:predicate ex:p ; rml:object ex:o ]" if pair else ""
    body = f"{_SOURCE}ex:map rml:logicalSource ex:data ; rml:subjectMap [ {_gather('List')} ] {more} ."
    found = lifted(tmp_path, body, {"data.json": f"[{_A}, {_NONE}]"})
    assert _says(found, '[] rdf:first "1" ; rdf:rest ("2" "3") ' + ("; ex:p ex:o ." if pair else "."))


def test_a_subject_map_gathers_the_cells_of_a_row(tmp_path: Path) -> None:
    bag = _gather("Bag", '[ rml:reference "a" ] [ rml:reference "b" ]')
    body = f"""ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
    ex:map rml:logicalSource ex:rows ; rml:subjectMap [ {bag} ] ."""
    found = lifted(tmp_path, body, {"rows.csv": "a,b\n1,2\n3,\n,\n"})
    assert _says(found, '[] a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" . [] a rdf:Bag ; rdf:_1 "3" .')


@pytest.mark.parametrize("name", ["", 'rml:reference "ID" ; rml:termType rml:BlankNode ; '])
def test_members_come_from_another_triples_map(tmp_path: Path, name: str) -> None:
    joined = '[ rml:parentTriplesMap ex:author ; rml:joinCondition [ rml:child "ID" ; rml:parent "BOOKID" ] ]'
    body = f"""ex:books rml:source "books.csv" ; rml:referenceFormulation rml:CSV .
    ex:authors rml:source "authors.csv" ; rml:referenceFormulation rml:CSV .
    ex:book rml:logicalSource ex:books ; rml:subjectMap [ rml:template "http://e/book{{ID}}" ] ; rml:predicateObjectMap
      [ rml:predicate ex:by ; rml:objectMap [ {name} {_gather("List", joined)} ] ] .
    ex:author rml:logicalSource ex:authors ; rml:subjectMap [ rml:template "http://e/person{{ID}}" ] ."""
    books, authors = "ID,TITLE\n1,x\n2,y\n", "ID,NAME,BOOKID\n1,s,1\n2,p,2\n3,b,2\n4,,\n"
    found = lifted(tmp_path, body, {"books.csv": books, "authors.csv": authors})
    assert _says(found, ":book1 ex:by ( :person1 ) . :book2 ex:by ( :person2 :person3 ) .")


@pytest.mark.parametrize(
    ("gather", "what"),
    [
        (f"rml:gather ( {_VALUES} )", "rml:gatherAs is missing"),
        (_gather("Heap"), "nothing is gathered as"),
        ("rml:gather () ; rml:gatherAs rdf:List", "empty list"),
        ('rml:gather ( "x" ) ; rml:gatherAs rdf:List', "is not a term map"),
        (_gather("List", more="rml:strategy rml:zip"), "not a known strategy"),
        (_gather("List") + "rml:constant 7", "cannot be a Literal"),
    ],
)
def test_a_gather_map_that_cannot_be_is_refused(tmp_path: Path, gather: str, what: str) -> None:
    with pytest.raises(MappingError, match=what) as caught:
        mapping(tmp_path, _object(gather))
    assert "^" in str(caught.value)


def test_without_a_run_around_it_a_collection_ends_with_its_record(tmp_path: Path) -> None:
    plan = mapping(tmp_path, _object(_NAMED + _gather("Bag")))
    lift = compile_plan(plan, forms=ValueForms()).lift
    found = lift([{"id": "a", "values": ["1"]}, {"id": "a", "values": ["2"]}])
    assert found is not None
    expected = ':a ex:with <http://e/list/a> . <http://e/list/a> a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" .'
    assert _says(found[1].splitlines(), expected)
