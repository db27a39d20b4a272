"""The table of formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.errors import CallError
from graphmap.validation.formats.csv import write_csv
from graphmap.validation.formats.html import write_html
from graphmap.validation.formats.json import write_json
from graphmap.validation.formats.junit import write_junit
from graphmap.validation.formats.rdf import write_jsonld, write_turtle
from graphmap.validation.formats.sarif import write_sarif
from graphmap.validation.report import Report

__all__ = ["REPORT_FORMATS", "ReportFormat", "write_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFormat:
    """One row: the media type, and the writer."""

    media_type: str
    write: Callable[[Report], Iterator[str]]


REPORT_FORMATS: Mapping[str, ReportFormat] = MappingProxyType(
    {
        "turtle": ReportFormat(media_type="text/turtle", write=write_turtle),
        "jsonld": ReportFormat(media_type="application/ld+json", write=write_jsonld),
        "json": ReportFormat(media_type="application/json", write=write_json),
        "csv": ReportFormat(media_type="text/csv", write=write_csv),
        "html": ReportFormat(media_type="text/html", write=write_html),
        "junit": ReportFormat(media_type="application/xml", write=write_junit),
        "sarif": ReportFormat(media_type="application/sarif+json", write=write_sarif),
    }
)
"""Format by the name that the command line knows."""


def write_report(report: Report, name: str) -> Iterator[str]:
    """Write a report.

    Args:
        report: any report.
        name: a key of `REPORT_FORMATS`.

    Returns:
        Pieces of text in order; they are made as they are asked for.

    Raises:
        CallError: where the format is unknown.
    """
    found = REPORT_FORMATS.get(name)
    if found is None:
        raise CallError(f"{name!r} is not a report format", hint=f"use one of {', '.join(REPORT_FORMATS)}")
    return found.write(report)
