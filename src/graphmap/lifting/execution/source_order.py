"""In which order the sources of a plan are read, and which joins each reading serves.

A source that others join is read before them, and its subjects are put into an index as it goes by. Where it is much
larger than the one that joins it, that one is read first and kept instead. Only where sources join each other in a
circle, or join themselves, one is read twice.
Source: RML-Core, referencing object maps and join conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from graphmap.lifting.execution.build_side import BuildSide, size_of, smaller_first
from graphmap.lifting.execution.parent_keys import JoinIndexer
from graphmap.lifting.execution.run_options import RunOptions
from graphmap.lifting.execution.source_run import SourceRun
from graphmap.lifting.plan import Join, LogicalSource, Plan, ViewJoin
from graphmap.lifting.run_state import JoinIndex, Key, SharedState
from graphmap.rdf import Token

__all__ = ["AnyJoin", "SourceOrder"]

AnyJoin = Join | ViewJoin


class SourceOrder:
    """The turns of a plan.

    Args:
        plan: of the whole mapping.
        conditions: how it is run.
        outside: of all records.
        joined: the indexes, which are made as turns are taken.
        swapping: whether joins may be done from their parent's side.
    """

    def __init__(
        self,
        plan: Plan,
        conditions: RunOptions,
        outside: SharedState,
        joined: dict[AnyJoin, JoinIndex],
        *,
        swapping: bool,
    ) -> None:
        self._whole = plan
        self._conditions = conditions
        self._outside = outside
        self._joined = joined
        self._plan, self._swaps = plan, tuple[BuildSide, ...]()
        if swapping:
            self._plan, self._swaps = smaller_first(plan, lambda source: size_of(source, conditions))

    def source_runs(self) -> Iterator[SourceRun]:
        """One turn a source, each to be taken before the next is asked for."""
        waiting = list(self._plan.sources)
        for join in self._needed_first():
            self._turn(join.parent.source, [join]).index()
        while waiting:
            source = next((each for each in waiting if self._is_ready(each)), waiting[0])
            for join in self._missing(source):  # a circle: this parent is read twice
                self._turn(join.parent.source, [join]).index()
            waiting.remove(source)
            joins = [join for join in self._plan.joins if join.parent.source == source and join not in self._joined]
            yield self._turn(source, joins, self._swaps)

    def _turn(self, source: LogicalSource, joins: Iterable[AnyJoin], swaps: Iterable[BuildSide] = ()) -> SourceRun:
        kept = dict.fromkeys(swap.child for swap in swaps if swap.child.parent.source == source)
        found = [(swap, list[str]()) for swap in swaps if swap.join.parent.source == source]
        return SourceRun(
            source=source,
            plan=self._plan.over(source),
            whole=self._whole,
            conditions=self._conditions,
            outside=self._outside,
            indexers=tuple(self._indexer(join, self._kept(join).add) for join in joins),
            keepers=tuple(self._indexer(child, self._kept(child).add) for child in kept),
            probes=tuple(
                (self._indexer(swap.join, _probe(swap, self._joined[swap.child], lines)), lines)
                for swap, lines in found
            ),
        )

    def _kept(self, join: AnyJoin) -> JoinIndex:
        self._joined[join] = JoinIndex(self._conditions.memory)
        return self._joined[join]

    def _indexer(self, join: AnyJoin, add: Callable[[Key, Token], None]) -> JoinIndexer:
        base = (join.base if isinstance(join, Join) else None) or self._plan.base
        return JoinIndexer(join=join, add=add, base=base, outside=self._outside, compiled=self._conditions.compiled)

    def _needed_first(self) -> Iterator[AnyJoin]:
        """The joins of views, and those whose parent has no triples map of its own or reads a view that joins."""
        yield from self._plan.view_joins
        for join in self._plan.joins:
            makers = (step.maker for step in join.parent.steps)
            if join.parent.source not in self._plan.sources or any(isinstance(each, ViewJoin) for each in makers):
                yield join

    def _missing(self, source: LogicalSource) -> list[Join]:
        """The joins of a source whose parents were not read yet."""
        return [join for join in self._plan.over(source).joins if join not in self._joined]

    def _is_ready(self, source: LogicalSource) -> bool:
        children = (swap.child for swap in self._swaps if swap.join.parent.source == source)
        return not self._missing(source) and all(child in self._joined for child in children)


def _probe(swap: BuildSide, kept: JoinIndex, lines: list[str]) -> Callable[[Key, Token], None]:
    """A function that adds the lines of the children that a parent finds."""
    predicate = swap.predicate

    def probe(key: Key, subject: Token) -> None:
        lines.extend(f"{child} {predicate} {subject} .\n" for child in kept.get(key))

    return probe
