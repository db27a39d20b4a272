"""Evaluates by pySHACL what the engine does not cover."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.reference.fallback import Delegate

__all__ = ["Delegate"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.reference",
        {
            "fallback": "Delegate",
        },
    )
