"""Restriction of a validation to some shapes and some focus nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from graphmap.errors import CallError
from graphmap.rdf import Token
from graphmap.validation.shapes import Shapes, nearest

__all__ = ["Selection"]

_Shape = TypeVar("_Shape")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Shapes and focus nodes; an empty set leaves all.

    Args:
        shapes: tokens of shapes. With focus nodes too, each shape is applied to each node, whatever its targets.
        nodes: tokens of focus nodes.
    """

    shapes: frozenset[Token] = frozenset()
    nodes: frozenset[Token] = frozenset()

    def check(self, shapes: Shapes) -> None:
        """Refuse a shape that is not there.

        Raises:
            CallError: it names the most similar shape.
        """
        for token in sorted(self.shapes - shapes.by_node.keys()):
            guess = nearest(token, shapes.by_node)
            hint = f"did you mean {guess}?" if guess else "give the IRI of a shape of the shapes graph"
            raise CallError(f"there is no shape {token}", hint=hint)

    def of(
        self,
        focus: Mapping[Token, tuple[_Shape, ...]],
        name: Callable[[_Shape], Token],
        shape: Callable[[Token], _Shape],
    ) -> Mapping[Token, tuple[_Shape, ...]]:
        """Keep what is selected.

        Args:
            focus: focus node to the shapes that target it.
            name: gives the token of a shape.
            shape: gives the shape of a token.
        """
        if self.shapes and self.nodes:
            chosen = tuple(shape(token) for token in sorted(self.shapes))
            return dict.fromkeys(sorted(self.nodes), chosen)
        kept: dict[Token, tuple[_Shape, ...]] = {}
        for node, shapes in focus.items():
            chosen = tuple(each for each in shapes if not self.shapes or name(each) in self.shapes)
            if chosen and (not self.nodes or node in self.nodes):
                kept[node] = chosen
        return kept
