"""One source, read once: what all triples maps over it give, and the indexes of the joins that it is the parent of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from graphmap.errors import Locator, MappingError
from graphmap.lifting.compiler import RecordLifter
from graphmap.lifting.evaluation import data_error
from graphmap.lifting.execution.open_sources import forms_of, open_source
from graphmap.lifting.execution.parent_keys import JoinIndexer
from graphmap.lifting.execution.rejected_records import record_text
from graphmap.lifting.execution.run_options import RunOptions
from graphmap.lifting.plan import LogicalSource, Plan, references, term_maps
from graphmap.lifting.run_state import CollectionBuilder, SharedState, TermCounter
from graphmap.records import Counted, Raw, Records, Refusal
from graphmap.records.readers import NamedCells

__all__ = ["SourceRun", "check_columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """The reading of one source.

    Args:
        source: to be read.
        plan: triples maps over it.
        whole: the plan of the whole mapping.
        conditions: how it is run.
        outside: what other sources gave.
        indexers: of the joins whose parent it is.
        keepers: of the joins whose child it is and which its parents look up; faulty records are not kept.
        probes: look up the children of this parent, and the lines that they find.
    """

    source: LogicalSource
    plan: Plan
    whole: Plan
    conditions: RunOptions
    outside: SharedState
    indexers: tuple[JoinIndexer, ...] = ()
    keepers: tuple[JoinIndexer, ...] = ()
    probes: tuple[tuple[JoinIndexer, list[str]], ...] = ()

    @property
    def alone(self) -> bool:
        """Return whether nothing but their own lines is to be made of its records."""
        return not (self.indexers or self.keepers or self.probes)

    def texts(self) -> Iterator[str]:
        """N-Quads text, record by record, and what joins find by it."""
        found = [lines for _, lines in self.probes]
        for (text,) in self.parts({None: self.plan}, {None: self.outside}):
            yield text
            for lines in found:
                if lines:
                    yield "".join(lines)
                    lines.clear()

    def parts(self, plans: Mapping[Any, Plan], outsides: Mapping[Any, SharedState]) -> Iterator[tuple[str, ...]]:
        """N-Quads text of several parts of the plan, record by record; a faulty record gives none of any.

        Args:
            plans: the parts, by whatever name.
            outsides: what is outside of each.
        """
        with closing(self.opened()) as opened:
            records = Counted(opened)
            lifters, tally = self._lifters(plans, outsides, records)
            take = self._takers((*self.indexers, *(indexer for indexer, _ in self.probes)), records)
            keep = self._takers(self.keepers, records)
            none, seen = ("",) * len(plans), self.conditions.seen
            lift, number = self._lift_of(lifters, records, len(plans)), 0
            try:
                for row, raw in records:
                    number += 1
                    seen(1)
                    for each in take:
                        each(raw)
                    texts = lift(row, raw)
                    if texts is not None:
                        for each in keep:
                            each(raw)
                    yield none if texts is None else texts
            finally:
                self._tell(records.name, number, tally)

    def index(self) -> None:
        """Read the source for its joins alone; records that are lifted at another reading are told of there."""
        lifted_too = bool(self.plan.triples_maps)
        with closing(self.opened(told=not lifted_too)) as opened:
            records = Counted(opened)
            take = self._takers(self.indexers, records)
            for _, raw in records:
                if not lifted_too:
                    self.conditions.seen(1)
                for each in take:
                    each(raw)

    def _takers(self, indexers: Iterable[JoinIndexer], records: Counted) -> list[Callable[[Raw], None]]:
        forms = forms_of(self.source)
        return [indexer.taker(records.header, forms, records.position) for indexer in indexers]

    def opened(self, *, told: bool = True) -> Records:
        """The records of the source, from the start.

        Args:
            told: whether what cannot be read as a record is told of.

        Raises:
            MappingError: where a table lacks a column that is read, or has it twice.
        """
        columns = self.whole.columns(self.source) if self.source.formulation.tabular else ()
        given = self.conditions
        refuse = given.refuse if told else _untold
        made = open_source(self.source, given.folder, bindings=given.bindings, refuse=refuse, columns=columns)
        try:
            check_columns(self, made)
        except MappingError:
            made.close()
            raise
        return made

    def _lifters(
        self, plans: Mapping[Any, Plan], outsides: Mapping[Any, SharedState], records: Counted
    ) -> tuple[list[RecordLifter], TermCounter | None]:
        """A lifter a part; the first counts for all where terms are to be counted."""
        forms, compiled, header = forms_of(self.source), self.conditions.compiled, records.header
        tally = None if self.conditions.report is None else TermCounter(self.plan)
        lifters = []
        for name, plan in plans.items():
            alone = plan == self.plan
            outside = replace(outsides[name], position=records.position, tally=tally if alone else None)
            lifters.append(RecordLifter(plan, header=header, forms=forms, outside=outside, compiled=compiled))
        if tally is not None and self.plan not in plans.values():
            outside = replace(
                self.outside, position=records.position, tally=tally, gathered=CollectionBuilder(iter(()))
            )
            lifters.append(RecordLifter(self.plan, header=header, forms=forms, outside=outside, compiled=compiled))
        return lifters, tally

    def _lift_of(
        self, lifters: Sequence[RecordLifter], records: Counted, count: int
    ) -> Callable[[int, Raw], tuple[str, ...] | None]:
        def carefully(row: int, raw: Raw) -> tuple[str, ...] | None:
            texts = self._lifted(row, raw, lifters, records)
            return None if texts is None else texts[:count]

        if len(lifters) != 1:
            return carefully
        program = lifters[0].program

        def lift(row: int, raw: Raw) -> tuple[str, ...] | None:
            found = program(raw)
            return carefully(row, raw) if found is None else (found[1],)

        return lift

    def _lifted(self, row: int, raw: Raw, lifters: Sequence[RecordLifter], records: Counted) -> tuple[str, ...] | None:
        """The texts of a record, one a part; `None` of a faulty one."""
        made = [lifter.lift(raw) for lifter in lifters]
        faults = {fault: None for each in made for fault in each.faults}
        if faults:
            where, hint = Locator(source=records.name, row=row), "correct the value or the mapping"
            record = record_text(raw if records.header is None else dict(zip(records.header, raw, strict=True)))
            error = data_error(faults, where, hint=hint, record=record)
            if error is not None:
                self.conditions.meet(error)
            return None
        for lifter, each in zip(lifters, made, strict=True):
            lifter.keep(each.gathered)
        return tuple(each.text for each in made)

    def _tell(self, name: str, number: int, tally: TermCounter | None) -> None:
        report = self.conditions.report
        if report is not None and tally is not None:
            report.read(name, number)
            report.counted(self.plan, tally.counts())


def _untold(_: Refusal) -> None:
    """Leave it to another reading of the source."""


def check_columns(turn: SourceRun, records: Records) -> None:
    """See to it that a table has once each column that its triples maps, and joins with it, read.

    Raises:
        MappingError: where it has not.
    """
    header = records.columns if isinstance(records, NamedCells) else records.header
    if header is None:
        return
    for name, where in _columns_of(turn):
        times = header.count(name)
        if times != 1:
            has = "has twice" if times else "does not have"
            what = f"the mapping reads the column {name!r}, which {records.name} {has}"
            raise MappingError(what, where=where, hint=f"its columns: {', '.join(header)}")


def _columns_of(turn: SourceRun) -> Iterator[tuple[str, Locator]]:
    """Each column that is read, and where the mapping says so."""
    for triples_map in turn.plan.triples_maps:
        for term_map in term_maps(triples_map):
            for reference in references(term_map):
                if reference.level == 0:
                    yield reference.text, term_map.written
    yield from ((name, Locator(source=turn.source.name)) for name in turn.whole.columns(turn.source))
