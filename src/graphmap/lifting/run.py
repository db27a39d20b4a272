"""A mapping and its sources to N-Quads: each source is read once for all triples maps over it.

A source that others join is read before them, and its subjects are put into an index as it goes by. Only where sources
join each other in a circle, or join themselves, one is read twice.
Source: RML-Core, execution of a mapping.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from graphmap.lifting.gathering import Gathered
from graphmap.lifting.joining import Indexer
from graphmap.lifting.joins import JoinIndex, Outside
from graphmap.lifting.parts import in_parts
from graphmap.lifting.plan import Join, LogicalSource, Plan, ViewJoin
from graphmap.lifting.sources import may_be_cut
from graphmap.lifting.turn import Conditions, Turn

__all__ = ["Conditions", "lift_plan", "named_collections", "turns"]

_AnyJoin = Join | ViewJoin


def lift_plan(plan: Plan, conditions: Conditions) -> Iterator[str]:
    """Run a plan.

    Args:
        plan: of the whole mapping.
        conditions: how.

    Yields:
        N-Quads text of one record after the other, source by source; each statement once a record.

    Raises:
        MappingError: where a source cannot be told, or lacks a column that is read.
        SourceError: where a source cannot be read to its end; what was read before was yielded.
        RecordError: at the first record that cannot be read, unless `refuse` says otherwise.
        DataError: at the first record that gives no proper terms, unless `meet` says otherwise.
    """
    with turns(plan, conditions) as (each_turn, outside):
        for turn in each_turn:
            yield from turn.texts()
        yield from named_collections(outside)


def named_collections(outside: Outside) -> Iterator[str]:
    """N-Quads text of the lists and containers that had to wait for the end."""
    if outside.gathered is not None:
        for subject, predicate, value, graph in outside.gathered.statements():
            yield f"{subject} {predicate} {value}{f' {graph}' if graph else ''} .\n"


@contextmanager
def turns(plan: Plan, conditions: Conditions) -> Iterator[tuple[Iterator[Turn], Outside]]:
    """The turns of a plan, to be taken in their order, and what is outside of all records."""
    bindings = conditions.bindings
    plan = in_parts(plan, lambda source, parts: may_be_cut(source, parts, bindings))
    numbers, joined = itertools.count(), dict[_AnyJoin, JoinIndex]()
    outside = Outside(joined=joined, numbers=numbers, gathered=Gathered(numbers))
    try:
        yield _turns(plan, conditions, outside, joined), outside
    finally:
        for index in joined.values():
            index.close()


def _turns(plan: Plan, conditions: Conditions, outside: Outside, joined: dict[_AnyJoin, JoinIndex]) -> Iterator[Turn]:
    def turn(source: LogicalSource, joins: Iterable[_AnyJoin]) -> Turn:
        indexers = tuple(_indexer(join, plan, conditions, outside, joined) for join in joins)
        over = plan.over(source)
        return Turn(source=source, plan=over, whole=plan, conditions=conditions, outside=outside, indexers=indexers)

    waiting = list(plan.sources)
    for join in _needed_first(plan):
        turn(join.parent.source, [join]).index()
    while waiting:
        source = next((each for each in waiting if not _missing(plan, each, joined)), waiting[0])
        for join in _missing(plan, source, joined):  # a circle: this parent is read twice
            turn(join.parent.source, [join]).index()
        waiting.remove(source)
        yield turn(source, [join for join in plan.joins if join.parent.source == source and join not in joined])


def _indexer(
    join: _AnyJoin, plan: Plan, conditions: Conditions, outside: Outside, joined: dict[_AnyJoin, JoinIndex]
) -> Indexer:
    index = joined[join] = JoinIndex(conditions.memory)
    base = (join.base if isinstance(join, Join) else None) or plan.base
    return Indexer(join=join, index=index, base=base, outside=replace(outside), compiled=conditions.compiled)


def _needed_first(plan: Plan) -> Iterator[_AnyJoin]:
    """The joins of views, and those whose parent has no triples map of its own or reads a view that joins."""
    yield from plan.view_joins
    for join in plan.joins:
        makers = (step.maker for step in join.parent.steps)
        if join.parent.source not in plan.sources or any(isinstance(maker, ViewJoin) for maker in makers):
            yield join


def _missing(plan: Plan, source: LogicalSource, joined: dict[_AnyJoin, JoinIndex]) -> list[Join]:
    """The joins of a source whose parents were not read yet."""
    return [join for join in plan.over(source).joins if join not in joined]
