"""The frozen model of a shapes graph: what the engine compiles and the guard reads.

Source: SHACL, sections 2 (shapes) and 4 (core constraint components).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphmap.rdf import Token, Triple
from graphmap.validation.shapes.property_paths import Path
from graphmap.validation.shapes.vocabulary import TargetKind

__all__ = ["Constraint", "Shape", "Shapes", "Target", "Unevaluable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A way to focus nodes: `term` is the class, the node, or the predicate."""

    kind: TargetKind
    term: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One constraint of a shape: a component with its parameters.

    Args:
        component: local name, such as `MinCountConstraintComponent`; `PropertyShapeComponent` for `sh:property`.
        terms: the class, datatype, node kind, limit, value or predicate; the members of `sh:in` and `sh:languageIn`;
            for `sh:closed` the allowed predicates; for a count the literal as it was written.
        count: the number of a count or length component.
        pattern: regular expression of `sh:pattern`, unescaped.
        flags: flags of `sh:pattern`.
        shapes: nodes of the shapes referred to; of a qualified component the qualified value shape.
        siblings: nodes of the sibling shapes where `sh:qualifiedValueShapesDisjoint` is true.
    """

    component: str
    terms: tuple[Token, ...] = ()
    count: int = 0
    pattern: str = ""
    flags: str = ""
    shapes: tuple[Token, ...] = ()
    siblings: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A node shape, or with a path a property shape.

    Args:
        node: token of the shape.
        path: `None` for a node shape.
        targets: where its focus nodes are; implicit class targets are here too.
        constraints: in the order of the table of parameters, then of the shapes graph.
        severity: token of an IRI.
        messages: literal tokens, perhaps in several languages.
        deactivated: every node conforms.
        rule: slug of the rule it was derived from.
        name: `sh:name`, unescaped.
        description: `sh:description`, unescaped.
        source: where the rule stands (`dcterms:source`), unescaped.
    """

    node: Token
    path: Path | None = None
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    severity: Token
    messages: tuple[Token, ...] = ()
    deactivated: bool = False
    rule: str | None = None
    name: str | None = None
    description: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unevaluable:
    """A part of a shapes graph that the engine cannot evaluate: where nobody else does, no outcome is certain.

    Args:
        shape: token of the shape.
        reason: one sentence without a full stop.
        by_reference: whether the reference validator can evaluate it.
    """

    shape: Token
    reason: str
    by_reference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """All shapes of a shapes graph.

    Args:
        by_node: every shape, by its token, in order of appearance.
        unevaluable: what reachable shapes hold that the engine cannot evaluate.
        triples: the shapes graph itself; kept only where the reference validator has to read it.
    """

    by_node: Mapping[Token, Shape]
    unevaluable: tuple[Unevaluable, ...] = ()
    triples: tuple[Triple, ...] = ()

    def targeted(self) -> tuple[Shape, ...]:
        """The shapes with targets that are not deactivated."""
        return tuple(shape for shape in self.by_node.values() if shape.targets and not shape.deactivated)

    def properties_of(self, shape: Shape) -> tuple[Shape, ...]:
        """The property shapes of a shape that are not deactivated."""
        nodes = (n for c in shape.constraints if c.component == "PropertyShapeComponent" for n in c.shapes)
        return tuple(found for node in nodes if not (found := self.by_node[node]).deactivated)
