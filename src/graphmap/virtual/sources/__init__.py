"""The tables that are asked: databases that answer SQL, and the relations behind logical sources."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.virtual.sources.engines import Engine
    from graphmap.virtual.sources.relations import Relation, Relations

__all__ = [
    "Engine",
    "Relation",
    "Relations",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.virtual.sources",
        {
            "engines": "Engine",
            "relations": "Relation Relations",
        },
    )
