"""SHACL, compiled: shapes in, findings out."""

from typing import TYPE_CHECKING

from graphmap.deferred import deferred

if TYPE_CHECKING:
    from graphmap.validation.coverage import Coverage
    from graphmap.validation.engine import Engine
    from graphmap.validation.findings import Finding, finding_of
    from graphmap.validation.graph import Graph
    from graphmap.validation.key_index import KeyIndex
    from graphmap.validation.key_query import KeyQuery, key_query
    from graphmap.validation.keys import KeyConstraint, KeyEntry, key_constraints, key_entries, record_key
    from graphmap.validation.loading import load_shapes
    from graphmap.validation.report import Covered, Report
    from graphmap.validation.results import Result
    from graphmap.validation.shapes import Constraint, Shape, Shapes, Target, Unevaluable

__all__ = [
    "Constraint",
    "Coverage",
    "Covered",
    "Engine",
    "Finding",
    "Graph",
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
    "finding_of",
    "key_constraints",
    "key_entries",
    "key_query",
    "load_shapes",
    "record_key",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation",
        {
            "coverage": "Coverage",
            "engine": "Engine",
            "findings": "Finding finding_of",
            "graph": "Graph",
            "key_index": "KeyIndex",
            "key_query": "KeyQuery key_query",
            "keys": "KeyConstraint KeyEntry key_constraints key_entries record_key",
            "loading": "load_shapes",
            "report": "Covered Report",
            "results": "Result",
            "shapes": "Constraint Shape Shapes Target Unevaluable",
        },
    )
