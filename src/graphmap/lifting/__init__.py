"""RML: reads a mapping, compiles it to a plan, and runs it over records to N-Quads."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.compiler.compiler import Compiled
    from graphmap.lifting.compiler.entailment import Entailment
    from graphmap.lifting.compiler.record_lifter import as_mapping, compile_plan
    from graphmap.lifting.evaluation.statements import Fault, Lifted, Place, Statement, data_error, line_of, pointer
    from graphmap.lifting.interpreter.interpreter import Interpreter
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
            "compiler.compiler": "Compiled",
            "compiler.entailment": "Entailment",
            "compiler.record_lifter": "as_mapping compile_plan",
            "interpreter.interpreter": "Interpreter",
            "evaluation.statements": "Fault Lifted Place Statement data_error line_of pointer",
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
