"""Interprets triples maps record by record; the reference for the compiler."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.interpreter.interpreter import Interpreter
    from graphmap.lifting.interpreter.iterations import IterationNodes
    from graphmap.lifting.interpreter.statements import Fault, Lifted, Place, Statement, data_error, pointer
    from graphmap.lifting.interpreter.term_generation import Generation
    from graphmap.lifting.interpreter.unmapped_members import UnreadMembers
    from graphmap.lifting.interpreter.view_iterations import StepNodes, fields_of, rows_of

__all__ = [
    "Fault",
    "Generation",
    "Interpreter",
    "IterationNodes",
    "Lifted",
    "Place",
    "Statement",
    "StepNodes",
    "UnreadMembers",
    "data_error",
    "fields_of",
    "pointer",
    "rows_of",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.interpreter",
        {
            "interpreter": "Interpreter",
            "iterations": "IterationNodes",
            "statements": "Fault Lifted Place Statement data_error pointer",
            "term_generation": "Generation",
            "unmapped_members": "UnreadMembers",
            "view_iterations": "StepNodes fields_of rows_of",
        },
    )
