"""One source, read once: what all triples maps over it give, and the indexes of the joins that it is the parent of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from graphmap.errors import Locator, MappingError
from graphmap.lifting.compiler import as_mapping, compile_plan, line_of
from graphmap.lifting.execution.open_sources import forms_of, open_source
from graphmap.lifting.execution.parent_keys import Indexer
from graphmap.lifting.execution.rejected_records import kept
from graphmap.lifting.execution.run_options import Conditions
from graphmap.lifting.interpreter import Fault, Interpreter, data_error
from graphmap.lifting.plan import LogicalSource, Plan, references, term_maps
from graphmap.lifting.run_state import Gathered, Outside, Tally, Used, undoing
from graphmap.records import Counted, Raw, Records, ValueForms

__all__ = ["Turn", "check_columns"]


class _Made(NamedTuple):
    """Statements of one part of a plan for a record."""

    text: str
    faults: Mapping[Fault, None]
    gathered: Sequence[Used]


_NO_FAULTS: Mapping[Fault, None] = {}


class _Lifter:
    """A part of a plan, ready for the records of its source."""

    def __init__(
        self, plan: Plan, header: tuple[str, ...] | None, forms: ValueForms, outside: Outside, *, compiled: bool
    ) -> None:
        self._header = header
        self._nulls = forms.nulls
        self._tally = outside.tally
        self.gathered = outside.gathered
        self._interpreter = Interpreter(plan, forms=forms, outside=outside)
        quick = compile_plan(plan, header=header, forms=forms, outside=outside).lift if compiled else None
        self.quick = quick if quick is None or self._tally is None else undoing(quick, self._tally)

    def lift(self, raw: Raw) -> _Made:
        if self.quick is not None and (found := self.quick(raw)) is not None:
            return _Made(found[1], _NO_FAULTS, ())
        before = None if self._tally is None else self._tally.counts()
        header = self._header
        lifted = self._interpreter.lift(raw if header is None else as_mapping(header, raw, self._nulls))
        if lifted.faults and self._tally is not None and before is not None:
            self._tally.back_to(before)
        return _Made("".join(dict.fromkeys(map(line_of, lifted.statements))), lifted.faults, lifted.gathered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
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
    conditions: Conditions
    outside: Outside
    indexers: tuple[Indexer, ...] = ()
    keepers: tuple[Indexer, ...] = ()
    probes: tuple[tuple[Indexer, list[str]], ...] = ()

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

    def parts(self, plans: Mapping[Any, Plan], outsides: Mapping[Any, Outside]) -> Iterator[tuple[str, ...]]:
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
            none = ("",) * len(plans)
            lift, number = self._lift_of(lifters, records, len(plans)), 0
            try:
                for row, raw in records:
                    number += 1
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
        """Read the source for its joins alone."""
        with closing(self.opened()) as opened:
            records = Counted(opened)
            take = self._takers(self.indexers, records)
            for _, raw in records:
                for each in take:
                    each(raw)

    def _takers(self, indexers: Iterable[Indexer], records: Counted) -> list[Callable[[Raw], None]]:
        forms = forms_of(self.source)
        return [indexer.taker(records.header, forms, records.position) for indexer in indexers]

    def opened(self) -> Records:
        """The records of the source, from the start."""
        columns = self.whole.columns(self.source) if self.source.formulation.tabular else ()
        given = self.conditions
        return open_source(self.source, given.folder, bindings=given.bindings, refuse=given.refuse, columns=columns)

    def _lifters(
        self, plans: Mapping[Any, Plan], outsides: Mapping[Any, Outside], records: Counted
    ) -> tuple[list[_Lifter], Tally | None]:
        """A lifter a part; the first counts for all where terms are to be counted."""
        check_columns(self.plan, records)
        forms, compiled, header = forms_of(self.source), self.conditions.compiled, records.header
        tally = None if self.conditions.report is None else Tally(self.plan)
        lifters = []
        for name, plan in plans.items():
            alone = plan == self.plan
            outside = replace(outsides[name], position=records.position, tally=tally if alone else None)
            lifters.append(_Lifter(plan, header, forms, outside, compiled=compiled))
        if tally is not None and self.plan not in plans.values():
            outside = replace(self.outside, position=records.position, tally=tally, gathered=Gathered(iter(())))
            lifters.append(_Lifter(self.plan, header, forms, outside, compiled=compiled))
        return lifters, tally

    def _lift_of(
        self, lifters: Sequence[_Lifter], records: Counted, count: int
    ) -> Callable[[int, Raw], tuple[str, ...] | None]:
        def carefully(row: int, raw: Raw) -> tuple[str, ...] | None:
            texts = self._lifted(row, raw, lifters, records)
            return None if texts is None else texts[:count]

        quick = lifters[0].quick if len(lifters) == 1 else None
        if quick is None:
            return carefully

        def lift(row: int, raw: Raw) -> tuple[str, ...] | None:
            found = quick(raw)
            return carefully(row, raw) if found is None else (found[1],)

        return lift

    def _lifted(self, row: int, raw: Raw, lifters: Sequence[_Lifter], records: Counted) -> tuple[str, ...] | None:
        """The texts of a record, one a part; `None` of a faulty one."""
        made = [lifter.lift(raw) for lifter in lifters]
        faults = {fault: None for each in made for fault in each.faults}
        if faults:
            where, hint = Locator(source=records.name, row=row), "correct the value or the mapping"
            record = kept(raw if records.header is None else dict(zip(records.header, raw, strict=True)))
            error = data_error(faults, where, hint=hint, record=record)
            if error is not None:
                self.conditions.meet(error)
            return None
        for lifter, each in zip(lifters, made, strict=True):
            if each.gathered and lifter.gathered is not None:
                lifter.gathered.add(each.gathered)
        return tuple(each.text for each in made)

    def _tell(self, name: str, number: int, tally: Tally | None) -> None:
        report = self.conditions.report
        if report is not None and tally is not None:
            report.read(name, number)
            report.counted(self.plan, tally.counts())


def check_columns(plan: Plan, records: Records) -> None:
    """See to it that a table has all columns that its triples maps read.

    Raises:
        MappingError: where it has not.
    """
    if records.header is None:
        return
    for triples_map in plan.triples_maps:
        for term_map in term_maps(triples_map):
            for reference in references(term_map):
                if reference.level == 0 and reference.text not in records.header:
                    raise MappingError(
                        f"the mapping reads the column {reference.text!r}, which {records.name} does not have",
                        where=term_map.written,
                        hint=f"its columns: {', '.join(records.header)}",
                    )
