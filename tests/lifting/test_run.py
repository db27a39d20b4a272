"""Whole mappings with their sources: joins, several sources, databases, strict and best effort."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from graphmap.errors import DataError, MappingError, SourceError
from graphmap.lifting import Interpreter, ValueForms
from graphmap.lifting.joins import JoinIndex
from graphmap.lifting.run import Conditions, lift_plan
from tests.lifting.mappings import mapping

if TYPE_CHECKING:
    from pathlib import Path

_JOIN = """
ex:students rml:source "students.csv" ; rml:referenceFormulation rml:CSV .
ex:sports rml:source "sports.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .
ex:student rml:logicalSource ex:students ; rml:subjectMap [ rml:template "http://e/student/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:plays ; rml:objectMap [ rml:parentTriplesMap ex:sport ;
    rml:joinCondition [ rml:child "sport" ; rml:parent "$.code" ] ,
                      [ rml:child "town" ; rml:parent "$.towns[*]" ] ] ] .
ex:sport rml:logicalSource ex:sports ; rml:subjectMap [ rml:template "http://e/sport/{$.id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:code ; rml:objectMap [ rml:reference "$.code" ] ] .
"""


def _lift(folder: Path, body: str, **more: object) -> list[str]:
    plan = mapping(folder, body)
    conditions = Conditions(folder=folder, **{"bind": {}, **more})  # type: ignore[arg-type]  # by name
    return sorted(line for text in lift_plan(plan, conditions) for line in text.split("\n")[:-1])


@pytest.mark.parametrize("in_memory", [100, 2, 0])
@pytest.mark.parametrize("compiled", [True, False])
def test_a_join_meets_on_every_condition_in_memory_and_on_disk(
    tmp_path: Path,
    in_memory: int,
    compiled: bool,  # noqa: FBT001  # a parameter
) -> None:
    (tmp_path / "students.csv").write_text("id,sport,town\n1,T,Bonn\n2,T,Kiel\n3,F,Bonn\n4,,Bonn\n")
    sports = '[{"id":1,"code":"T","towns":["Bonn","Ulm"]},{"id":2,"code":"T","towns":["Bonn"]},{"id":3,"code":"F"}]'
    (tmp_path / "sports.json").write_text(sports)
    lines = _lift(tmp_path, _JOIN, in_memory=in_memory, compiled=compiled)
    assert [line for line in lines if "plays" in line] == [
        "<http://e/student/1> <http://example.com/plays> <http://e/sport/1> .",
        "<http://e/student/1> <http://example.com/plays> <http://e/sport/2> .",
    ]
    assert len(lines) == 5


def test_an_index_gives_each_subject_once_in_memory_and_on_disk() -> None:
    for in_memory in (10, 1):
        index = JoinIndex(in_memory)
        for subject in ("<b>", "<a>", "<b>"):
            index.add(("x", "y"), subject)
        assert list(index.get(("x", "y"))) == ["<b>", "<a>"]
        assert list(index.get(("xy", ""))) == []
        index.close()


_ROWS = """ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "n" ; rml:datatype xsd:integer ] ] .
"""


def test_a_record_without_proper_terms_ends_the_work_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,n\n1,1\n2,x\n3,3\n")
    with pytest.raises(DataError) as caught:
        _lift(tmp_path, _ROWS)
    assert (caught.value.where.row, caught.value.where.pointer) == (2, "/n")


def test_by_best_effort_such_a_record_is_told_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,n\n1,1\n2,x\n3,3\n")
    met: list[DataError] = []
    assert len(_lift(tmp_path, _ROWS, meet=met.append)) == 2
    assert [error.where.row for error in met] == [2]


def test_a_source_is_bound_by_its_path_to_another_file(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("id,n\n7,7\n")
    assert len(_lift(tmp_path, _ROWS, bind={"rows.csv": str(other)})) == 1


def test_a_missing_source_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"rows\.csv: there is no such file"):
        _lift(tmp_path, _ROWS)
    (tmp_path / "rows.csv").write_text("id,m\n1,1\n")
    with pytest.raises(MappingError, match="'n'"):
        _lift(tmp_path, _ROWS)


def test_rows_of_a_database_are_lifted_with_their_datatypes(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table people (id integer, size real)")
        connection.execute("insert into people values (1, 1.5)")
        connection.commit()
    body = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
ex:person rr:logicalTable [ rr:tableName "people" ] ; rr:subjectMap [ rr:template "http://e/{id}" ] ;
  rr:predicateObjectMap [ rr:predicate ex:size ; rr:objectMap [ rr:column "size" ] ] .
"""
    assert _lift(tmp_path, body, bind={"database": f"sqlite:{path}"}) == [
        '<http://e/1> <http://example.com/size> "1.5E0"^^<http://www.w3.org/2001/XMLSchema#double> .'
    ]


def test_a_mapping_that_joins_is_not_run_without_the_other_source(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="joins"):
        Interpreter(mapping(tmp_path, _JOIN), forms=ValueForms())


_XML = """ex:file rml:source [ rml:path "x.xml" ] ; rml:iterator "/e:list/e:item" ;
  rml:referenceFormulation [ a rml:XPathReferenceFormulation ;
    rml:namespace [ rml:namespacePrefix "e" ; rml:namespaceURL "http://example.org" ] ] .
ex:item rml:logicalSource ex:file ; rml:subjectMap [ rml:template "http://e/{@id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:name ; rml:objectMap [ rml:reference "e:name" ] ] ,
    [ rml:predicate ex:size ; rml:objectMap [ rml:reference "@size" ; rml:datatype xsd:integer ] ] ,
    [ rml:predicate ex:list ; rml:objectMap [ rml:reference "../@name" ] ] .
"""


@pytest.mark.parametrize("compiled", [True, False])
def test_elements_are_lifted_by_xpath(tmp_path: Path, compiled: bool) -> None:  # noqa: FBT001  # a parameter
    items = '<item id="1" size="07"><name>a<b>b</b></name><name>c</name></item><item id="2"/><item/>'
    (tmp_path / "x.xml").write_text(f'<list name="l" xmlns="http://example.org">{items}</list>')
    assert _lift(tmp_path, _XML, compiled=compiled) == [
        '<http://e/1> <http://example.com/list> "l" .',
        '<http://e/1> <http://example.com/name> "ab" .',
        '<http://e/1> <http://example.com/name> "c" .',
        '<http://e/1> <http://example.com/size> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<http://e/2> <http://example.com/list> "l" .',
    ]


def test_a_path_that_is_no_xpath_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="is no path"):
        mapping(tmp_path, _XML.replace("/e:list/e:item", "/e:list["))
