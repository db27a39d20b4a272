"""From a file name to records of a known source: the kind is told by content, the source by what the content fits."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from graphmap.errors import CallError, GraphmapError, Locator, SourceError
from graphmap.files import STANDARD_INPUT, open_bytes, reading
from graphmap.ingest.source_plan import record_part
from graphmap.ingest.table_rows import CellRows
from graphmap.lifting.plan import Plan, all_references, references
from graphmap.records import PaddedRows, Records, Refuse
from graphmap.records.readers import Documents, Elements, Part, RowForm, Rows, array_portions

if TYPE_CHECKING:
    from graphmap.ingest.workspace_model import Sources
    from graphmap.workspace import SourceSettings

__all__ = ["Input", "columns_of", "is_typed", "looks_like_json", "open_input", "part_read", "settings_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Records, and the source that they belong to.

    Args:
        records: of the input.
        source: its settings.
        lacking: how many columns its header lacks; they stand last in that of the records.
    """

    records: Records
    source: SourceSettings
    lacking: int = 0


def open_input(
    name: str,
    knowledge: Sources,
    *,
    refuse: Refuse,
    source: str | None = None,
    label: str | None = None,
    stream: BinaryIO | None = None,
) -> Input:
    """Open a file or standard input as records of one source.

    Args:
        name: a path, or `-`.
        knowledge: the sources to choose from.
        refuse: called for each record that cannot be read.
        source: name of a source that overrides the choice by content.
        label: what Locators call the input; its name where left out.
        stream: the opened input, with `peek`, where the caller has it already.

    Raises:
        CallError: where there is no source of that name, or the content is of another kind.
        SourceError: where the input cannot be read, or fits no source.
    """
    stream = stream or open_bytes(name)
    try:
        return _opened(stream, label or name, knowledge, refuse, source)
    except GraphmapError:
        stream.close()
        raise


def _opened(stream: BinaryIO, name: str, knowledge: Sources, refuse: Refuse, source: str | None) -> Input:
    wanted = settings_of(source, knowledge) if source is not None else _by_name(name, knowledge)
    with reading(name):
        documents = looks_like_json(stream)
        if not documents and not _start(stream):
            what = "standard input is empty" if name == STANDARD_INPUT else "the file is empty"
            raise SourceError(what, where=Locator(source=name), hint="check what was to write it")
    if wanted is not None and documents == wanted.tabular:
        kind, kinds = "JSON" if documents else "no JSON", wanted.kind.removesuffix("s") + "s"
        raise CallError(f"the source {wanted.name} reads {kinds}, and this is {kind}", where=Locator(source=name))
    if documents:
        settings = wanted or _only_source_of_documents(name, knowledge)
        return Input(records=_documents(name, settings, stream, knowledge, refuse), source=settings)
    plan = knowledge.plans[wanted.name] if wanted is not None else None
    typed = _typed_rows(name, stream, wanted, knowledge, refuse)
    rows = typed or Rows(
        name, form=RowForm(delimiter=wanted.delimiter if wanted else None), refuse=refuse, stream=stream
    )
    settings = wanted or _source_of_header(rows, knowledge)
    lacking = columns_of(plan or knowledge.plans[settings.name]) - frozenset(rows.header or ())
    if lacking:
        return Input(records=PaddedRows(rows, tuple(sorted(lacking))), source=settings, lacking=len(lacking))
    return Input(records=rows, source=settings)


def _documents(name: str, source: SourceSettings, stream: BinaryIO, knowledge: Sources, refuse: Refuse) -> Records:
    part = record_part(source, knowledge.plans[source.name]) if source.kind == "documents" else None
    if part is None:
        return Documents(name, refuse=refuse, largest=knowledge.workspace.limits.document_bytes, stream=stream)
    return Elements(name, array_portions(stream, part, name=name), refuse=refuse, stream=stream)


def _typed_rows(
    name: str, stream: BinaryIO, wanted: SourceSettings | None, knowledge: Sources, refuse: Refuse
) -> Records | None:
    """The rows of a Parquet, Arrow or Excel file; `None` where the stream is another file."""
    with reading(name):
        if not is_typed(stream):
            return None
    wanted = wanted or _only_table(name, knowledge)
    columns = tuple(sorted(columns_of(knowledge.plans[wanted.name])))
    with stream, reading(name):
        content = io.BytesIO(stream.read())
    mark = content.getvalue()[:4]
    if mark != b"PK\3\4":
        from graphmap.records.readers import arrow_file_rows, parquet_rows  # noqa: PLC0415  # needs Arrow, a large one

        made = parquet_rows if mark == b"PAR1" else arrow_file_rows
        return CellRows(made(name, content, wanted=columns), columns)
    try:
        from graphmap.records.readers import SheetRows  # noqa: PLC0415  # an extra: only those who read Excel need it
    except ImportError as error:
        where, hint = Locator(source=name), "install graphmap[excel]"
        raise SourceError("an Excel workbook needs the package openpyxl", where=where, hint=hint) from error
    return CellRows(SheetRows(name, content, wanted=columns, refuse=refuse), columns)


def part_read(name: str, knowledge: Sources, source: str | None) -> Part | None:
    """The part of each JSON document of an input that its records are, told before the input is read.

    Args:
        name: of the input.
        knowledge: the sources to choose from.
        source: name of a source that overrides the choice.
    """
    if source is not None:
        wanted: SourceSettings | None = settings_of(source, knowledge)
    else:
        readers = [each for each in knowledge.workspace.sources.values() if not each.tabular]
        wanted = _by_name(name, knowledge) or (readers[0] if len(readers) == 1 else None)
    if wanted is None or wanted.kind != "documents":
        return None
    return record_part(wanted, knowledge.plans[wanted.name])


def is_typed(stream: BinaryIO) -> bool:
    """Return whether a stream with `peek` begins like a Parquet, Arrow or Excel file."""
    peeked: bytes = stream.peek(8)  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return peeked.startswith((b"PAR1", b"ARROW1", b"PK\3\4"))


def settings_of(source: str, knowledge: Sources) -> SourceSettings:
    """The settings of a named source.

    Raises:
        CallError: where there is none of that name.
    """
    settings = knowledge.workspace.sources.get(source)
    if settings is None:
        raise CallError(f"there is no source {source!r}", hint=f"known: {', '.join(knowledge.workspace.sources)}")
    return settings


def columns_of(plan: Plan) -> frozenset[str]:
    """The columns that a plan over a table reads."""
    return frozenset(reference.text for each in plan.triples_maps for reference in all_references(each))


def looks_like_json(stream: BinaryIO) -> bool:
    """Return whether a stream with `peek` begins like a JSON document; nothing is taken from it."""
    return _start(stream) in (b"{", b"[")


def _start(stream: BinaryIO) -> bytes:
    """The first byte that is no white space; empty where there is none."""
    peeked: bytes = stream.peek(4096)  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return peeked.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def _by_name(name: str, knowledge: Sources) -> SourceSettings | None:
    """The source whose `files` a path is one of."""
    root, path = knowledge.workspace.root, Path(name)
    inside = path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else ""
    found = [
        each
        for each in knowledge.workspace.sources.values()
        if any(fnmatchcase(inside, pattern) or fnmatchcase(path.name, pattern) for pattern in each.files)
    ]
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise SourceError(f"the name fits {names}", where=Locator(source=name), hint="choose one with --source")
    return found[0] if found else None


def _only_source_of_documents(name: str, knowledge: Sources) -> SourceSettings:
    found = [each for each in knowledge.workspace.sources.values() if not each.tabular]
    if len(found) != 1:
        what = "no source reads JSON" if not found else "several sources read JSON"
        raise SourceError(what, where=Locator(source=name), hint=_how_to_name(each.name for each in found))
    return found[0]


def _only_table(name: str, knowledge: Sources) -> SourceSettings:
    found = [each for each in knowledge.workspace.sources.values() if each.tabular]
    if len(found) != 1:
        what = "no source reads tables" if not found else "several sources read tables"
        raise SourceError(what, where=Locator(source=name), hint=_how_to_name(each.name for each in found))
    return found[0]


def _how_to_name(names: Iterable[str]) -> str:
    known = ", ".join(names)
    return f"name one with --source: {known}" if known else "add one to graphmap.toml"


def _source_of_header(rows: Records, knowledge: Sources) -> SourceSettings:
    header = frozenset(rows.header or ())
    tables = {name: each for name, each in knowledge.workspace.sources.items() if each.tabular}
    read = {name: columns_of(knowledge.plans[name]) for name in tables}
    missing = {name: columns - header for name, columns in read.items()}
    whole = [name for name, columns in missing.items() if not columns]
    fitting = whole or [name for name in tables if _is_mostly_there(knowledge.plans[name], read[name], header)]
    where = Locator(source=rows.name)
    if fitting:
        most = max(len(read[name] & header) for name in fitting)
        nearest = [name for name in fitting if len(read[name] & header) == most]
        if len(nearest) == 1:
            return tables[nearest[0]]
        raise SourceError(f"the header fits {', '.join(nearest)}", where=where, hint="choose one with --source")
    closest = min(missing, key=lambda name: len(missing[name]), default=None)
    if closest is None:
        raise SourceError("no source reads tables", where=where, hint="add one to graphmap.toml")
    lacks = sorted(missing[closest])
    some = ", ".join(lacks[:5]) + (f" and {len(lacks) - 5} more" if len(lacks) > 5 else "")
    raise SourceError(
        f"the header fits no source; for {closest} it lacks {some}",
        where=where,
        hint=f"check the first line; a table that is meant to lack them is read with --source {closest}",
    )


def _is_mostly_there(plan: Plan, columns: frozenset[str], header: frozenset[str]) -> bool:
    """Return whether a header has the key and at least two of three columns."""
    key = frozenset(reference.text for reference in references(plan.root)) if plan.root is not None else frozenset()
    return bool(key) and key <= header and 3 * len(columns & header) >= 2 * len(columns)
