"""Explanation of each constraint: checked on raw values, by the engine, across records, or by the reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphmap.lifting.plan import Plan
from graphmap.rdf import Token
from graphmap.validation.report import plain
from graphmap.validation.shapes import Constraint, Shape, Shapes, needs_reference
from graphmap.validation.static.row_proof import Guard, guard
from graphmap.validation.uniqueness import key_constraints

__all__ = ["Checked", "explain"]

_PROPERTY = "PropertyShapeComponent"
_RAW = "proved on the cells of a row; rows that it cannot be proved of go to the engine"
_REFERENCE = "the value is a node of another record, which is looked for among all of them"
_ACROSS = "one record cannot break it: an index over the input, a query against the store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One constraint.

    Args:
        source: name of the source whose records are meant.
        rule: slug; of a shape without one, its IRI.
        component: local name of the constraint component.
        where: `raw values`, `engine`, `across records`, `pySHACL`, `nobody`, or `no target`.
        why: one sentence without a full stop.
    """

    source: str
    rule: str
    component: str
    where: str
    why: str


def explain(
    source: str, plan: Plan, shapes: Shapes, hierarchy: Mapping[Token, frozenset[Token]], *, rows: bool
) -> Iterator[Checked]:
    """Say of each constraint of each shape with targets where it is checked.

    Args:
        source: name of a source.
        plan: its mapping.
        shapes: the frozen shapes.
        hierarchy: class to itself and its super-classes.
        rows: whether its records are rows of a table.

    Yields:
        By shape, in order of the shapes graph.
    """
    across = {(key.shape, key.component) for key in key_constraints(shapes)}
    elsewhere = {shape.node for shape in needs_reference(shapes)}
    for parent in shapes.targeted():
        for shape, constraint in _constraints(parent, shapes):
            rule = shape.rule or plain(shape.node)
            if (shape.node, constraint.component) in across:
                where, why = "across records", _ACROSS
            elif parent.node in elsewhere:
                where, why = "query", "a query decides it, or a shape that it depends on"
            elif not rows:
                where, why = "engine", "documents are always checked by the engine"
            else:
                where, why = _by_guard(_alone(parent, shape, constraint, plan, shapes, hierarchy))
            yield Checked(source=source, rule=rule, component=constraint.component, where=where, why=why)
    yield from _beyond(source, shapes)


def _beyond(source: str, shapes: Shapes) -> Iterator[Checked]:
    for each in shapes.unevaluable:
        shape = shapes.by_node.get(each.shape)
        rule = (shape.rule if shape else None) or plain(each.shape)
        yield Checked(source=source, rule=rule, component="beyond SHACL Core", where="nobody", why=each.reason)


def _constraints(parent: Shape, shapes: Shapes) -> Iterator[tuple[Shape, Constraint]]:
    for shape in (parent, *shapes.properties_of(parent)):
        yield from ((shape, each) for each in shape.constraints if each.component != _PROPERTY)


def _alone(
    parent: Shape,
    shape: Shape,
    constraint: Constraint,
    plan: Plan,
    shapes: Shapes,
    hierarchy: Mapping[Token, frozenset[Token]],
) -> Guard:
    """The row proof for a single constraint."""
    only = replace(shape, constraints=(constraint,))
    if shape is parent:
        changed = {parent.node: only}
    else:
        link = Constraint(component=_PROPERTY, shapes=(shape.node,))
        changed = {parent.node: replace(parent, constraints=(link,)), shape.node: only}
    untargeted = {node: replace(each, targets=()) for node, each in shapes.by_node.items()}
    return guard(plan, Shapes(by_node=untargeted | changed), hierarchy)


def _by_guard(found: Guard) -> tuple[str, str]:
    obligations = found.obligations
    if found.references:
        return "across records", _REFERENCE
    if not obligations:
        return "no target", "nothing that this mapping makes is a target of the shape"
    doubts = [doubt for each in obligations for doubt in each.doubts]
    return ("engine", doubts[0]) if doubts else ("raw values", _RAW)
