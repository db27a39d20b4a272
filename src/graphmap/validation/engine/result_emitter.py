"""Results of compiled constraints.

Source: SHACL, sections 3.6.2 (validation results) and 5.3.2 (solutions as results).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphmap.rdf import Graph, Token
from graphmap.validation.engine.constraint_components import Offence
from graphmap.validation.engine.messages import compile_messages, compile_solution_messages, sentence_of
from graphmap.validation.engine.reasons import reason_of
from graphmap.validation.report import Result
from graphmap.validation.shapes import Constraint, Path, Shape, component_token, path_title, predicate_path
from graphmap.validation.sparql import Solution

__all__ = ["Details", "Emit", "emitter", "emitter_of_solutions"]

Emit = Callable[[Graph, Token, Sequence[Offence], list[Result]], None]
"""Graph, focus node, what offends, and the list that takes the results."""

Details = Callable[[Graph, Token, Token | None], tuple[Result, ...]]
"""Graph, focus node and value to the results of inner shapes."""


def emitter(shape: Shape, constraint: Constraint, details: Details | None) -> Emit:
    """Compile how offences against a constraint of SHACL Core become results; SHACL, section 3.6.2.

    Args:
        shape: the shape that holds it.
        constraint: the constraint.
        details: finds the results of inner shapes, where there are any.
    """
    say = compile_messages(shape, constraint)
    component = component_token(constraint.component)
    reason = reason_of(constraint, sentence_of(constraint))

    def emit(graph: Graph, focus: Token, offences: Sequence[Offence], results: list[Result]) -> None:
        for offence in offences:
            path: Path | None
            value: Token | None
            if isinstance(offence, Solution):  # of a query: see below
                continue
            if isinstance(offence, tuple):
                path, value = predicate_path(offence[0]), offence[1]
            else:
                path, value = shape.path, offence
            results.append(
                Result(
                    focus_node=focus,
                    path=path,
                    value=value,
                    source_shape=shape.node,
                    component=component,
                    severity=shape.severity,
                    messages=say(focus, value),
                    rule=shape.rule,
                    shape=shape,
                    reason=_of_closed(path) if isinstance(offence, tuple) else reason(value),
                    details=() if details is None else details(graph, focus, value),
                )
            )

    return emit


def emitter_of_solutions(shape: Shape, constraint: Constraint) -> Emit:
    """Map solutions to results; SHACL, section 5.3.2."""
    say = compile_solution_messages(shape, constraint)
    component = component_token(constraint.component)

    def emit(_graph: Graph, focus: Token, offences: Sequence[Offence], results: list[Result]) -> None:
        for offence in offences:
            found = offence.bindings if isinstance(offence, Solution) else {"value": str(offence)}
            named: Token = found.get("path", "")
            results.append(
                Result(
                    focus_node=focus,
                    path=predicate_path(named) if named[:1] == "<" else shape.path,
                    value=found.get("value", focus if shape.path is None else None),
                    source_shape=shape.node,
                    component=component,
                    severity=shape.severity,
                    messages=say(focus, found),
                    rule=shape.rule,
                    shape=shape,
                )
            )

    return emit


def _of_closed(path: Path | None) -> str:
    return (
        "has a property that the shape does not list" if path is None else f"the shape does not list {path_title(path)}"
    )
