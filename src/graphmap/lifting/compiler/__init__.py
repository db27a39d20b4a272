"""Compiles triples maps to one function from raw record to N-Triples text."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.compiler.compiler import compile_plan
    from graphmap.lifting.compiler.entailment import Entailment
    from graphmap.lifting.compiler.fallback import as_mapping, line_of
    from graphmap.lifting.compiler.join_keys import document_keys
    from graphmap.lifting.compiler.runtime import UnusualRecord

__all__ = ["Entailment", "UnusualRecord", "as_mapping", "compile_plan", "document_keys", "line_of"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.compiler",
        {
            "compiler": "compile_plan",
            "entailment": "Entailment",
            "fallback": "as_mapping line_of",
            "join_keys": "document_keys",
            "runtime": "UnusualRecord",
        },
    )
