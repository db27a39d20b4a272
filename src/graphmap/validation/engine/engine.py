"""The authority on conformance: SHACL Core over the graph of one record, compiled once.

Source: SHACL, sections 3.1 to 3.4 (validation) and 2.1.3 (targets).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from graphmap.errors import ShapesError
from graphmap.rdf import RDF_TYPE, Graph, Token, foreign_constructs
from graphmap.validation.engine.compiler import CompiledShape, Compiler, holds, report
from graphmap.validation.engine.profile import Profile
from graphmap.validation.engine.selection import Selection
from graphmap.validation.report import Coverage, Result
from graphmap.validation.shapes import (
    SUBCLASS_OF,
    Constraint,
    Note,
    Shape,
    Shapes,
    TargetKind,
    Unevaluable,
    sub_class_facts,
    superclasses,
    withheld,
)
from graphmap.validation.sparql import Delegate

__all__ = ["Engine"]

_ACROSS = "UniqueValuesForConstraintComponent"
_Compiled = tuple[CompiledShape, ...]
_Targets = Mapping[Token, _Compiled]
_Subclasses = Callable[[Token], frozenset[Token]]


class Engine:
    """A shapes graph, ready to validate many small graphs.

    Args:
        shapes: the frozen shapes.
        hierarchy: pairs (sub-class, super-class) of the ontology; those that a data graph states itself count too.
        delegate: evaluates queries; left out, shapes that hold some cannot be evaluated.
        background: triples that are used beside each data graph and are not validated themselves.
        whole: whether a data graph is all there is; else constraints across graphs cannot be evaluated.

    Attributes:
        profile: takes note of the time that each shape takes, where one is set.
        selection: the shapes and focus nodes to validate, where not all.
    """

    def __init__(
        self,
        shapes: Shapes,
        hierarchy: Iterable[tuple[Token, Token]] = (),
        *,
        delegate: Delegate | None = None,
        background: Sequence[tuple[Token, Token, Token]] = (),
        whole: bool = True,
    ) -> None:
        self.shapes, broken, self._foreign = _sound(shapes, queries=delegate is not None, whole=whole)
        self._whole = whole
        self._compared = frozenset(shape.node for shape in self.shapes.by_node.values() if _compares_targets(shape))
        self._peers: Mapping[Token, Sequence[Token]] = {}
        self.delegate = delegate
        self.profile: Profile | None = None
        self.selection: Selection | None = None
        self._background = background
        self._failures: dict[Unevaluable, None] = dict.fromkeys((*shapes.unevaluable, *broken))
        self._facts = tuple(hierarchy)
        above = superclasses(self._facts)
        self._subclasses = _below(above)
        self._compiler = Compiler(
            self.shapes,
            self._subclasses,
            lambda late: self._failures.update({late: None}),
            dict if delegate is None else lambda: delegate.answers,
            lambda shape: self._peers.get(shape, ()),
        )
        targeted = self.shapes.targeted()
        self._by_class = self._class_targets(targeted, above)
        self._by_subject = self._targets(targeted, TargetKind.SUBJECTS_OF)
        self._by_object = self._targets(targeted, TargetKind.OBJECTS_OF)
        self._by_node = self._targets(targeted, TargetKind.NODE)

    @property
    def facts(self) -> tuple[tuple[Token, Token], ...]:
        """Pairs (sub-class, super-class) of the ontology."""
        return self._facts

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes on the shapes for a reader of the report."""
        return (*self.shapes.notes, *self._foreign)

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
        engine = self.under(graph)
        return self._validate(graph, coverage) if engine is self else engine.validate(graph, coverage)

    def under(self, graph: Graph) -> Engine:
        """The same engine, with the sub-class statements of a data graph too."""
        if any(SUBCLASS_OF in properties for properties in graph.forward.values()):
            facts = dict.fromkeys((*self._facts, *sub_class_facts(graph)))
            if len(facts) > len(self._facts):
                return self._with(facts)
        return self

    def _validate(self, graph: Graph, coverage: Coverage | None) -> list[Result]:
        whole = Graph(chain(graph.triples(), self._background)) if self._background else graph
        if self.delegate is not None:
            self.delegate.begin(whole, self._facts)
        focus = self._chosen(graph, whole)
        if self.delegate is not None:
            self.delegate.answer(whole, self._by_shape(focus, self.delegate.shapes))
        results = self._results(whole, focus)
        if coverage is not None:
            coverage.note(graph.forward, focus)
        return results

    def _results(self, graph: Graph, focus: Mapping[Token, _Compiled]) -> list[Result]:
        results: list[Result] = []
        if self.profile is not None:
            for node, shapes in focus.items():
                for shape in shapes:
                    with self.profile.timed(shape.node):
                        report(shape, graph, node, results)
            return results
        for node, shapes in focus.items():
            for shape in shapes:
                report(shape, graph, node, results)
        return results

    def _chosen(self, graph: Graph, whole: Graph) -> Mapping[Token, _Compiled]:
        """The focus nodes to validate: those of the data graph, be it that the background tells their classes."""
        focus = self.focus(whole)
        if whole is not graph:
            own = self.focus(graph)
            focus = {node: shapes for node, shapes in focus.items() if node in own or node in graph.forward}
        if self.delegate is not None:
            focus = dict(focus)
            for shape, nodes in self.delegate.targets():
                for node in nodes:
                    _add(focus, node, (self._compiler.shape(shape.node),))
        self._peers = self._by_shape(focus, self._compared) if self._compared else {}
        if self.selection is None:
            return focus
        return self.selection.of(focus, lambda compiled: compiled.node, self._compiler.shape)

    @staticmethod
    def _by_shape(focus: Mapping[Token, _Compiled], wanted: Container[Token]) -> Mapping[Token, list[Token]]:
        found: dict[Token, list[Token]] = {}
        for node, shapes in focus.items():
            for each in shapes:
                if each.node in wanted:
                    found.setdefault(each.node, []).append(node)
        return found

    def _with(self, facts: Iterable[tuple[Token, Token]]) -> Engine:
        """The same engine under a larger hierarchy; what it cannot evaluate is known here too."""
        other = Engine(self.shapes, facts, delegate=self.delegate, background=self._background, whole=self._whole)
        other._failures = self._failures
        other.profile, other.selection = self.profile, self.selection
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


def _sound(shapes: Shapes, *, queries: bool, whole: bool) -> tuple[Shapes, list[Unevaluable], list[Note]]:
    """Take out what cannot be evaluated, and what depends on it; say what that is, and what was read with leave."""
    broken: list[Unevaluable] = []
    foreign: list[Note] = []
    kept = dict(shapes.by_node)
    for node, shape in shapes.by_node.items():
        sound = []
        for constraint in shape.constraints:
            try:
                foreign += [Note(shape=node, text=text) for text in _leave(constraint, queries=queries, whole=whole)]
                sound.append(constraint)
            except ShapesError as error:
                broken.append(Unevaluable(shape=node, reason=error.what))
        if len(sound) < len(shape.constraints):
            kept[node] = replace(shape, constraints=tuple(sound))
    if not broken and not shapes.unevaluable:
        return shapes, broken, foreign
    wanted = (each.shape for each in (*broken, *shapes.unevaluable))
    rest, also = withheld(replace(shapes, by_node=kept), wanted)
    return rest, [*broken, *also], foreign


def _compares_targets(shape: Shape) -> bool:
    return any(each.component == _ACROSS for each in shape.constraints)


def _leave(constraint: Constraint, *, queries: bool, whole: bool) -> Sequence[str]:
    """Name the parts of a constraint that are read with leave.

    Raises:
        ShapesError: where it cannot be evaluated.
    """
    if constraint.query is not None and not queries:
        raise ShapesError("its queries are not evaluated here")
    if constraint.component == _ACROSS and not whole:
        raise ShapesError(
            "sh:uniqueValuesFor compares nodes of one graph, and records are validated one at a time; for one "
            "property P, ( P [ sh:inversePath P ] ) with sh:maxCount 1 is evaluated across records"
        )
    if constraint.component != "PatternConstraintComponent":
        return ()
    return foreign_constructs(constraint.pattern, constraint.flags)
