"""Rows of Excel workbooks."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from graphmap.errors import MappingError, RecordError, SourceError
from graphmap.rdf.xsd import XSD
from graphmap.records import Refusal

openpyxl = pytest.importorskip("openpyxl")
from graphmap.records.readers.excel import SheetRows  # noqa: E402  # needs what may be missing

_NOON = datetime.datetime(2025, 1, 10, 12, 0)  # noqa: DTZ001  # a sheet knows no zones


def _book(path: Path, rows: list[list[Any]], **others: list[list[Any]]) -> str:
    book = openpyxl.Workbook()
    book.active.title = "People"
    for name, content in {"People": rows, **others}.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in content:
            sheet.append(row)
    book.save(path)
    return str(path)


def _read(file: Any, *wanted: str, sheet: str | None = None) -> tuple[list[Any], list[Refusal]]:
    refused: list[Refusal] = []
    rows = SheetRows("people.xlsx", file, sheet=sheet, wanted=wanted, refuse=refused.append)
    return list(rows), refused


def test_cells_have_their_natural_datatypes(tmp_path: Path) -> None:
    day = datetime.date(2025, 1, 10)
    values = {"i": 7, "f": 1.5, "t": "é", "b": True, "day": day, "noon": _NOON, "clock": datetime.time(5, 15)}
    path = _book(tmp_path / "x.xlsx", [list(values), list(values.values())])
    ((number, row),), refused = _read(path, *values)
    assert (number, refused) == (1, [])
    expected = {"i": 7, "f": "1.5", "t": "é", "b": True, "day": "2025-01-10", "clock": "05:15:00"}
    assert row == {**expected, "noon": "2025-01-10T12:00:00"}
    kinds = {name: row[name].datatype.removeprefix(XSD) for name in ("f", "day", "noon", "clock")}
    assert kinds == {"f": "double", "day": "date", "noon": "dateTime", "clock": "time"}


def test_empty_cells_are_left_out_and_empty_rows_give_nothing_but_keep_their_number(tmp_path: Path) -> None:
    path = _book(tmp_path / "x.xlsx", [["a", "b"], [1, None], [None, None], ["", 2]])
    assert _read(path, "a", "b") == ([(1, {"a": 1}), (3, {"b": 2})], [])
    assert _read(path, "b") == ([(1, {}), (3, {"b": 2})], [])


def test_a_sheet_is_chosen_by_its_name_and_is_the_first_otherwise(tmp_path: Path) -> None:
    path = _book(tmp_path / "x.xlsx", [["a"], [1]], Places=[["a"], [2]])
    assert _read(path, "a")[0] == [(1, {"a": 1})]
    assert _read(path, "a", sheet="Places")[0] == [(1, {"a": 2})]
    with pytest.raises(SourceError, match="has no sheet 'Nowhere'") as caught:
        _read(path, "a", sheet="Nowhere")
    assert caught.value.hint == "its sheets: People, Places"


def test_a_workbook_in_memory_is_read(tmp_path: Path) -> None:
    path = _book(tmp_path / "x.xlsx", [["a"], [1]])
    assert _read(io.BytesIO(Path(path).read_bytes()), "a")[0] == [(1, {"a": 1})]


def test_a_cell_beyond_the_columns_and_an_error_of_the_sheet_refuse_their_row(tmp_path: Path) -> None:
    path = _book(tmp_path / "x.xlsx", [["a", "b"], [1, 2, 3], [4, "#N/A"], [5, 6]])
    rows, refused = _read(path, "a", "b")
    assert rows == [(3, {"a": 5, "b": 6})]
    assert [(each.error.where.row, each.error.where.pointer) for each in refused] == [(1, None), (2, "/b")]
    with pytest.raises(RecordError, match="row 1: the row has a cell beyond the named columns"):
        list(SheetRows("people.xlsx", path, wanted=["a"]))


def test_a_column_that_is_not_there_and_an_empty_sheet_are_refused(tmp_path: Path) -> None:
    path = _book(tmp_path / "x.xlsx", [["a", "a"]])
    with pytest.raises(MappingError, match=r"'c', which people\.xlsx has not"):
        _read(path, "c")
    with pytest.raises(MappingError, match=r"'a', which people\.xlsx has twice"):
        _read(path, "a")
    with pytest.raises(SourceError, match="the sheet is empty"):
        _read(_book(tmp_path / "y.xlsx", []), "a")


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    whole = Path(_book(path, [["a"], [1]])).read_bytes()
    for content in (b"", b"a,b\n", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(SourceError, match="is not an Excel workbook"):
            _read(str(path), "a")
    with pytest.raises(SourceError, match="cannot be opened: No such file"):
        _read(str(tmp_path / "nowhere.xlsx"), "a")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_could_define_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>'.encode(encoding))
    with pytest.raises(SourceError, match="declares a document type"):
        _read(str(path), "a")


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as file:
        file.writelines(bytes(1 << 20) for _ in range(100))
    with pytest.raises(SourceError, match="unpacks to far more than a workbook does"):
        _read(str(path), "a")
