"""Findings beyond memory, beside an earlier report, and without their values."""

import json
from pathlib import Path

import pytest

from graphmap.errors import CallError
from graphmap.validation.report.baseline import Baseline
from graphmap.validation.report.finding import Finding
from graphmap.validation.report.finding_log import FindingLog
from graphmap.validation.report.redaction import REDACTED, redacted
from graphmap.validation.report.report import Compared, Report


def finding(row: int, *, value: str = '"x"', source: str = "a.csv", severity: str = "Violation") -> Finding:
    return Finding(
        focus_node=f"<e:{row}>", value=value, rule="r", message="m", source=source, row=row, severity=severity
    )


def test_a_log_gives_findings_by_source_and_row_however_many_runs_it_wrote() -> None:
    log = FindingLog(in_memory=4)
    found = [finding(row, source=source) for row in (5, 3, 9, 1, 1) for source in ("b.csv", "a.csv")]
    log.extend(found)
    assert len(log) == 10
    assert [(each.source, each.row) for each in log] == sorted((each.source, each.row) for each in found)
    assert list(log) == list(log)
    assert (log[0].row, log[-1].source, len(log[2:5])) == (1, "b.csv", 3)
    assert log.latest == found[-1]
    assert log.counts() == {"Violation": 10}


def test_the_folder_of_a_log_goes_away_with_it() -> None:
    log = FindingLog(in_memory=1)
    log.append(finding(1))
    folder = log._folder
    assert folder is not None
    assert folder.exists()
    del log
    assert not folder.exists()


def test_an_empty_log_has_no_latest_finding() -> None:
    with pytest.raises(IndexError):
        _ = FindingLog().latest


def test_a_baseline_knows_what_was_there_however_often_and_wherever_rows_moved() -> None:
    before = Baseline([finding(1).as_dict(), finding(2).as_dict(), finding(9).as_dict()])
    moved = [Finding(focus_node="<e:1>", value='"x"', rule="r", message="other words", source="b.csv", row=77)]
    marked = list(before.mark([*moved, finding(1), finding(2), finding(3)]))
    assert [each.known for each in marked] == [True, False, True, False]
    assert (before.known, before.resolved) == (2, 1)


def test_only_new_findings_fail_beside_a_baseline() -> None:
    (known,) = Baseline([finding(1).as_dict()]).mark([finding(1)])
    beside = Compared(known=1, resolved=0)
    assert Report(records=1, findings=[known], baseline=beside).outcome == "conforms"
    assert Report(records=1, findings=[known], baseline=beside).conforms is False
    assert Report(records=1, findings=[known, finding(2)], baseline=beside).outcome == "violates"


@pytest.mark.parametrize("text", ["{", "[]", '{"findings": 3}', '{"findings": ["x"]}', "{}"])
def test_a_file_that_is_no_report_is_no_baseline(text: str, tmp_path: Path) -> None:
    file = tmp_path / "before.json"
    file.write_text(text)
    with pytest.raises(CallError, match="baseline"):
        Baseline.read(file)


def test_a_redacted_finding_holds_its_value_nowhere() -> None:
    address = "ada@example.org"
    open_words = Finding(
        focus_node=f'"{address}"',
        value=f'"{address}"',
        received=address,
        message=f"{address} is too long",
        messages=(f'"{address} is too long"@en',),
        rule="r",
    )
    closed = redacted(open_words)
    assert address not in repr(closed)
    assert closed.as_dict()["value"] == REDACTED
    assert closed.messages == (f'"{REDACTED} is too long"@en',)
    assert "null" in json.dumps(redacted(finding(1, value="")).as_dict())
