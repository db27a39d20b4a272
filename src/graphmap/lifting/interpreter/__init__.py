"""Interprets triples maps record by record; the reference for the compiler."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.interpreter.interpreter import Interpreter
    from graphmap.lifting.interpreter.unmapped_members import UnreadMembers

__all__ = ["Interpreter", "UnreadMembers"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.interpreter",
        {
            "interpreter": "Interpreter",
            "unmapped_members": "UnreadMembers",
        },
    )
