"""Files through a mapping to N-Triples text, without any shapes."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from graphmap.errors import CallError, DataError, GraphmapError
from graphmap.ingest.crew import Crew, usable_processors
from graphmap.ingest.inputs import Input, looks_like_json, open_input, settings_of
from graphmap.ingest.lift_work import LiftedPortion, LiftWork, moved
from graphmap.ingest.mappings import Mappings
from graphmap.ingest.threads import in_threads
from graphmap.lifting import Formulation, LogicalSource, Plan, ValueForms, read_mapping
from graphmap.lifting.run import Conditions
from graphmap.lifting.targets import lift_to_targets, targets_in
from graphmap.records import (
    Refusal,
    Refuse,
    Rows,
    decode_json,
    line_portions,
    open_bytes,
    raise_refusal,
    reading,
    sniff_delimiter,
    table_portions,
)
from graphmap.terms import local_name

__all__ = ["Lifting", "lift_files", "lift_mapping"]

_TABLE_PORTION = 1 << 17
"""Bytes of a table that are lifted at a time; columns are worth while from some hundred rows on."""


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
    refused: list[GraphmapError] = field(default_factory=list)

    @property
    def refuse(self) -> Refuse:
        """What to do with a record that cannot be read."""
        return raise_refusal if self.strict else self._note

    def _note(self, refusal: Refusal) -> None:
        self.records += 1
        self.refused.append(refusal.error)

    def one_by_one(self, plan: Plan, folder: Path, bound: Mapping[str, str]) -> Iterator[bytes]:
        """Lift the sources of a mapping record by record, joins and targets and all.

        Raises:
            GraphmapError: what lifting raised.
        """
        conditions = Conditions(folder=folder, bind=bound, meet=self._meet, refuse=self.refuse)
        for text in lift_to_targets(plan, conditions):
            self.records += 1
            yield text.encode()

    def _meet(self, error: DataError) -> None:
        if self.strict:
            raise error
        self.refused.append(error)

    def counted(self, portions: Iterable[LiftedPortion], *, one_by_one: bool = False) -> Iterator[bytes]:
        """The texts of portions, counted; rows in errors count from the start of the input.

        Args:
            portions: in the order of the input.
            one_by_one: whether each is one record, whose errors have their row already.

        Raises:
            GraphmapError: what lifting a portion raised.
        """
        done = 0
        try:
            for portion in portions:
                self.refused.extend(moved(error, done) for error in portion.refused)
                done += 0 if one_by_one else portion.records
                self.records += portion.records
                yield portion.text
        except GraphmapError as error:
            raise moved(error, done) from error


def lift_files(
    names: Iterable[str],
    mappings: Mappings,
    lifting: Lifting,
    *,
    source: str | None = None,
    processes: int | None = None,
) -> Iterator[bytes]:
    """Lift files.

    Args:
        names: paths, or `-`.
        mappings: of the workspace.
        lifting: how, and where the counts go.
        source: name of a source that overrides the choice by content.
        processes: how many share the work of a large table or of JSON Lines; one a processor by default.

    Yields:
        N-Triples text of one portion of the input after the other, in its order; each triple once a record.

    Raises:
        SourceError: where a file cannot be read to its end; what was read before was yielded.
        DataError: in strict mode, at the first record that gives no proper terms.
        RecordError: in strict mode, at the first record that cannot be read.
    """
    for name in names:
        with open_bytes(name) as stream:
            yield from _lifted(name, stream, mappings, lifting, source, processes or usable_processors())


def _lifted(
    name: str, stream: BinaryIO, mappings: Mappings, lifting: Lifting, source: str | None, processes: int
) -> Iterator[bytes]:
    portions = _portions(name, stream, settings_of(source, mappings).delimiter if source is not None else None)
    first = next(portions) if portions is not None else None
    head = None if first is None else io.BufferedReader(io.BytesIO(first))
    opened = open_input(name, mappings, refuse=lifting.refuse, source=source, stream=head or stream)
    work = _work(mappings, opened, lifting)
    if portions is None or first is None:
        yield from lifting.counted(work.records(opened.records), one_by_one=True)
    else:
        yield from lifting.counted(_shared(work, first, portions, processes))


def _work(mappings: Mappings, opened: Input, lifting: Lifting) -> LiftWork:
    return LiftWork(
        mappings.plans[opened.source.name],
        forms=opened.source.forms,
        name=opened.records.name,
        header=opened.records.header,
        delimiter=opened.source.delimiter,
        saturation=mappings.saturation if lifting.infer else None,
        envelopes=opened.source.kind == "envelope",
        strict=lifting.strict,
    )


def _portions(name: str, stream: BinaryIO, delimiter: str | None) -> Iterator[bytes] | None:
    """The portions of a table or of JSON Lines; `None` for documents that need the whole stream."""
    with reading(name):
        if not looks_like_json(stream):
            return _readable(
                name, table_portions(stream, delimiter or sniff_delimiter(_first_line(stream)), size=_TABLE_PORTION)
            )
        return _readable(name, line_portions(stream)) if _begins_with_a_document(stream) else None


def _readable(name: str, portions: Iterator[bytes]) -> Iterator[bytes]:
    with reading(name):
        yield from portions


def _first_line(stream: BinaryIO) -> str:
    peeked: bytes = stream.peek()  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return peeked.split(b"\n", 1)[0].decode(errors="replace")


def _begins_with_a_document(stream: BinaryIO) -> bool:
    """Whether the first line is a whole document, as in JSON Lines."""
    try:
        return isinstance(decode_json(_first_line(stream).removeprefix("\ufeff")), dict)
    except ValueError:
        return False


def _shared(work: LiftWork, first: bytes, portions: Iterator[bytes], processes: int) -> Iterator[LiftedPortion]:
    second = next(portions, None)
    if second is None:
        yield work(first)
        return
    by_columns, portions = work.take_columns(first), itertools.chain((first, second), portions)
    if processes < 2:
        yield from map(work, portions)
    elif by_columns:
        yield from in_threads(work, portions, threads=processes)
    else:
        yield from Crew(work, helpers=processes - 1).results(portions)


def lift_mapping(
    mapping: Path,
    files: Sequence[str],
    lifting: Lifting,
    *,
    base: str | None,
    bind: Mapping[str, str],
    processes: int | None = None,
) -> Iterator[bytes]:
    """Lift through any RML mapping.

    Args:
        mapping: Turtle file.
        files: what to read in place of the mapping's only source.
        lifting: how, and where the counts go.
        base: base IRI of relative references in the data.
        bind: name of a source, or its last part, or its path, to the file to read.
        processes: as for `lift_files`.

    Yields:
        N-Quads text of one portion of the input after the other.

    Raises:
        MappingError: where the mapping cannot run, or names no source that can be found.
        CallError: where files or bindings fit no source of the mapping.
        SourceError: where a file cannot be read to its end.
        DataError: in strict mode, at the first record that gives no proper terms.
    """
    plan = read_mapping([mapping], base=base or "http://example.com/base/")
    for bound in _bindings(plan, files, bind):
        if not plan.joins and not targets_in(plan) and all(_is_plain(source) for source in plan.sources):
            for source in plan.sources:
                name = bound.get(source.name) or str(mapping.parent / (source.path or ""))
                yield from _lifted_table(plan.over(source), name, lifting, processes or usable_processors())
        else:
            yield from lifting.one_by_one(plan, mapping.parent, bound)


def _is_plain(source: LogicalSource) -> bool:
    """Whether a source is a table as most are, which can be read in portions."""
    written = (source.nulls, source.encoding, source.delimiter, source.database, source.query)
    return source.formulation is Formulation.CSV and not any(written) and not source.from_working_directory


def _lifted_table(plan: Plan, name: str, lifting: Lifting, processes: int) -> Iterator[bytes]:
    with open_bytes(name) as stream:
        portions = _portions(name, stream, None) or iter(())
        first = next(portions)
        header = Rows(name, stream=io.BytesIO(first)).header
        work = LiftWork(plan, forms=ValueForms(), name=name, header=header, strict=lifting.strict)
        yield from lifting.counted(_shared(work, first, portions, processes))


def _bindings(plan: Plan, files: Sequence[str], bind: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What to read in place of which source, by its full name; a file after the other where only files are given."""
    if files and len(plan.sources) != 1:
        raise CallError(f"the mapping reads {len(plan.sources)} sources", hint="name each with --bind NAME=FILE")
    if files:
        yield from ({plan.sources[0].name: str(Path(file).absolute()) if file != "-" else file} for file in files)
        return
    bound, unused = {}, set(bind)
    for source in plan.sources:
        names = [name for name in (source.name, local_name(source.name), source.path) if name in bind]
        unused.difference_update(names)
        if names:
            given = bind[names[0] or ""]
            bound[source.name] = given if "://" in given or given == "-" else str(Path(given).absolute())
    if unused:
        known = ", ".join(local_name(source.name) for source in plan.sources)
        raise CallError(f"the mapping has no source {min(unused)!r}", hint=f"its sources: {known}")
    yield bound
