"""Mappings that cannot run, each told by file, line and statement; the older vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from graphmap.errors import MappingError
from graphmap.lifting import read_mapping
from graphmap.lifting.mapping_document.locations import MARK, marked
from tests.lifting.mappings import BASE, PREFIXES, both, mapping, source

if TYPE_CHECKING:
    from pathlib import Path

_SUBJECT = 'rml:subjectMap [ rml:template "http://e/{$.id}" ]'
_MAP = "ex:map a rml:TriplesMap ; rml:logicalSource ex:source ;\n"


def _error(folder: Path, body: str) -> MappingError:
    with pytest.raises(MappingError) as caught:
        mapping(folder, body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("", "holds no triples map"),
        (source() + _MAP + "rml:predicateObjectMap [ rml:predicate ex:p ; rml:object 1 ] .", "has no subject map"),
        (source() + _MAP + "rml:subjectMap [ rml:termType rml:IRI ] .", "the term map has none of"),
        (source() + _MAP + 'rml:subjectMap [ rml:reference "a" ; rml:template "b" ] .', "more than one of"),
        (source() + _MAP + 'rml:subjectMap [ rml:reference "a" ; rml:termType rml:Literal ] .', "cannot be a Literal"),
        (source() + _MAP + 'rml:subjectMap [ rml:reference "a" ; rml:termType ex:Odd ] .', "is not a term type"),
        (
            source() + _MAP + 'rml:subjectMap [ rml:reference "a" ] , [ rml:reference "b" ] .',
            "rml:subjectMap is given 2",
        ),
        (source() + _MAP + _SUBJECT + "; rml:predicateObjectMap [ rml:predicate ex:p ] .", "a predicate and an object"),
        (source("XYZ") + _MAP + _SUBJECT + " .", "is not a supported reference formulation"),
        (_MAP + _SUBJECT + " .", "rml:source is missing"),
        ("ex:map rml:logicalSource ex:view ; rml:subject ex:s . ex:view rml:viewOn ex:view .", "the view is on itself"),
        (
            source() + "ex:view rml:viewOn ex:source ; rml:field [ rml:reference 'a' ] .\n"
            "ex:map rml:logicalSource ex:view ; rml:subject ex:s .",
            "the field has no name",
        ),
        (
            source() + "ex:view rml:viewOn ex:source ; rml:field [ rml:fieldName 'f' ] .\n"
            "ex:map rml:logicalSource ex:view ; rml:subject ex:s .",
            "'f' has no reference",
        ),
        (
            source() + "ex:view rml:viewOn ex:source ; rml:field [ rml:fieldName 'f' ; rml:reference 'a' ] .\n"
            "ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:reference 'g' ] .",
            "the view has no field 'g'",
        ),
        (
            source() + _MAP + "rml:subjectMap [ rml:functionExecution [ rml:function ex:unknown ] ] .",
            "is not a known function",
        ),
        (
            source() + _MAP + "rml:subjectMap [ rml:functionExecution [ rml:function graphmap:when ; "
            "rml:input [ rml:parameter ex:odd ; rml:inputValue 1 ] ] ] .",
            "is not a parameter of",
        ),
    ],
)
def test_a_mapping_that_cannot_run_is_refused_by_file_and_statement(tmp_path: Path, body: str, what: str) -> None:
    error = _error(tmp_path, body)
    assert what in error.what
    assert error.where.source == str(tmp_path / "mapping.ttl")
    assert error.hint


def test_a_fault_names_the_line_of_its_statement(tmp_path: Path) -> None:
    error = _error(tmp_path, source() + "\n\n" + _MAP + " rml:subjectMap [ rml:termType rml:IRI ] .")
    assert error.where.line == PREFIXES.count("\n") + 5
    assert error.what.startswith("<http://example.com/map> subjectMap: ")
    shown, under = str(error).splitlines()[1:]
    assert shown[under.index("^") :] == "[ rml:termType rml:IRI ] ."


@pytest.mark.parametrize(
    ("template", "caret"),
    [("http://e/{$.id", 9), ("http://e/$.id}", 13), ("a{b}c{", 5), ("{$.a[}", 5)],
)
def test_a_fault_in_a_template_or_path_has_a_caret_under_it(tmp_path: Path, template: str, caret: int) -> None:
    error = _error(tmp_path, source() + _MAP + f'rml:subjectMap [\n  rml:template "{template}" ] .')
    shown, under = str(error).splitlines()[1:]
    begin = shown.index(template)
    assert begin <= under.index("^") <= begin + caret
    assert error.where.line == PREFIXES.count("\n") + 4
    assert error.where.column == under.index("^") - under.index("|") - 1


def test_the_caret_of_a_fault_after_escapes_stands_under_the_character(tmp_path: Path) -> None:
    error = _error(
        tmp_path, source() + _MAP + r'rml:subjectMap [ rml:template "a\\"b\\\\{c}}" ] .'.replace('\\\\"', '\\"')
    )
    shown, under = str(error).splitlines()[1:]
    assert shown[under.index("^") :] == '}" ] .'


@pytest.mark.parametrize(
    "text",
    [
        '# [ no bracket\n@prefix : <x:#> . :a :b [ :c "[", \'[\', """[\n"[""" ; :d [ ] ] ; :e ( [ ] :f.g 1.5 ) .',
        "PREFIX : <x:>\nbase <y:>\n:a :b 'c'@en, 'd'^^:t . [ :p <o> ] :q true . _:l :p [] .",
    ],
)
def test_marks_say_where_nodes_stand_and_change_no_statement(text: str) -> None:
    quads = list(pyoxigraph.parse(marked(text), pyoxigraph.RdfFormat.TURTLE))
    places = {quad.subject: int(quad.object.value) for quad in quads if quad.predicate.value == MARK}
    assert all(text[at] in "[:_" for at in places.values())
    listed = {quad.subject for quad in quads if "22-rdf-syntax-ns#" in quad.predicate.value}
    assert {quad.subject for quad in quads} - listed <= set(places)
    kept = pyoxigraph.Dataset(quad for quad in quads if quad.predicate.value != MARK)
    plain = pyoxigraph.Dataset(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE))
    for each in (kept, plain):
        each.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    assert kept == plain


def test_text_that_is_no_turtle_is_refused_with_line_and_column(tmp_path: Path) -> None:
    error = _error(tmp_path, "ex:map rml:logicalSource .")
    assert (error.where.line, error.exit_status) == (PREFIXES.count("\n") + 1, 2)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"nowhere\.ttl: cannot be read"):
        read_mapping([tmp_path / "nowhere.ttl"], base=BASE)


def test_the_fault_is_in_the_file_that_has_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first.ttl", tmp_path / "second.ttl"
    first.write_text(PREFIXES + source())
    second.write_text(PREFIXES + _MAP + 'rml:subjectMap [ rml:template "{" ] .')
    with pytest.raises(MappingError) as caught:
        read_mapping([first, second], base=BASE)
    assert caught.value.where.source == str(second)


def test_the_older_vocabulary_is_read_into_the_same_plan(tmp_path: Path) -> None:
    body = """ex:map {logical} [ {source} "data" ; {formulation} {json} ; {iterator} "$.rows[*]" ] ;
      {r}subjectMap [ {r}template "http://e/{{id}}" ; {r}class ex:C ] ;
      {r}predicateObjectMap [ {r}predicate ex:p ; {r}objectMap [ {reference} "name" ; {r}language "en" ] ] ."""
    old = body.format(
        logical="old:logicalSource",
        source="old:source",
        formulation="old:referenceFormulation",
        json="ql:JSONPath",
        iterator="old:iterator",
        r="rr:",
        reference="old:reference",
    )
    new = body.format(
        logical="rml:logicalSource",
        source="rml:source",
        formulation="rml:referenceFormulation",
        json="rml:JSONPath",
        iterator="rml:iterator",
        r="rml:",
        reference="rml:reference",
    )
    older = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix old: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
"""
    record = {"rows": [{"id": 1, "name": "a"}]}
    lines = both(mapping(tmp_path, old, prefixes=PREFIXES + older), record)
    assert lines == both(mapping(tmp_path, new), record)
    assert lines == [
        '<http://e/1> <http://example.com/p> "a"@en .',
        "<http://e/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.com/C> .",
    ]
