"""Lifts a record by the generated program, else by the interpreter; no other module chooses between the two.

The program gives up on a record that is out of the ordinary; the interpreter then gives its statements, or its faults.
Whatever an attempt counted of a record that it does not lift is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from graphmap.lifting.compiler.compiler import Compiled, compile_program
from graphmap.lifting.compiler.entailment import Entailment
from graphmap.lifting.compiler.program import Asked, Lift
from graphmap.lifting.compiler.runtime import UnusualRecord
from graphmap.lifting.evaluation import Fault, Lifted, Place, line_of
from graphmap.lifting.interpreter import Interpreter, UnreadMembers
from graphmap.lifting.plan import All, Check, Extra, Plan, TermMap
from graphmap.lifting.run_state import SharedState, TermCounter, Used
from graphmap.records import Raw, ValueForms

__all__ = ["LiftedText", "RecordLifter", "as_mapping", "compile_plan"]


class LiftedText(NamedTuple):
    """A record as N-Quads text, each line once; its faults, with which there is no text; and collections that go on."""

    text: str
    faults: Mapping[Fault, None]
    gathered: Sequence[Used]


_NO_FAULTS: Mapping[Fault, None] = MappingProxyType({})


class RecordLifter:
    """Lifts the records of one source.

    Args:
        plan: triples maps over the source.
        header: columns of a table; `None` for documents.
        forms: how the source writes values.
        outside: indexes of joins, and what counts terms and nulls; one for both ways, so that fresh blank nodes have
            numbers of their own.
        entailment: what to infer; `None` for nothing.
        check: what must hold of a row that the program lifts.
        extras: terms that the program hands out beside the text.
        tallied: subject maps that the program counts.
        compiled: whether there is a program at all.
        most_terms: a record that is interpreted may give so many; `None` sets no limit.

    Attributes:
        program: the generated function, which gives `None` for a record out of the ordinary.
        counts: how often each of `tallied` came up in records that the program lifted.

    Raises:
        MappingError: where the mapping reads a column that the header does not have, or an index of a join is missing.
    """

    def __init__(  # noqa: PLR0913  # each is a setting of its own
        self,
        plan: Plan,
        *,
        header: tuple[str, ...] | None,
        forms: ValueForms,
        outside: SharedState | None = None,
        entailment: Entailment | None = None,
        check: Check | None = None,
        extras: tuple[Extra, ...] = (),
        tallied: tuple[TermMap, ...] = (),
        compiled: bool = True,
        most_terms: int | None = None,
    ) -> None:
        self._plan = plan
        self._header = header
        self._nulls = forms.nulls
        self._tally = None if outside is None else outside.tally
        self._collections = None if outside is None else outside.gathered
        self._entailment = entailment
        self._interpreter = Interpreter(plan, forms=forms, outside=outside, most_terms=most_terms)
        self.program: Lift = _no_program
        self.counts: Sequence[int] = ()
        if compiled:
            made = compile_plan(
                plan,
                header=header,
                forms=forms,
                entailment=entailment,
                check=check,
                extras=extras,
                tallied=tallied,
                outside=outside,
            )
            self.program = made.lift if self._tally is None else _with_rollback(made.lift, self._tally)
            self.counts = made.counts

    def lift(self, raw: Raw) -> LiftedText:
        """The asserted and entailed lines of a record, or its faults.

        Raises:
            RecordError: where it gives too many terms.
        """
        found = self.program(raw)
        if found is None:
            return self.carefully(raw)
        _, asserted, entailed, _ = found
        return LiftedText(asserted + _new_lines(asserted, entailed) if entailed else asserted, _NO_FAULTS, ())

    def carefully(self, raw: Raw) -> LiftedText:
        """Give what `lift` gives, without an attempt by the program.

        Raises:
            RecordError: where the record gives too many terms.
        """
        lifted = self.interpreted(raw)
        if lifted.faults:
            return LiftedText("", lifted.faults, ())
        lines = dict.fromkeys(map(line_of, lifted.statements))
        if self._entailment is not None:
            entailed = self._entailment.entailed(each[:3] for each in lifted.statements)
            lines |= dict.fromkeys(f"{s} {p} {o} .\n" for s, p, o in entailed)
        return LiftedText("".join(lines), _NO_FAULTS, lifted.gathered)

    def interpreted(self, raw: Raw) -> Lifted:
        """The statements of a record with the places of their values, by the interpreter.

        Raises:
            RecordError: where it gives too many terms.
        """
        before = None if self._tally is None else self._tally.counts()
        lifted = self._interpreter.lift(self.record(raw))
        if lifted.faults and self._tally is not None and before is not None:
            self._tally.back_to(before)
        return lifted

    def keep(self, gathered: Sequence[Used]) -> None:
        """Keep collections of a record that go on in other records."""
        if gathered and self._collections is not None:
            self._collections.add(gathered)

    def record(self, raw: Raw) -> Any:
        """A record as the interpreter reads it: a document as it is, a row as a mapping without its nulls."""
        return raw if self._header is None else as_mapping(self._header, raw, self._nulls)

    def unread_members(self, known: Iterable[Place]) -> UnreadMembers:
        """The members of documents that no term map reads.

        Args:
            known: places that are read by somebody else, with all below them.
        """
        return UnreadMembers(self._plan, self._interpreter, known)


def _no_program(_: Raw) -> None:
    return None


def compile_plan(
    plan: Plan,
    *,
    header: tuple[str, ...] | None = None,
    forms: ValueForms,
    entailment: Entailment | None = None,
    check: Check | None = None,
    extras: tuple[Extra, ...] = (),
    tallied: tuple[TermMap, ...] = (),
    outside: SharedState | None = None,
) -> Compiled:
    """Compile all triples maps over one source; those beyond the compiler are interpreted within the program.

    Args:
        plan: triples maps over one source.
        header: the columns of the rows to come; `None` for documents.
        forms: how the source writes values.
        entailment: what to add to the entailed text.
        check: what must hold of a row; for rows only.
        extras: terms to hand out beside the text; for rows only.
        tallied: subject maps to count, over the records that were lifted; for rows only.
        outside: for what is interpreted: joined subjects, numbers for fresh blank nodes.

    Raises:
        MappingError: where the mapping reads a column that the header does not have.
    """

    def interpret(part: Plan, columns: tuple[str, ...] | None) -> Callable[[Raw], str]:
        return _interpreted_lines(RecordLifter(part, header=columns, forms=forms, outside=outside, compiled=False))

    asked = Asked(entailment, check or All(), extras, tallied, outside, interpret)
    return compile_program(plan, header=header, forms=forms, asked=asked)


def _interpreted_lines(lifter: RecordLifter) -> Callable[[Raw], str]:
    """A function from a record to the lines of some triples maps; a fault makes the record unusual."""

    def lines(raw: Raw) -> str:
        text, faults, gathered = lifter.carefully(raw)
        if faults:
            raise UnusualRecord
        lifter.keep(gathered)
        return text

    return lines


def _with_rollback(lift: Lift, tally: TermCounter) -> Lift:
    """The same function, which leaves nothing counted of a record that it gives up half-way."""

    def lift_or_undo(raw: Raw) -> tuple[str, str, str, tuple[str, ...]] | None:
        before = tally.counts()
        found = lift(raw)
        if found is None:
            tally.back_to(before)
        return found

    return lift_or_undo


def as_mapping(header: tuple[str, ...], row: list[str], nulls: frozenset[str]) -> dict[str, str]:
    """A row as the interpreter reads it: column to cell, without its nulls."""
    return {name: cell for name, cell in zip(header, row, strict=True) if cell and cell not in nulls}


def _new_lines(asserted: str, entailed: str) -> str:
    known = set(asserted.split("\n"))
    return "".join(f"{line}\n" for line in dict.fromkeys(entailed.split("\n")) if line and line not in known)
