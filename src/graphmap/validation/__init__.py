"""SHACL, compiled: shapes in, findings out."""

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
