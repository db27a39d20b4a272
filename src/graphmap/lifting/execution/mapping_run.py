"""A mapping and its sources to N-Quads.

Source: RML-Core, execution of a mapping.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from graphmap.lifting.execution.open_sources import may_be_cut
from graphmap.lifting.execution.run_options import RunOptions
from graphmap.lifting.execution.source_order import AnyJoin, SourceOrder
from graphmap.lifting.execution.source_run import SourceRun
from graphmap.lifting.optimizer import in_parts
from graphmap.lifting.plan import Plan
from graphmap.lifting.run_state import CollectionBuilder, JoinIndex, SharedState

__all__ = ["RunOptions", "lift_plan", "named_collections", "source_runs"]


def lift_plan(plan: Plan, conditions: RunOptions) -> Iterator[str]:
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
    with source_runs(plan, conditions) as (each_turn, outside):
        for turn in each_turn:
            yield from turn.texts()
        yield from named_collections(outside)


def named_collections(outside: SharedState) -> Iterator[str]:
    """N-Quads text of the lists and containers that had to wait for the end."""
    if outside.gathered is not None:
        for subject, predicate, value, graph in outside.gathered.statements():
            yield f"{subject} {predicate} {value}{f' {graph}' if graph else ''} .\n"


@contextmanager
def source_runs(
    plan: Plan, conditions: RunOptions, *, by_record: bool = False
) -> Iterator[tuple[Iterator[SourceRun], SharedState]]:
    """The turns of a plan, to be taken in their order, and what is outside of all records.

    Args:
        plan: of the whole mapping.
        conditions: how it is run.
        by_record: whether all statements of a record have to come with it; a join may come with its parent otherwise.
    """
    bindings = conditions.bindings
    plan = in_parts(plan, lambda source, parts: may_be_cut(source, parts, bindings))
    numbers, joined = itertools.count(), dict[AnyJoin, JoinIndex]()
    outside = SharedState(joined=joined, numbers=numbers, gathered=CollectionBuilder(numbers))
    swapping = not by_record and conditions.report is None  # which counts the terms of a join by child
    try:
        yield SourceOrder(plan, conditions, outside, joined, swapping=swapping).source_runs(), outside
    finally:
        for index in joined.values():
            index.close()
