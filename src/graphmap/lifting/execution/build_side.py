"""Joins whose child is much smaller than their parent: the child is read first and kept, and the parent looks it up.

A join is the same from both sides. What is kept in memory, or on disk, is then the smaller side; the statements come
out while the parent is read.
Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from graphmap.errors import MappingError
from graphmap.lifting.execution.open_sources import name_of
from graphmap.lifting.execution.run_options import Conditions
from graphmap.lifting.plan import (
    Constant,
    Fresh,
    Gather,
    Join,
    LogicalSource,
    Plan,
    PredicateObject,
    Step,
    TriplesMap,
    ViewJoin,
    within,
)
from graphmap.rdf import Token

__all__ = ["Swap", "size_of", "smaller_first"]

_MUCH = 2
"""Least ratio of the sizes of parent and child."""

Size = Callable[[LogicalSource], int | None]
"""Bytes of a source, where they are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A join that is done from its parent's side.

    Args:
        join: as the mapping has it.
        child: the same with its sides exchanged: its parent is the child.
        predicate: of the statements.
    """

    join: Join
    child: Join
    predicate: Token


def size_of(source: LogicalSource, conditions: Conditions) -> int | None:
    """The bytes of a source as it lies on disk; `None` where it is no file."""
    given = conditions.bindings.of(source)
    if isinstance(given, bytes):
        return len(given)
    if source.database is not None or not isinstance(given, str | None):
        return None
    try:
        return Path(name_of(source, conditions.folder, given, conditions.bindings)).stat().st_size
    except (OSError, MappingError):  # who reads it says so
        return None


def smaller_first(plan: Plan, size: Size) -> tuple[Plan, tuple[Swap, ...]]:
    """Take the joins out of a plan whose child is to be kept.

    Args:
        plan: of the whole mapping.
        size: of its sources.

    Returns:
        The rest of the plan and the joins; all of the plan where sources would have to be read in a circle.
    """
    swaps: list[Swap] = []
    maps = tuple(_without_swaps(each, plan.base, size, swaps) for each in plan.triples_maps)
    rest = replace(plan, triples_maps=maps)
    return (rest, tuple(swaps)) if swaps and not _circular(rest, swaps) else (plan, ())


def _without_swaps(triples_map: TriplesMap, base: str, size: Size, swaps: list[Swap]) -> TriplesMap:
    if triples_map.subject_graphs or not _lasting(triples_map):
        return triples_map
    pairs = []
    for pair in triples_map.predicate_objects:
        swapped = [each for each in _swaps(pair, triples_map, base) if _is_smaller(each, size)]
        swaps += swapped
        joins = [each.join for each in swapped]
        pairs.append(replace(pair, objects=tuple(obj for obj in pair.objects if obj.expression not in joins)))
    return replace(triples_map, predicate_objects=tuple(pair for pair in pairs if pair.objects))


def _lasting(triples_map: TriplesMap) -> bool:
    """Return whether a subject is the same whenever it is made."""
    fresh = any(isinstance(expression, Fresh | Gather | Join) for expression in within(triples_map.subject))
    return not fresh and not _joins_views(triples_map.iteration.steps)


def _joins_views(steps: Iterable[Step]) -> bool:
    return any(isinstance(step.maker, ViewJoin) for step in steps)


def _swaps(pair: PredicateObject, triples_map: TriplesMap, base: str) -> Iterator[Swap]:
    constants = [each.expression for each in pair.predicates if isinstance(each.expression, Constant)]
    if pair.graphs or len(constants) < len(pair.predicates):
        return
    for join in (obj.expression for obj in pair.objects):
        if isinstance(join, Join) and not _joins_views(join.parent.steps):
            child = Join(
                parent=triples_map.iteration,
                subject=triples_map.subject,
                base=triples_map.base or base,
                conditions=tuple((parent, child) for child, parent in join.conditions),
            )
            yield from (Swap(join=join, child=child, predicate=each.token) for each in constants)


def _is_smaller(swap: Swap, size: Size) -> bool:
    child, parent = swap.child.parent.source, swap.join.parent.source
    small, large = size(child), size(parent)
    return child != parent and small is not None and large is not None and small * _MUCH < large


def _circular(plan: Plan, swaps: Iterable[Swap]) -> bool:
    """Return whether no order reads each source before those that need it."""
    pairs = {(swap.child.parent.source, swap.join.parent.source) for swap in swaps}
    for source in plan.sources:
        pairs |= {(join.parent.source, source) for join in plan.over(source).joins}
    left = set(plan.sources)
    while left:
        ready = {source for source in left if not any(after == source and before in left for before, after in pairs)}
        if not ready:
            return True
        left -= ready
    return False
