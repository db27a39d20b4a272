"""Derives ontology, SHACL shapes, RML mappings and the JSON-LD context from rule files."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.derivation.artifacts import BASE, derive, stale, write

__all__ = ["BASE", "derive", "stale", "write"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.derivation",
        {
            "artifacts": "BASE derive stale write",
        },
    )
