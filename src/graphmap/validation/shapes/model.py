"""The frozen model of a shapes graph: what the engine compiles and the guard reads.

Source: SHACL, sections 2 (shapes) and 4 (core constraint components).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphmap.rdf import Token, Triple
from graphmap.validation.shapes.property_paths import Path
from graphmap.validation.shapes.vocabulary import TargetKind

__all__ = ["Constraint", "Note", "Rule", "Shape", "Shapes", "SparqlFunction", "SparqlQuery", "Target", "Unevaluable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A way to focus nodes: `term` is the class, the node, or the predicate."""

    kind: TargetKind
    term: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class SparqlQuery:
    """A query of a shapes graph: of a constraint, a validator, a target, a function or a rule.

    Args:
        source: node that holds the query.
        text: the query; its prefixes stand before it, and `$PATH` is replaced.
        asks: an ASK query, which holds for one value at a time.
        messages: literal tokens of `sh:message`; variables in braces stand for their values.
        bindings: pre-bound variables beside `this` and `value`: name and term.
    """

    source: Token
    text: str
    asks: bool = False
    messages: tuple[Token, ...] = ()
    bindings: tuple[tuple[str, Token], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SparqlFunction:
    """A function that the shapes graph declares; SHACL-AF, section 5.

    Args:
        query: its body; the first variable of an answer, or the answer of an ASK, is its value.
        parameters: names of the variables, in the order of the arguments.
        required: how many arguments a call must have.
    """

    query: SparqlQuery
    parameters: tuple[str, ...]
    required: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of a shape; SHACL-AF, section 8.

    Args:
        shape: token of the shape whose focus nodes it is executed for.
        node: token of the rule.
        order: rules of a lower order come first.
        conditions: shapes that a focus node must conform to.
        query: the CONSTRUCT query of a SPARQL rule.
        terms: nodes of the expressions for subject, predicate and object of a triple rule.
    """

    shape: Token
    node: Token
    order: float = 0.0
    conditions: tuple[Token, ...] = ()
    query: SparqlQuery | None = None
    terms: tuple[Token, ...] = ()


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
        query: the query of a SPARQL-based constraint or component.
    """

    component: str
    terms: tuple[Token, ...] = ()
    count: int = 0
    pattern: str = ""
    flags: str = ""
    shapes: tuple[Token, ...] = ()
    siblings: tuple[Token, ...] = ()
    query: SparqlQuery | None = None


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
        target_queries: SPARQL-based targets.
        deactivated: every node conforms.
        rule: slug of the rule it was derived from.
        name: `sh:name`, unescaped.
        description: `sh:description`, unescaped.
        source: where the rule stands (`dcterms:source`), unescaped.
        key: name of a blank shape, made from its content; empty of others.
        title: name for people: `sh:name`, else the end of its path or of its IRI.
    """

    node: Token
    path: Path | None = None
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    severity: Token
    messages: tuple[Token, ...] = ()
    target_queries: tuple[SparqlQuery, ...] = ()
    deactivated: bool = False
    rule: str | None = None
    name: str | None = None
    description: str | None = None
    source: str | None = None
    key: str = ""
    title: str = ""

    @property
    def stable(self) -> Token:
        """A token for reports: of a blank shape one that other shapes of the file do not change."""
        return f"_:{self.key}" if self.key else self.node


@dataclass(frozen=True, slots=True, kw_only=True)
class Unevaluable:
    """A part of a shapes graph that cannot be evaluated: the outcome is *failed* then, whatever else was found.

    Args:
        shape: token of the shape.
        reason: one sentence without a full stop.
    """

    shape: Token
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A part of a shapes graph that was read with leave, or that probably says something else than was meant.

    Args:
        shape: token of the shape.
        text: one sentence without a full stop.
    """

    shape: Token
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """All shapes of a shapes graph.

    Args:
        by_node: every shape, by its token, in order of appearance.
        unevaluable: ill-formed shapes, and what reachable shapes hold that is not supported.
        notes: what a reader of the report should know; it changes no outcome.
        functions: SPARQL-based functions.
        rules: rules of active shapes; a validation does not execute them by itself.
        triples: the shapes graph itself; kept only where a query may read it.
    """

    by_node: Mapping[Token, Shape]
    unevaluable: tuple[Unevaluable, ...] = ()
    notes: tuple[Note, ...] = ()
    functions: tuple[SparqlFunction, ...] = ()
    rules: tuple[Rule, ...] = ()
    triples: tuple[Triple, ...] = ()

    def targeted(self) -> tuple[Shape, ...]:
        """The shapes with targets that are not deactivated."""
        return tuple(s for s in self.by_node.values() if (s.targets or s.target_queries) and not s.deactivated)

    def properties_of(self, shape: Shape) -> tuple[Shape, ...]:
        """The property shapes of a shape that are not deactivated."""
        nodes = (n for c in shape.constraints if c.component == "PropertyShapeComponent" for n in c.shapes)
        return tuple(found for node in nodes if not (found := self.by_node[node]).deactivated)
