"""Evaluates the iterators and term maps of a mapping over a record, for interpreter and compiler alike."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.evaluation.iterations import IterationNodes, filter_keys, unread_places
    from graphmap.lifting.evaluation.statements import Fault, Lifted, Place, Statement, data_error, line_of, pointer
    from graphmap.lifting.evaluation.term_generation import FreshKey, Generation, TermLimit
    from graphmap.lifting.evaluation.view_iterations import StepNodes, fields_of, rows_of

__all__ = [
    "Fault",
    "FreshKey",
    "Generation",
    "IterationNodes",
    "Lifted",
    "Place",
    "Statement",
    "StepNodes",
    "TermLimit",
    "data_error",
    "fields_of",
    "filter_keys",
    "line_of",
    "pointer",
    "rows_of",
    "unread_places",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.evaluation",
        {
            "iterations": "IterationNodes filter_keys unread_places",
            "statements": "Fault Lifted Place Statement data_error line_of pointer",
            "term_generation": "FreshKey Generation TermLimit",
            "view_iterations": "StepNodes fields_of rows_of",
        },
    )
