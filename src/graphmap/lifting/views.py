"""Logical views: what they are on, their fields, and the views that they join.

A view on itself, or one that joins itself by whatever way, is refused here, before a record is read.
Source: RML-LV, logical views and logical view joins.
"""

from __future__ import annotations

from graphmap.lifting.annotations import check_annotations
from graphmap.lifting.fields import Fields
from graphmap.lifting.levels import trimmed
from graphmap.lifting.nodes import Nodes
from graphmap.lifting.paths import SELF, column_path
from graphmap.lifting.plan import Iteration, Position, Reference, Step, TermMap, ViewJoin
from graphmap.lifting.scope import Reads, Scope
from graphmap.lifting.source_reading import language_of, logical_source
from graphmap.lifting.vocabulary import rml
from graphmap.terms import Token

__all__ = ["scope_of"]

_HINT = "let one of the views be on a logical source of its own"


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
    fields = Fields(_scope(nodes, nodes.one(node, rml("viewOn")), read, around), read)
    fields.add_all(node)
    _add_joins(nodes, node, fields, read, around)
    return fields.scope


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


def _add_joins(nodes: Nodes, node: Token, fields: Fields, read: Reads, around: tuple[Token, ...]) -> None:
    """Add the levels of the joins; a condition reads the view's own fields, whatever joins come before."""
    own = fields.scope
    for name in ("leftJoin", "innerJoin"):
        for join in nodes.all(node, rml(name)):
            parent_view = nodes.one(join, rml("parentLogicalView"))
            if not nodes.all(parent_view, rml("viewOn")):
                raise nodes.fault(join, f"{parent_view} is no logical view", "join a view, one with rml:viewOn")
            there = _scope(nodes, parent_view, read, around)
            whole = ViewJoin(
                parent=there.iteration,
                fields=tuple(_taken(nodes, join, there, fields, read)),
                conditions=tuple(_conditions(nodes, join, own, there, read)),
            )
            made = trimmed(whole)
            step = Step(
                below=fields.start,
                path=SELF,
                outer=name == "leftJoin",
                maker=made,
                name=join,
                written=nodes.place(join),
            )
            level = fields.level(step)
            for (field, _), field_node in zip(made.fields, nodes.all(join, rml("field")), strict=True):
                reference = Reference(text=field, level=level, path=column_path(field))
                fields.take(field, field_node, reference, Position(level=level))


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
