"""RML, compiled: a mapping becomes a plan, and the plan one function from raw record to N-Triples text."""

from graphmap.lifting.compiler import Compiled, Entailment, compile_plan
from graphmap.lifting.functions import FUNCTIONS, Function, of_each
from graphmap.lifting.hand_over import as_mapping, line_of
from graphmap.lifting.interpreter import Interpreter
from graphmap.lifting.lifted import Fault, Lifted, Place, Statement, data_error, pointer
from graphmap.lifting.mapping import read_mapping
from graphmap.lifting.plan import Formulation, LogicalSource, Plan
from graphmap.lifting.values import ValueForms, zoned_timestamp

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
    "ValueForms",
    "as_mapping",
    "compile_plan",
    "data_error",
    "line_of",
    "of_each",
    "pointer",
    "read_mapping",
    "zoned_timestamp",
]
