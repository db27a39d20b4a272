"""Evaluates the constraint components of compiled shapes."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.engine.constraint_components import COMPONENTS, Surroundings
    from graphmap.validation.engine.engine import Engine
    from graphmap.validation.engine.profile import Profile
    from graphmap.validation.engine.regex_cost import bounded_search
    from graphmap.validation.engine.selection import Selection

__all__ = ["COMPONENTS", "Engine", "Profile", "Selection", "Surroundings", "bounded_search"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.engine",
        {
            "constraint_components": "COMPONENTS Surroundings",
            "engine": "Engine",
            "profile": "Profile",
            "regex_cost": "bounded_search",
            "selection": "Selection",
        },
    )
