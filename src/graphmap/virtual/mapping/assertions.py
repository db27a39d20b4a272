"""Assertions of a mapping: each predicate with its subject and object term maps, saturated by the ontology.

Source: the technique known as mapping saturation; RML-Core, triples maps; OWL 2 Profiles, section 4.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphmap.errors import MappingError
from graphmap.lifting.plan import (
    Call,
    Constant,
    Fresh,
    Gather,
    Iteration,
    Join,
    LogicalSource,
    Plan,
    Position,
    Reference,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    rml,
    within,
)
from graphmap.rdf import RDF_TYPE, Token
from graphmap.reasoning import Saturation

__all__ = ["Assertion", "Rows", "TermRule", "assertions_of"]

_DEFAULT_GRAPH = rml("defaultGraph")
_NOTHING = Saturation(classes={}, properties={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows that an assertion is made from: those of a source, or pairs with the rows of a parent source.

    Args:
        source: of the triples map.
        parent: of the referenced triples map; `None` without a join.
        conditions: child and parent term maps whose texts must be equal.
    """

    source: LogicalSource
    parent: LogicalSource | None = None
    conditions: tuple[tuple[TermMap, TermMap], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule:
    """A term map, the base of its relative IRIs, and whether it reads the parent's row."""

    term_map: TermMap
    base: str
    of_parent: bool = False

    @property
    def constant(self) -> Token | None:
        """The term where it is always the same one."""
        expression = self.term_map.expression
        return expression.token if isinstance(expression, Constant) else None

    @property
    def makes_literals(self) -> bool:
        """Return whether its terms are literals."""
        token = self.constant
        return token[0] == '"' if token is not None else self.term_map.term_type is TermType.LITERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One triple for each of the rows whose subject and object both give a term."""

    rows: Rows
    subject: TermRule
    predicate: Token
    object: TermRule


def assertions_of(plan: Plan, saturation: Saturation = _NOTHING) -> tuple[Assertion, ...]:
    """The distinct assertions of a mapping and of what the ontology entails of them.

    Args:
        plan: a mapping of tables.
        saturation: classes and properties with what they entail.

    Raises:
        MappingError: where a part of the mapping has no form over tables that stay where they are; says which.
    """
    found: dict[Assertion, None] = {}
    for triples_map in plan.triples_maps:
        _check_source(triples_map.iteration, triples_map)
        for asserted in _asserted(triples_map, plan):
            found[asserted] = None
            found.update(dict.fromkeys(_entailed(asserted, saturation)))
    return tuple(found)


def _asserted(triples_map: TriplesMap, plan: Plan) -> Iterator[Assertion]:
    base = triples_map.base or plan.base
    subject = TermRule(term_map=_checked(triples_map.subject), base=base)
    _check_graphs(triples_map.subject_graphs)
    for pair in triples_map.predicate_objects:
        _check_graphs(pair.graphs)
        for predicate in pair.predicates:
            if not isinstance(predicate.expression, Constant):
                raise _refused(predicate, "computes its predicate from data", "name each predicate in the mapping")
            for value in pair.objects:
                rows, rule = _object(value, triples_map.iteration.source, base, plan)
                token = predicate.expression.token
                yield Assertion(rows=rows, subject=subject, predicate=token, object=rule)


def _object(value: TermMap, source: LogicalSource, base: str, plan: Plan) -> tuple[Rows, TermRule]:
    join = value.expression
    if not isinstance(join, Join):
        return Rows(source=source), TermRule(term_map=_checked(value), base=base)
    _check_source(join.parent, value)
    for child, parent in join.conditions:
        for side in (child, parent):
            if not isinstance(side.expression, Reference):
                raise _refused(value, "joins by something else than columns", "join by a column of each table")
    rule = TermRule(term_map=_checked(join.subject), base=join.base or plan.base, of_parent=True)
    return Rows(source=source, parent=join.parent.source, conditions=join.conditions), rule


def _entailed(asserted: Assertion, saturation: Saturation) -> Iterator[Assertion]:
    constant = asserted.object.constant
    if asserted.predicate == RDF_TYPE and constant is not None:
        for upper in saturation.classes.get(constant, ()):
            term_map = TermMap(expression=Constant(token=upper), term_type=TermType.IRI, name=upper)
            rule = TermRule(term_map=term_map, base=asserted.object.base)
            yield Assertion(rows=asserted.rows, subject=asserted.subject, predicate=RDF_TYPE, object=rule)
    for predicate, turned in saturation.properties.get(asserted.predicate, ()):
        ends = (asserted.subject, asserted.object)
        if not turned or not asserted.object.makes_literals:
            subject, value = reversed(ends) if turned else ends
            yield Assertion(rows=asserted.rows, subject=subject, predicate=predicate, object=value)


def _check_source(iteration: Iteration, at: TriplesMap | TermMap) -> None:
    if not iteration.source.formulation.tabular or iteration.steps:
        raise _refused(at, "does not read the rows of a table", "load such records with `graphmap load`")


def _check_graphs(graphs: tuple[TermMap, ...]) -> None:
    for each in graphs:
        if each.expression != Constant(token=_DEFAULT_GRAPH):
            raise _refused(each, "puts triples into a named graph", "leave the graph map out")


_UNREADABLE: Mapping[type, str] = {
    Fresh: "makes a new blank node for each row",
    Gather: "gathers lists or containers",
    Position: "reads the number of a row",
    Join: "joins inside of a term map",
}
"""Expressions whose terms depend on more than the values of one row."""


def _checked(term_map: TermMap) -> TermMap:
    """The term map, where its terms depend on one row alone."""
    for expression in within(term_map):
        parts = expression.parts if isinstance(expression, Template) else ()
        for each in (expression, *parts):
            if type(each) in _UNREADABLE:
                raise _refused(term_map, _UNREADABLE[type(each)], "load such records with `graphmap load`")
            if isinstance(each, Call) and any(a and isinstance(a.expression, Join) for a in each.arguments):
                raise _refused(term_map, _UNREADABLE[Join], "join by an rml:parentTriplesMap of its own")
    return term_map


def _refused(at: TriplesMap | TermMap, what: str, hint: str) -> MappingError:
    where = at.written if isinstance(at, TermMap) else None
    return MappingError(f"{at.name} {what}, which is not answered from tables in place", where=where, hint=hint)
