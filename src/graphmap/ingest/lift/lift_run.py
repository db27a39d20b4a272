"""Options and results of a lift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphmap.errors import DataError, GraphmapError, RecordError
from graphmap.lifting.parallel import LiftedPartition, at_row_of_input
from graphmap.lifting.plan import Plan
from graphmap.lifting.run_state import ExecutionReport
from graphmap.records import Refusal, Refuse, raise_refusal

__all__ = ["LiftRun"]

_SHOWN = 20


@dataclass(slots=True, kw_only=True)
class LiftRun:
    """Options and results of a lift.

    Args:
        strict: whether a record that cannot be read or gives no proper terms ends the work; otherwise it is set aside.
        infer: whether what the ontology entails is written too.
        distinct: whether each statement is written once over all records.
        together: whether the statements of a record follow one another in the text.
        memory: bytes that each index of a join, and what tells repeated statements, may take before going to disk.
        report: what is told of records, terms and errors, where somebody asks for it.
        records: how many were seen.
        set_aside: how many of them were left out.
        unreadable: how many of these could not be read as records at all.
        first: reasons for the first that were left out.
    """

    strict: bool = False
    infer: bool = False
    distinct: bool = False
    together: bool = False
    memory: int = 256 << 20
    report: ExecutionReport | None = None
    records: int = 0
    set_aside: int = 0
    unreadable: int = 0
    first: list[GraphmapError] = field(default_factory=list)

    @property
    def refuse(self) -> Refuse:
        """Handle a record that cannot be read."""
        return raise_refusal if self.strict else self._refuse

    def _refuse(self, refusal: Refusal) -> None:
        refusal.error.record = refusal.payload
        self.records += 1
        if self.report is not None:
            self.report.read(refusal.error.where.source or "", 1)
        self._note(refusal.error)

    def see(self, number: int) -> None:
        """Count records."""
        self.records += number

    def meet(self, error: DataError) -> None:
        """Handle a record that gives no valid terms.

        Raises:
            DataError: in strict mode, that one.
        """
        if self.strict:
            raise error
        self._note(error)

    def _note(self, error: DataError | RecordError) -> None:
        self.set_aside += 1
        self.unreadable += isinstance(error, RecordError)
        if len(self.first) < _SHOWN:
            self.first.append(error)
        if self.report is not None:
            self.report.set_aside(error)

    def counted(
        self, portions: Iterable[LiftedPartition], plan: Plan, name: str, *, one_by_one: bool = False
    ) -> Iterator[bytes | memoryview]:
        """The texts of portions, counted; rows in errors count from the start of the input.

        Args:
            portions: in the order of the input.
            plan: that they were lifted by.
            name: of the input.
            one_by_one: whether each is one record, whose errors have their row already.

        Raises:
            GraphmapError: what lifting a portion raised.
        """
        done = 0
        try:
            for portion in portions:
                for error in portion.refused:
                    self._note(at_row_of_input(error, done))
                done += 0 if one_by_one else portion.records
                self._count(portion, plan, name)
                yield from portion.pieces
        except GraphmapError as error:
            raise at_row_of_input(error, done) from error

    def _count(self, portion: LiftedPartition, plan: Plan, name: str) -> None:
        self.records += portion.records
        if self.report is not None:
            self.report.read(name, portion.records)
            if portion.counts is not None:
                self.report.counted(plan, portion.counts)
