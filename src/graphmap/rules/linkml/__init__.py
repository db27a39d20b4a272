"""Reads LinkML schemas: YAML with positions, imports, induced slots, and the losses of what has no place in a model."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.rules.linkml.documents import iri_local
    from graphmap.rules.linkml.metamodel import ANNOTATIONS, ELEMENTS, ElementKeys
    from graphmap.rules.linkml.reader import load_rules, read_schema

__all__ = ["ANNOTATIONS", "ELEMENTS", "ElementKeys", "iri_local", "load_rules", "read_schema"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.rules.linkml",
        {
            "documents": "iri_local",
            "metamodel": "ANNOTATIONS ELEMENTS ElementKeys",
            "reader": "load_rules read_schema",
        },
    )
