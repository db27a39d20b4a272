"""Reads RML mappings: triples maps, term maps, functions, gather maps and logical views."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.mapping.reader import read_mapping

__all__ = ["read_mapping"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.mapping",
        {
            "reader": "read_mapping",
        },
    )
