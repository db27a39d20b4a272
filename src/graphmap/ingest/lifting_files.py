"""Files through a mapping to N-Triples text, without any shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graphmap.errors import CallError, DataError, Locator, MappingError, RecordError
from graphmap.ingest.inputs import open_input
from graphmap.ingest.knowledge import Knowledge
from graphmap.lifting import (
    Interpreter,
    LogicalSource,
    Plan,
    ValueForms,
    as_mapping,
    compile_plan,
    line_of,
    pointer,
    read_mapping,
)
from graphmap.reasoning.saturate import Saturation
from graphmap.records import Raw, Records, Refusal, Refuse, Rows, WholeDocument, raise_refusal, read_envelope
from graphmap.terms import local_name
from graphmap.workspace import SourceSettings

__all__ = ["Lifting", "lift_files", "lift_mapping"]


@dataclass(slots=True, kw_only=True)
class Lifting:
    """How records are lifted, and what became of them.

    Args:
        strict: whether a record that cannot be read or gives no proper terms ends the work; otherwise it is set aside.
        infer: whether what the ontology entails is written too.
        records: how many were seen.
        refused: those that were set aside, with the reason.
    """

    strict: bool = False
    infer: bool = False
    records: int = 0
    refused: list[RecordError | DataError] = field(default_factory=list)

    @property
    def refuse(self) -> Refuse:
        """What to do with a record that cannot be read."""
        return raise_refusal if self.strict else self._note

    def _note(self, refusal: Refusal) -> None:
        self.refused.append(refusal.error)

    def set_aside(self, error: RecordError | DataError) -> None:
        """Meet a record that gives no proper terms.

        Raises:
            DataError: in strict mode.
            RecordError: in strict mode.
        """
        if self.strict:
            raise error
        self.refused.append(error)


def lift_files(
    names: Iterable[str], knowledge: Knowledge, lifting: Lifting, *, source: str | None = None
) -> Iterator[str]:
    """Lift files.

    Args:
        names: paths, or `-`.
        knowledge: the mappings.
        lifting: how, and where the counts go.
        source: name of a source that overrides the choice by content.

    Yields:
        N-Triples text of one record after the other, in the order of the input; each triple once a record.

    Raises:
        SourceError: where a file cannot be read to its end; what was read before was yielded.
        DataError: in strict mode, at the first record that gives no proper terms.
        RecordError: in strict mode, at the first record that cannot be read.
    """
    for name in names:
        opened = open_input(name, knowledge, refuse=lifting.refuse, source=source)
        plan = knowledge.plans[opened.source.name]
        saturation = knowledge.saturation if lifting.infer else None
        lift = _lifter(plan, saturation, opened.source, opened.records, lifting)
        for row, raw in opened.records:
            lifting.records += 1
            yield lift(row, raw)


def _lifter(
    plan: Plan, saturation: Saturation | None, source: SourceSettings, records: Records, lifting: Lifting
) -> Callable[[int, Raw], str]:
    compiled = compile_plan(plan, header=records.header, forms=source.forms, entailment=saturation)
    interpreter = Interpreter(plan, forms=source.forms)

    def carefully(row: int, raw: Raw) -> str:
        record = raw if records.header is None else as_mapping(records.header, raw, source.forms.nulls)
        lifted = interpreter.lift(record)
        fault = next(iter(lifted.faults), None)
        if fault is not None:
            where = Locator(source=records.name, row=row, pointer=pointer(fault.place) or None)
            hint = "mend the value, or lift with --best-effort" if lifting.strict else None
            lifting.set_aside(DataError(f"{fault.what} (term map {fault.term_map})", where=where, hint=hint))
            return ""
        entailed = saturation.entailed(each[:3] for each in lifted.statements) if saturation is not None else ()
        lines = dict.fromkeys(map(line_of, lifted.statements)) | dict.fromkeys(
            f"{s} {p} {o} .\n" for s, p, o in entailed
        )
        return "".join(lines)

    def lift(row: int, raw: Raw) -> str:
        if records.header is None and source.kind == "envelope":
            try:
                read_envelope(raw, Locator(source=records.name, row=row))
            except RecordError as error:
                lifting.set_aside(error)
                return ""
        quick = compiled.lift(raw)
        if quick is None:
            return carefully(row, raw)
        return quick[1] + _new_lines(quick[1], quick[2])

    return lift


def _new_lines(asserted: str, entailed: str) -> str:
    if not entailed:
        return ""
    known = set(asserted.split("\n"))
    return "".join(f"{line}\n" for line in dict.fromkeys(entailed.split("\n")) if line and line not in known)


def lift_mapping(
    mapping: Path, files: Sequence[str], lifting: Lifting, *, base: str | None, bind: Mapping[str, str]
) -> Iterator[str]:
    """Lift through any RML mapping.

    Args:
        mapping: Turtle file.
        files: what to read in place of the mapping's only source.
        lifting: how, and where the counts go.
        base: base IRI of relative references in the data.
        bind: name of a source, or its last part, or its path, to the file to read.

    Yields:
        N-Quads text of one record after the other.

    Raises:
        MappingError: where the mapping cannot run, or names no source that can be found.
        CallError: where files or bindings fit no source of the mapping.
        SourceError: where a file cannot be read to its end.
        DataError: in strict mode, at the first record that gives no proper terms.
    """
    plan = read_mapping([mapping], base=base or "http://example.com/base/")
    for source, name in _bound_sources(plan, mapping, files, bind):
        own = plan.over(source)
        records: Records = Rows(name, refuse=lifting.refuse) if source.formulation.tabular else WholeDocument(name)
        settings = SourceSettings(name=source.name, kind="rdf", mappings=(mapping,), forms=ValueForms())
        lift = _lifter(own, None, settings, records, lifting)
        for row, raw in records:
            lifting.records += 1
            yield lift(row, raw)


def _bound_sources(
    plan: Plan, mapping: Path, files: Sequence[str], bind: Mapping[str, str]
) -> Iterator[tuple[LogicalSource, str]]:
    unused = set(bind)
    if files and len(plan.sources) != 1:
        raise CallError(f"the mapping reads {len(plan.sources)} sources", hint="name each with --bind NAME=FILE")
    for source in plan.sources:
        names = [name for name in (source.name, local_name(source.name), source.path) if name in bind]
        unused.difference_update(names)
        if files:
            yield from ((source, file) for file in files)
        elif names:
            yield source, bind[names[0] or ""]
        elif source.path:
            yield source, str(mapping.parent / source.path)
        else:
            what = f"the source {source.name} names no file"
            raise MappingError(what, where=Locator(source=str(mapping)), hint="name it with --bind NAME=FILE")
    if unused:
        known = ", ".join(local_name(source.name) for source in plan.sources)
        raise CallError(f"the mapping has no source {min(unused)!r}", hint=f"its sources: {known}")
