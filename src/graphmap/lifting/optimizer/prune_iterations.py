"""Prunes the levels of an iteration that a triples map does not need.

A step of a view that keeps its record where it finds nothing changes which iterations there are, but not which
statements they give, where no term reads its level. Output is a set, so such a step is left out, triples map by
triples map. Where blank nodes stand for iterations, all steps stay.
Source: RML-LV, logical view iteration sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from graphmap.lifting.paths import Segment, Wildcard
from graphmap.lifting.plan import (
    Call,
    Expression,
    Fresh,
    Gather,
    Iteration,
    Join,
    Position,
    PredicateObject,
    Reference,
    Step,
    Template,
    TermMap,
    TriplesMap,
    ViewJoin,
    term_maps,
    within,
)

__all__ = ["Change", "changed", "levels_of", "needed", "trimmed"]

_Moved = Mapping[int, int]
"""Old number of a level to the new one."""

Change = Callable[[Reference | Position], Reference | Position]
"""Replacements of parts of a plan."""


def needed(triples_map: TriplesMap) -> TriplesMap:
    """The triples map without the steps that it can do without."""
    steps = triples_map.iteration.steps
    maps = list(term_maps(triples_map))
    if not any(step.outer for step in steps) or any(map(_makes_nodes, maps)):
        return triples_map
    kept = _kept(steps, {level for term_map in maps for level in levels_of(term_map)})
    if len(kept) == len(steps) + 1:
        return triples_map
    moved = {old: new for new, old in enumerate(kept)}
    shorter = _shorter(triples_map.iteration, moved)
    return replace(changed(triples_map, lambda read: replace(read, level=moved[read.level])), iteration=shorter)


def trimmed(join: ViewJoin) -> ViewJoin:
    """A join without the levels of the other view that are not read and never give more than one node.

    Others stay even where they are not read: how often something is found is seen in the index keys of joined fields.
    """
    steps = join.parent.steps
    maps = [*(value for _, value in join.fields), *(parent for _, parent in join.conditions)]
    read = {level for term_map in maps for level in levels_of(term_map)}
    kept = _kept(steps, read | {level for level, step in enumerate(steps, 1) if not _gives_one(step)})
    moved = {old: new for new, old in enumerate(kept)}

    def change(read: Reference | Position) -> Reference | Position:
        return replace(read, level=moved[read.level])

    return replace(
        join,
        parent=_shorter(join.parent, moved),
        fields=tuple((name, _moved(value, change)) for name, value in join.fields),
        conditions=tuple((child, _moved(parent, change)) for child, parent in join.conditions),
    )


def _gives_one(step: Step) -> bool:
    """Return whether a step gives one node, be it an empty one."""
    wildcard = bool(step.path.segments) and step.path.segments[-1] == Segment((Wildcard(),))
    return step.outer and step.maker is None and step.path.names is not None and not wildcard


def changed(triples_map: TriplesMap, change: Change) -> TriplesMap:
    """The triples map with other references and positions in its terms; its iteration stays."""
    return replace(
        triples_map,
        subject=_moved(triples_map.subject, change),
        subject_graphs=_all_moved(triples_map.subject_graphs, change),
        predicate_objects=tuple(_pair(pair, change) for pair in triples_map.predicate_objects),
    )


def levels_of(term_map: TermMap) -> Iterator[int]:
    """The levels that a term map reads."""
    for expression in within(term_map):
        if isinstance(expression, Reference | Position):
            yield expression.level


def _makes_nodes(term_map: TermMap) -> bool:
    return any(
        isinstance(expression, Fresh) or (isinstance(expression, Gather) and expression.head is None)
        for expression in within(term_map)
    )


def _kept(steps: tuple[Step, ...], read: set[int]) -> list[int]:
    """The levels that stay, the record's own among them, lowest first."""
    kept = {0, *read, *(level for level, step in enumerate(steps, 1) if not step.outer)}
    for level in range(len(steps), 0, -1):  # a step reads levels below its own only
        if level in kept:
            kept.update(_read_by(steps[level - 1]))
    return sorted(kept)


def _read_by(step: Step) -> Iterator[int]:
    if isinstance(step.maker, TermMap):
        yield from levels_of(step.maker)
    elif isinstance(step.maker, ViewJoin):
        for child, _ in step.maker.conditions:
            yield from levels_of(child)
    else:
        yield step.below


def _shorter(iteration: Iteration, moved: _Moved) -> Iteration:
    return replace(
        iteration, steps=tuple(_step(step, moved) for level, step in enumerate(iteration.steps, 1) if level in moved)
    )


def _step(step: Step, moved: _Moved) -> Step:
    below = moved.get(step.below, 0)

    def change(read: Reference | Position) -> Reference | Position:
        return replace(read, level=moved[read.level])

    if isinstance(step.maker, ViewJoin):
        conditions = tuple((_moved(child, change), parent) for child, parent in step.maker.conditions)
        return replace(step, below=below, maker=replace(step.maker, conditions=conditions))
    if isinstance(step.maker, TermMap):
        return replace(step, below=below, maker=_moved(step.maker, change))
    return replace(step, below=below)


def _pair(pair: PredicateObject, change: Change) -> PredicateObject:
    return replace(
        pair,
        predicates=_all_moved(pair.predicates, change),
        objects=_all_moved(pair.objects, change),
        graphs=_all_moved(pair.graphs, change),
    )


def _all_moved(maps: tuple[TermMap, ...], change: Change) -> tuple[TermMap, ...]:
    return tuple(_moved(each, change) for each in maps)


def _maybe_moved(term_map: TermMap | None, change: Change) -> TermMap | None:
    return None if term_map is None else _moved(term_map, change)


def _moved(term_map: TermMap, change: Change) -> TermMap:
    """A term map whose levels have their new numbers."""
    return replace(
        term_map,
        expression=_expression(term_map.expression, change),
        datatype_map=_maybe_moved(term_map.datatype_map, change),
        language_map=_maybe_moved(term_map.language_map, change),
    )


def _expression(expression: Expression, change: Change) -> Expression:
    match expression:
        case Reference() | Position():
            return change(expression)
        case Template():
            parts = tuple(part if isinstance(part, str) else _expression(part, change) for part in expression.parts)
            return replace(expression, parts=parts)  # type: ignore[arg-type]  # a part stays of its kind
        case Call():
            return replace(expression, arguments=tuple(_maybe_moved(each, change) for each in expression.arguments))
        case Join():
            conditions = tuple((_moved(child, change), parent) for child, parent in expression.conditions)
            return replace(expression, conditions=conditions)
        case Gather():
            head = _maybe_moved(expression.head, change)
            return replace(expression, members=_all_moved(expression.members, change), head=head)
        case _:
            return expression
