"""The JSON report; others rely on its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

from graphmap.validation.report import Finding, Report

__all__ = ["report_dict", "report_schema", "write_json"]


def report_dict(report: Report) -> dict[str, object]:
    """A report as plain dictionaries and lists.

    Args:
        report: any report.

    Returns:
        `conforms`, `outcome`, `records`, `counts`, `findings`, `unread`, `coverage`, `failures`, `notes`, `quality`,
        and where they were asked for `baseline` and `profile`.
    """
    head, tail = _head(report), _tail(report)
    return {**head, "findings": [_finding(report, finding) for finding in report.findings], **tail}


def report_schema() -> str:
    """The JSON Schema of the report, as text."""
    return files("graphmap.validation.formats").joinpath("report.schema.json").read_text(encoding="utf-8")


def write_json(report: Report) -> Iterator[str]:
    """The report as JSON, a finding a line.

    Args:
        report: any report.

    Yields:
        Pieces of one JSON object.
    """
    yield "{\n" + "".join(f"  {_dump(key)}: {_dump(value)},\n" for key, value in _head(report).items())
    yield '  "findings": ['
    for number, finding in enumerate(report.findings):
        yield f"{',' if number else ''}\n    {_dump(_finding(report, finding))}"
    yield "\n  ]" if report.findings else "]"
    yield "".join(f",\n  {_dump(key)}: {_dump(value)}" for key, value in _tail(report).items()) + "\n}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _finding(report: Report, finding: Finding) -> dict[str, object]:
    cells: dict[str, object] = {**finding.as_dict()}
    if finding.details:
        cells["detail"] = [each.as_dict() for each in finding.details]
    return cells if report.baseline is None else cells | {"known": finding.known}


def _head(report: Report) -> dict[str, object]:
    return {
        "conforms": report.conforms,
        "outcome": report.outcome,
        "records": report.records,
        "counts": dict(report.counts()),
    }


def _tail(report: Report) -> dict[str, object]:
    coverage = report.coverage
    return {
        "unread": dict(report.unread),
        "coverage": {
            "targets": dict(coverage.targets),
            "shapesWithoutTargets": list(coverage.without_targets()),
            "subjectsWithoutShape": coverage.unseen,
            "subjectsWithoutShapeSamples": list(coverage.unseen_samples),
        },
        "failures": list(report.failures),
        "notes": list(report.notes),
        "quality": [measurement.as_dict() for measurement in report.measurements],
    } | dict(_asked(report))


def _asked(report: Report) -> Iterator[tuple[str, object]]:
    """Parts of the report that are written on request."""
    if report.baseline is not None:
        known = report.baseline.known
        yield "baseline", {"known": known, "new": len(report.findings) - known, "resolved": report.baseline.resolved}
    if report.seconds is not None:
        yield "profile", {shape: round(seconds, 6) for shape, seconds in report.seconds.items()}
