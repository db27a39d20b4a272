"""Shapes, compiled: property shapes grouped by path, so that the values of a path are fetched once.

Two walks over the same groups: one reports, one only tells whether all holds and stops at the first fault.
Source: SHACL, sections 3.4 (validation) and 2.3 (property shapes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from graphmap.rdf import NOTHING, Graph, Token
from graphmap.validation.engine.constraint_components import (
    COMPONENTS,
    Conforms,
    Offending,
    Surroundings,
    queried,
)
from graphmap.validation.engine.result_emitter import Details, Emit, emitter, emitter_of_solutions
from graphmap.validation.report import Result
from graphmap.validation.shapes import (
    Constraint,
    Follow,
    Path,
    PathKind,
    Shape,
    Shapes,
    Unevaluable,
    follow,
)
from graphmap.validation.sparql import Answers

__all__ = ["Check", "CompiledShape", "Compiler", "Group", "holds", "report"]

_SPEAKS_OF_NOTHING = frozenset(
    {
        "MinCountConstraintComponent",
        "HasValueConstraintComponent",
        "QualifiedMinCountConstraintComponent",
        "EqualsConstraintComponent",
        "SomeValueConstraintComponent",
    }
)
_PROPERTY = "PropertyShapeComponent"
_DETAILED = frozenset(f"{name}ConstraintComponent" for name in ("Node", "And", "Or", "Xone", "QualifiedMinCount"))
_MOST_DETAILS = 10


class Check(NamedTuple):
    """One constraint: what offends it, and how that is reported."""

    offending: Offending
    emit: Emit


class Group(NamedTuple):
    """All property shapes of one path below one shape.

    Args:
        predicate: of a predicate path, otherwise empty.
        follow: any path as a function.
        checks: what is checked where there are values.
        checks_of_none: what is checked where there is none: the few that can offend then.
        nested: property shapes that take each value as their focus node.
    """

    predicate: Token
    follow: Follow
    checks: tuple[Check, ...]
    checks_of_none: tuple[Check, ...]
    nested: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledShape:
    """A shape ready to run: checks of the node itself, and groups of property shapes; equal to itself alone."""

    node: Token
    checks: tuple[Check, ...]
    groups: tuple[Group, ...]


def report(shape: CompiledShape, graph: Graph, focus: Token, results: list[Result]) -> None:
    """Add the results of one focus node to a list."""
    values = (focus,)
    for offending, emit in shape.checks:
        offences = offending(graph, focus, values)
        if offences:
            emit(graph, focus, offences, results)
    _report_groups(shape.groups, graph, focus, results)


def _report_groups(groups: tuple[Group, ...], graph: Graph, focus: Token, results: list[Result]) -> None:
    properties = graph.forward.get(focus, NOTHING)
    values: Sequence[Token]
    for predicate, run, checks, checks_of_none, nested in groups:
        values = properties.get(predicate, ()) if predicate else run(graph, focus)
        for offending, emit in checks if values else checks_of_none:
            offences = offending(graph, focus, values)
            if offences:
                emit(graph, focus, offences, results)
        if nested:
            for value in values:
                _report_groups(nested, graph, value, results)


def holds(shape: CompiledShape, graph: Graph, focus: Token) -> bool:
    """Return whether a node conforms to a shape."""
    values = (focus,)
    return not any(offending(graph, focus, values) for offending, _ in shape.checks) and _groups_hold(
        shape.groups, graph, focus
    )


def _groups_hold(groups: tuple[Group, ...], graph: Graph, focus: Token) -> bool:
    for predicate, run, checks, checks_of_none, nested in groups:
        values = graph.objects(focus, predicate) if predicate else run(graph, focus)
        for offending, _ in checks if values else checks_of_none:
            if offending(graph, focus, values):
                return False
        if nested and not all(_groups_hold(nested, graph, value) for value in values):
            return False
    return True


class Compiler:
    """Compiles the shapes of one shapes graph, each once.

    Args:
        shapes: the frozen shapes; they do not refer to themselves.
        subclasses: class to itself and all its sub-classes.
        give_up: told which shape has a constraint that took too long, and why.
        answers: gives what the queries of the shapes graph say of the graph at hand.
        targets: gives the nodes of the graph at hand that a shape targets.
    """

    def __init__(
        self,
        shapes: Shapes,
        subclasses: Callable[[Token], frozenset[Token]],
        give_up: Callable[[Unevaluable], None],
        answers: Callable[[], Answers] = dict,
        targets: Callable[[Token], Sequence[Token]] = lambda _shape: (),
    ) -> None:
        self._shapes = shapes
        self._give_up = give_up
        self._targets = targets
        self._done: dict[Token, CompiledShape] = {}
        self._around = Surroundings(conforms=self._conforms, subclasses=subclasses, answers=answers)

    def shape(self, node: Token) -> CompiledShape:
        """The compiled form of a shape; one that is deactivated checks nothing."""
        found = self._done.get(node)
        if found is None:
            found = self._done[node] = self._compile(self._shapes.by_node[node])
        return found

    def _compile(self, shape: Shape) -> CompiledShape:
        if shape.deactivated:
            return CompiledShape(node=shape.node, checks=(), groups=())
        if shape.path is not None:
            return CompiledShape(node=shape.node, checks=(), groups=self._groups([shape]))
        groups = self._groups(self._shapes.properties_of(shape))
        return CompiledShape(node=shape.node, checks=tuple(self._checks(shape)), groups=groups)

    def _conforms(self, node: Token) -> Conforms:
        shape = self.shape(node)
        return lambda graph, focus: holds(shape, graph, focus)

    def _groups(self, properties: Iterable[Shape]) -> tuple[Group, ...]:
        by_path: dict[Path, list[Shape]] = {}
        for shape in properties:
            if shape.path is not None and not shape.deactivated:
                by_path.setdefault(shape.path, []).append(shape)
        return tuple(self._group(path, members) for path, members in by_path.items())

    def _group(self, path: Path, members: Sequence[Shape]) -> Group:
        constraints = [(shape, constraint) for shape in members for constraint in _own(shape)]
        nested = [inner for shape in members for inner in self._shapes.properties_of(shape)]
        return Group(
            predicate=path.predicate if path.kind is PathKind.PREDICATE else "",
            follow=follow(path),
            checks=tuple(self._check(*pair) for pair in constraints),
            checks_of_none=tuple(self._check(*pair) for pair in constraints if _may_miss(pair[1])),
            nested=self._groups(nested),
        )

    def _checks(self, shape: Shape) -> Iterable[Check]:
        return (self._check(shape, constraint) for constraint in _own(shape))

    def _check(self, shape: Shape, constraint: Constraint) -> Check:
        def give_up(reason: str) -> bool:
            self._give_up(Unevaluable(shape=shape.node, reason=reason))
            return True

        compile_one = COMPONENTS[constraint.component] if constraint.query is None else queried
        offending = compile_one(
            constraint, replace(self._around, give_up=give_up, targets=lambda: self._targets(shape.node))
        )
        if constraint.query is not None:
            return Check(offending, emitter_of_solutions(shape, constraint))
        inner = tuple(self.shape(node) for node in constraint.shapes) if constraint.component in _DETAILED else ()
        return Check(offending, emitter(shape, constraint, _details(shape, inner) if inner else None))


def _details(shape: Shape, inner: tuple[CompiledShape, ...]) -> Details:
    """Find the results of the shapes that a value had to conform to.

    Source: SHACL, section 3.6.2.5 (`sh:detail`).
    """
    step = follow(shape.path) if shape.path is not None else None

    def details(graph: Graph, focus: Token, value: Token | None) -> tuple[Result, ...]:
        found: list[Result] = []
        values = [value] if value is not None else step(graph, focus) if step is not None else [focus]
        for each in values:
            for compiled in inner:
                if len(found) < _MOST_DETAILS:
                    report(compiled, graph, each, found)
        return tuple(found[:_MOST_DETAILS])

    return details


def _own(shape: Shape) -> Iterable[Constraint]:
    return (constraint for constraint in shape.constraints if constraint.component != _PROPERTY)


def _may_miss(constraint: Constraint) -> bool:
    if constraint.query is not None:
        return not constraint.query.asks
    counts = constraint.component.endswith("CountConstraintComponent")
    return constraint.component in _SPEAKS_OF_NOTHING and (constraint.count > 0 or not counts)
