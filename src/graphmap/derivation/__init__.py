"""Derives ontology, SHACL shapes, RML mappings and the JSON-LD context from rule files."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.derivation.artifacts import derive, outdated, stale, write
    from graphmap.derivation.mappings import Reading

__all__ = ["Reading", "derive", "outdated", "stale", "write"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.derivation",
        {
            "artifacts": "derive outdated stale write",
            "mappings": "Reading",
        },
    )
