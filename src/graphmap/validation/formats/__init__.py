"""A report in each of its formats: one writer a format, each from a report to pieces of text."""

from graphmap.validation.formats.json import report_schema
from graphmap.validation.formats.registry import REPORT_FORMATS, ReportFormat, write_report

__all__ = ["REPORT_FORMATS", "ReportFormat", "report_schema", "write_report"]
