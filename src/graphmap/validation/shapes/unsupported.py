"""Parts of a shapes graph that cannot be evaluated here: named, never skipped.

Source: SHACL, sections 3.4.3 (recursion is left to processors: refused here), 1.5 (entailment), 5 and 6 (SHACL-SPARQL).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphmap.errors import ShapesError
from graphmap.rdf import NOTHING, RDF_TYPE, XSD, Graph, Token
from graphmap.validation.shapes.model import Shape, Shapes, Unevaluable
from graphmap.validation.shapes.vocabulary import PARAMETERS, SH, TARGETS, WITHOUT_EFFECT, sh

__all__ = ["beyond_core", "needs_reference", "refuse_recursion", "unevaluable"]

_TRUE = f'"true"^^<{XSD}boolean>'
_FOR_THE_REFERENCE = frozenset({"sparql", "target", "expression"})


def beyond_core(graph: Graph, node: Token) -> Iterator[Unevaluable]:
    """The parts of a shape that are no part of SHACL Core.

    Args:
        graph: the shapes graph.
        node: the shape.

    Yields:
        What it is, and whether the reference validator can evaluate it.
    """
    properties = graph.forward.get(node, NOTHING)
    known = TARGETS.keys() | WITHOUT_EFFECT | {sh(name) for name in PARAMETERS}
    for predicate in properties:
        if predicate.startswith(f"<{SH}") and predicate not in known:
            name = predicate[len(SH) + 1 : -1]
            reason = f"sh:{name} is not part of SHACL Core"
            yield Unevaluable(shape=node, reason=reason, by_reference=name in _FOR_THE_REFERENCE)
    for component, parameters in _custom_components(graph):
        if parameters and all(parameter in properties for parameter in parameters):
            reason = f"the constraint component {component} is not part of SHACL Core"
            yield Unevaluable(shape=node, reason=reason, by_reference=True)


def needs_reference(shapes: Shapes) -> tuple[Shape, ...]:
    """The shapes with targets whose results only the reference validator can tell, because of something below them."""
    wanted = {each.shape for each in shapes.unevaluable if each.by_reference}
    found = [shape for shape in shapes.by_node.values() if not shape.deactivated]
    return tuple(shape for shape in found if wanted and not wanted.isdisjoint(_reached(shapes.by_node, [shape.node])))


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
    """Part of a shapes graph that cannot be evaluated.

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
    for node in _reached(by_node, starts):
        yield from beyond_core(graph, node)


def _reached(by_node: Mapping[Token, Shape], starts: Iterable[Token]) -> Mapping[Token, None]:
    """The active shapes that some shapes lead to, themselves included, in order."""
    found: dict[Token, None] = {}
    pending = list(starts)[::-1]
    while pending:
        node = pending.pop()
        if node not in found and not by_node[node].deactivated:
            found[node] = None
            pending.extend(_references(by_node[node]))
    return found
