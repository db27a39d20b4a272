"""Offences against constraints, and what a constraint needs to find them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graphmap.rdf import Graph, Token
from graphmap.validation.shapes import Constraint
from graphmap.validation.sparql import Answers, Solution

__all__ = ["FAILED", "Compile", "Conforms", "Offence", "Offending", "Surroundings"]

Offence = Token | tuple[Token, Token] | Solution | None
"""A value that offends; predicate and object for `sh:closed`; a solution of a query; `None` where no value does."""

Offending = Callable[[Graph, Token, Sequence[Token]], Sequence[Offence]]
"""Graph, focus node and values to what offends; empty where the constraint holds."""

Conforms = Callable[[Graph, Token], bool]
"""Graph and node to whether the node conforms to a shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Surroundings of a constraint that is compiled.

    Args:
        conforms: node of a shape to its compiled check.
        subclasses: class to itself and all its sub-classes.
        answers: gives what the queries of the shapes graph say of the graph at hand.
        targets: gives the nodes of the graph at hand that the shape of the constraint targets.
        give_up: told why a value cannot be judged; says whether the value counts as accepted then.
    """

    conforms: Callable[[Token], Conforms]
    subclasses: Callable[[Token], frozenset[Token]]
    answers: Callable[[], Answers] = dict
    targets: Callable[[], Sequence[Token]] = tuple
    give_up: Callable[[str], bool] = lambda _reason: False


Compile = Callable[[Constraint, Surroundings], Offending]
"""Constraint to the function that finds what offends."""

FAILED: tuple[None] = (None,)
"""One offence that is no single value."""
