"""Streams cut into portions: together they are the stream, and each reads as the whole would."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from graphmap.records import Rows, line_portions, table_portions

CELLS = st.text(alphabet='ab,;"\n é', max_size=6)


def table(rows: list[list[str]], *, quoted: bool) -> bytes:
    text = io.StringIO(newline="")
    written = (
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        if quoted
        else csv.writer(text, lineterminator="\n")
    )
    written.writerows([["x", "y"], *rows])
    return text.getvalue().encode()


def read(data: bytes) -> list[list[str]]:
    return [row for _, row in Rows("table", stream=io.BytesIO(data))]


@given(
    rows=st.lists(st.tuples(CELLS, CELLS).map(list), max_size=30),
    quoted=st.booleans(),
    size=st.integers(1, 40),
)
def test_rows_are_the_same_in_portions(rows: list[list[str]], *, quoted: bool, size: int) -> None:
    data = table(rows, quoted=quoted)
    portions = list(table_portions(io.BytesIO(data), ",", size=size))
    assert [row for portion in portions for row in read(portion)] == read(data)
    assert all(portion.startswith((b"x,y\n", b'"x","y"\n')) for portion in portions)


def test_a_quote_inside_an_unquoted_cell_opens_nothing() -> None:
    data = b'x,y\n5" pipe,a\n"two\nlines",b\n6" pipe,c\n'
    portions = list(table_portions(io.BytesIO(data), ",", size=12))
    rows = [row for portion in portions for row in read(portion)]
    assert rows == [['5" pipe', "a"], ["two\nlines", "b"], ['6" pipe', "c"]]


def test_a_header_over_two_lines_comes_with_every_portion() -> None:
    data = b'\xef\xbb\xbf"x\n1",y\n1,2\n3,4\n'
    portions = list(table_portions(io.BytesIO(data), ",", size=4))
    assert portions == [b'"x\n1",y\n1,2\n', b'"x\n1",y\n3,4\n']


def test_a_table_without_rows_is_one_portion() -> None:
    assert list(table_portions(io.BytesIO(b"x,y\n"), ",")) == [b"x,y\n"]


@given(lines=st.lists(st.binary(max_size=8).filter(lambda line: b"\n" not in line)), size=st.integers(1, 30))
def test_lines_are_whole_in_portions(lines: list[bytes], size: int) -> None:
    data = b"\n".join(lines)
    portions = list(line_portions(io.BytesIO(data), size=size))
    assert b"".join(portions) == data
    assert all(portion.endswith(b"\n") for portion in portions[:-1])
