"""Opens what a logical source names, or what is given in its place.

A table may be a text, or a Parquet, Arrow or Excel file, which is told by its first bytes: what a mapping says of its
columns holds for all of them.
Source: RML-IO, sources.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graphmap.errors import Locator, MappingError, SourceError
from graphmap.files import STANDARD_INPUT, in_utf_8, open_bytes, reading
from graphmap.lifting.execution.bindings import Bindings, Given
from graphmap.lifting.plan import Formulation, LogicalSource
from graphmap.records import GivenRecords, Records, Refuse, ValueForms
from graphmap.records.readers import Elements, Part, RowForm, Rows, WholeDocument, array_portions, sql_rows

__all__ = ["form_of", "forms_of", "may_be_cut", "name_of", "open_portions", "open_source"]

_ELEMENTS = frozenset({Part(names=(), elements=True)})
_MARK = 6


def forms_of(source: LogicalSource) -> ValueForms:
    """Value forms of a source, as declared by the mapping."""
    return ValueForms(nulls=frozenset(source.nulls))


def form_of(source: LogicalSource) -> RowForm:
    """Dialect of a table, as declared by the mapping."""
    encoding = source.encoding or "utf-8"
    # a byte order mark is no part of the first column's name
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    return replace(source.dialect or RowForm(), delimiter=source.delimiter, encoding=codec)


def may_be_cut(source: LogicalSource, parts: frozenset[Part], bindings: Bindings) -> bool:
    """Return whether a source can be read part by part: a file can, as it is opened anew for each."""
    if bindings.is_in_memory(source):
        return parts == _ELEMENTS  # records that are handed over are the elements of one array
    return len(parts) == 1 or not bindings.comes_once(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """A file, or what is in memory in its place.

    Args:
        name: a path, or `-`; what it is called in messages.
        content: of the file, where it is in memory.
        refuse: called for a record that cannot be read.
        columns: those that are read.
    """

    name: str
    content: bytes | None
    refuse: Refuse
    columns: tuple[str, ...]

    @property
    def file(self) -> Any:
        """Seekable input for libraries."""
        return self.name if self.content is None else io.BytesIO(self.content)

    def mark(self) -> bytes:
        """The first bytes; none of standard input, from which nothing may be taken."""
        if self.content is not None:
            return self.content[:_MARK]
        if self.name == STANDARD_INPUT or not Path(self.name).is_file():
            return b""
        with reading(self.name), Path(self.name).open("rb") as file:
            return file.read(_MARK)


def open_source(
    source: LogicalSource, folder: Path, *, bindings: Bindings, refuse: Refuse, columns: Iterable[str]
) -> Records:
    """Open a source for one reading.

    Args:
        source: as the mapping has it.
        folder: of the mapping.
        bindings: what is read in place of sources.
        refuse: called for a record that cannot be read.
        columns: those that are read, where rows have types.

    Raises:
        MappingError: where the source names no file and none is bound to it.
        SourceError: where it cannot be opened.
    """
    given = bindings.of(source)
    if given is not None and bindings.is_in_memory(source):
        nulls = frozenset(source.nulls) if source.formulation.tabular else None
        records: Any = given
        return GivenRecords(source.name, records, nulls=nulls, refuse=refuse)
    if source.formulation is Formulation.SQL:
        return sql_rows(source.name, _database(source, given, bindings), source.query or "", wanted=columns)
    content = given if isinstance(given, bytes) else None
    name = source.name if content is not None else name_of(source, folder, given, bindings)
    return _OPENERS[source.formulation](
        source, _Input(name=name, content=content, refuse=refuse, columns=tuple(columns))
    )


def open_portions(source: LogicalSource, folder: Path, bindings: Bindings) -> tuple[str, Iterator[bytes]]:
    """Open a source that is a part of JSON documents.

    Args:
        source: as the mapping has it, cut to a part.
        folder: of the mapping.
        bindings: what is read in place of sources; no records.

    Returns:
        What it is called in messages, and JSON arrays of its records.

    Raises:
        MappingError: where the source names no file and none is bound to it.
        SourceError: where it cannot be opened.
    """
    given = bindings.of(source)
    content = given if isinstance(given, bytes) else None
    name = source.name if content is not None else name_of(source, folder, given, bindings)
    text = in_utf_8(open_bytes(name, content), source.encoding or "utf-8", name)
    return name, array_portions(text, source.part or Part(names=(), elements=True), name=name)


def name_of(source: LogicalSource, folder: Path, given: Given | None, bindings: Bindings) -> str:
    """The path of a source's file, or `-`.

    Raises:
        MappingError: where the source names no file and none is bound to it.
    """
    if isinstance(given, str | os.PathLike):
        return os.fspath(given)
    if given is not None:
        what = f"the source {source.name} is a file, and a connection is bound to it"
        raise MappingError(what, where=Locator(source=str(folder)), hint="bind a path, bytes or records")
    if source.path is None:
        what = f"the source {source.name} names no file"
        raise MappingError(what, where=Locator(source=str(folder)), hint="name it with --bind NAME=FILE")
    path = bindings.filled(source.path, source)
    return path if source.from_working_directory else str(folder / path)


def _database(source: LogicalSource, given: Given | None, bindings: Bindings) -> Any:
    """A database, or the open connection that is bound in its place."""
    if given is None:
        found = bindings.database(source)
        if found is None:
            what = f"the source {source.name} names no database"
            raise MappingError(what, where=Locator(source=source.name), hint="name it with --bind NAME=URL")
        return found
    if isinstance(given, str):
        from graphmap.records import Database  # noqa: PLC0415  # for mappings over databases alone

        return Database(url=given)
    if not hasattr(given, "cursor"):
        what = f"the source {source.name} is a query, and what is bound to it is not a database"
        raise MappingError(what, where=Locator(source=source.name), hint="bind a URL, a connection or records")
    return given


def _xml(source: LogicalSource, opened: _Input) -> Records:
    from graphmap.records.readers import WholeXml, XmlElements  # noqa: PLC0415  # a large library, for XML alone

    stream = open_bytes(opened.name, opened.content)
    if source.part is None:
        return WholeXml(opened.name, stream=stream)
    return XmlElements(opened.name, source.part.names, stream=stream)


def _json(source: LogicalSource, opened: _Input) -> Records:
    stream = open_bytes(opened.name, opened.content)
    encoding, part = source.encoding or "utf-8", source.part
    if part is None:
        return WholeDocument(opened.name, encoding=encoding, refuse=opened.refuse, stream=stream)
    text = in_utf_8(stream, encoding, opened.name)
    portions = array_portions(text, part, name=opened.name)
    return Elements(opened.name, portions, refuse=opened.refuse, stream=text)


def _table(source: LogicalSource, opened: _Input) -> Records:
    path, _, sheet = opened.name.partition("#")
    if sheet and opened.content is None and Path(path).is_file():
        return _sheet(replace(opened, name=path), sheet)
    mark = opened.mark()
    if mark.startswith(b"PAR1") or mark == b"ARROW1":
        return _columnar(opened, parquet=mark.startswith(b"PAR1"))
    if mark.startswith(b"PK\3\4") and _is_workbook(opened):
        return _sheet(opened, None)
    stream = open_bytes(opened.name, opened.content)
    return Rows(opened.name, form=form_of(source), refuse=opened.refuse, stream=stream)


def _is_workbook(opened: _Input) -> bool:
    """Return whether a zip file is an Excel workbook, and not a packed table."""
    import zipfile  # noqa: PLC0415  # for zip files alone

    try:
        with zipfile.ZipFile(opened.file) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _columnar(opened: _Input, *, parquet: bool) -> Records:
    from graphmap.records.readers import arrow_file_rows, parquet_rows  # noqa: PLC0415  # needs Arrow, which is large

    rows = parquet_rows if parquet else arrow_file_rows
    return rows(opened.name, opened.file, wanted=opened.columns)


def _sheet(opened: _Input, sheet: str | None) -> Records:
    try:
        from graphmap.records.readers import SheetRows  # noqa: PLC0415  # an extra: only those who read Excel need it
    except ImportError as error:
        where, hint = Locator(source=opened.name), "install graphmap[excel]"
        raise SourceError("an Excel workbook needs the package openpyxl", where=where, hint=hint) from error
    return SheetRows(opened.name, opened.file, sheet=sheet, wanted=opened.columns, refuse=opened.refuse)


_OPENERS: Mapping[Formulation, Callable[[LogicalSource, _Input], Records]] = MappingProxyType(
    {
        Formulation.CSV: _table,
        Formulation.JSON_PATH: _json,
        Formulation.LAX_JSON_PATH: _json,
        Formulation.XPATH: _xml,
    }
)
"""Formulation of a source of bytes to how it is opened."""
