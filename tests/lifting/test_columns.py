"""Which portions of a table are read as columns, and which are left to the reader of rows."""

from __future__ import annotations

import pytest

from graphmap.lifting.compiler.columns.csv_batches import columns_of


def _read(rows: bytes, delimiter: str = ",", nulls: frozenset[str] = frozenset()) -> list[list[str | None]] | None:
    columns = columns_of(rows, delimiter, width=2, nulls=nulls)
    return None if columns is None else [column.to_pylist() for column in columns]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (b"a,b\nc,d\n", [["a", "c"], ["b", "d"]]),
        (b"a,b\r\nc,d", [["a", "c"], ["b", "d"]]),
        (b'"a, ""b""",c\n', [['a, "b"'], ["c"]]),
        (b'"",\n', [[None], [None]]),
        (b"\t\\,\x00\n", [["\t\\"], ["\x00"]]),
        (" é,札幌\n".encode(), [[" é"], ["札幌"]]),
    ],
)
def test_rows_on_lines_of_their_own_are_columns(rows: bytes, columns: list[list[str | None]]) -> None:
    assert _read(rows) == columns


@pytest.mark.parametrize(
    "rows",
    [
        b"",
        b"a\n",
        b"a,b,c\n",
        b"a,b\n\nc,d\n",
        b'"a\nb",c\n',
        b'5" wide,a\n',
        b'"a"b,c\n',
        b'"a,b\n',
        b"a\rb,c\n",
        b"a,\xff\n",
        b"a,\xed\xa0\x80\n",
        b"a," + b"x" * (1 << 22) + b"\n",
    ],
    ids=lambda rows: repr(rows[:12]),
)
def test_rows_that_arrow_may_read_otherwise_are_left_to_the_reader_of_rows(rows: bytes) -> None:
    assert _read(rows) is None


def test_nulls_are_null_quoted_or_not() -> None:
    assert _read(b'NULL,"NULL"\nnull,x\n', nulls=frozenset({"NULL"})) == [[None, "null"], [None, "x"]]


def test_quotes_are_told_by_the_delimiter() -> None:
    assert _read(b'"a,b"\t"c"\n', "\t") == [["a,b"], ["c"]]
    assert _read(b'"a"|b\n', "|") == [["a"], ["b"]]
    assert _read(b'x,"a"\tb\n', "\t") is None
