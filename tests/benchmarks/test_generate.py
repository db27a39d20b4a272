from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks.generate import faulty_envelopes, faulty_rows, main
from benchmarks.rows import COLUMNS


def _objects(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(_objects(member) for member in value.values())
    return sum(_objects(item) for item in value) if isinstance(value, list) else 0


def test_the_same_seed_gives_the_same_rows_and_faults() -> None:
    first = [(row, fault and fault.rule) for row, fault in faulty_rows(200, seed=3, errors=0.3)]
    second = [(row, fault and fault.rule) for row, fault in faulty_rows(200, seed=3, errors=0.3)]
    assert first == second


def test_another_seed_gives_other_envelopes() -> None:
    first = [envelope for envelope, _ in faulty_envelopes(5, seed=1, errors=0)]
    assert first != [envelope for envelope, _ in faulty_envelopes(5, seed=2, errors=0)]


def test_no_record_is_faulty_without_errors_and_each_is_with_a_share_of_one() -> None:
    assert all(fault is None for _, fault in faulty_rows(100, seed=1, errors=0))
    assert all(fault is not None for _, fault in faulty_envelopes(50, seed=1, errors=1))


def test_a_fault_leaves_the_other_records_as_they_are() -> None:
    clean = [envelope for envelope, _ in faulty_envelopes(60, seed=5, errors=0)]
    spoilt = list(faulty_envelopes(60, seed=5, errors=0.5))
    assert all(envelope == other for (envelope, fault), other in zip(spoilt, clean, strict=True) if fault is None)
    assert all(envelope != other for (envelope, fault), other in zip(spoilt, clean, strict=True) if fault is not None)


def test_a_row_has_the_columns_of_the_page_and_most_of_them_filled() -> None:
    rows = [row for row, _ in faulty_rows(300, seed=1, errors=0)]
    filled = sum(1 for row in rows for value in row.values() if value) / len(rows)
    assert all(tuple(row) == COLUMNS for row in rows)
    assert 21 <= filled <= 25


def test_an_envelope_has_the_size_of_a_real_message() -> None:
    envelope, _ = next(faulty_envelopes(1, seed=1, errors=0))
    assert 55 <= _objects(envelope) <= 80


def test_the_list_of_what_was_planted_names_row_pointer_rule_and_severity(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = tmp_path / "planted.jsonl"
    main(["rows", "50", "--seed", "4", "--errors", "0.5", "--planted", str(planted)])
    rows = list(csv.DictReader(capfd.readouterr().out.splitlines()))
    notes = [json.loads(line) for line in planted.read_text(encoding="utf-8").splitlines()]
    expected = [(n, fault.rule) for n, (_, fault) in enumerate(faulty_rows(50, seed=4, errors=0.5), 1) if fault]
    assert len(rows) == 50
    assert [(note["row"], note["rule"]) for note in notes] == expected
    assert {"row", "pointer", "rule", "severity"} == set(notes[0])
