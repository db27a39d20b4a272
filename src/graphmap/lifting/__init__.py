"""RML: reads a mapping, compiles it to a plan, and runs it over records to N-Quads."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.compiler.compiler import Compiled, compile_plan
    from graphmap.lifting.compiler.entailment import Entailment
    from graphmap.lifting.compiler.fallback import as_mapping, line_of
    from graphmap.lifting.interpreter.interpreter import Interpreter
    from graphmap.lifting.interpreter.statements import Fault, Lifted, Place, Statement, data_error, pointer
    from graphmap.lifting.mapping.reader import read_mapping
    from graphmap.lifting.plan.functions import FUNCTIONS, Function, of_each
    from graphmap.lifting.plan.logical_sources import Formulation, LogicalSource
    from graphmap.lifting.plan.triples_maps import Plan

__all__ = [
    "FUNCTIONS",
    "Compiled",
    "Entailment",
    "Fault",
    "Formulation",
    "Function",
    "Interpreter",
    "Lifted",
    "LogicalSource",
    "Place",
    "Plan",
    "Statement",
    "as_mapping",
    "compile_plan",
    "data_error",
    "line_of",
    "of_each",
    "pointer",
    "read_mapping",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting",
        {
            "compiler.compiler": "Compiled compile_plan",
            "compiler.entailment": "Entailment",
            "compiler.fallback": "as_mapping line_of",
            "interpreter.interpreter": "Interpreter",
            "interpreter.statements": "Fault Lifted Place Statement data_error pointer",
            "mapping.reader": "read_mapping",
            "plan.functions": "FUNCTIONS Function of_each",
            "plan.logical_sources": "Formulation LogicalSource",
            "plan.triples_maps": "Plan",
        },
        renamed={
            "ValueForms": "graphmap.records.ValueForms",
            "zoned_timestamp": "graphmap.records.zoned_timestamp",
        },
    )
