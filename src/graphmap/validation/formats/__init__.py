"""Validation reports as Turtle, JSON-LD, JSON, CSV, HTML and JUnit."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.formats.json import report_dict, report_schema
    from graphmap.validation.formats.rdf import finding_triples
    from graphmap.validation.formats.registry import REPORT_FORMATS, ReportFormat, write_report
    from graphmap.validation.formats.terminal import summary

__all__ = [
    "REPORT_FORMATS",
    "ReportFormat",
    "finding_triples",
    "report_dict",
    "report_schema",
    "summary",
    "write_report",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.formats",
        {
            "json": "report_dict report_schema",
            "rdf": "finding_triples",
            "registry": "REPORT_FORMATS ReportFormat write_report",
            "terminal": "summary",
        },
    )
