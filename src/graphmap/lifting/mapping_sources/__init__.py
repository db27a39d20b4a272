"""Reads logical sources, CSVW dialects, logical targets and the scope of references."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.mapping_sources.logical_sources import language_of, logical_source
    from graphmap.lifting.mapping_sources.logical_targets import targets_of
    from graphmap.lifting.mapping_sources.reference_scope import Field, Language, Reads, Scope
    from graphmap.lifting.mapping_sources.structural_annotations import check_annotations

__all__ = ["Field", "Language", "Reads", "Scope", "check_annotations", "language_of", "logical_source", "targets_of"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.mapping_sources",
        {
            "logical_sources": "language_of logical_source",
            "logical_targets": "targets_of",
            "reference_scope": "Field Language Reads Scope",
            "structural_annotations": "check_annotations",
        },
    )
