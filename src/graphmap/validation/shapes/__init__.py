"""Reads shapes graphs: shapes, targets, property paths and classes."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.shapes.class_hierarchy import SUBCLASS_OF, sub_class_facts, superclasses
    from graphmap.validation.shapes.loader import load_shapes
    from graphmap.validation.shapes.model import (
        Constraint,
        Note,
        Rule,
        Shape,
        Shapes,
        SparqlFunction,
        SparqlQuery,
        Target,
        Unevaluable,
    )
    from graphmap.validation.shapes.property_paths import (
        Follow,
        Path,
        PathKind,
        follow,
        path_title,
        predicate_path,
        read_path,
    )
    from graphmap.validation.shapes.reader import read_shapes
    from graphmap.validation.shapes.spelling import nearest, one_letter_apart
    from graphmap.validation.shapes.unsupported import needs_reference, withheld
    from graphmap.validation.shapes.vocabulary import NODE_KINDS, SH, TARGETS, TargetKind, component_token, sh

__all__ = [
    "NODE_KINDS",
    "SH",
    "SUBCLASS_OF",
    "TARGETS",
    "Constraint",
    "Follow",
    "Note",
    "Path",
    "PathKind",
    "Rule",
    "Shape",
    "Shapes",
    "SparqlFunction",
    "SparqlQuery",
    "Target",
    "TargetKind",
    "Unevaluable",
    "component_token",
    "follow",
    "load_shapes",
    "nearest",
    "needs_reference",
    "one_letter_apart",
    "path_title",
    "predicate_path",
    "read_path",
    "read_shapes",
    "sh",
    "sub_class_facts",
    "superclasses",
    "withheld",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.shapes",
        {
            "class_hierarchy": "SUBCLASS_OF sub_class_facts superclasses",
            "loader": "load_shapes",
            "model": "Constraint Note Rule Shape Shapes SparqlFunction SparqlQuery Target Unevaluable",
            "property_paths": "Follow Path PathKind follow path_title predicate_path read_path",
            "reader": "read_shapes",
            "spelling": "nearest one_letter_apart",
            "unsupported": "needs_reference withheld",
            "vocabulary": "NODE_KINDS SH TARGETS TargetKind component_token sh",
        },
    )
