"""Cells of a row whose rules look at other records: keys, and references to nodes whose class their own record gives.

Source: SHACL, section 4.1.1 (sh:class).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphmap.lifting.plan import All, Extra, Reference, Template, TermMap, TermType
from graphmap.rdf import Token
from graphmap.validation.uniqueness import KeyConstraint

__all__ = ["KeyCells", "ReferenceCells", "reference_cells"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCells:
    """Term maps of a key in a row: that of the value, and that of the node with the key."""

    constraint: KeyConstraint
    value: Extra
    focus: TermMap


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceCells:
    """A value of a row whose class is looked for among all records.

    Args:
        shape: property shape that asks for the class.
        predicate: of the value.
        value: its term map.
        focus: subject map of the node that has it.
        classes: of that node.
    """

    shape: Token
    predicate: Token
    value: Extra
    focus: TermMap
    classes: tuple[Token, ...]


def reference_cells(
    shape: Token, predicate: Token, objects: Iterable[TermMap], focus: TermMap, classes: Iterable[Token]
) -> tuple[ReferenceCells, ...] | None:
    """The references of a property shape; `None` where a value is no IRI of one cell or template."""
    found = tuple(objects)
    if any(
        each.term_type is not TermType.IRI or not isinstance(each.expression, Reference | Template) for each in found
    ):
        return None
    own = tuple(sorted(classes))
    return tuple(
        ReferenceCells(
            shape=shape, predicate=predicate, value=Extra(term_map=each, check=All()), focus=focus, classes=own
        )
        for each in found
    )
