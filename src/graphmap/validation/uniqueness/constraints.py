"""Constraints across records: values that only one record may have.

A shape says so in SHACL Core by the path `( P [ sh:inversePath P ] )`, which leads from a record over its value to all
records with that value, with `sh:maxCount 1`, or with `sh:qualifiedMaxCount 1` where only some records count. One
record's graph can never break it, so it is checked over an input by an index and against the store by a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from graphmap.rdf import RDF_TYPE, Graph, Token, literal_parts
from graphmap.validation.report import severity_name
from graphmap.validation.shapes import Constraint, Path, PathKind, Shape, Shapes, TargetKind

__all__ = ["KeyConstraint", "KeyEntry", "key_constraints", "key_entries", "record_key"]

_COMPONENTS = ("MaxCountConstraintComponent", "QualifiedMaxCountConstraintComponent")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyConstraint:
    """At most one record may have a value.

    Args:
        shape: token of the property shape; `None` for the key of the record itself.
        predicate: token of the property that holds the value; `None` for the key of the record itself.
        classes: the classes whose instances are compared; empty for any.
        condition: token of the shape that a record must conform to in order to count; `None` where all count.
        path: the path of the property shape.
        component: local name of the constraint component.
        severity: as in a finding.
        message: what is expected.
        messages: literal tokens of the shape.
        rule: slug of the rule.
        same_focus_collides: whether one focus node that comes twice collides with itself.
    """

    shape: Token | None = None
    predicate: Token | None = None
    classes: tuple[Token, ...] = ()
    condition: Token | None = None
    path: Path | None = None
    component: str | None = None
    severity: str = "Violation"
    message: str
    messages: tuple[Token, ...] = ()
    rule: str | None = None
    same_focus_collides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """One value of one record, as it goes into the index."""

    constraint: KeyConstraint
    value: Token
    focus: Token


def key_constraints(shapes: Shapes) -> tuple[KeyConstraint, ...]:
    """Find the constraints across records in a shapes graph.

    Args:
        shapes: the frozen shapes.

    Returns:
        One for each constraint that is active and reached from a target, in order of appearance.
    """
    found: dict[tuple[Token, str], KeyConstraint] = {}
    for parent in shapes.targeted():
        for shape in (parent, *shapes.properties_of(parent)):
            predicate = _own_value(shape.path)
            for constraint in shape.constraints if predicate else ():
                if constraint.component in _COMPONENTS and constraint.count == 1:
                    key = (shape.node, constraint.component)
                    classes = _classes(parent) + (found[key].classes if key in found else ())
                    found[key] = _key(shape, constraint, predicate or "", classes)
    return tuple(found.values())


def _own_value(path: Path | None) -> Token | None:
    """The predicate P of a path `P / ^P`."""
    if path is None or path.kind is not PathKind.SEQUENCE or len(path.parts) != 2:
        return None
    there, back = path.parts
    returns = back.kind is PathKind.INVERSE and back.parts[0] == there
    return there.predicate if there.kind is PathKind.PREDICATE and returns else None


def _classes(shape: Shape) -> tuple[Token, ...]:
    return tuple(target.term for target in shape.targets if target.kind is TargetKind.CLASS)


def _key(shape: Shape, constraint: Constraint, predicate: Token, classes: tuple[Token, ...]) -> KeyConstraint:
    texts = [literal_parts(message) for message in shape.messages]
    texts.sort(key=lambda text: text.language is not None)
    return KeyConstraint(
        shape=shape.node,
        predicate=predicate,
        classes=tuple(dict.fromkeys(classes)),
        condition=constraint.shapes[0] if constraint.shapes else None,
        path=shape.path,
        component=constraint.component,
        severity=severity_name(shape.severity),
        message=texts[0].lexical if texts else "Only one record may have this value",
        messages=shape.messages,
        rule=shape.rule,
    )


def record_key(*, rule: str, message: str, severity: str = "Violation") -> KeyConstraint:
    """The constraint that one input holds each record once.

    Args:
        rule: slug of the key rule.
        message: what is expected.
        severity: as in a finding.

    Returns:
        A constraint whose values are the subjects of records.
    """
    return KeyConstraint(rule=rule, message=message, severity=severity, same_focus_collides=True)


def key_entries(
    graph: Graph,
    constraints: Iterable[KeyConstraint],
    *,
    subclasses: Callable[[Token], frozenset[Token]],
    conforms: Callable[[Token, Graph, Token], bool],
) -> Iterator[KeyEntry]:
    """The key values of one record.

    Args:
        graph: the record.
        constraints: as `key_constraints` found them; those without a predicate are left out.
        subclasses: class to itself and all its sub-classes; `Engine.subclasses`.
        conforms: whether a node conforms to a shape; `Engine.conforms`.

    Yields:
        Entries, by constraint.
    """
    for constraint in constraints:
        if constraint.predicate is None:
            continue
        accepted = frozenset[Token]().union(*(subclasses(each) for each in constraint.classes))
        for value, subjects in graph.inverse(constraint.predicate).items():
            for focus in subjects:
                if accepted and accepted.isdisjoint(graph.objects(focus, RDF_TYPE)):
                    continue
                if constraint.condition is None or conforms(constraint.condition, graph, focus):
                    yield KeyEntry(constraint=constraint, value=value, focus=focus)
