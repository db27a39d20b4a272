"""Whole mappings with their sources: joins, several sources, databases, strict and best effort."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import tempfile
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.errors import DataError, MappingError, SourceError
from graphmap.lifting import Interpreter, compile_plan
from graphmap.lifting.execution import source_run
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.lifting.execution.open_sources import open_source
from graphmap.lifting.run_state.execution_report import ExecutionReport
from graphmap.lifting.run_state.join_index import JoinIndex, SharedState
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import mapping

if TYPE_CHECKING:
    from pathlib import Path

    from graphmap.lifting import LogicalSource
    from graphmap.records import Records

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
    conditions = RunOptions(folder=folder, **{"bind": {}, **more})  # type: ignore[arg-type]  # by name
    return sorted(line for text in lift_plan(plan, conditions) for line in text.split("\n")[:-1])


@pytest.mark.parametrize("memory", [1 << 20, 700, 0])
@pytest.mark.parametrize("compiled", [True, False])
def test_a_join_meets_on_every_condition_in_memory_and_on_disk(
    tmp_path: Path,
    memory: int,
    compiled: bool,  # noqa: FBT001  # a parameter
) -> None:
    (tmp_path / "students.csv").write_text("id,sport,town\n1,T,Bonn\n2,T,Kiel\n3,F,Bonn\n4,,Bonn\n")
    sports = '[{"id":1,"code":"T","towns":["Bonn","Ulm"]},{"id":2,"code":"T","towns":["Bonn"]},{"id":3,"code":"F"}]'
    (tmp_path / "sports.json").write_text(sports)
    lines = _lift(tmp_path, _JOIN, memory=memory, compiled=compiled)
    assert [line for line in lines if "plays" in line] == [
        "<http://e/student/1> <http://example.com/plays> <http://e/sport/1> .",
        "<http://e/student/1> <http://example.com/plays> <http://e/sport/2> .",
    ]
    assert len(lines) == 5


def test_an_index_gives_each_subject_once_in_memory_and_on_disk() -> None:
    for memory in (1 << 20, 1):
        index = JoinIndex(memory)
        for subject in ("<b>", "<a>", "<b>"):
            index.add(("x", "y"), subject)
        assert list(index.get(("x", "y"))) == ["<b>", "<a>"]
        assert list(index.get(("xy", ""))) == []
        index.close()


def test_a_spilled_index_is_read_by_forked_processes_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    index = JoinIndex(0)
    for number in range(1000):
        index.add((str(number % 100),), f"<{number}>")
    index.end()
    assert len(list(tmp_path.iterdir())) == 1
    with multiprocessing.get_context("fork").Pool(2) as pool:
        found = pool.map(partial(_size_of, index), range(100))
        pool.close()  # to end them by a signal would wait for ever where an earlier test left a handler of its own
        pool.join()
    assert found == [10] * 100
    assert len(index.get(("7",))) == 10
    index.close()
    assert list(tmp_path.iterdir()) == []


def _size_of(index: JoinIndex, number: int) -> int:
    return len(index.get((str(number),)))


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
    with pytest.raises(MappingError, match="is not a path"):
        mapping(tmp_path, _XML.replace("/e:list/e:item", "/e:list["))


_TABLES = """ex:people rml:source "people.csv" ; rml:referenceFormulation rml:CSV .
ex:clubs rml:source "clubs.csv" ; rml:referenceFormulation rml:CSV .
ex:person rml:logicalSource ex:people ; rml:subjectMap [ rml:template "http://e/p/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:name ; rml:objectMap [ rml:reference "name" ] ] ,
    [ rml:predicate ex:in , ex:name ; rml:objectMap ex:join ] ,
    [ rml:predicate ex:knows ; rml:objectMap [ rml:parentTriplesMap ex:person ;
      rml:joinCondition [ rml:child "friend" ; rml:parent "id" ] ] ] .
ex:join rml:parentTriplesMap ex:club ; rml:joinCondition [ rml:child "club" ; rml:parent "name" ] ,
  [ rml:child "town" ; rml:parent "town" ] .
ex:club rml:logicalSource ex:clubs ; rml:subjectMap [ rml:template "http://e/c/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:head ; rml:objectMap [ rml:parentTriplesMap ex:person ;
    rml:joinCondition [ rml:child "head" ; rml:parent "id" ] ] ] .
"""
_PEOPLE = 'id,name,club,town,friend\n1,Ann,"A ""1""",B,2\n2,Bo,"A ""1""",B,\n3,Cy,A,C,9\n4,,,B,1\n,Di,A,B,1\n'
_CLUBS = 'id,name,town,head\n1,"A ""1""",B,1\n2,"A ""1""",B,\n2,"A ""1""",B,2\n3,A,,3\n,A,C,1\n'


@pytest.mark.parametrize("memory", [1 << 20, 700, 0])
def test_joins_between_tables_that_join_each_other_and_themselves_are_equal_by_either_way(
    tmp_path: Path, memory: int
) -> None:
    (tmp_path / "people.csv").write_text(_PEOPLE)
    (tmp_path / "clubs.csv").write_text(_CLUBS)
    lines = _lift(tmp_path, _TABLES, memory=memory)
    assert lines == _lift(tmp_path, _TABLES, memory=memory, compiled=False)
    short = [line.replace("<http://example.com/", "").replace("<http://e/", "").replace(">", "") for line in lines]
    assert [line for line in short if " name " not in line] == [
        "c/1 head p/1 .",
        "c/2 head p/2 .",
        "c/3 head p/3 .",
        "p/1 in c/1 .",
        "p/1 in c/2 .",
        "p/1 knows p/2 .",
        "p/2 in c/1 .",
        "p/2 in c/2 .",
        "p/4 knows p/1 .",
    ]


def test_a_join_of_columns_is_part_of_the_generated_function(tmp_path: Path) -> None:
    whole = mapping(tmp_path, _TABLES)
    plan = whole.over(next(source for source in whole.sources if source.path == "people.csv"))
    outside = SharedState(joined={join: JoinIndex() for join in plan.joins})
    header = ("id", "name", "club", "town", "friend")
    made = compile_plan(plan, header=header, forms=ValueForms(), outside=outside)
    assert made.handed_over == ()
    with pytest.raises(MappingError, match="'friend'"):
        compile_plan(plan, header=header[:-1], forms=ValueForms(), outside=outside)


def test_each_source_is_read_once_where_joins_go_one_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "people.csv").write_text(_PEOPLE)
    (tmp_path / "clubs.csv").write_text(_CLUBS)
    opened: list[str | None] = []

    def counting(source: LogicalSource, *more: Any, **named: Any) -> Records:
        opened.append(source.path)
        return open_source(source, *more, **named)

    monkeypatch.setattr(source_run, "open_source", counting)
    one_way = _TABLES.replace("rml:parentTriplesMap ex:person", "rml:parentTriplesMap ex:club")
    clubs, _ = one_way.split("ex:head ;")
    assert len(_lift(tmp_path, clubs + "ex:id ; rml:objectMap [ rml:reference 'id' ] ] .")) > 9
    assert opened == ["clubs.csv", "people.csv"]


_LOOKUP = """ex:few rml:source "few.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .
ex:many rml:source "many.csv" ; rml:referenceFormulation rml:CSV .
ex:child rml:logicalSource ex:few ; rml:subjectMap [ rml:template "http://e/{$.id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "$.n" ; rml:datatype xsd:integer ] ] ,
    [ rml:predicate ex:to , ex:also ; rml:objectMap [ rml:parentTriplesMap ex:parent ;
      rml:joinCondition [ rml:child "$.keys[*]" ; rml:parent "key" ] , [ rml:child "$.town" ; rml:parent "town" ] ] ] .
ex:parent rml:logicalSource ex:many ; rml:subjectMap [ rml:template "http://m/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:key ; rml:objectMap [ rml:reference "key" ] ] .
"""


def _look_up(folder: Path, order: list[str | None], monkeypatch: pytest.MonkeyPatch, **more: object) -> list[str]:
    records = [
        '{"id":1,"n":1,"keys":["k1","k2","k2"],"town":"t0"}',
        '{"id":2,"n":2,"keys":["k3"],"town":"t9"}',
        '{"id":3,"n":"x","keys":["k4"],"town":"t0"}',
    ]
    (folder / "few.json").write_text(f"[{','.join(records)}]")
    rows = "".join(f"{number},k{number % 20},t{number % 2}\n" for number in range(200))
    (folder / "many.csv").write_text(f"id,key,town\n{rows}")

    def noting(source: LogicalSource, *rest: Any, **named: Any) -> Records:
        order.append(source.path)
        return open_source(source, *rest, **named)

    monkeypatch.setattr(source_run, "open_source", noting)
    return _lift(folder, _LOOKUP, meet=lambda _: None, **more)


@pytest.mark.parametrize(("compiled", "memory"), [(True, 1 << 20), (False, 1 << 20), (True, 0)])
def test_of_a_join_with_a_much_larger_table_the_smaller_side_is_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    compiled: bool,  # noqa: FBT001  # a parameter
    memory: int,
) -> None:
    order: list[str | None] = []
    lines = _look_up(tmp_path, order, monkeypatch, compiled=compiled, memory=memory)
    assert order == ["few.json", "many.csv"]
    with closing(ExecutionReport()) as report:  # which counts by child, so that the parent is kept
        order.clear()
        counted = _look_up(tmp_path, order, monkeypatch, report=report)
    assert order == ["many.csv", "few.json"]
    assert sorted(set(lines)) == sorted(set(counted))
    joined = {line for line in lines if "/to>" in line}
    assert joined == {f"<http://e/1> <http://example.com/to> <http://m/{at}> ." for at in range(2, 200, 20)}
    assert sum("/also>" in line for line in set(lines)) == 10


_NESTED = """ex:left rml:source "left.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.rows[*]" .
ex:right rml:source "right.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.all[*].of[*]" .
ex:one rml:logicalSource ex:left ; rml:subjectMap [ rml:template "http://e/{$.id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:to ; rml:objectMap [ rml:parentTriplesMap ex:two ;
    rml:joinCondition [ rml:child "$.keys[*]" ; rml:parent "$.key.it" ] ] ] .
ex:two rml:logicalSource ex:right ; rml:subjectMap [ rml:reference "$.iri" ] ;
  rml:predicateObjectMap [ rml:predicate ex:back ; rml:objectMap [ rml:parentTriplesMap ex:two ;
    rml:joinCondition [ rml:child "$.key.it" ; rml:parent "$.key.it" ] , [ rml:child "$.n" ; rml:parent "$.n" ] ] ] .
"""
_KEYS = st.none() | st.integers(-2, 2) | st.booleans() | st.sampled_from(["", "1", 'a "b"\n\\', "é", "true"])


# the folder is the same for all examples: its files are written anew for each
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    left=st.lists(st.fixed_dictionaries({}, optional={"id": st.integers(0, 3), "keys": st.lists(_KEYS, max_size=3)})),
    right=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "iri": st.sampled_from(["x", "y", "http://z"]),
                "n": _KEYS,
                "key": st.fixed_dictionaries({"it": _KEYS}),
            },
        )
    ),
)
def test_joins_of_documents_are_equal_by_either_way(
    tmp_path: Path, left: list[dict[str, Any]], right: list[dict[str, Any]]
) -> None:
    (tmp_path / "left.json").write_text(json.dumps({"rows": left}))
    (tmp_path / "right.json").write_text(json.dumps({"all": [{"of": right}, {}, {"of": right[:1]}]}))
    ways = [set(_lift(tmp_path, _NESTED, compiled=compiled)) for compiled in (True, False)]
    assert ways[0] == ways[1]
