"""Taking in and validating records over HTTP, and pages of reports and quarantine."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.conformance import check_form, quarantine, records, reports
    from graphmap.service.conformance.check_pool import CheckPool

__all__ = ["CheckPool", "check_form", "quarantine", "records", "reports"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.conformance",
        {
            "check_pool": "CheckPool",
        },
    )
