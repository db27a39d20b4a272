"""Any RML mapping over its own sources: tables in portions by several processes, everything else record by record."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from graphmap.errors import CallError, Locator, MappingError, SourceError
from graphmap.files import STANDARD_INPUT, open_bytes
from graphmap.ingest.lift.lift_run import LiftRun
from graphmap.ingest.lift.workspace_files import (
    begins_with_a_document,
    ends_in_return,
    rows_of,
    separable,
    shareable,
    shared,
)
from graphmap.lifting.execution import (
    AnyJoin,
    RunOptions,
    SourceRun,
    check_columns,
    check_names,
    form_of,
    forms_of,
    has_graphs,
    lift_to_targets,
    name_of,
    named_collections,
    open_portions,
    plan_for,
    source_runs,
    targets_in,
)
from graphmap.lifting.mapping import read_mapping
from graphmap.lifting.parallel import LiftedPartition, PartitionLifter, usable_processors
from graphmap.lifting.plan import FUNCTIONS, Formulation, Function, Join, LogicalSource, Plan
from graphmap.lifting.run_state import SharedState, TermCounter
from graphmap.records import ValueForms
from graphmap.records.readers import Rows, line_portions

__all__ = ["lift_mapping"]

_BATCH = 256
_JSON = (Formulation.JSON_PATH, Formulation.LAX_JSON_PATH)


def lift_mapping(  # noqa: PLR0913  # each is an option of the command
    mapping: Path,
    files: Sequence[str],
    lifting: LiftRun,
    *,
    base: str | None,
    bind: Mapping[str, str],
    environment: Mapping[str, str],
    graphs: bool = True,
    processes: int | None = None,
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Generator[bytes | memoryview, None, None]:
    """Lift through any RML mapping.

    Args:
        mapping: Turtle file.
        files: what to read in place of the mapping's only source.
        lifting: how, and where the counts go.
        base: stands before relative IRIs in the data, which are faults without it.
        bind: name of a source, or its last part, or its path, or a name in `${}`, to what is read.
        environment: values of names in `${}` that are not bound.
        graphs: whether statements in named graphs can be written.
        processes: how many share the work of a large table; one a processor by default.
        functions: those that the mapping may call, by their IRIs.

    Yields:
        N-Quads text of one portion of the input after the other; what has a target goes there instead.

    Raises:
        MappingError: where the mapping cannot run, names no source that can be found, or gives named graphs that cannot
            be written.
        CallError: where files or bindings fit no source of the mapping.
        SourceError: where a file cannot be read or written to its end.
        DataError: in strict mode, at the first record that gives no proper terms.
        RecordError: in strict mode, at the first record that cannot be read.
    """
    plan = read_mapping([mapping], base=base, functions=functions)
    if not graphs:
        _check_graphs(plan_for(None, plan), mapping)
    for bound in _bindings(plan, files, bind):
        conditions = RunOptions(
            folder=mapping.parent,
            bind=bound,
            environment=environment,
            meet=lifting.meet,
            refuse=lifting.refuse,
            seen=lifting.see,
            memory=lifting.memory,
            distinct=lifting.distinct,
            report=lifting.report,
        )
        if targets_in(plan):
            yield from _batched(lift_to_targets(plan, conditions))
        else:
            yield from _lifted(plan, conditions, lifting, processes or usable_processors())


def _check_graphs(plan: Plan, mapping: Path) -> None:
    """See to it that a plan gives no named graphs."""
    named = next((each for each in plan.triples_maps if has_graphs(each)), None)
    if named is not None:
        what, hint = f"{named.name} gives named graphs", "write N-Quads, TriG or JSON-LD"
        raise MappingError(what, where=Locator(source=str(mapping)), hint=hint)


def _lifted(plan: Plan, conditions: RunOptions, lifting: LiftRun, processes: int) -> Iterator[bytes | memoryview]:
    with source_runs(plan, conditions) as (each_turn, outside):
        for turn in each_turn:
            table = _table_of(turn)
            if table is not None:
                yield from _lifted_table(table, turn, lifting, processes)
            elif (documents := _documents_of(turn)) is not None:
                yield from _lifted_documents(*documents, turn, lifting, processes)
            else:
                yield from _batched(turn.texts())
        yield from (text.encode() for text in named_collections(outside))


def _batched(texts: Iterator[str]) -> Iterator[bytes]:
    while batch := list(islice(texts, _BATCH)):
        yield "".join(batch).encode()


def _may_be_cut(turn: SourceRun) -> bool:
    """Return whether portions of a source can be lifted apart, and what they add to indexes too."""
    if turn.keepers or turn.probes or not shareable(turn.plan):
        return False
    return all(isinstance(each.join, Join) and separable(each.join) for each in turn.indexers)


def _indexed(portions: Iterator[LiftedPartition], turn: SourceRun) -> Iterator[LiftedPartition]:
    """The same portions, whose keys are in the indexes when they come out."""
    for portion in portions:
        for indexer, pairs in zip(turn.indexers, portion.keys, strict=bool(portion.keys)):
            for key, subject in pairs:
                indexer.add(key, subject)
        for indexer, columns in zip(turn.indexers, portion.key_columns, strict=bool(portion.key_columns)):
            turn.outside.joined[indexer.join].add_columns(columns)
        yield portion


def _table_of(turn: SourceRun) -> str | None:
    """The table that a turn reads, where it is a text as most are and its portions can be lifted apart."""
    source, bindings = turn.source, turn.conditions.bindings
    given = bindings.of(source)
    if not (_is_plain(source) and _may_be_cut(turn)) or not isinstance(given, str | None):
        return None
    name = name_of(source, turn.conditions.folder, given, bindings)
    if name == STANDARD_INPUT:
        return name
    with closing(turn.opened()) as records:  # it may be of another kind than its name says
        return name if isinstance(records, Rows) and not _ends_in_returns(name) else None


def _ends_in_returns(name: str) -> bool:
    """Return whether the lines of a table end in a carriage return alone, so that it cannot be cut into portions."""
    with open_bytes(name) as stream:
        return ends_in_return(stream)


def _is_plain(source: LogicalSource) -> bool:
    """Return whether a source is a table in UTF-8 that is written as most are, its delimiter and nulls aside."""
    plain = source.dialect is None and source.encoding in (None, "utf-8")
    return plain and source.formulation is Formulation.CSV


def _lifted_table(name: str, turn: SourceRun, lifting: LiftRun, processes: int) -> Iterator[bytes | memoryview]:
    outside = _outside(turn, lifting)
    with open_bytes(name) as stream:
        if ends_in_return(stream):
            what, hint = "the lines end in a carriage return alone", "read it from a file"
            raise SourceError(what, where=Locator(source=name), hint=hint)
        portions = rows_of(name, stream, turn.source.delimiter)
        first = next(portions)
        rows = Rows(name, form=form_of(turn.source), stream=io.BytesIO(first))
        check_columns(turn, rows)
        work = PartitionLifter(
            turn.plan,
            forms=forms_of(turn.source),
            name=name,
            header=rows.header,
            delimiter=turn.source.delimiter,
            strict=lifting.strict,
            outside=outside,
            indexers=turn.indexers,
        )
        lifted = shared(work, first, portions, processes, together=lifting.together)
        yield from lifting.counted(_indexed(lifted, turn), turn.plan, name)


def _documents_of(turn: SourceRun) -> tuple[str, Iterator[bytes]] | None:
    """The name and the portions of JSON, where it is an array or JSON Lines in a file, and they can be lifted apart."""
    source, given = turn.source, turn.conditions
    if source.formulation not in _JSON or given.bindings.is_in_memory(source) or not _may_be_cut(turn):
        return None
    if source.part is not None:
        return open_portions(source, given.folder, given.bindings)
    return _lines_of(turn) if source.encoding in (None, "utf-8") else None


def _lines_of(turn: SourceRun) -> tuple[str, Iterator[bytes]] | None:
    given, bound = turn.conditions, turn.conditions.bindings.of(turn.source)
    if isinstance(bound, bytes):
        return None
    name = name_of(turn.source, given.folder, bound, given.bindings)
    if name == STANDARD_INPUT:
        return None
    stream = open_bytes(name)
    if begins_with_a_document(stream):
        return name, line_portions(stream)
    stream.close()
    return None


def _lifted_documents(
    name: str, portions: Iterator[bytes], turn: SourceRun, lifting: LiftRun, processes: int
) -> Iterator[bytes | memoryview]:
    work = PartitionLifter(
        turn.plan,
        forms=ValueForms(),
        name=name,
        header=None,
        elements=turn.source.part is not None,
        strict=lifting.strict,
        outside=_outside(turn, lifting),
        indexers=turn.indexers,
    )
    first = next(portions, b"[]")
    lifted = shared(work, first, portions, processes, together=lifting.together)
    yield from lifting.counted(_indexed(lifted, turn), turn.plan, name)


def _outside(turn: SourceRun, lifting: LiftRun) -> SharedState:
    """Text outside the records of portions, which gathers no keys."""
    joins: tuple[AnyJoin, ...] = (*turn.plan.joins, *turn.plan.view_joins)
    for join in joins:
        turn.outside.joined[join].end()  # before processes are forked
    return replace(turn.outside, gathered=None, tally=TermCounter(turn.plan) if lifting.report is not None else None)


def _bindings(plan: Plan, files: Sequence[str], bind: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Bind files or URLs to sources; files without a name in their order.

    Raises:
        CallError: where something is given that no source asks for.
    """
    if files and len(plan.sources) != 1:
        raise CallError(f"the mapping reads {len(plan.sources)} sources", hint="name each with --bind NAME=FILE")
    if files:
        yield from ({**bind, plan.sources[0].name: file} for file in files)
        return
    check_names(plan, bind)
    yield bind
