"""The RDFS and OWL entailments of an ontology, computed once and added while lifting."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.reasoning.closure import Closure, close, close_files
    from graphmap.reasoning.saturation import Saturation

__all__ = ["Closure", "Saturation", "close", "close_files"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.reasoning",
        {
            "closure": "Closure close close_files",
            "saturation": "Saturation",
        },
    )
