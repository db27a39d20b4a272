"""Evaluates the queries of shapes graphs on pyoxigraph, in a process that can be killed."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.validation.sparql.evaluator import Answers, Delegate, Solution, load_request
    from graphmap.validation.sparql.process import SparqlProcess
    from graphmap.validation.sparql.rewriting import rewrite

__all__ = ["Answers", "Delegate", "Solution", "SparqlProcess", "load_request", "rewrite"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.validation.sparql",
        {
            "evaluator": "Answers Delegate Solution load_request",
            "process": "SparqlProcess",
            "rewriting": "rewrite",
        },
    )
