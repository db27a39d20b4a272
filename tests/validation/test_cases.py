"""Shapes and data that were found outside, with their right answers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from graphmap.validation.report.report import Report
from graphmap.validation.validate import validate

CASES = Path(__file__).parents[3] / "shared" / "cases" / "shacl"
NAMES = sorted(each.name for each in CASES.iterdir() if each.is_dir()) if CASES.is_dir() else []
KEYS = ("focusNode", "resultPath", "value", "component", "severity")

pytestmark = pytest.mark.skipif(not NAMES, reason="the folder ../shared/cases/shacl is not beside the checkout")


def results(report: Report) -> Counter[tuple[object, ...]]:
    return Counter(tuple(finding.as_dict()[key] for key in KEYS) for finding in report.findings)


@pytest.mark.parametrize("name", NAMES)
def test_the_outcome_and_the_results_are_those_of_the_case(name: str) -> None:
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    report = validate(CASES / name / "data.ttl", CASES / name / "shapes.ttl", deadline_s=30.0)
    if expected["outcome"] == "failed-or-refused":
        assert report.outcome == "failed"
        return
    assert (report.outcome, report.failures) == (expected["outcome"], ())
    assert results(report) == Counter(tuple(each[key] for key in KEYS) for each in expected["results"])


def test_the_number_of_cases_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\ncases/shacl: {len(NAMES)} cases")  # noqa: T201  # CI is to show how many ran
    assert NAMES
