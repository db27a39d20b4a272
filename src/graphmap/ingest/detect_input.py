"""From a file name to records of a known source: the kind is told by content, the source by what the content fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from graphmap.errors import CallError, GraphmapError, Locator, SourceError
from graphmap.files import STANDARD_INPUT, open_bytes, reading
from graphmap.ingest.source_plan import record_part
from graphmap.ingest.table_rows import database_rows, typed_rows
from graphmap.lifting.plan import Plan, all_references, references
from graphmap.records import PaddedRows, Records, Refuse
from graphmap.records.readers import Documents, Elements, Part, RowForm, Rows, array_portions

if TYPE_CHECKING:
    from graphmap.ingest.workspace_model import Sources
    from graphmap.workspace import SourceSettings

__all__ = [
    "Input",
    "columns_of",
    "database_source",
    "is_typed",
    "looks_like_json",
    "looks_like_xml",
    "open_input",
    "part_read",
    "settings_of",
]

_JSON, _XML, _TABLE = "JSON", "XML", "a table"
_MARKUP = re.compile(rb"<[?!A-Za-z_:]").match


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
    database = None if stream is not None else database_source(name, knowledge)
    if database is not None and database.database is not None:
        read = columns_of(knowledge.plans[database.name])
        return _whole(database_rows(database.name, database.database, read), database, knowledge)
    stream = stream or open_bytes(name)
    try:
        return _opened(stream, label or name, knowledge, refuse, source)
    except GraphmapError:
        stream.close()
        raise


def database_source(name: str, knowledge: Sources) -> SourceSettings | None:
    """The source that a name is of, where its rows are in a database and no file is called so.

    Args:
        name: as the caller gave it; a path is looked at by its last part.
        knowledge: the sources to choose from.
    """
    found = knowledge.workspace.sources.get(Path(name).name)
    return found if found is not None and found.database is not None and not Path(name).exists() else None


def _opened(stream: BinaryIO, name: str, knowledge: Sources, refuse: Refuse, source: str | None) -> Input:
    wanted = settings_of(source, knowledge) if source is not None else _by_name(name, knowledge)
    with reading(name):
        form = _form(stream, wanted, knowledge)
        _check_content(stream, name)
    if wanted is not None and not _reads(wanted, form):
        kinds = wanted.kind.removesuffix("s") + "s"
        raise CallError(f"the source {wanted.name} reads {kinds}, and this is {form}", where=Locator(source=name))
    if form != _TABLE:
        settings = wanted or _only_source_of_documents(name, form, knowledge)
        return Input(records=_documents(name, settings, stream, knowledge, refuse), source=settings)
    with reading(name):
        typed = is_typed(stream)
    dialect = RowForm(delimiter=wanted.delimiter if wanted else None)
    rows: Records = (
        typed_rows(name, stream, refuse=refuse) if typed else Rows(name, form=dialect, refuse=refuse, stream=stream)
    )
    return _whole(rows, wanted or _source_of_header(rows, knowledge), knowledge)


def _whole(rows: Records, source: SourceSettings, knowledge: Sources) -> Input:
    """Rows of a source, with the columns that they lack."""
    lacking = columns_of(knowledge.plans[source.name]) - frozenset(rows.header or ())
    if lacking:
        return Input(records=PaddedRows(rows, tuple(sorted(lacking))), source=source, lacking=len(lacking))
    return Input(records=rows, source=source)


def _form(stream: BinaryIO, wanted: SourceSettings | None, knowledge: Sources) -> str:
    """The form of a stream; a table may begin like XML, where a source of tables is meant or no other is there."""
    if looks_like_json(stream):
        return _JSON
    documents = [wanted] if wanted is not None else knowledge.workspace.sources.values()
    marked = looks_like_xml(stream) and not all(each.tabular for each in documents)
    return _XML if marked else _TABLE


def _reads(source: SourceSettings, form: str) -> bool:
    return (
        source.tabular if form == _TABLE else source.kind == "documents" or (form, source.kind) == (_JSON, "envelope")
    )


def _check_content(stream: BinaryIO, name: str) -> None:
    peeked: bytes = stream.peek(4096)  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    if not peeked.removeprefix(b"\xef\xbb\xbf").strip():
        what = "standard input is empty" if name == STANDARD_INPUT else "the file is empty"
        raise SourceError(what, where=Locator(source=name), hint="check what was to write it")
    if peeked.startswith(b"SQLite format 3\0") or peeked[8:12] == b"DUCK":
        hint = "write database and table in [sources.NAME] of graphmap.toml, and read it by that NAME"
        raise SourceError("the file is a database", where=Locator(source=name), hint=hint)


def _documents(name: str, source: SourceSettings, stream: BinaryIO, knowledge: Sources, refuse: Refuse) -> Records:
    part = record_part(source, knowledge.plans[source.name]) if source.kind == "documents" else None
    if looks_like_xml(stream):
        from graphmap.records.readers import XmlDocuments  # noqa: PLC0415  # a large library, for XML alone

        return XmlDocuments(name, part, stream=stream)
    if part is None:
        return Documents(name, refuse=refuse, largest=knowledge.workspace.limits.document_bytes, stream=stream)
    return Elements(name, array_portions(stream, part, name=name), refuse=refuse, stream=stream)


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
    peeked: bytes = stream.peek(4096)  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return peeked.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def looks_like_xml(stream: BinaryIO) -> bool:
    """Return whether a stream with `peek` begins like an XML document, in UTF-8 or UTF-16; nothing is taken from it."""
    peeked: bytes = stream.peek(4096)  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return _MARKUP(peeked[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")) is not None


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


def _only_source_of_documents(name: str, form: str, knowledge: Sources) -> SourceSettings:
    found = [each for each in knowledge.workspace.sources.values() if _reads(each, form)]
    if len(found) != 1:
        what = f"no source reads {form}" if not found else f"several sources read {form}"
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
