"""Files through a mapping to N-Triples text, without any shapes."""

from __future__ import annotations

import io
import itertools
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from graphmap.files import open_bytes, reading
from graphmap.ingest.detect_input import (
    Input,
    database_source,
    is_typed,
    looks_like_json,
    looks_like_xml,
    open_input,
    part_read,
    settings_of,
)
from graphmap.ingest.lift.lift_run import LiftRun
from graphmap.lifting.parallel import LiftedPartition, PartitionLifter, ProcessPool, in_threads, usable_processors
from graphmap.lifting.plan import Expression, Fresh, Gather, Iteration, Join, Plan, Position, TermMap, term_maps, within
from graphmap.lifting.run_state import SharedState, TermCounter
from graphmap.records.readers import (
    array_portions,
    decode_json,
    document_portions,
    line_portions,
    sniff_delimiter,
    table_portions,
)

if TYPE_CHECKING:
    from graphmap.ingest.workspace_model import Mappings

__all__ = ["begins_with_a_document", "ends_in_return", "lift_files", "portions_of", "separable", "shareable", "shared"]

_TABLE_PORTION = 3 << 16
"""Bytes of a table that are lifted at a time; columns are worth while from some hundred rows on."""


def lift_files(
    names: Iterable[str],
    mappings: Mappings,
    lifting: LiftRun,
    *,
    source: str | None = None,
    processes: int | None = None,
) -> Generator[bytes | memoryview, None, None]:
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
        if database_source(name, mappings) is not None:
            yield from _read_whole(open_input(name, mappings, refuse=lifting.refuse), mappings, lifting)
            continue
        with open_bytes(name) as stream:
            yield from _lifted(name, stream, mappings, lifting, source, processes or usable_processors())


def _lifted(
    name: str, stream: BinaryIO, mappings: Mappings, lifting: LiftRun, source: str | None, processes: int
) -> Iterator[bytes | memoryview]:
    with reading(name):
        part = part_read(name, mappings, source) if looks_like_json(stream) else None
    portions = (
        array_portions(stream, part, name=name)
        if part is not None
        else portions_of(name, stream, settings_of(source, mappings).delimiter if source is not None else None)
    )
    first = next(portions, b"[]") if portions is not None else None
    head = None if first is None else io.BufferedReader(io.BytesIO(first))
    opened = open_input(name, mappings, refuse=lifting.refuse, source=source, stream=head or stream)
    plan, work = mappings.plans[opened.source.name], _work(mappings, opened, lifting, part=part is not None)
    if portions is None or first is None:
        yield from lifting.counted(work.records(opened.records), plan, opened.records.name, one_by_one=True)
    else:
        crew = processes if shareable(plan) else 1
        lifted = shared(work, first, portions, crew, together=lifting.together)
        yield from lifting.counted(lifted, plan, opened.records.name)


def _read_whole(opened: Input, mappings: Mappings, lifting: LiftRun) -> Iterator[bytes | memoryview]:
    """Lift what is not cut into portions."""
    work, plan = _work(mappings, opened, lifting, part=False), mappings.plans[opened.source.name]
    yield from lifting.counted(work.records(opened.records), plan, opened.records.name, one_by_one=True)


def _work(mappings: Mappings, opened: Input, lifting: LiftRun, *, part: bool) -> PartitionLifter:
    plan = mappings.plans[opened.source.name]
    return PartitionLifter(
        plan,
        forms=opened.source.forms,
        name=opened.records.name,
        header=opened.records.header,
        delimiter=opened.source.delimiter,
        saturation=mappings.saturation if lifting.infer else None,
        envelopes=opened.source.kind == "envelope",
        elements=part,
        lacking=opened.lacking,
        strict=lifting.strict,
        outside=None if lifting.report is None else SharedState(tally=TermCounter(plan)),
    )


def portions_of(name: str, stream: BinaryIO, delimiter: str | None) -> Iterator[bytes] | None:
    """The portions of a table, of JSON Lines or of an array; `None` for what can only be read as a whole."""
    with reading(name):
        if not looks_like_json(stream):
            if is_typed(stream) or ends_in_return(stream) or looks_like_xml(stream):
                return None
            return rows_of(name, stream, delimiter)
        if _begins_with_an_array(stream):
            return document_portions(stream, name=name)
        return _readable(name, line_portions(stream)) if begins_with_a_document(stream) else None


def rows_of(name: str, stream: BinaryIO, delimiter: str | None) -> Iterator[bytes]:
    """The portions of a table; a delimiter that is not given is told from the header."""
    with reading(name):
        mark = delimiter or sniff_delimiter(_first_line(stream))
    return _readable(name, table_portions(stream, mark, size=_TABLE_PORTION))


def _readable(name: str, portions: Iterator[bytes]) -> Iterator[bytes]:
    with reading(name):
        yield from portions


def _first_line(stream: BinaryIO) -> str:
    peeked: bytes = stream.peek()  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return peeked.split(b"\n", 1)[0].decode(errors="replace")


def ends_in_return(stream: BinaryIO) -> bool:
    """Return whether the first line of a table ends in a carriage return alone, so that line feeds part nothing."""
    return "\r" in _first_line(stream)[:-1]


def _begins_with_an_array(stream: BinaryIO) -> bool:
    peeked: bytes = stream.peek()  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return peeked.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def begins_with_a_document(stream: BinaryIO) -> bool:
    """Return whether the first line is a whole document, as in JSON Lines."""
    try:
        return isinstance(decode_json(_first_line(stream).removeprefix("\ufeff")), dict)
    except ValueError:
        return False


def shareable(plan: Plan) -> bool:
    """Return whether portions of an input can be lifted apart: no number in the output goes on from one to the next."""
    maps = [term_map for each in plan.triples_maps for term_map in term_maps(each)]
    return not _numbering(maps, (each.iteration for each in plan.triples_maps))


def separable(join: Join) -> bool:
    """Return whether portions of a join's parent can be indexed apart, for the same reason."""
    return not _numbering([join.subject, *(parent for _, parent in join.conditions)], [join.parent])


def _numbering(maps: Iterable[TermMap], iterations: Iterable[Iteration]) -> bool:
    makers = (step.maker for each in iterations for step in each.steps)
    used = itertools.chain(maps, (maker for maker in makers if isinstance(maker, TermMap)))
    return any(_numbered(expression) for term_map in used for expression in within(term_map))


def _numbered(expression: Expression) -> bool:
    return isinstance(expression, Fresh | Gather) or (isinstance(expression, Position) and expression.level == 0)


def shared(
    work: PartitionLifter, first: bytes, portions: Iterator[bytes], processes: int, *, together: bool
) -> Iterator[LiftedPartition]:
    """Lift the portions of an input, in their order, by as many processes or threads as are given.

    Args:
        work: what to do with a portion.
        first: of the portions.
        portions: the others.
        processes: how many share the work.
        together: whether the statements of a record are to follow one another.
    """
    second = next(portions, None)
    if second is None:
        yield work(first)
        return
    by_columns, portions = not together and work.take_columns(first), itertools.chain((first, second), portions)
    if processes < 2:
        yield from map(work, portions)
    elif by_columns:
        yield from in_threads(work, portions, threads=processes)
    else:
        yield from ProcessPool(work, helpers=processes).results(portions)
