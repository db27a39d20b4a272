"""The JSON report; others rely on its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphmap.validation.report import Report

__all__ = ["report_dict", "write_json"]


def report_dict(report: Report) -> dict[str, object]:
    """A report as plain dictionaries and lists.

    Args:
        report: any report.

    Returns:
        `conforms`, `outcome`, `records`, `counts`, `findings`, `unread`, `coverage`, `failures`.
    """
    head, tail = _head(report), _tail(report)
    return {**head, "findings": [finding.as_dict() for finding in report.findings], **tail}


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
        yield f"{',' if number else ''}\n    {_dump(finding.as_dict())}"
    yield "\n  ]" if report.findings else "]"
    yield "".join(f",\n  {_dump(key)}: {_dump(value)}" for key, value in _tail(report).items()) + "\n}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


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
    }
