"""Rows of a delimited text: CSV and TSV.

Bytes that are no UTF-8 are let through as lone surrogates and refused row by row: the decoder reads ahead of the rows,
so an exception of its own could not say which row it was.
Source: RFC 4180; RML-IO, CSV sources; CSVW, table dialects.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from graphmap.errors import Locator, RecordError, SourceError
from graphmap.files import open_bytes, reading
from graphmap.records.source import Refusal, Refuse, raise_refusal

__all__ = ["RowForm", "Rows", "sniff_delimiter"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm:
    """Dialect of a table.

    Args:
        delimiter: between cells; `None` has it told from the header line.
        encoding: as the codec is called.
        quote: around cells that hold the delimiter; `None` where no character is.
        doubled: whether a quote in a quoted cell is written twice; otherwise a backslash stands before it.
        comment: what the lines begin with that are no rows; `None` where there are none.
        header_rows: how many rows name the columns, by the first of them; without any, their names are in `names`, or
            else `_col.1` and so on.
        skipped_rows: lines before those.
        skipped_columns: cells at the beginning of each row.
        trimmed_left: whether white space at the beginning of a cell is no part of it.
        trimmed_right: the same for its end.
        names: of the columns, where no row names them.

    Source: CSVW, metadata vocabulary, section 5.9.
    """

    delimiter: str | None = None
    encoding: str = "utf-8-sig"
    quote: str | None = '"'
    doubled: bool = True
    comment: str | None = None
    header_rows: int = 1
    skipped_rows: int = 0
    skipped_columns: int = 0
    trimmed_left: bool = False
    trimmed_right: bool = False
    names: tuple[str, ...] = ()

    def reader(self, lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
        """The rows of some lines, as Python's own reader has them."""
        return csv.reader(
            lines,
            delimiter=delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            doublequote=self.doubled,
            escapechar=None if self.doubled else "\\",
            skipinitialspace=self.trimmed_left,
            strict=True,
        )

    def cells(self, row: list[str]) -> list[str]:
        """The cells of a row that count."""
        kept = row[self.skipped_columns :]
        if self.trimmed_left:
            kept = [cell.lstrip() for cell in kept]
        return [cell.rstrip() for cell in kept] if self.trimmed_right else kept


def sniff_delimiter(line: str) -> str:
    r"""The delimiter that cuts a header line into most columns; a comma where none does.

    >>> sniff_delimiter("customer_id\tcountry\n")
    '\t'
    """
    counts = {mark: len(next(csv.reader([line], delimiter=mark), [])) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


class Rows:
    """Numbered rows of one table, each a list of as many cells as the header has columns.

    Args:
        name: a path, or `-` for standard input.
        form: how the table is written.
        refuse: called for a row that cannot be read; by default it stops the reading.

    Raises:
        SourceError: where the input cannot be opened, has no header line or names a column twice.
    """

    def __init__(
        self,
        name: str,
        *,
        form: RowForm = RowForm(),  # frozen
        refuse: Refuse = raise_refusal,
        stream: BinaryIO | None = None,
    ) -> None:
        self.name = name
        self._refuse = refuse
        self._form = form
        self._broken_line = False
        self._text = _decoded(stream or open_bytes(name), form)
        self._lines = self._checked()
        try:
            self._reader, self._header = self._read_header()
        except SourceError:
            self.close()
            raise

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in order."""
        return self._header

    def close(self) -> None:
        """Close the input; done already where the rows were read to their end."""
        self._text.close()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield row number (from 1, header not counted) and cells, in the table's order.

        Raises:
            SourceError: where the input breaks off; the rows before were yielded.
        """
        width, number, at_end = len(self._header), 0, False
        with self._text, reading(self.name):
            while not at_end:
                try:
                    for row in self._reader:
                        if len(row) == width and not self._broken_line:
                            number += 1
                            yield number, row
                        elif row:
                            number += 1
                            self._refuse_row(number, row)
                    at_end = True
                except csv.Error as error:  # the reader goes on with the next line
                    number += 1
                    self._broken_line = False
                    self._refuse_text(number, f"the row is not valid CSV: {error}", "close every quote", "")

    def _read_header(self) -> tuple[Iterator[list[str]], tuple[str, ...]]:
        where, form = Locator(source=self.name), self._form
        with reading(self.name):
            lines = itertools.islice(self._lines, form.skipped_rows, None)
            first = next((line for line in lines if not form.comment or not line.startswith(form.comment)), "")
        if not first.strip():
            raise SourceError("the table is empty", where=where, hint="its first line must name the columns")
        if self._broken_line:
            named = form.encoding.removesuffix("-sig").upper()
            raise SourceError(f"the header line is not {named}", where=where, hint="save it as UTF-8")
        reader = self._rows(itertools.chain((first,), self._lines), form.delimiter or sniff_delimiter(first))
        try:
            rows = list(itertools.islice(reader, max(1, form.header_rows)))
        except csv.Error as error:
            raise SourceError(f"the header is not valid CSV: {error}", where=where, hint="close every quote") from error
        if form.header_rows == 0:
            numbered = tuple(f"_col.{number}" for number in range(1, len(rows[0]) + 1))
            return itertools.chain(rows, reader), form.names or numbered
        twice = sorted({column for column in rows[0] if rows[0].count(column) > 1})
        if twice:
            raise SourceError(f"the header names {twice[0]!r} twice", where=where, hint="give each column its own name")
        return reader, tuple(rows[0])

    def _rows(self, lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
        """The rows of some lines without those that are comments."""
        form = self._form
        if form.comment is not None:
            return _Uncommented(lines, delimiter, form)
        reader = form.reader(lines, delimiter)
        changed = form.skipped_columns or form.trimmed_left or form.trimmed_right
        return _Changed(reader, form) if changed else reader

    def _checked(self) -> Iterator[str]:
        for line in self._text:
            if not line.isascii() and _SURROGATE.search(line):
                self._broken_line = True
            yield line

    def _refuse_row(self, number: int, row: list[str]) -> None:
        payload = ",".join(row)
        if self._broken_line:
            self._broken_line = False
            column = next(
                (name for name, cell in zip(self._header, row, strict=False) if _SURROGATE.search(cell)), None
            )
            what = f"the text is not {self._form.encoding.removesuffix('-sig').upper()}"
            self._refuse_text(number, what, "convert the file", payload, pointer=column and f"/{column}")
            return
        what = f"the row has {len(row)} cells, the header {len(self._header)}"
        self._refuse_text(number, what, "quote cells that hold the delimiter", payload)

    def _refuse_text(self, number: int, what: str, hint: str, payload: str, pointer: str | None = None) -> None:
        where = Locator(source=self.name, row=number, pointer=pointer)
        kept = payload.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        self._refuse(Refusal(error=RecordError(what, where=where, hint=hint), payload=kept))


class _Changed:
    """Rows of a reader with the cells that count; a reader goes on after an error, which a generator would not."""

    def __init__(self, rows: Iterator[list[str]], form: RowForm) -> None:
        self._rows = rows
        self._form = form

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        return self._form.cells(next(self._rows))


class _Uncommented:
    """Rows without comments; a line that begins like one inside of a quoted cell is none."""

    def __init__(self, lines: Iterator[str], delimiter: str, form: RowForm) -> None:
        self._lines = lines
        self._form = form
        self._at_start = True
        self._rows = form.reader(self._kept(), delimiter)

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self._at_start = True
        return self._form.cells(next(self._rows))

    def _kept(self) -> Iterator[str]:
        for line in self._lines:
            if not (self._at_start and line.startswith(self._form.comment or "\n")):
                self._at_start = False
                yield line


def _decoded(stream: BinaryIO, form: RowForm) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding=form.encoding, errors="surrogateescape", newline="")
