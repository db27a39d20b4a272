"""Terms of shapes that the data does not have, where the data has one that is a letter apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from graphmap.rdf import RDF_TYPE, Graph, Token
from graphmap.validation.shapes import Constraint, Path, Shape, Shapes, TargetKind, one_letter_apart

__all__ = ["absent_terms"]

_PREDICATES = frozenset(
    f"{name}ConstraintComponent"
    for name in ("Equals", "Disjoint", "LessThan", "LessThanOrEquals", "SubsetOf", "Closed")
)
_NODES = frozenset({"HasValueConstraintComponent", "InConstraintComponent"})
_NO_DIGITS = re.compile(r"\D+")
"""Names that differ in a number are meant."""

_MOST = 100_000
"""Number of nodes of a graph that are compared with at most."""


def absent_terms(shapes: Shapes, graph: Graph) -> Iterator[str]:
    """Find terms that are probably misspelt.

    Args:
        shapes: the frozen shapes.
        graph: a data graph.

    Yields:
        A sentence for each property, class or node of an active shape that the data lacks and almost has.
    """
    predicates = {predicate for properties in graph.forward.values() for predicate in properties}
    classes = {each for properties in graph.forward.values() for each in properties.get(RDF_TYPE, ())}
    wanted = {"property": predicates, "class": classes}
    terms = dict.fromkeys(
        (kind, term, shape.node)
        for shape in shapes.by_node.values()
        if not shape.deactivated
        for kind, term in _terms(shape)
        if term[0] == "<" and term not in wanted.get(kind, ())
    )
    if any(kind == "node" for kind, _, _ in terms):
        wanted["node"] = _nodes(graph)
    for kind, term, shape_node in terms:
        near = _near(term, wanted[kind])
        if near is not None:
            yield f"{shape_node}: the data has no {kind} {term}; did you mean {near}?"


def _nodes(graph: Graph) -> set[Token]:
    found = {node for node in graph.forward if node[0] == "<"}
    for properties in graph.forward.values():
        for values in properties.values():
            found.update(value for value in values if value[0] == "<")
        if len(found) > _MOST:
            break
    return found


def _near(term: Token, known: set[Token]) -> Token | None:
    if term in known:
        return None
    alike = (each for each in sorted(known) if one_letter_apart(term, each))
    return next((each for each in alike if _NO_DIGITS.sub("", each) == _NO_DIGITS.sub("", term)), None)


def _terms(shape: Shape) -> Iterator[tuple[str, Token]]:
    for target in shape.targets:
        kinds = {TargetKind.CLASS: "class", TargetKind.NODE: "node"}
        yield kinds.get(target.kind, "property"), target.term
    if shape.path is not None:
        yield from (("property", predicate) for predicate in _predicates(shape.path))
    for constraint in shape.constraints:
        yield from ((_kind(constraint), term) for term in constraint.terms if _kind(constraint))


def _kind(constraint: Constraint) -> str:
    if constraint.component in _PREDICATES:
        return "property"
    if constraint.component in ("ClassConstraintComponent", "RootClassConstraintComponent"):
        return "class"
    return "node" if constraint.component in _NODES else ""


def _predicates(path: Path) -> Iterable[Token]:
    return [path.predicate] if path.predicate else [each for part in path.parts for each in _predicates(part)]
