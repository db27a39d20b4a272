"""Rows of a delimited text."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import RecordError, SourceError
from graphmap.records import Refusal, RowForm, Rows

_Read = tuple[tuple[str, ...], list[tuple[int, list[str]]], list[Refusal]]


def _read(content: bytes | str, *, delimiter: str | None = None) -> _Read:
    refused: list[Refusal] = []
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    rows = Rows("x.csv", form=RowForm(delimiter=delimiter), refuse=refused.append, stream=stream)
    return rows.header, list(rows), refused


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_delimiter_is_told_from_the_header(mark: str) -> None:
    assert _read(f"a{mark}b\n1{mark}2\n") == (("a", "b"), [(1, ["1", "2"])], [])


def test_a_delimiter_that_is_given_is_not_guessed() -> None:
    assert _read("a;b,c\n1;2\n", delimiter=";")[:2] == (("a", "b,c"), [(1, ["1", "2"])])


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks() -> None:
    assert _read('a,b\n"x, ""y""","one\ntwo"\n')[1] == [(1, ['x, "y"', "one\ntwo"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(end: str) -> None:
    assert _read(f"a,b{end}1,2{end}3,4{end}")[1] == [(1, ["1", "2"]), (2, ["3", "4"])]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert _read(b"\xef\xbb\xbfa,b\n1,2\n")[0] == ("a", "b")


def test_blank_lines_are_no_rows() -> None:
    assert _read("a,b\n\n1,2\n\n")[1] == [(1, ["1", "2"])]


def test_a_row_with_a_cell_too_many_or_too_few_is_refused_with_its_number() -> None:
    _, rows, (many, few) = _read("a,b\n1,2\n1,2,3\n1\n3,4\n")
    assert rows == [(1, ["1", "2"]), (4, ["3", "4"])]
    assert (many.error.where.row, many.error.what, many.payload) == (2, "the row has 3 cells, the header 2", "1,2,3")
    assert few.error.where.row == 3


def test_a_row_in_another_encoding_is_refused_alone_with_its_column() -> None:
    _, rows, (refusal,) = _read(b"a,b\n1,M\xfcnchen\n2,ok\n")
    assert rows == [(2, ["2", "ok"])]
    assert (refusal.error.where.row, refusal.error.where.pointer) == (1, "/b")
    assert refusal.payload == "1,M\\xfcnchen"


def test_an_unclosed_quote_is_refused_and_says_so() -> None:
    _, rows, (refusal,) = _read('a,b\n1,2\n3,"x\n')
    assert rows == [(1, ["1", "2"])]
    assert refusal.error.where.row == 2
    assert refusal.error.hint == "close every quote"


def test_a_cell_beyond_the_limit_of_the_reader_is_refused_and_later_rows_are_read() -> None:
    _, rows, refused = _read("a,b\n1," + "x" * 200_000 + "\n3,4\n")
    assert rows[-1][1] == ["3", "4"]
    assert refused[0].error.where.row == 1


def test_a_broken_row_that_is_no_csv_either_does_not_spoil_the_next() -> None:
    _, rows, refused = _read(b'a,b\n\xff"x"y,"z"w\n3,4\n')
    assert rows == [(2, ["3", "4"])]
    assert [refusal.error.where.row for refusal in refused] == [1]


def test_a_nul_is_a_character_like_others() -> None:
    assert _read("a,b\n1,x\0y\n")[1] == [(1, ["1", "x\0y"])]


@pytest.mark.parametrize("content", ["", "\n", "   \n"])
def test_a_table_without_a_header_is_empty(content: str) -> None:
    with pytest.raises(SourceError, match="the table is empty"):
        _read(content)


def test_a_header_in_another_encoding_or_with_an_open_quote_is_refused() -> None:
    with pytest.raises(SourceError, match="header line is not UTF-8 "):
        _read(b"a,\xff\n1,2\n")
    with pytest.raises(SourceError, match="the header is not valid CSV"):
        _read('a,"b')


def test_without_a_place_for_refusals_the_first_one_ends_the_reading() -> None:
    with pytest.raises(RecordError) as caught:
        list(Rows("x.csv", stream=io.BytesIO(b"a,b\n1\n")))
    assert str(caught.value.where) == "x.csv, row 1"


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b"], *rows])
    assert [row for _, row in _read(out.getvalue())[1]] == rows


_DIALECTS: dict[str, tuple[str, RowForm, tuple[str, ...], list[list[str]]]] = {
    "another quote": ("a,b\n'x,''y',2\n", RowForm(quote="'"), ("a", "b"), [["x,'y", "2"]]),
    "no quote": ('a,b\n"x",2\n', RowForm(quote=None), ("a", "b"), [['"x"', "2"]]),
    "a backslash before quotes": ('a,b\n"x\\"y",2\n', RowForm(doubled=False), ("a", "b"), [['x"y', "2"]]),
    "comments": ('# made today\na,b\n#no\n"x\n#yes",2\n', RowForm(comment="#"), ("a", "b"), [["x\n#yes", "2"]]),
    "no header": ("1,2\n3,4\n", RowForm(header_rows=0), ("_col.1", "_col.2"), [["1", "2"], ["3", "4"]]),
    "two header rows": ("a,b\nmm,kg\n1,2\n", RowForm(header_rows=2), ("a", "b"), [["1", "2"]]),
    "lines before the header": ("Report\n\na,b\n1,2\n", RowForm(skipped_rows=2), ("a", "b"), [["1", "2"]]),
    "columns before the first": ("no;a;b\n1;x;y\n", RowForm(skipped_columns=1), ("a", "b"), [["x", "y"]]),
    "white space around": (
        'a , b\n x , "y z"\n',
        RowForm(trimmed_left=True, trimmed_right=True, delimiter=","),
        ("a", "b"),
        [["x", "y z"]],
    ),
    "white space before": ("a, b\n x , y \n", RowForm(trimmed_left=True), ("a", "b"), [["x ", "y "]]),
}


@pytest.mark.parametrize(("text", "form", "header", "rows"), _DIALECTS.values(), ids=_DIALECTS)
def test_a_table_is_read_in_its_dialect(
    text: str, form: RowForm, header: tuple[str, ...], rows: list[list[str]]
) -> None:
    read = Rows("x.csv", form=form, stream=io.BytesIO(text.encode()))
    assert read.header == header
    assert [row for _, row in read] == rows


def test_a_faulty_row_costs_only_itself_in_every_dialect() -> None:
    for form in (RowForm(comment="#"), RowForm(skipped_columns=1), RowForm(trimmed_right=True), RowForm(header_rows=0)):
        refused: list[Refusal] = []
        content = b'x,a,b\n1,2,3\n4,"5"5,6\n7,8\n9,8,7\n'
        rows = list(Rows("x.csv", form=form, refuse=refused.append, stream=io.BytesIO(content)))
        assert rows[-1][1][-2:] == ["8", "7"]
        assert len(refused) == 2, form


def test_a_table_that_changes_its_columns_half_way_refuses_each_row_from_there_with_its_number() -> None:
    refused: list[Refusal] = []
    content = b"a,b\n1,2\na,b,c\n3,4,5\n6,7\n"
    rows = list(Rows("x.csv", refuse=refused.append, stream=io.BytesIO(content)))
    assert rows == [(1, ["1", "2"]), (4, ["6", "7"])]
    assert [(each.error.where.row, each.payload) for each in refused] == [(2, "a,b,c"), (3, "3,4,5")]
    assert "3 cells, the header 2" in refused[0].error.what
