"""RML, compiled: a mapping becomes a plan, and the plan one function from raw record to N-Triples text."""

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
