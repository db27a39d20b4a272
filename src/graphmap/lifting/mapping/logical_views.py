"""Logical views: what they are on, their fields, and the views that they join.

A view on itself, or one that joins itself by whatever way, is refused here, before a record is read.
Source: RML-LV, logical views and logical view joins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from graphmap.lifting.mapping.view_fields import Fields, field_of
from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.mapping_sources import Field, Reads, Scope, check_annotations, language_of, logical_source
from graphmap.lifting.optimizer import trimmed
from graphmap.lifting.paths import SELF, column_path
from graphmap.lifting.plan import Iteration, Position, Reference, Step, TermMap, ViewJoin, rml
from graphmap.rdf import Token

__all__ = ["scope_of"]

_JOINS = ("leftJoin", "innerJoin", "fullJoin")
_HINT = "let one of the views be on a logical source of its own"


class _Joined(NamedTuple):
    """A join of a view: its kind, its node, what it is, and the scope of the other view."""

    kind: str
    node: Token
    join: ViewJoin
    there: Scope


def scope_of(nodes: Nodes, node: Token, read: Reads) -> Scope:
    """The scope of a logical source or a logical view.

    Args:
        nodes: the statements of the mapping.
        node: the source or view.
        read: reads the expressions of fields and join conditions.

    Raises:
        MappingError: where it cannot be read.
    """
    scope = _scope(nodes, node, read, ())
    if scope.fields is not None:
        check_annotations(nodes, node, scope, lambda view: _scope(nodes, view, read, ()))
    return scope


def _scope(nodes: Nodes, node: Token, read: Reads, seen: tuple[Token, ...]) -> Scope:
    if not nodes.all(node, rml("viewOn")):
        return _scope_of_source(nodes, node)
    if node in seen:
        raise nodes.fault(node, "the view is on itself, or joins itself", _HINT)
    for name in ("iterator", "referenceFormulation"):
        if nodes.all(node, rml(name)):
            raise nodes.fault(node, f"a view has no rml:{name} of its own", "take it out", at=name)
    around = (*seen, node)
    below = _scope(nodes, nodes.one(node, rml("viewOn")), read, around)
    if below.rests:
        raise nodes.fault(node, "the view is on one with a full join", "let it join by itself")
    fields = Fields(below, read)
    fields.add_all(node)
    own = fields.iteration
    joined = list(_joins(nodes, node, fields, read, around))
    scope = fields.scope
    if any(each.kind == "innerJoin" for each in joined):  # it drops what has no fields of the view's own
        return scope
    full = [each for each in joined if each.kind == "fullJoin"]
    rests = tuple(replace(_rest(nodes, each, own, scope.fields or ()), records=scope.records) for each in full)
    return replace(scope, rests=rests)


def _scope_of_source(nodes: Nodes, node: Token) -> Scope:
    """The scope of a logical source: its iterator makes the one step.

    Raises:
        MappingError: where the source, its formulation or its iterator cannot be read.
    """
    source = logical_source(nodes, node)
    language = language_of(nodes, node, nodes.maybe(node, rml("referenceFormulation")), of=source)
    iterator = nodes.text(node, rml("iterator"))
    steps: tuple[Step, ...] = ()
    if iterator is not None and not source.formulation.tabular and iterator.strip() not in ("$", ""):
        steps = (Step(below=0, path=language.path(iterator, nodes, node)),)
    return Scope(nodes=nodes, iteration=Iteration(source=source, steps=steps), language=language)


def _joins(nodes: Nodes, node: Token, fields: Fields, read: Reads, around: tuple[Token, ...]) -> Iterator[_Joined]:
    """Add the levels of the joins; a condition reads the view's own fields, whatever joins come before."""
    own = fields.scope
    for name in _JOINS:
        for join in nodes.all(node, rml(name)):
            parent_view = nodes.one(join, rml("parentLogicalView"))
            if not nodes.all(parent_view, rml("viewOn")):
                raise nodes.fault(join, f"{parent_view} is not a logical view", "join a view, one with rml:viewOn")
            there = _scope(nodes, parent_view, read, around)
            if there.rests:
                raise nodes.fault(join, f"{parent_view} has a full join", "join one of the views that it joins")
            made = ViewJoin(
                parent=there.iteration,
                fields=tuple(_taken(nodes, join, there, fields, read)),
                conditions=tuple(_conditions(nodes, join, own, there, read)),
            )
            _add_level(nodes, join, trimmed(made), fields, outer=name != "innerJoin")
            yield _Joined(kind=name, node=join, join=made, there=there)


def _add_level(nodes: Nodes, node: Token, join: ViewJoin, fields: Fields, *, outer: bool) -> None:
    step = Step(below=fields.start, path=SELF, outer=outer, maker=join, name=node, written=nodes.place(node))
    level = fields.level(step)
    for (field, _), field_node in zip(join.fields, nodes.all(node, rml("field")), strict=True):
        reference = Reference(text=field, level=level, path=column_path(field))
        fields.take(field, field_node, reference, Position(level=level))


def _rest(nodes: Nodes, joined: _Joined, own: Iteration, names: Iterable[str]) -> Scope:
    """The iterations of a fully joined view that meet none of the view's own; its own fields have no value there."""
    conditions = tuple((parent, child) for child, parent in joined.join.conditions)
    without = trimmed(ViewJoin(parent=own, fields=(), conditions=conditions, unmatched=True))
    there = joined.there
    start = min(len(there.iteration.steps), 1)
    step = Step(below=start, path=SELF, maker=without, name=joined.node, written=nodes.place(joined.node))
    iteration = replace(there.iteration, steps=(*there.iteration.steps, step))
    level = len(iteration.steps)
    fields: dict[str, Field] = {name: Reference(text=name, level=level, path=column_path("")) for name in names}
    for name, value in joined.join.fields:
        fields[name], fields[f"{name}.#"] = field_of(value), Position(level=level)
    return Scope(nodes=nodes, iteration=iteration, language=there.language, fields=fields)


def _conditions(nodes: Nodes, join: Token, own: Scope, there: Scope, read: Reads) -> list[tuple[TermMap, TermMap]]:
    given = nodes.all(join, rml("joinCondition"))
    if not given:
        raise nodes.fault(join, "the join has no condition", "add rml:joinCondition")
    return [(read.side(each, "child", own), read.side(each, "parent", there)) for each in given]


def _taken(nodes: Nodes, join: Token, there: Scope, fields: Fields, read: Reads) -> list[tuple[str, TermMap]]:
    """The fields of a join: expressions over the fields of the other view."""
    given = nodes.all(join, rml("field"))
    if not given:
        raise nodes.fault(join, "the join takes no fields", "add rml:field")
    for node in given:
        if any(nodes.all(node, rml(each)) for each in ("field", "iterator", "referenceFormulation")):
            raise nodes.fault(node, "a field of a join is an expression without fields of its own", "keep one of them")
    return [(fields.name(node), read.text_map(node, there)) for node in given]
