"""Every planted error is reported with its row, pointer and rule, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.faulty import csv_text
from benchmarks.generate import faulty_envelopes, faulty_rows
from graphmap.ingest.check.input_check import report_on
from graphmap.ingest.workspace_model import Knowledge, load_knowledge
from graphmap.validation.report.report import Report
from graphmap.workspace import read_workspace


class _Place(NamedTuple):
    row: int | None
    pointer: str | None
    rule: str | None
    severity: str


@pytest.fixture(scope="module")
def knowledge(root: Path) -> Knowledge:
    return load_knowledge(read_workspace(root))


def _checked(records: Path, knowledge: Knowledge) -> Report:
    return report_on([str(records)], knowledge)


def _found(report: Report) -> set[_Place]:
    return {_Place(each.row, each.pointer, each.rule, each.severity) for each in report.findings}


def _planted(faults: Iterable[Any]) -> set[_Place]:
    noted = enumerate(faults, start=1)
    return {_Place(row, fault.pointer, fault.rule, fault.severity) for row, fault in noted if fault is not None}


def _index(faulty: Path, name: str) -> set[_Place]:
    entries = json.loads((faulty / "faulty.json").read_text(encoding="utf-8"))
    found = [each for each in entries if each["file"] == name]
    return {_Place(each["row"], each["pointer"], each["rule"], each["severity"]) for each in found}


@pytest.mark.slow
def test_what_was_planted_in_ten_thousand_rows_is_reported_and_nothing_else(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    rows, faults = zip(*faulty_rows(10_000, seed=21, errors=0.1), strict=True)
    records = tmp_path / "dim_customer.csv"
    records.write_text(csv_text(rows), encoding="utf-8", newline="")
    report = _checked(records, knowledge)
    assert report.records == 10_000
    assert len({place.rule for place in _planted(faults)}) > 30
    assert _found(report) == _planted(faults)


@pytest.mark.slow
def test_what_was_planted_in_a_thousand_envelopes_is_reported_and_nothing_else(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    envelopes, faults = zip(*faulty_envelopes(1_000, seed=21, errors=0.3), strict=True)
    records = tmp_path / "envelopes.jsonl"
    records.write_text("".join(json.dumps(each) + "\n" for each in envelopes), encoding="utf-8")
    report = _checked(records, knowledge)
    assert report.records == 1_000
    assert len({place.rule for place in _planted(faults)}) > 80
    assert _found(report) == _planted(faults)


@pytest.mark.parametrize("name", ["rows.csv", "envelopes.jsonl"])
def test_each_faulty_record_is_reported_as_its_index_says(faulty: Path, knowledge: Knowledge, name: str) -> None:
    assert _found(_checked(faulty / name, knowledge)) == _index(faulty, name)


@pytest.mark.parametrize("name", ["twice.csv", "twice.jsonl"])
def test_each_record_of_a_collision_is_reported(faulty: Path, knowledge: Knowledge, name: str) -> None:
    assert _found(_checked(faulty / name, knowledge)) == _index(faulty, name)


def test_samples_conform_and_nothing_in_them_is_unread(samples: Path, knowledge: Knowledge) -> None:
    files = sorted(str(path) for path in samples.iterdir())
    report = report_on(files, knowledge)
    assert list(report.findings) == []
    assert dict(report.unread) == {}
