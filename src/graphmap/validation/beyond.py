"""What a shapes graph asks for that cannot be evaluated here: named, never skipped.

Source: SHACL, sections 3.4.3 (recursion is left to processors: refused here), 1.5 (entailment), 5 and 6 (SHACL-SPARQL).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphmap.errors import ShapesError
from graphmap.terms import RDF_TYPE, XSD, Token
from graphmap.validation.graph import NOTHING, Graph
from graphmap.validation.shapes import Shape, Unevaluable
from graphmap.validation.vocabulary import PARAMETERS, SH, TARGETS, WITHOUT_EFFECT, sh

__all__ = ["beyond_core", "refuse_recursion", "unevaluable"]

_TRUE = f'"true"^^<{XSD}boolean>'


def beyond_core(graph: Graph, node: Token) -> Iterator[str]:
    """The parts of a shape that are no part of SHACL Core.

    Args:
        graph: the shapes graph.
        node: the shape.

    Yields:
        A sentence without a full stop for each.
    """
    properties = graph.forward.get(node, NOTHING)
    known = TARGETS.keys() | WITHOUT_EFFECT | {sh(name) for name in PARAMETERS}
    for predicate in properties:
        if predicate.startswith(f"<{SH}") and predicate not in known:
            yield f"sh:{predicate[len(SH) + 1 : -1]} is no part of SHACL Core"
    for component, parameters in _custom_components(graph):
        if parameters and all(parameter in properties for parameter in parameters):
            yield f"the constraint component {component} is no part of SHACL Core"


def _custom_components(graph: Graph) -> Iterator[tuple[Token, list[Token]]]:
    for component in graph.subjects(RDF_TYPE, sh("ConstraintComponent")):
        if not component.startswith(f"<{SH}"):
            nodes = graph.objects(component, sh("parameter"))
            required = [node for node in nodes if _TRUE not in graph.objects(node, sh("optional"))]
            yield component, [path for node in required for path in graph.objects(node, sh("path"))]


def refuse_recursion(by_node: Mapping[Token, Shape]) -> None:
    """Refuse shapes that refer to themselves, by a walk that meets each shape once.

    Args:
        by_node: all shapes of a shapes graph.

    Raises:
        ShapesError: where a shape leads back to itself; it names the shape.
    """
    done = set[Token]()
    for start in by_node:
        trail: list[Token] = []
        pending: list[tuple[Token, bool]] = [(start, False)]
        while pending:
            node, leaving = pending.pop()
            if leaving:
                done.add(trail.pop())
            elif node in trail:
                raise ShapesError(f"{node}: the shape refers to itself", hint="SHACL Core leaves recursion undefined")
            elif node not in done:
                trail.append(node)
                pending.append((node, True))
                pending.extend((inner, False) for inner in _references(by_node[node]))


def _references(shape: Shape) -> Iterator[Token]:
    for constraint in shape.constraints:
        yield from constraint.shapes
        yield from constraint.siblings


def unevaluable(graph: Graph, by_node: Mapping[Token, Shape]) -> Iterator[Unevaluable]:
    """What a validation would need and nothing here can evaluate.

    Args:
        graph: the shapes graph.
        by_node: its shapes.

    Yields:
        Entailment regimes first, then what shapes that a target reaches hold beyond SHACL Core.
    """
    for subject in graph.forward:
        for regime in graph.objects(subject, sh("entailment")):
            yield Unevaluable(shape=subject, reason=f"the entailment regime {regime} is not supported")
    starts = [s.node for s in by_node.values() if s.targets or sh("target") in graph.forward.get(s.node, NOTHING)]
    reachable: dict[Token, None] = {}
    pending = starts[::-1]
    while pending:
        node = pending.pop()
        if node not in reachable and not by_node[node].deactivated:
            reachable[node] = None
            pending.extend(_references(by_node[node]))
    for node in reachable:
        yield from (Unevaluable(shape=node, reason=reason) for reason in by_node[node].unevaluable)
