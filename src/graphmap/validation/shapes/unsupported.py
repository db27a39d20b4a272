"""Parts of a shapes graph that cannot be evaluated here: named, never skipped.

Source: SHACL, sections 3.4.3 (recursion is left to processors: refused here) and 1.5 (entailment).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from graphmap.errors import ShapesError
from graphmap.rdf import NOTHING, Graph, Token
from graphmap.validation.shapes.model import Constraint, Note, Shape, Shapes, Unevaluable
from graphmap.validation.shapes.vocabulary import (
    DRAFT,
    PARAMETERS,
    SH,
    SPARQL_PREDICATES,
    TARGETS,
    TERMS,
    WITHOUT_EFFECT,
    component_token,
    sh,
)

__all__ = ["needs_reference", "notes", "reached", "recursive", "unevaluable", "unknown_terms", "withheld"]

_PROPERTY = "PropertyShapeComponent"
_KNOWN = TARGETS.keys() | WITHOUT_EFFECT | SPARQL_PREDICATES | {sh(name) for name in PARAMETERS}


def unknown_terms(graph: Graph, node: Token) -> Iterator[Unevaluable]:
    """The terms of SHACL at a shape that are not supported; those that are misspelt are told elsewhere."""
    for predicate in graph.forward.get(node, NOTHING):
        name = predicate[len(SH) + 1 : -1]
        if predicate.startswith(f"<{SH}") and predicate not in _KNOWN and name in TERMS:
            of = "is of a draft of SHACL 1.2, and is not supported" if name in DRAFT else "is not part of SHACL Core"
            yield Unevaluable(shape=node, reason=f"sh:{name} {of}")


def needs_reference(shapes: Shapes) -> tuple[Shape, ...]:
    """The shapes whose results depend on a query, their own or one of a shape below them."""
    return _leading_to(shapes.by_node, lambda s: any(c.query is not None for c in s.constraints))


def _leading_to(by_node: Mapping[Token, Shape], wanted: Callable[[Shape], bool]) -> tuple[Shape, ...]:
    """The active shapes that lead to one of a kind, or are one."""
    found = {node for node, shape in by_node.items() if wanted(shape)}
    frontier = list(found)
    above: dict[Token, list[Token]] = {}
    for node, shape in by_node.items() if found else ():
        for inner in _references(shape):
            above.setdefault(inner, []).append(node)
    while frontier:
        fresh = [upper for upper in above.get(frontier.pop(), ()) if upper not in found]
        found.update(fresh)
        frontier.extend(fresh)
    return tuple(shape for node, shape in by_node.items() if node in found and not shape.deactivated)


def withheld(shapes: Shapes, broken: Iterable[Token]) -> tuple[Shapes, tuple[Unevaluable, ...]]:
    """Take out the constraints whose truth depends on a shape that cannot be evaluated.

    A property shape that is broken leaves its siblings as they are; `sh:not`, `sh:or` and their like would be judged
    wrongly by what is left of it.

    Args:
        shapes: the frozen shapes.
        broken: tokens of the shapes of which a part cannot be evaluated.

    Returns:
        The shapes, and what was taken out of which.
    """
    wanted = frozenset(broken)
    doubtful = {shape.node for shape in _leading_to(shapes.by_node, lambda shape: shape.node in wanted)} | wanted
    kept, said = dict(shapes.by_node), []
    for node, shape in shapes.by_node.items() if doubtful else ():
        out = [c for c in shape.constraints if c.component != _PROPERTY and doubtful.intersection(_inner(c))]
        if out:
            kept[node] = replace(shape, constraints=tuple(c for c in shape.constraints if c not in out))
            names = ", ".join(dict.fromkeys(component_token(c.component)[len(SH) + 1 : -1] for c in out))
            said.append(Unevaluable(shape=node, reason=f"{names} depends on a shape that cannot be evaluated"))
    return (replace(shapes, by_node=kept) if said else shapes), tuple(said)


def _inner(constraint: Constraint) -> tuple[Token, ...]:
    return (*constraint.shapes, *constraint.siblings)


def recursive(by_node: Mapping[Token, Shape]) -> Iterator[ShapesError]:
    """The shapes that lead back to themselves, by a walk that meets each shape once.

    Args:
        by_node: all shapes of a shapes graph.

    Yields:
        An error for each cycle; it names a shape of it.
    """
    done = set[Token]()
    for start in by_node:
        trail: dict[Token, None] = {}
        pending: list[tuple[Token, bool]] = [(start, False)]
        while pending:
            node, leaving = pending.pop()
            if leaving:
                done.add(trail.popitem()[0])
            elif node in trail:
                yield ShapesError(f"{node}: the shape refers to itself", hint="SHACL Core leaves recursion undefined")
            elif node not in done:
                trail[node] = None
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
        Entailment regimes first, then what shapes that a target reaches hold beyond what is supported.
    """
    for subject in graph.forward:
        for regime in graph.objects(subject, sh("entailment")):
            yield Unevaluable(shape=subject, reason=f"the entailment regime {regime} is not supported")
    for node in reached(by_node):
        yield from unknown_terms(graph, node)


def reached(by_node: Mapping[Token, Shape]) -> Mapping[Token, None]:
    """The active shapes that shapes with targets lead to, themselves included, in order."""
    return _reached(by_node, [s.node for s in by_node.values() if s.targets or s.target_queries])


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


def notes(graph: Graph, by_node: Mapping[Token, Shape]) -> Iterator[Note]:
    """The notes on the shapes of a shapes graph.

    Args:
        graph: the shapes graph.
        by_node: its shapes.

    Yields:
        Shapes that nothing reaches, shapes that check nothing, references to nothing, and list members that no value
        can equal.
    """
    used = [graph.inverse(sh(name)) for name in ("parameter", "condition", "filterShape")]
    ruled = graph.inverse(sh("rule")), {node for node in by_node if graph.objects(node, sh("rule"))}
    parameters = frozenset[Token]().union(*used, *ruled)
    referred = {inner for shape in by_node.values() for c in shape.constraints for inner in (*c.shapes, *c.siblings)}
    yield from _lost(graph, by_node)
    for node, shape in by_node.items():
        if shape.deactivated or node in parameters:
            continue
        yield from (Note(shape=node, text=text) for text in _texts(shape, referred=node in referred))
        if node in referred and node not in graph.forward:
            yield Note(shape=node, text="a shape refers to it, and the shapes graph says nothing of it")


_OF_SHAPES = frozenset(
    sh(name)
    for name in ("severity", "message", "deactivated", "ignoredProperties", "flags", "qualifiedValueShapesDisjoint")
)


def _lost(graph: Graph, by_node: Mapping[Token, Shape]) -> Iterator[Note]:
    """Named nodes that say something of a shape and are none."""
    for subject, properties in graph.forward.items():
        found = _OF_SHAPES.intersection(properties) if subject[0] == "<" and subject not in by_node else ()
        if found and not any(subject in graph.inverse(use) for use in _USES):
            names = ", ".join(sorted(f"sh:{each[len(SH) + 1 : -1]}" for each in found))
            yield Note(shape=subject, text=f"it has {names} and is no shape")


_USES = [sh(name) for name in ("sparql", "validator", "nodeValidator", "propertyValidator", "rule", "target")]


def _texts(shape: Shape, *, referred: bool) -> Iterator[str]:
    targeted = bool(shape.targets or shape.target_queries)
    if not targeted and not referred and shape.constraints:
        yield "it has no target, and no shape refers to it: it checks nothing"
    if targeted and not shape.constraints:
        yield "it has targets and no constraint: it checks nothing"
    for constraint in shape.constraints:
        if constraint.component == "InConstraintComponent" and any(term[0] == "_" for term in constraint.terms):
            yield "sh:in lists a blank node, which no value of the data can equal"
