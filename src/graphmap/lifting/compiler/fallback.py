"""Triples maps that the compiler leaves to the interpreter, as one function to call from generated code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmap.lifting.compiler.runtime import UnusualRecord
from graphmap.lifting.interpreter import Interpreter, Statement
from graphmap.lifting.plan import Plan
from graphmap.lifting.run_state import SharedState
from graphmap.records import ValueForms

__all__ = ["as_mapping", "interpreted_lines", "line_of"]


def as_mapping(header: tuple[str, ...], row: list[str], nulls: frozenset[str]) -> dict[str, str]:
    """A row as the interpreter reads it: column to cell, without its nulls."""
    return {name: cell for name, cell in zip(header, row, strict=True) if cell and cell not in nulls}


def line_of(statement: Statement) -> str:
    """A statement as a line of N-Quads."""
    graph = f" {statement.graph}" if statement.graph else ""
    return f"{statement.subject} {statement.predicate} {statement.object}{graph} .\n"


def interpreted_lines(
    plan: Plan, forms: ValueForms, header: tuple[str, ...] | None = None, outside: SharedState | None = None
) -> Callable[[Any], str]:
    """A function from a raw record to the lines of some triples maps; a fault makes the record odd."""
    interpreter = Interpreter(plan, forms=forms, outside=outside)

    def lift(raw: Any) -> str:
        record = raw if header is None else as_mapping(header, raw, forms.nulls)
        lifted = interpreter.lift(record)
        if lifted.faults:
            raise UnusualRecord
        if lifted.gathered and outside is not None and outside.gathered is not None:
            outside.gathered.add(lifted.gathered)
        return "".join(map(line_of, lifted.statements))

    return lift
