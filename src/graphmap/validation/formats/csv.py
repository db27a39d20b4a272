"""The findings as CSV, a row each.

Source: RFC 4180.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from graphmap.validation.report import Report

__all__ = ["write_csv"]

_COLUMNS = (
    "severity",
    "rule",
    "source",
    "row",
    "pointer",
    "value",
    "message",
    "focusNode",
    "resultPath",
    "sourceShape",
    "component",
)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(report: Report) -> Iterator[str]:
    """The findings as CSV under a header.

    Args:
        report: any report.

    Yields:
        Lines; a cell that a spreadsheet would run as a formula begins with an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_COLUMNS)
    yield buffer.getvalue()
    for finding in report.findings:
        buffer.seek(0)
        buffer.truncate()
        cells = finding.as_dict()
        writer.writerow([_safe(cells[column]) for column in _COLUMNS])
        yield buffer.getvalue()


def _safe(cell: str | int | None) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell
