"""A plan over documents as a plan over their elements, so that memory does not follow the document.

`$.items[*].lines[*]` over a document becomes `$.lines[*]` over each element of `items`, and `/list/item` over XML
becomes `.` over each `item`. This holds where nothing is read from around the elements and nothing depends on where
an element stands.
Source: RML-IO, iterators; RFC 9535, sections 2.3.1 and 2.3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import starmap

from graphmap.lifting.paths import Name, Path, Route, Segment, Wildcard
from graphmap.lifting.plan import (
    Formulation,
    Gather,
    Iteration,
    Join,
    LogicalSource,
    Plan,
    Position,
    PredicateObject,
    Reference,
    Step,
    TermMap,
    TriplesMap,
    ViewJoin,
    term_maps,
    within,
)
from graphmap.records.readers import Part

__all__ = ["MayBeCut", "in_parts"]

_ALL = Segment((Wildcard(),))


MayBeCut = Callable[[LogicalSource, frozenset[Part]], bool]
"""Tell whether what is read for a source can be cut into some parts."""


def in_parts(plan: Plan, may_be_cut: MayBeCut) -> Plan:
    """Cut documents into parts where a plan allows it.

    Args:
        plan: of a whole mapping.
        may_be_cut: whether what is read allows it too; what can be read a single time gives one part only.

    Returns:
        The same mapping, its sources replaced by parts of them; one source may have become several.
    """
    sources = dict.fromkeys((*plan.sources, *(join.parent.source for join in _all_joins(plan))))
    cut = frozenset(source for source in sources if _is_cut(plan, source, may_be_cut))
    if not cut:
        return plan
    return replace(plan, triples_maps=tuple(_in_map(each, cut) for each in plan.triples_maps))


def _all_joins(plan: Plan) -> list[Join | ViewJoin]:
    return [*plan.joins, *plan.view_joins]


def _is_cut(plan: Plan, source: LogicalSource, may_be_cut: MayBeCut) -> bool:
    if source.formulation.tabular or source.part is not None:
        return False
    read = [(each.iteration, list(term_maps(each))) for each in plan.triples_maps]
    read += [(join.parent, _of_parent(join)) for join in _all_joins(plan)]
    over = [(iteration, maps) for iteration, maps in read if iteration.source == source]
    found = [_part(iteration) for iteration, _ in over]
    parts = frozenset(each[0] for each in found if each is not None)
    return None not in found and all(starmap(_stand_alone, over)) and may_be_cut(source, parts)


def _part(iteration: Iteration) -> tuple[Part, Route] | None:
    """The part of a document that an iteration goes through, and its way from there."""
    if not iteration.steps or any(step.below == 0 for step in iteration.steps[1:]):
        return None
    first = iteration.steps[0]
    if first.below != 0 or first.maker is not None:
        return None
    if iteration.source.formulation is Formulation.XPATH:
        return _part_of_xml(first.path)
    return _part_of_json(first.path) if isinstance(first.path, Path) else None


def _part_of_xml(path: Route) -> tuple[Part, Route] | None:
    from graphmap.lifting.paths import XPath, itself  # noqa: PLC0415  # a large library, for XML alone

    names = path.element_names if isinstance(path, XPath) else None
    return None if names is None else (Part(names=names, elements=True), itself())


def _part_of_json(path: Path) -> tuple[Part, Route] | None:
    segments = path.segments
    names = tuple(_leading_names(segments))
    rest = segments[len(names) :]
    if rest[:1] == (_ALL,):
        return Part(names=names, elements=True, lax=path.lax), Path("$", rest[1:], path.lax)
    return (Part(names=names, elements=False, lax=path.lax), Path("$", rest, path.lax)) if names else None


def _leading_names(segments: tuple[Segment, ...]) -> Iterator[str]:
    for segment in segments:
        selector = segment.selectors[0]
        if segment.descend or len(segment.selectors) != 1 or not isinstance(selector, Name):
            return
        yield selector.name


def _stand_alone(iteration: Iteration, maps: Iterable[TermMap]) -> bool:
    """Tell whether terms read nothing around the nodes of the first step, and give no lists over several of them."""
    steps = iteration.steps[1:]
    if not all(getattr(step.path, "stays_below", True) for step in steps):
        return False
    for term_map in (*maps, *(each for step in steps for each in _of_maker(step))):
        for expression in within(term_map):
            if isinstance(expression, Reference) and not _stays_below(expression):
                return False
            if isinstance(expression, Position) and expression.level < 2:
                return False
            if isinstance(expression, Gather):
                return False
    return True


def _of_maker(step: Step) -> list[TermMap]:
    """The term maps that make the nodes of a step."""
    if isinstance(step.maker, ViewJoin):
        return [child for child, _ in step.maker.conditions]
    return [step.maker] if isinstance(step.maker, TermMap) else []


def _stays_below(reference: Reference) -> bool:
    """Tell whether a reference reads nothing around the node of its level, as an XPath may."""
    return reference.level > 0 and getattr(reference.path, "stays_below", True)


def _of_parent(join: Join | ViewJoin) -> list[TermMap]:
    """The term maps that a join reads of its parent."""
    taken = [value for _, value in join.fields] if isinstance(join, ViewJoin) else [join.subject]
    return [*taken, *(parent for _, parent in join.conditions)]


def _in_map(triples_map: TriplesMap, cut: frozenset[LogicalSource]) -> TriplesMap:
    pairs = tuple(
        replace(pair, objects=tuple(_in_object(each, cut) for each in pair.objects)) if _joins(pair) else pair
        for pair in triples_map.predicate_objects
    )
    return replace(triples_map, iteration=_in_iteration(triples_map.iteration, cut), predicate_objects=pairs)


def _joins(pair: PredicateObject) -> bool:
    return any(isinstance(each.expression, Join) for each in pair.objects)


def _in_object(term_map: TermMap, cut: frozenset[LogicalSource]) -> TermMap:
    join = term_map.expression
    if not isinstance(join, Join):
        return term_map
    return replace(term_map, expression=replace(join, parent=_in_iteration(join.parent, cut)))


def _in_iteration(iteration: Iteration, cut: frozenset[LogicalSource]) -> Iteration:
    iteration = replace(iteration, steps=tuple(_in_step(step, cut) for step in iteration.steps))
    found = _part(iteration) if iteration.source in cut else None
    if found is None:
        return iteration
    part, rest = found
    first, *more = iteration.steps
    below = Step(below=0, path=rest, name=first.name)
    return replace(iteration, source=replace(iteration.source, part=part), steps=(below, *more))


def _in_step(step: Step, cut: frozenset[LogicalSource]) -> Step:
    join = step.maker
    if not isinstance(join, ViewJoin):
        return step
    return replace(step, maker=replace(join, parent=_in_iteration(join.parent, cut)))
