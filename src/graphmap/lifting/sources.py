"""Opens what a logical source names.

Source: RML-IO, sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from graphmap.errors import Locator, MappingError
from graphmap.lifting.plan import Formulation, LogicalSource
from graphmap.lifting.values import ValueForms
from graphmap.records.arrays import Elements, array_portions
from graphmap.records.json import WholeDocument
from graphmap.records.source import Records, Refuse
from graphmap.records.sql import Database, sql_rows
from graphmap.records.streams import in_utf_8, open_bytes
from graphmap.records.tables import RowForm, Rows
from graphmap.terms import local_name

__all__ = ["forms_of", "open_source"]


def forms_of(source: LogicalSource) -> ValueForms:
    """How a source writes values, as far as the mapping says it."""
    return ValueForms(nulls=frozenset(source.nulls))


def open_source(
    source: LogicalSource, folder: Path, *, bind: Mapping[str, str], refuse: Refuse, columns: Iterable[str]
) -> Records:
    """Open a source for one reading.

    Args:
        source: as the mapping has it.
        folder: of the mapping.
        bind: name of a source, its last part or its path, to the file or database to read in its place.
        refuse: called for a record that cannot be read.
        columns: those that are read, where a query gives them.

    Raises:
        MappingError: where the source names no file and none is bound to it.
        SourceError: where it cannot be opened.
    """
    if source.formulation is Formulation.SQL:
        return sql_rows(source.name, _database(source, bind), source.query or "", wanted=columns)
    name = _file(source, folder, bind)
    if source.formulation is Formulation.XPATH:
        from graphmap.records.xml import WholeXml  # noqa: PLC0415  # a large library, for XML alone

        return WholeXml(name)
    if source.formulation is Formulation.CSV:
        form = RowForm(delimiter=source.delimiter, encoding=_codec(source.encoding))
        return Rows(name, form=form, refuse=refuse)
    encoding = source.encoding or "utf-8"
    if source.part is None:
        return WholeDocument(name, encoding=encoding, refuse=refuse)
    stream = in_utf_8(open_bytes(name), encoding, name)
    return Elements(name, array_portions(stream, source.part, name=name), refuse=refuse, stream=stream)


def _bound(source: LogicalSource, bind: Mapping[str, str]) -> str | None:
    names = (source.name, local_name(source.name), source.path)
    return next((bind[name] for name in names if name is not None and name in bind), None)


def _database(source: LogicalSource, bind: Mapping[str, str]) -> Database:
    bound = _bound(source, bind)
    if bound is not None:
        return Database(url=bound)
    if source.database is None:
        what = f"the source {source.name} names no database"
        raise MappingError(what, where=Locator(source=source.name), hint="name it with --bind NAME=URL")
    return source.database


def _file(source: LogicalSource, folder: Path, bind: Mapping[str, str]) -> str:
    bound = _bound(source, bind)
    if bound is not None:
        return bound
    if source.path is None:
        what = f"the source {source.name} names no file"
        raise MappingError(what, where=Locator(source=str(folder)), hint="name it with --bind NAME=FILE")
    return source.path if source.from_working_directory else str(folder / source.path)


def _codec(encoding: str | None) -> str:
    """The codec of a table; a byte order mark is no part of the first column's name."""
    return "utf-8-sig" if encoding in (None, "utf-8") else encoding or ""
