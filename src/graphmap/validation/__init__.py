"""SHACL: compiles shapes and validates graphs into findings."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.engine.engine import Engine
    from graphmap.validation.report.coverage import Coverage
    from graphmap.validation.report.finding import Finding, finding_of
    from graphmap.validation.report.report import Covered, Report
    from graphmap.validation.report.result import Result
    from graphmap.validation.shapes.model import Constraint, Shape, Shapes, Target, Unevaluable
    from graphmap.validation.uniqueness.constraints import (
        KeyConstraint,
        KeyEntry,
        key_constraints,
        key_entries,
        record_key,
    )
    from graphmap.validation.uniqueness.input_index import KeyIndex
    from graphmap.validation.uniqueness.store_query import KeyQuery, key_query
    from graphmap.validation.validate import failures_of, notes_of, nothing_looked_at, unsupported_in_data

__all__ = [
    "Constraint",
    "Coverage",
    "Covered",
    "Engine",
    "Finding",
    "KeyConstraint",
    "KeyEntry",
    "KeyIndex",
    "KeyQuery",
    "Report",
    "Result",
    "Shape",
    "Shapes",
    "Target",
    "Unevaluable",
    "failures_of",
    "finding_of",
    "key_constraints",
    "key_entries",
    "key_query",
    "notes_of",
    "nothing_looked_at",
    "record_key",
    "unsupported_in_data",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation",
        {
            "engine.engine": "Engine",
            "report.coverage": "Coverage",
            "report.finding": "Finding finding_of",
            "report.report": "Covered Report",
            "report.result": "Result",
            "shapes.model": "Constraint Shape Shapes Target Unevaluable",
            "uniqueness.constraints": "KeyConstraint KeyEntry key_constraints key_entries record_key",
            "uniqueness.input_index": "KeyIndex",
            "uniqueness.store_query": "KeyQuery key_query",
            "validate": "failures_of nothing_looked_at notes_of unsupported_in_data",
        },
        renamed={
            "Graph": "graphmap.rdf.Graph",
            "load_shapes": "graphmap.validation.shapes.load_shapes",
        },
    )
