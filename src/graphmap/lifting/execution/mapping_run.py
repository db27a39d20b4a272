"""A mapping and its sources to N-Quads.

Source: RML-Core, execution of a mapping.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from graphmap.lifting.execution.open_sources import may_be_cut
from graphmap.lifting.execution.run_options import Conditions
from graphmap.lifting.execution.source_order import AnyJoin, Schedule
from graphmap.lifting.execution.source_run import Turn
from graphmap.lifting.optimizer import in_parts
from graphmap.lifting.plan import Plan
from graphmap.lifting.run_state import Gathered, JoinIndex, Outside

__all__ = ["Conditions", "lift_plan", "named_collections", "turns"]


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
def turns(plan: Plan, conditions: Conditions, *, by_record: bool = False) -> Iterator[tuple[Iterator[Turn], Outside]]:
    """The turns of a plan, to be taken in their order, and what is outside of all records.

    Args:
        plan: of the whole mapping.
        conditions: how it is run.
        by_record: whether all statements of a record have to come with it; a join may come with its parent otherwise.
    """
    bindings = conditions.bindings
    plan = in_parts(plan, lambda source, parts: may_be_cut(source, parts, bindings))
    numbers, joined = itertools.count(), dict[AnyJoin, JoinIndex]()
    outside = Outside(joined=joined, numbers=numbers, gathered=Gathered(numbers))
    swapping = not by_record and conditions.report is None  # which counts the terms of a join by child
    try:
        yield Schedule(plan, conditions, outside, joined, swapping=swapping).turns(), outside
    finally:
        for index in joined.values():
            index.close()
