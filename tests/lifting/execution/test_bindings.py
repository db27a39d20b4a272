"""What is read in place of a mapping's sources."""

from __future__ import annotations

import datetime
import gzip
import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import graphmap
from graphmap.errors import CallError, GraphmapError, MappingError, RecordError, SourceError
from graphmap.lifting import read_mapping
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from tests.lifting.mappings import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUFFIX = "^^<http://www.w3.org/2001/XMLSchema#"


def _mapping(folder: Path, source: str, subject: str = "http://e/{id}", reference: str = "n") -> Path:
    file = folder / "mapping.ttl"
    file.write_text(
        f"""{PREFIXES}ex:source {source} .
        ex:map rml:logicalSource ex:source ; rml:subjectMap [ rml:template "{subject}" ] ;
            rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "{reference}" ] ] ."""
    )
    return file


_CSV = 'rml:source "rows.csv" ; rml:referenceFormulation rml:CSV'
_JSON = 'rml:source "x.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "{}"'
_QUERY = """rml:source ex:db ; rml:referenceFormulation rml:SQL2008Query ; rml:iterator "select id, n from t" .
    ex:db <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#jdbcDSN> "{}" ;
        <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#password> "${{DB_PASSWORD}}" """


def _objects(mapping: Path, sources: dict[str, Any]) -> list[str]:
    return [str(quad.object) for quad in graphmap.lift(mapping, sources)]


def _database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table t (id integer, n real)")
        connection.execute("insert into t values (1, 2.5)")
        connection.commit()
    return path


def test_records_of_a_program_take_the_place_of_a_table_with_their_natural_datatypes(tmp_path: Path) -> None:
    values = [7, 1.5, True, "x", Decimal("1.10"), datetime.date(2025, 1, 10), None, ""]
    records = ({"id": number, "n": value} for number, value in enumerate(values))
    assert _objects(_mapping(tmp_path, _CSV), {"rows.csv": records}) == [
        f'"7"{_SUFFIX}integer>',
        f'"1.5E0"{_SUFFIX}double>',
        f'"true"{_SUFFIX}boolean>',
        '"x"',
        f'"1.1"{_SUFFIX}decimal>',
        f'"2025-01-10"{_SUFFIX}date>',
    ]


def test_records_are_asked_for_one_by_one(tmp_path: Path) -> None:
    asked: list[int] = []

    def records() -> Iterator[dict[str, int]]:
        for number in range(1_000):
            asked.append(number)
            yield {"id": number, "n": number}

    quads = graphmap.lift(_mapping(tmp_path, _CSV), {"rows.csv": records()})
    assert not asked
    next(quads)
    assert len(asked) == 1


def test_records_that_come_once_and_are_read_twice_are_refused(tmp_path: Path) -> None:
    mapping = _mapping(tmp_path, _CSV)
    joined = """ex:map rml:predicateObjectMap [ rml:predicate ex:same ; rml:objectMap [ rml:parentTriplesMap ex:map ;
      rml:joinCondition [ rml:childMap [ rml:reference "n" ] ; rml:parentMap [ rml:reference "n" ] ] ] ] ."""
    mapping.write_text(mapping.read_text() + joined)
    rows = [{"id": 1, "n": "x"}, {"id": 2, "n": "x"}]
    assert len(_objects(mapping, {"rows.csv": rows})) == 6
    with pytest.raises(SourceError, match=r"rows\.csv: the mapping reads the records twice"):
        _objects(mapping, {"rows.csv": iter(rows)})


def test_a_record_that_is_no_mapping_is_told_with_its_number(tmp_path: Path) -> None:
    rows: list[Any] = [{"id": 1, "n": 1}, [2, 2], {"id": 3, "n": 3}]
    mapping = _mapping(tmp_path, _CSV)
    with pytest.raises(RecordError, match=r"rows\.csv, row 2: the record is not a mapping"):
        _objects(mapping, {"rows.csv": rows})
    faults: list[GraphmapError] = []
    assert len(list(graphmap.lift(mapping, {"rows.csv": rows}, on_fault=faults.append))) == 2
    assert [fault.where.row for fault in faults] == [2]


@pytest.mark.parametrize(
    ("iterator", "documents"),
    [
        ("$", [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}]),
        ("$[*]", [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}]),
        ("$.items[*]", [{"items": [{"id": 1, "n": "a"}]}, {"items": [{"id": 2, "n": "b"}]}]),
    ],
)
def test_records_of_a_program_are_documents_where_the_mapping_reads_json(
    tmp_path: Path, iterator: str, documents: list[Any]
) -> None:
    mapping = _mapping(tmp_path, _JSON.format(iterator))
    assert _objects(mapping, {"x.json": documents}) == _objects(mapping, {"x.json": iter(documents)}) == ['"a"', '"b"']


def test_the_content_of_a_file_takes_its_place_packed_or_plain(tmp_path: Path) -> None:
    content = b"id,n\n1,x\n"
    for given in (content, gzip.compress(content)):
        assert _objects(_mapping(tmp_path, _CSV), {"rows.csv": given}) == ['"x"']
    assert _objects(_mapping(tmp_path, _JSON.format("$[*]")), {"x.json": b'[{"id": 1, "n": "y"}]'}) == ['"y"']
    xml = _mapping(
        tmp_path, 'rml:source "x.xml" ; rml:referenceFormulation rml:XPath ; rml:iterator "/a/b"', "http://e/{{@id}}"
    )
    xml.write_text(xml.read_text().replace("{{", "{").replace("}}", "}"))
    assert _objects(xml, {"x.xml": b"<a><b id='1'><n>z</n></b></a>"}) == ['"z"']


def test_paths_urls_connections_and_records_take_the_place_of_a_database(tmp_path: Path) -> None:
    path = _database(tmp_path / "x.db")
    mapping = _mapping(tmp_path, _QUERY.format("jdbc:postgresql://nowhere/x"))
    expected = [f'"2.5E0"{_SUFFIX}double>']
    assert _objects(mapping, {"db": f"sqlite:{path}"}) == expected
    assert _objects(mapping, {"db": [{"id": 1, "n": 2.5}]}) == expected
    with closing(sqlite3.connect(path)) as connection:
        assert _objects(mapping, {"http://example.com/db": connection}) == expected
    with pytest.raises(MappingError, match="what is bound to it is not a database"):
        _objects(mapping, {"db": b"bytes"})
    with closing(sqlite3.connect(path)) as connection, pytest.raises(MappingError, match="a connection is bound"):
        _objects(_mapping(tmp_path, _CSV), {"rows.csv": connection})


def test_names_in_a_mapping_are_filled_from_what_is_bound_and_else_from_the_environment(tmp_path: Path) -> None:
    _database(tmp_path / "x.db")
    plan = read_mapping([_mapping(tmp_path, _QUERY.format("sqlite:${FOLDER}/${FILE}"))], base="http://b/")
    environment = {"FILE": "x.db", "FOLDER": "/nowhere", "DB_PASSWORD": "hidden"}
    conditions = RunOptions(folder=tmp_path, bind={"FOLDER": str(tmp_path)}, environment=environment)
    assert len(list(lift_plan(plan, conditions))) == 1
    assert "hidden" not in repr(conditions) + repr(conditions.bindings)
    with pytest.raises(MappingError, match=r"\$\{DB_PASSWORD\} has no value") as caught:
        list(lift_plan(plan, RunOptions(folder=tmp_path, bind={"FOLDER": str(tmp_path), "FILE": "x.db"})))
    assert "set it in the environment" in (caught.value.hint or "")


def test_what_is_given_for_no_source_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="the mapping has no source 'people'") as caught:
        _objects(_mapping(tmp_path, _CSV), {"rows.csv": [], "people": []})
    assert caught.value.hint == "its sources: rows.csv"


def test_one_mapping_in_place_of_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="one mapping is given in place of the records"):
        _objects(_mapping(tmp_path, _CSV), {"rows.csv": {"id": 1, "n": "x"}})


def test_names_are_filled_in_paths_and_in_what_is_bound(tmp_path: Path) -> None:
    (tmp_path / "today.csv").write_text("id,n\n1,x\n")
    mapping = _mapping(tmp_path, _CSV.replace("rows.csv", "${DAY}.csv"))
    assert _objects(mapping, {"DAY": "today"}) == ['"x"']
    assert _objects(_mapping(tmp_path, _CSV), {"rows.csv": f"{tmp_path}/${{DAY}}.csv", "DAY": "today"}) == ['"x"']


def test_standard_input_is_read_once_although_two_parts_of_it_are_lifted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = _mapping(tmp_path, _JSON.format("$.a[*]"))
    other = f"""ex:other rml:logicalSource [ {_JSON.format("$.b[*]")} ] ;
        rml:subjectMap [ rml:template "http://e/{{id}}" ; rml:class ex:B ] ."""
    mapping.write_text(mapping.read_text() + other)
    (tmp_path / "input").write_bytes(b'{"a": [{"id": 1, "n": "x"}], "b": [{"id": 2, "n": "y"}]}')
    with (tmp_path / "input").open() as given:
        monkeypatch.setattr("sys.stdin", given)
        assert len(_objects(mapping, {"x.json": "-"})) == 2
