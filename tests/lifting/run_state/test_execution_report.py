"""What is told of a lift: counts, every error with its places, as JSON by its schema and as Turtle."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import jsonschema
import pyoxigraph
import pytest

from graphmap.errors import DataError, Locator, RecordError, SourceError
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.lifting.run_state.execution_report import ExecutionReport
from graphmap.lifting.run_state.report_formats import execution_report_schema, write_execution_report
from graphmap.rdf.terms import GRAPHMAP
from tests.lifting.mappings import PREFIXES, mapping

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_BODY = """ex:rows rml:source "rows.csv" ; rml:referenceFormulation rml:CSV .
ex:row rml:logicalSource ex:rows ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap
    [ rml:predicate ex:n ; rml:objectMap [ rml:reference "n" ; rml:datatype xsd:integer ] ] ,
    [ rml:predicate ex:day ; rml:objectMap ex:day ] .
ex:day rml:reference "day" ; rml:datatype xsd:date .
"""
_ROWS = "id,n,day\n1,10,\n2,x,soon\n3,7,2025-01-31\n4\n"


def _text(report: ExecutionReport, form: str) -> str:
    return "".join(write_execution_report(report, form))


def _json(report: ExecutionReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_text(report, "json"))
    jsonschema.validate(found, json.loads(execution_report_schema()))
    return found


def _lifted(folder: Path, report: ExecutionReport) -> None:
    (folder / "rows.csv").write_text(_ROWS)

    def refuse(refusal: Any) -> None:
        refusal.error.record = refusal.payload
        report.read(refusal.error.where.source, 1)
        report.set_aside(refusal.error)

    conditions = RunOptions(folder=folder, bind={}, meet=report.set_aside, refuse=refuse, report=report)
    list(lift_plan(mapping(folder, _BODY), conditions))


def test_every_error_has_source_row_pointer_kind_and_the_line_of_its_term_map(tmp_path: Path) -> None:
    with closing(ExecutionReport()) as report:
        _lifted(tmp_path, report)
        found = _json(report)
    assert [(each["kind"], each["row"], each["pointer"], each["termMap"]) for each in found["errors"]] == [
        ("ill-typed", 2, "/n", None),
        ("ill-typed", 2, "/day", "http://example.com/day"),
        ("unreadable", 4, None, None),
    ]
    line = PREFIXES.count("\n")
    where = {"file": str(tmp_path / "mapping.ttl"), "line": line + 3, "column": 42}
    assert found["errors"][0]["statement"] == where
    assert found["errors"][1]["statement"]["line"] == line + 5
    assert {each["source"] for each in found["errors"]} == {str(tmp_path / "rows.csv")}


def test_a_record_that_was_set_aside_is_kept_with_its_first_error(tmp_path: Path) -> None:
    with closing(ExecutionReport()) as report:
        _lifted(tmp_path, report)
        records = [each["record"] for each in _json(report)["errors"]]
    assert json.loads(records[0]) == {"id": "2", "n": "x", "day": "soon"}
    assert records[1:] == [None, "4"]


def test_records_terms_nulls_and_errors_are_counted(tmp_path: Path) -> None:
    with closing(ExecutionReport()) as report:
        _lifted(tmp_path, report)
        found = _json(report)
    assert (found["outcome"], found["records"], found["lifted"], found["setAside"]) == ("incomplete", 4, 2, 2)
    assert found["counts"] == {"ill-typed": 2, "unreadable": 1}
    counted = [(each["terms"], each["nulls"], each["errors"]) for each in found["termMaps"]]
    assert counted == [(2, 0, 0), (2, 0, 1), (1, 1, 1)]


def test_the_report_as_turtle_says_the_same(tmp_path: Path) -> None:
    with closing(ExecutionReport()) as report:
        _lifted(tmp_path, report)
        text, found = _text(report, "turtle"), _json(report)
    store = pyoxigraph.Store()
    store.load(text.encode(), pyoxigraph.RdfFormat.TURTLE)

    def asked(names: str, pattern: str) -> list[tuple[str, ...]]:
        rows: Any = store.query(f"PREFIX g: <{GRAPHMAP}> SELECT {names} {{ {pattern} }}")
        return sorted(tuple(str(value.value) for value in row) for row in rows)

    assert asked("?n ?o", "?r a g:ExecutionReport ; g:records ?n ; g:outcome ?o") == [("4", "incomplete")]
    errors = [(str(each["row"]), each["message"]) for each in found["errors"]]
    assert asked("?row ?m", "?r g:error [ g:row ?row ; g:message ?m ]") == sorted(errors)
    assert asked("?map", "?r g:error [ g:termMap ?map ; g:statement [] ]") == [("http://example.com/day",)]
    assert len(asked("?map", "?r g:termMaps ?map")) == 3


@pytest.mark.parametrize("form", ["json", "turtle"])
def test_a_lift_without_records_has_a_whole_report_too(form: str) -> None:
    with closing(ExecutionReport()) as report:
        assert _json(report)["outcome"] == "complete"
        assert "complete" in _text(report, form)


def test_what_ended_the_work_is_told(tmp_path: Path) -> None:
    def ended(errors: Iterable[Any]) -> dict[str, Any]:
        with closing(ExecutionReport()) as report:
            for error in errors:
                report.failed(error)
            return _json(report)

    where = Locator(source="rows.csv", row=3, pointer="/n")
    assert ended([SourceError("cut short", where=where)])["failure"]["row"] == 3
    data = ended([DataError("wrong", where=where, kind="ill-typed", written=Locator(source=str(tmp_path), line=1))])
    assert (data["outcome"], data["counts"]) == ("failed", {"ill-typed": 1})


def test_errors_beyond_memory_go_to_a_disk_and_all_come_back() -> None:
    with closing(ExecutionReport()) as report:
        for row in range(1, 20_001):
            error = RecordError("broken \ud800", where=Locator(source="x", row=row), record="y" * 60)
            report.set_aside(error)
        assert [each["row"] for each in report.errors()] == list(range(1, 20_001))
        assert next(report.errors())["message"] == "broken \\ud800"
