"""Turns records into a validated, queryable knowledge graph by OWL, SHACL and RML."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.adapters import to_pyoxigraph, to_rdflib
    from graphmap.lifting.lift import lift, lift_to_bytes, lift_to_file
    from graphmap.validation.report.report import Report
    from graphmap.validation.validate import validate
    from graphmap.version import __version__

__all__ = ["Report", "__version__", "lift", "lift_to_bytes", "lift_to_file", "to_pyoxigraph", "to_rdflib", "validate"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap",
        {
            "lifting.adapters": "to_pyoxigraph to_rdflib",
            "lifting.lift": "lift lift_to_bytes lift_to_file",
            "validation.report.report": "Report",
            "validation.validate": "validate",
            "version": "__version__",
        },
    )
