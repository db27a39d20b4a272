"""Compiles triples maps to one function from raw record to N-Triples text."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.compiler.entailment import Entailment
    from graphmap.lifting.compiler.join_keys import document_keys
    from graphmap.lifting.compiler.record_lifter import LiftedText, RecordLifter, as_mapping, compile_plan
    from graphmap.lifting.compiler.runtime import UnusualRecord

__all__ = [
    "Entailment",
    "LiftedText",
    "RecordLifter",
    "UnusualRecord",
    "as_mapping",
    "compile_plan",
    "document_keys",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.compiler",
        {
            "entailment": "Entailment",
            "join_keys": "document_keys",
            "record_lifter": "LiftedText RecordLifter as_mapping compile_plan",
            "runtime": "UnusualRecord",
        },
    )
