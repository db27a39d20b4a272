"""The frozen plan: what a mapping says, resolved once, for interpreter and compiler alike.

An iteration is a chain of levels. Level 0 is the record as the source gives it; each step selects nodes below an
earlier level and makes one more level, so that a term may read values of the innermost node and of every node around
it (RML-LV's nested fields). Triples maps without a view have a chain of at most one step, their iterator.
Source: RML-Core, RML-IO, RML-LV, RML-FNML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphmap.lifting.paths import Route
from graphmap.lifting.plan.expression_maps import (
    Call,
    Constant,
    Embedded,
    Expression,
    Fresh,
    Gather,
    Iteration,
    Join,
    Position,
    Reference,
    Step,
    Template,
    TermMap,
    TermType,
    ViewJoin,
    references,
    step_references,
    within,
)
from graphmap.lifting.plan.logical_sources import Formulation, LogicalSource, Target

__all__ = [
    "Call",
    "Constant",
    "Embedded",
    "Expression",
    "Formulation",
    "Fresh",
    "Gather",
    "Iteration",
    "Join",
    "LogicalSource",
    "Plan",
    "Position",
    "PredicateObject",
    "Reference",
    "Step",
    "Target",
    "Template",
    "TermMap",
    "TermType",
    "TriplesMap",
    "ViewJoin",
    "all_references",
    "has_graph_maps",
    "key_level",
    "references",
    "step_references",
    "term_maps",
    "within",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PredicateObject:
    """The product of predicates, objects and graphs for each subject."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap, ...]
    graphs: tuple[TermMap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriplesMap:
    """A subject and its predicates and objects, for each innermost node of an iteration.

    Args:
        base: base IRI of relative references, where it is not that of the plan.
    """

    name: str
    iteration: Iteration
    subject: TermMap
    subject_graphs: tuple[TermMap, ...]
    predicate_objects: tuple[PredicateObject, ...]
    base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All triples maps of a mapping, and the base IRI of relative references."""

    triples_maps: tuple[TriplesMap, ...]
    base: str

    @property
    def sources(self) -> tuple[LogicalSource, ...]:
        """The distinct sources, in order of first use."""
        return tuple(dict.fromkeys(each.iteration.source for each in self.triples_maps))

    @property
    def root(self) -> TermMap | None:
        """The subject map of the record itself: that of triples maps without steps, where its key has a rule."""
        maps = (each.subject for each in self.triples_maps if not each.iteration.steps)
        return next((subject for subject in maps if subject.rule is not None), None)

    def columns(self, source: LogicalSource) -> tuple[str, ...]:
        """The columns that are read from a table, by triples maps, by views and by joins with it."""
        maps = [term for each in self.triples_maps if each.iteration.source == source for term in term_maps(each)]
        for join in self.joins:
            if join.parent.source == source:
                maps += [join.subject, *(parent for _, parent in join.conditions)]
        for view_join in self.view_joins:
            if view_join.parent.source == source:
                maps += [*(value for _, value in view_join.fields), *(parent for _, parent in view_join.conditions)]
        paths = [reference.path for term_map in maps for reference in references(term_map) if reference.level == 0]
        for iteration in self._iterations():
            if iteration.source == source:
                paths += _paths_of_record(iteration)
        return tuple(dict.fromkeys(name for path in paths for name in path.names or ()))

    def _iterations(self) -> Iterator[Iteration]:
        yield from (each.iteration for each in self.triples_maps)
        yield from (join.parent for join in self.joins)
        yield from (join.parent for join in self.view_joins)

    @property
    def view_joins(self) -> tuple[ViewJoin, ...]:
        """The distinct joins of views, those that others need first."""
        iterations = [each.iteration for each in self.triples_maps]
        iterations += [join.parent for join in self.joins]
        return tuple(dict.fromkeys(join for each in iterations for join in _view_joins(each)))

    @property
    def joins(self) -> tuple[Join, ...]:
        """The distinct joins, in order of first use."""
        maps = (term_map for each in self.triples_maps for term_map in term_maps(each))
        expressions = (expression for term_map in maps for expression in within(term_map))
        return tuple(dict.fromkeys(expression for expression in expressions if isinstance(expression, Join)))

    def over(self, source: LogicalSource) -> Plan:
        """The part of the plan that reads one source."""
        kept = tuple(each for each in self.triples_maps if each.iteration.source == source)
        return Plan(triples_maps=kept, base=self.base)


def _paths_of_record(iteration: Iteration) -> Iterator[Route]:
    """Paths that the steps of an iteration read from the record itself."""
    for step in iteration.steps:
        if step.below == 0 and not isinstance(step.maker, TermMap | ViewJoin):
            yield step.path
        yield from (reference.path for reference in step_references(step) if reference.level == 0)


def _view_joins(iteration: Iteration) -> Iterator[ViewJoin]:
    for step in iteration.steps:
        if isinstance(step.maker, ViewJoin):
            yield from _view_joins(step.maker.parent)
            yield step.maker


def key_level(triples_map: TriplesMap) -> int | None:
    """Level of the item inside a record whose fields make a subject, which has a key to miss where it is there.

    Args:
        triples_map: over a view, whose fields are levels of their own below that of their item.

    Returns:
        The level; `None` where the record itself, or its only iterator, has the key.

    Source: RML-LV, iterable fields and the expression fields below them.
    """
    deepest = max((reference.level for reference in references(triples_map.subject)), default=0)
    return (triples_map.iteration.steps[deepest - 1].below or None) if deepest else None


def has_graph_maps(triples_map: TriplesMap) -> bool:
    """Tell whether a triples map has graph maps."""
    return bool(triples_map.subject_graphs) or any(pair.graphs for pair in triples_map.predicate_objects)


def term_maps(triples_map: TriplesMap) -> Iterator[TermMap]:
    """The term maps of a triples map."""
    yield triples_map.subject
    yield from triples_map.subject_graphs
    for pair in triples_map.predicate_objects:
        yield from (*pair.predicates, *pair.objects, *pair.graphs)


def all_references(triples_map: TriplesMap) -> Iterator[Reference]:
    """Every reference that a triples map reads, its iterators aside."""
    for term_map in term_maps(triples_map):
        yield from references(term_map)
