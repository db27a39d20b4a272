"""Remarks on shapes that were read with leave, or that probably say something else than was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphmap.rdf import Graph, Token
from graphmap.validation.shapes.model import Remark, Shape
from graphmap.validation.shapes.vocabulary import sh

__all__ = ["remarks"]


def remarks(graph: Graph, by_node: Mapping[Token, Shape]) -> Iterator[Remark]:
    """The remarks on the shapes of a shapes graph.

    Args:
        graph: the shapes graph.
        by_node: its shapes.

    Yields:
        Shapes that nothing reaches, shapes that check nothing, references to nothing, and list members that no value
        can equal.
    """
    parameters = graph.inverse(sh("parameter"))
    referred = {inner for shape in by_node.values() for c in shape.constraints for inner in (*c.shapes, *c.siblings)}
    for node, shape in by_node.items():
        if shape.deactivated or node in parameters:
            continue
        yield from (Remark(shape=node, text=text) for text in _texts(shape, referred=node in referred))
        if node in referred and node not in graph.forward:
            yield Remark(shape=node, text="a shape refers to it, and the shapes graph says nothing of it")


def _texts(shape: Shape, *, referred: bool) -> Iterator[str]:
    targeted = bool(shape.targets or shape.target_queries)
    if not targeted and not referred and shape.constraints:
        yield "it has no target, and no shape refers to it: it checks nothing"
    if targeted and not shape.constraints:
        yield "it has targets and no constraint: it checks nothing"
    for constraint in shape.constraints:
        if constraint.component == "InConstraintComponent" and any(term[0] == "_" for term in constraint.terms):
            yield "sh:in lists a blank node, which no value of the data can equal"
