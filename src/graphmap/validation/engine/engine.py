"""The authority on conformance: SHACL Core over the graph of one record, compiled once.

Source: SHACL, sections 3.1 to 3.4 (validation) and 2.1.3 (targets).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain

from graphmap.errors import ShapesError
from graphmap.rdf import RDF_TYPE, Graph, Token
from graphmap.validation.engine.compiler import CompiledShape, Compiler, holds, report
from graphmap.validation.engine.profile import Profile
from graphmap.validation.engine.xpath_regex import compile_pattern
from graphmap.validation.reference import Delegate
from graphmap.validation.report import Coverage, Result
from graphmap.validation.shapes import (
    SUBCLASS_OF,
    Shape,
    Shapes,
    TargetKind,
    Unevaluable,
    sub_class_facts,
    superclasses,
)

__all__ = ["Engine"]

_Compiled = tuple[CompiledShape, ...]
_Targets = Mapping[Token, _Compiled]
_Subclasses = Callable[[Token], frozenset[Token]]


class Engine:
    """A shapes graph, ready to validate many small graphs.

    Args:
        shapes: the frozen shapes.
        hierarchy: pairs (sub-class, super-class) of the ontology; those that a data graph states itself count too.

        delegate: asks the reference validator about the shapes that hold more than SHACL Core; left out, they cannot
            be evaluated.

    Attributes:
        profile: takes note of the time that each shape takes, where one is set.
    """

    def __init__(
        self, shapes: Shapes, hierarchy: Iterable[tuple[Token, Token]] = (), *, delegate: Delegate | None = None
    ) -> None:
        self.shapes, broken = _without_broken_patterns(shapes)
        self.delegate = delegate
        self.profile: Profile | None = None
        unevaluable = [each for each in shapes.unevaluable if delegate is None or not each.by_reference]
        self._failures: dict[Unevaluable, None] = dict.fromkeys((*unevaluable, *broken))
        self._facts = tuple(hierarchy)
        above = superclasses(self._facts)
        self._subclasses = _below(above)
        self._compiler = Compiler(self.shapes, self._subclasses, lambda late: self._failures.update({late: None}))
        self._elsewhere = frozenset[Token]() if delegate is None else delegate.shapes
        targeted = self.shapes.targeted()
        self._by_class = self._class_targets(targeted, above)
        self._by_subject = self._targets(targeted, TargetKind.SUBJECTS_OF)
        self._by_object = self._targets(targeted, TargetKind.OBJECTS_OF)
        self._by_node = self._targets(targeted, TargetKind.NODE)

    @property
    def unevaluable(self) -> tuple[Unevaluable, ...]:
        """Constraints that could not be evaluated so far; with any of them the outcome is *failed*."""
        late = () if self.delegate is None else self.delegate.failures
        return tuple(dict.fromkeys((*self._failures, *late)))

    def note_unevaluable(self, known: Iterable[Unevaluable]) -> None:
        """Take note of what the same engine could not evaluate in another process."""
        self._failures.update(dict.fromkeys(known))

    def validate(self, graph: Graph, coverage: Coverage | None = None) -> list[Result]:
        """Validate one graph.

        Args:
            graph: the data graph.
            coverage: takes note of the focus nodes, where given.

        Returns:
            Every result, by focus node in order of appearance; empty where the graph conforms.
        """
        if any(SUBCLASS_OF in properties for properties in graph.forward.values()):
            facts = dict.fromkeys((*self._facts, *sub_class_facts(graph)))
            if len(facts) > len(self._facts):
                return self._with(facts).validate(graph, coverage)
        results: list[Result] = []
        focus = self.focus(graph)
        if self._elsewhere or self.profile is not None:
            self._apart(graph, focus, results)
        else:
            for node, shapes in focus.items():
                for shape in shapes:
                    report(shape, graph, node, results)
        if coverage is not None:
            coverage.note(graph.forward, focus)
        return results

    def _apart(
        self,
        graph: Graph,
        focus: Mapping[Token, _Compiled],
        results: list[Result],
    ) -> None:
        """Shape by shape, those that are evaluated elsewhere last."""
        watch = self.profile or Profile()
        targeted: set[Token] = set()
        for node, shapes in focus.items():
            for shape in shapes:
                targeted.add(shape.node)
                if shape.node not in self._elsewhere:
                    with watch.timed(shape.node):
                        report(shape, graph, node, results)
        if self.delegate is not None:
            for shape_node in self.delegate.wanted(targeted):
                with watch.timed(shape_node):
                    results.extend(self.delegate.ask(shape_node, graph, self._facts))

    def _with(self, facts: Iterable[tuple[Token, Token]]) -> Engine:
        """The same engine under a larger hierarchy; what it cannot evaluate is known here too."""
        other = Engine(self.shapes, facts, delegate=self.delegate)
        other._failures = self._failures
        other.profile = self.profile
        return other

    def focus(self, graph: Graph) -> Mapping[Token, _Compiled]:
        """Focus node to the shapes that target it, each once."""
        found: dict[Token, _Compiled] = {}
        by_class = self._by_class
        for node, properties in graph.forward.items():
            types = properties.get(RDF_TYPE, ())
            if len(types) == 1:
                shapes = by_class.get(types[0])
                if shapes:
                    found[node] = shapes
            elif types:
                _add(found, node, *(by_class.get(each, ()) for each in types))
        if self._by_subject or self._by_object:
            self._focus_by_predicate(graph, found)
        for node, shapes in self._by_node.items():
            _add(found, node, shapes)
        return found

    def subclasses(self, top: Token) -> frozenset[Token]:
        """A class and all its sub-classes."""
        return self._subclasses(top)

    def conforms(self, shape: Token, graph: Graph, node: Token) -> bool:
        """Return whether a node of a graph conforms to a shape, given by its token."""
        return holds(self._compiler.shape(shape), graph, node)

    def _focus_by_predicate(self, graph: Graph, found: dict[Token, _Compiled]) -> None:
        by_subject, by_object = self._by_subject, self._by_object
        of_subject, of_object = by_subject.keys(), by_object.keys()
        for node, properties in graph.forward.items():
            if not of_subject.isdisjoint(properties):
                _add(found, node, *(by_subject[each] for each in properties if each in by_subject))
            if not of_object.isdisjoint(properties):
                for predicate in properties:
                    for value in properties[predicate] if predicate in by_object else ():
                        _add(found, value, by_object[predicate])

    def _targets(self, shapes: Iterable[Shape], kind: TargetKind) -> _Targets:
        found: dict[Token, dict[Token, CompiledShape]] = {}
        for shape in shapes:
            for target in shape.targets:
                if target.kind is kind:
                    found.setdefault(target.term, {})[shape.node] = self._compiler.shape(shape.node)
        return {term: tuple(compiled.values()) for term, compiled in found.items()}

    def _class_targets(self, shapes: Iterable[Shape], above: Mapping[Token, frozenset[Token]]) -> _Targets:
        own = self._targets(shapes, TargetKind.CLASS)
        classes = dict.fromkeys((*own, *above))
        found: dict[Token, _Compiled] = {}
        for each in classes:
            _add(found, each, *(own.get(upper, ()) for upper in sorted(above.get(each, {each}))))
        return found


def _add(found: dict[Token, _Compiled], node: Token, *shapes: _Compiled) -> None:
    """Add shapes to those of a node, each once."""
    merged = {shape.node: shape for shape in chain(found.get(node, ()), *shapes)}
    if merged:
        found[node] = tuple(merged.values())


def _below(above: Mapping[Token, frozenset[Token]]) -> _Subclasses:
    below: dict[Token, set[Token]] = {}
    for lower, uppers in above.items():
        for upper in uppers:
            below.setdefault(upper, set()).add(lower)
    closed = {upper: frozenset(lowers) for upper, lowers in below.items()}
    return lambda top: closed.get(top) or frozenset((top,))


def _without_broken_patterns(shapes: Shapes) -> tuple[Shapes, list[Unevaluable]]:
    """Take out the patterns that are no regular expressions, and say which they are."""
    broken: list[Unevaluable] = []
    kept = dict(shapes.by_node)
    for node, shape in shapes.by_node.items():
        for constraint in shape.constraints:
            if constraint.component == "PatternConstraintComponent":
                try:
                    compile_pattern(constraint.pattern, constraint.flags)
                except ShapesError as error:
                    broken.append(Unevaluable(shape=node, reason=error.what))
                    kept[node] = replace(shape, constraints=tuple(c for c in shape.constraints if c is not constraint))
    return replace(shapes, by_node=kept), broken
