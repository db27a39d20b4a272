"""Node expressions of triple rules.

Source: SHACL Advanced Features, section 6 (node expressions).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphmap.errors import ShapesError
from graphmap.rdf import NOTHING, Graph, Token
from graphmap.validation.shapes import follow, read_path, sh

__all__ = ["Expression", "compile_expression"]

Expression = Callable[[Graph, Token], Sequence[Token]]
"""Data graph and focus node to the nodes that an expression gives."""

_KNOWN = frozenset(sh(name) for name in ("path", "nodes", "filterShape", "union", "intersection"))


def compile_expression(
    shapes: Graph,
    node: Token,
    conforms: Callable[[Token, Graph, Token], bool],
    *,
    within: frozenset[Token] = frozenset(),
) -> Expression:
    """Compile a node expression.

    Args:
        shapes: the shapes graph.
        node: the expression.
        conforms: says whether a node of a graph conforms to a shape.
        within: the expressions that this one is part of.

    Raises:
        ShapesError: where it is none of those that are supported, or contains itself.
    """
    if node == sh("this"):
        return lambda _graph, focus: (focus,)
    if node[0] != "_":
        return lambda _graph, _focus: (node,)
    properties = shapes.forward.get(node, NOTHING)
    if node in within or not properties or not _KNOWN.issuperset(properties):
        names = ", ".join(properties) or "nothing"
        raise ShapesError(f"the node expression of {names} is not supported")
    inside = within | {node}
    for name, join in (("union", frozenset.union), ("intersection", frozenset.intersection)):
        for head in properties.get(sh(name), ()):
            parts = [compile_expression(shapes, each, conforms, within=inside) for each in shapes.listed(head) or ()]
            return lambda graph, focus: sorted(join(*(frozenset(part(graph, focus)) for part in parts)))
    start: Expression = lambda _graph, focus: (focus,)  # noqa: E731
    for inner in properties.get(sh("nodes"), ()):
        start = compile_expression(shapes, inner, conforms, within=inside)
    return _from(shapes, properties.get(sh("path"), ()), properties.get(sh("filterShape"), ()), start, conforms)


def _from(
    shapes: Graph,
    paths: Sequence[Token],
    filters: Sequence[Token],
    start: Expression,
    conforms: Callable[[Token, Graph, Token], bool],
) -> Expression:
    """Follow a path from what an expression gives, or keep of it what conforms to a shape."""
    steps = [follow(read_path(shapes, path)) for path in paths]

    def run(graph: Graph, focus: Token) -> Sequence[Token]:
        nodes = list(start(graph, focus))
        for step in steps:
            nodes = list(dict.fromkeys(end for node in nodes for end in step(graph, node)))
        return [node for node in nodes if all(conforms(shape, graph, node) for shape in filters)]

    return run
