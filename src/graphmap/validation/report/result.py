"""A validation result, as the standard has it, in tokens.

Source: SHACL, section 3.6.2 (validation results).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from graphmap.rdf import Token
from graphmap.validation.shapes import Path, Shape

__all__ = ["Result"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One validation result.

    Args:
        focus_node: token of the node that was checked.
        path: the path that leads to the value; `None` where a node shape speaks of the node itself.
        value: token of the value that offends; `None` where what offends is no single value.
        source_shape: token of the shape.
        component: token of the IRI of the constraint component.
        severity: token of an IRI.
        messages: literal tokens; the shape's own, or one made from the constraint. Not compared.
        rule: slug of the rule that the shape carries. Not compared.
        shape: the source shape, where it is known. Not compared.
        reason: what is wrong, in words. Not compared.
        details: results of the shapes that the value had to conform to. Not compared.
    """

    focus_node: Token
    path: Path | None = None
    value: Token | None = None
    source_shape: Token
    component: Token
    severity: Token
    messages: tuple[Token, ...] = field(default=(), compare=False)
    rule: str | None = field(default=None, compare=False)
    shape: Shape | None = field(default=None, compare=False)
    reason: str | None = field(default=None, compare=False)
    details: tuple[Result, ...] = field(default=(), compare=False)
