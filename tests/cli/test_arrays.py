"""Large arrays of JSON through the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Call

_MAPPING = """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.com/> .
ex:map rml:logicalSource [ rml:source "x.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.items[*]" ] ;
  rml:subjectMap [ rml:template "http://e/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "n" ] ] .
"""
_NUMBER = 3_000


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.ttl"
    path.write_text(_MAPPING)
    items = [{"id": number, "n": f"n{number}", "filler": "x" * 100} for number in range(1, _NUMBER + 1)]
    (tmp_path / "x.json").write_text(json.dumps({"items": items, "end": True}))
    return path


def _broken(folder: Path) -> None:
    """Two records out of thousands are faulty: one is not JSON, one gives no term."""
    text = (folder / "x.json").read_text()
    (folder / "x.json").write_text(text.replace('"n": "n1000"', '"n": n1000').replace('"n": "n2900"', '"n": [1]'))


@pytest.mark.parametrize("processes", [1, 3])
def test_all_elements_are_lifted_in_their_order_by_any_number_of_processes(
    call: Call, mapping: Path, processes: int
) -> None:
    called = call("lift", "--mapping", mapping, "--processes", processes)
    assert called.status == 0, called.err
    assert [line.split()[0] for line in called.out.splitlines()] == [f"<http://e/{n}>" for n in range(1, _NUMBER + 1)]
    assert f"{_NUMBER} records lifted, 0 left out" in called.err


@pytest.mark.parametrize("processes", [1, 3])
def test_faulty_elements_are_set_aside_with_their_numbers(call: Call, mapping: Path, processes: int) -> None:
    _broken(mapping.parent)
    report = mapping.with_name("report.json")
    arguments = ("lift", "--mapping", mapping, "--processes", processes, "--report", report)
    called = call(*arguments, "--best-effort")
    assert called.status == 3
    assert called.out.count("\n") == _NUMBER - 2
    assert f"{_NUMBER - 2} records lifted, 2 left out" in called.err
    assert {each["row"] for each in json.loads(report.read_text())["errors"]} == {1000, 2900}
    called = call(*arguments, "--strict", "-o", mapping.with_name("out.nq"))
    assert called.status == 3
    assert "row 1000" in called.err
    assert not mapping.with_name("out.nq").exists()


@pytest.mark.parametrize("processes", [1, 3])
@pytest.mark.parametrize("iterator", ["$", "$.items[*]"])
def test_json_lines_are_lifted_by_any_number_of_processes(
    call: Call, mapping: Path, iterator: str, processes: int
) -> None:
    mapping.write_text(_MAPPING.replace("$.items[*]", iterator))
    lines = [{"id": n, "n": f"n{n}", "items": [{"id": n, "n": f"n{n}"}]} for n in range(1, _NUMBER + 1)]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    mapping.with_name("x.json").write_text(text.replace('"n": "n1000"', '"n": [1]'))
    called = call("lift", "--mapping", mapping, "--processes", processes, "--best-effort")
    assert called.status == 1
    found = [line.split()[0] for line in called.out.splitlines()]
    assert found == [f"<http://e/{n}>" for n in range(1, _NUMBER + 1) if n != 1_000]
    assert "row 1000, /n" in called.err


def test_a_document_that_is_cut_short_leaves_no_output(call: Call, mapping: Path) -> None:
    path, out = mapping.with_name("x.json"), mapping.with_name("out.nq")
    path.write_bytes(path.read_bytes()[:200_000])
    called = call("lift", "--mapping", mapping, "-o", out)
    assert called.status == 3
    assert "it ends in the middle" in called.err
    assert not out.exists()


def test_an_array_of_messages_gives_what_its_messages_give_line_by_line(call: Call, workspace: Path) -> None:
    messages = [json.loads(line) for line in (workspace / "samples" / "accounts.jsonl").read_text().splitlines()] * 40
    (workspace / "lines.jsonl").write_text("".join(json.dumps(each) + "\n" for each in messages))
    expected = call("lift", "lines.jsonl")
    assert expected.out
    for number, indent in ((1, None), (2, None), (2, 2)):
        (workspace / "array.json").write_text(json.dumps(messages, indent=indent))
        called = call("lift", "array.json", "--processes", number)
        assert (called.status, called.out) == (expected.status, expected.out)
    (workspace / "array.json").write_text("[]")
    called = call("lift", "array.json")
    assert (called.status, called.out) == (0, "")


def test_a_broken_message_in_an_array_costs_only_itself(call: Call, workspace: Path) -> None:
    message = (workspace / "samples" / "accounts.jsonl").read_text().splitlines()[0]
    (workspace / "array.json").write_text(f'[{message}, {{"a": tru}}, {message}, 5, {{"b": 1}}]')
    called = call("lift", "array.json")
    assert called.status == 3
    assert "row 2" in called.err
    assert "2 records lifted" in called.err


@pytest.mark.parametrize("text", ['{"items": []}', '{"other": [1]}', '{"items": null}', "[]", "{}"])
def test_a_document_without_elements_gives_no_record_and_no_fault(call: Call, mapping: Path, text: str) -> None:
    mapping.with_name("x.json").write_text(text)
    called = call("lift", "--mapping", mapping)
    assert (called.status, called.out) == (0, "")
    assert "0 records lifted, 0 left out" in called.err


def test_an_array_that_lacks_its_only_value_is_a_fault(call: Call, mapping: Path) -> None:
    mapping.with_name("x.json").write_text('{"items": [,]}')
    called = call("lift", "--mapping", mapping)
    assert called.status == 3
    assert "row 1: the array lacks a value" in called.err
