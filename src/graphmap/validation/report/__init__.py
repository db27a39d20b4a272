"""Results, findings, coverage, quality measurements and the report made of them."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.report.baseline import Baseline
    from graphmap.validation.report.coverage import Coverage, Field, Tally
    from graphmap.validation.report.data_terms import absent_terms
    from graphmap.validation.report.finding import (
        SEVERITIES,
        Finding,
        finding_of,
        plain,
        reaches,
        severity_name,
        text_of,
    )
    from graphmap.validation.report.finding_log import FindingLog
    from graphmap.validation.report.guidance import guides, how_to_fix
    from graphmap.validation.report.positions import label_of, placed
    from graphmap.validation.report.quality import DQV, Measurement, Uniqueness, measurement_triples, measurements
    from graphmap.validation.report.redaction import redacted
    from graphmap.validation.report.report import Compared, Covered, Report, RuleTally, tallies
    from graphmap.validation.report.result import Result

__all__ = [
    "DQV",
    "SEVERITIES",
    "Baseline",
    "Compared",
    "Coverage",
    "Covered",
    "Field",
    "Finding",
    "FindingLog",
    "Measurement",
    "Report",
    "Result",
    "RuleTally",
    "Tally",
    "Uniqueness",
    "absent_terms",
    "finding_of",
    "guides",
    "how_to_fix",
    "label_of",
    "measurement_triples",
    "measurements",
    "placed",
    "plain",
    "reaches",
    "redacted",
    "severity_name",
    "tallies",
    "text_of",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.report",
        {
            "data_terms": "absent_terms",
            "baseline": "Baseline",
            "coverage": "Coverage Field Tally",
            "finding": "Finding SEVERITIES finding_of plain reaches severity_name text_of",
            "finding_log": "FindingLog",
            "guidance": "guides how_to_fix",
            "positions": "label_of placed",
            "quality": "DQV Measurement Uniqueness measurement_triples measurements",
            "redaction": "redacted",
            "report": "Compared Covered Report RuleTally tallies",
            "result": "Result",
        },
    )
