"""Statements that go to files of their own."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from graphmap.errors import DataError, MappingError, SourceError
from graphmap.lifting.execution.logical_targets import lift_to_targets
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.lifting.lift import lift_to_bytes, lift_to_file
from graphmap.lifting.run_state.execution_report import ExecutionReport
from tests.lifting.mappings import mapping

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = "id,n\n1,10\n2,20\n"
_NUMBER = "^^<http://www.w3.org/2001/XMLSchema#integer>"


def _body(*, target: str = "", path: str = "out.nq", graph: str = "") -> str:
    return f"""@prefix formats: <http://www.w3.org/ns/formats/> .
ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{{id}}" ; rml:class ex:Row {graph} ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ;
    rml:objectMap [ rml:reference "n" ; rml:datatype xsd:integer ; rml:logicalTarget ex:out ] ] .
ex:out rml:target [ rml:root rml:MappingDirectory ; rml:path "{path}" ] {target} .
"""


def _lift(folder: Path, body: str) -> list[str]:
    plan = mapping(folder, body)
    return "".join(lift_to_targets(plan, RunOptions(folder=folder, bind={}))).splitlines()


def test_statements_with_a_target_go_there_and_the_others_come_back(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(_ROWS)
    assert len(_lift(tmp_path, _body())) == 2
    assert (tmp_path / "out.nq").read_text().splitlines() == [
        f'<http://e/1> <http://example.com/n> "10"{_NUMBER} .',
        f'<http://e/2> <http://example.com/n> "20"{_NUMBER} .',
    ]


def test_from_python_a_file_gets_what_has_no_target(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(_ROWS)
    mapping(tmp_path, _body())
    lift_to_file(tmp_path / "mapping.ttl", tmp_path / "rest.nq")
    assert (tmp_path / "rest.nq").read_text().count("Row>") == (tmp_path / "out.nq").read_text().count("/n>") == 2
    assert len(lift_to_bytes(tmp_path / "mapping.ttl").splitlines()) == 4


def test_a_target_has_its_own_syntax_and_encoding(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(_ROWS)
    _lift(tmp_path, _body(target="; rml:serialization formats:Turtle ; rml:encoding rml:UTF-16"))
    text = (tmp_path / "out.nq").read_text(encoding="utf-16")
    assert "<http://e/1> <http://example.com/n> 10" in text


def test_a_target_is_whole_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,n\n1,10\n2,x\n")
    with pytest.raises(DataError):
        _lift(tmp_path, _body())
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mapping.ttl", "rows.csv"]


_TWO = """ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap
    [ rml:predicate ex:n ; rml:objectMap [ rml:reference "n" ; rml:datatype xsd:integer ; rml:logicalTarget ex:one ] ] ,
    [ rml:predicate ex:kind ; rml:objectMap [ rml:reference "kind" ; rml:logicalTarget ex:two ] ] ,
    [ rml:predicate ex:id ; rml:objectMap [ rml:reference "id" ] ] .
ex:one rml:target [ rml:root rml:MappingDirectory ; rml:path "one.nq" ] .
ex:two rml:target [ rml:root rml:MappingDirectory ; rml:path "two.nq" ] .
"""


def _lift_two(folder: Path, **more: Any) -> tuple[list[str], list[str], list[str]]:
    (folder / "rows.csv").write_text("id,n,kind\n1,10,a\n2,x,b\n1,10,a\n")
    texts = lift_to_targets(mapping(folder, _TWO), RunOptions(folder=folder, bind={}, **more))
    rest = "".join(texts).splitlines()
    return rest, (folder / "one.nq").read_text().splitlines(), (folder / "two.nq").read_text().splitlines()


def test_a_faulty_record_is_met_once_and_left_out_of_every_target(tmp_path: Path) -> None:
    met: list[DataError] = []
    found = _lift_two(tmp_path, meet=met.append)
    assert [len(lines) for lines in found] == [2, 2, 2]
    assert not any("/2>" in line for lines in found for line in lines)
    assert [error.where.row for error in met] == [2]


@pytest.mark.parametrize("memory", [1 << 20, 0])
def test_a_target_may_have_each_statement_once(tmp_path: Path, memory: int) -> None:
    _, one, two = _lift_two(tmp_path, meet=lambda _: None, distinct=True, memory=memory)
    assert (len(one), len(two)) == (1, 1)


def test_sources_are_read_once_for_all_targets_and_terms_counted_once(tmp_path: Path) -> None:
    with closing(ExecutionReport()) as report:
        _lift_two(tmp_path, meet=report.set_aside, report=report)
        head = report.head()
    assert head["sources"] == [{"source": str(tmp_path / "rows.csv"), "records": 3, "setAside": 1}]
    assert [(each["terms"], each["nulls"], each["errors"]) for each in head["termMaps"]] == [
        (2, 0, 0),
        (2, 0, 1),
        (2, 0, 0),
        (2, 0, 0),
    ]


def test_a_target_in_no_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(_ROWS)
    with pytest.raises(SourceError, match="cannot be written"):
        _lift(tmp_path, _body(path="missing/out.nq"))


def test_a_mapping_without_targets_gives_what_it_gives_anyway(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(_ROWS)
    plan = mapping(tmp_path, _body().replace("; rml:logicalTarget ex:out", ""))
    conditions = RunOptions(folder=tmp_path, bind={})
    assert list(lift_to_targets(plan, conditions)) == list(lift_plan(plan, conditions)) != []


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("; rml:serialization formats:RDF_JSON", "RDF_JSON is not written here"),
        ("; rml:compression rml:rar", "rar is not written here"),
        ("; rml:encoding rml:UTF-99", "UTF-99 is not a known encoding"),
    ],
)
def test_a_target_that_cannot_be_written_is_refused_before_anything_is_read(
    tmp_path: Path, target: str, what: str
) -> None:
    with pytest.raises(MappingError, match=what):
        _lift(tmp_path, _body(target=target))


def test_named_graphs_do_not_go_where_they_would_be_lost(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="named graphs"):
        _lift(tmp_path, _body(target="; rml:serialization formats:Turtle", graph="; rml:graph ex:g"))


def test_a_pipe_that_is_a_target_stays_one(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(_ROWS)
    pipe, read = tmp_path / "pipe.nq", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    _lift(tmp_path, _body(path="pipe.nq"))
    reader.join(timeout=20)
    assert read[0].count(b"\n") == 2
    assert pipe.is_fifo()
