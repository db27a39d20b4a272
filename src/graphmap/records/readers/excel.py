"""Rows of a sheet of an Excel workbook, read as they come, with the natural datatype of each cell.

The parts of a workbook are XML in a zip file. One whose parts declare a document type, or unpack to far more than a
workbook does, is refused before anything is parsed.
Source: ECMA-376, part 1, sections 18.3 (worksheets) and 18.8.30 (number formats).
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from graphmap.errors import Locator, MappingError, RecordError, SourceError
from graphmap.files import MOST_PER_BYTE, UNSUSPICIOUS
from graphmap.records.datatypes import natural
from graphmap.records.source import Refusal, Refuse, raise_refusal

__all__ = ["SheetRows"]

_DECLARATION = b"<!DOCTYPE"
_HEAD = 1 << 12
_CLOCK = re.compile(r"[hs]", re.IGNORECASE).search
_FAULTS = (InvalidFileException, zipfile.BadZipFile, OSError, KeyError, ValueError, SyntaxError)


class SheetRows:
    """Numbered rows of a sheet, each a mapping of column to value without its empty cells.

    Args:
        name: of the input.
        file: a path, or an opened binary file that can be sought in.
        sheet: name of the sheet; the first where left out.
        wanted: names of the columns to give, which the first row of the sheet has; `None` is for all.
        refuse: called for a row that cannot be read; by default it stops the reading.

    Raises:
        SourceError: where the workbook cannot be read, or has no such sheet.
        MappingError: where the sheet lacks a column.
    """

    header = None

    def __init__(
        self,
        name: str,
        file: str | BinaryIO,
        *,
        sheet: str | None = None,
        wanted: Iterable[str] | None,
        refuse: Refuse = raise_refusal,
    ) -> None:
        self.name = name
        self._refuse = refuse
        self._file = _opened_file(name, file)
        try:
            _check(name, self._file)
            self._book = self._loaded()
            self._rows = self._opened(sheet)
            self._columns = self._header()
            named = filter(None, self._columns) if wanted is None else wanted
            self._wanted = {column: self._position(column) for column in dict.fromkeys(named)}
            self.columns = tuple(self._wanted)
        except (SourceError, MappingError):
            self.close()
            raise

    def close(self) -> None:
        """Close the workbook."""
        self._file.close()

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield row number (from 1, the row of names not counted) and values, in the order of the sheet; no empty rows.

        Raises:
            SourceError: where the workbook is damaged; the rows before were yielded.
        """
        number, last = 0, len(self._columns)
        with closing(self):
            while (cells := self._next()) is not None:
                number += 1
                if all(cell.value is None for cell in cells):
                    continue
                faulty = next((at for at, cell in enumerate(cells) if _is_faulty(cell, at, last)), None)
                if faulty is None:
                    found = ((column, _value(cells[at])) for column, at in self._wanted.items() if at < len(cells))
                    yield number, {column: value for column, value in found if value is not None}
                else:
                    self._refuse_row(number, cells, faulty)

    def _loaded(self) -> Any:
        try:
            return openpyxl.load_workbook(self._file, read_only=True, data_only=True)
        except _FAULTS as error:
            raise self._fault(f"is not an Excel workbook: {error}", "save it as .xlsx") from error

    def _opened(self, sheet: str | None) -> Iterator[Sequence[Any]]:
        names = self._book.sheetnames
        if not names or (sheet is not None and sheet not in names):
            raise self._fault(f"has no sheet {sheet or ''!r}", f"its sheets: {', '.join(names)}")
        chosen: Any = self._book[names[0] if sheet is None else sheet]
        if not hasattr(chosen, "iter_rows"):
            raise self._fault("the sheet is a chart", "name a sheet with rows")
        return iter(chosen.iter_rows())

    def _next(self) -> Sequence[Any] | None:
        try:
            return next(self._rows, None)
        except _FAULTS as error:
            raise self._fault(f"cannot be read: {error}", "the file is damaged or cut short") from error

    def _header(self) -> list[str]:
        names = [_text(cell.value) for cell in self._next() or ()]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise self._fault("the sheet is empty", "its first row must name the columns")
        return names

    def _position(self, column: str) -> int:
        if self._columns.count(column) != 1:
            has = "twice" if column in self._columns else "not"
            what = f"the mapping reads the column {column!r}, which {self.name} has {has}"
            raise MappingError(what, where=Locator(source=self.name), hint=f"its columns: {', '.join(self._columns)}")
        return self._columns.index(column)

    def _refuse_row(self, number: int, cells: Sequence[Any], faulty: int) -> None:
        beyond = faulty >= len(self._columns)
        what = "the row has a cell beyond the named columns" if beyond else f"the cell says {cells[faulty].value}"
        pointer = None if beyond else f"/{self._columns[faulty]}"
        where = Locator(source=self.name, row=number, pointer=pointer)
        error = RecordError(what, where=where, hint="correct the sheet")
        self._refuse(Refusal(error=error, payload=",".join(_text(cell.value) for cell in cells)))

    def _fault(self, what: str, hint: str) -> SourceError:
        return SourceError(what, where=Locator(source=self.name), hint=hint)


def _is_faulty(cell: Any, at: int, last: int) -> bool:
    """Tell whether a cell holds an error of the sheet, or stands where no column is."""
    return cell.data_type == "e" or (at >= last and cell.value is not None)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _value(cell: Any) -> Any:
    """A value; a moment whose format shows no clock is a day."""
    value = cell.value
    if isinstance(value, datetime.datetime) and not _CLOCK(cell.number_format or ""):
        return natural(value.date())
    return None if value == "" else natural(value)


def _opened_file(name: str, file: str | BinaryIO) -> BinaryIO:
    if not isinstance(file, str):
        return file
    try:
        return Path(file).open("rb")
    except OSError as error:
        what = f"cannot be opened: {error.strerror}"
        raise SourceError(what, where=Locator(source=name), hint="check the path") from error


def _check(name: str, file: BinaryIO) -> None:
    """Look at the parts of a workbook before they are parsed.

    Raises:
        SourceError: where they are no zip file, a zip bomb, or could define entities.
    """
    where = Locator(source=name)
    try:
        with zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                if part.file_size > UNSUSPICIOUS and part.file_size > MOST_PER_BYTE * part.compress_size:
                    raise SourceError("unpacks to far more than a workbook does", where=where, hint="do not trust it")
                with archive.open(part) as content:
                    head = content.read(_HEAD).replace(b"\0", b"")  # the NUL bytes are those of UTF-16
                    if _DECLARATION in head:
                        raise SourceError("declares a document type", where=where, hint="do not trust it")
    except _FAULTS as error:
        raise SourceError(f"is not an Excel workbook: {error}", where=where, hint="save it as .xlsx") from error
