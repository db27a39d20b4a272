"""Rows of Parquet and Arrow files."""

from __future__ import annotations

import datetime
import decimal
import io
from typing import TYPE_CHECKING, Any

import pytest

from graphmap.errors import MappingError, SourceError
from graphmap.rdf.xsd import XSD, canonical
from graphmap.records.datatypes import Typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
from graphmap.records.readers.arrow import arrow_file_rows, parquet_rows  # noqa: E402  # needs what may be missing

_MOMENT = datetime.datetime(2025, 1, 10, 5, 15, 30, 123_456)  # noqa: DTZ001  # a column without a zone
_COLUMNS: dict[str, tuple[Any, Any, str | None]] = {
    "int": (pa.array([7], pa.int64()), 7, None),
    "bool": (pa.array([True]), True, None),
    "text": (pa.array(["é"]), "é", None),
    "large": (pa.array(["x"], pa.large_string()), "x", None),
    "word": (pa.array(["x"]).dictionary_encode(), "x", None),
    "double": (pa.array([0.1]), "1.0E-1", "double"),
    "single": (pa.array([0.1], pa.float32()), "1.0E-1", "double"),
    "endless": (pa.array([float("-inf")]), "-INF", "double"),
    "decimal": (pa.array([decimal.Decimal("1.10")]), "1.1", "decimal"),
    "day": (pa.array([_MOMENT.date()]), "2025-01-10", "date"),
    "moment": (pa.array([_MOMENT]), "2025-01-10T05:15:30.123456", "dateTime"),
    "nanos": (pa.array([1], pa.timestamp("ns")), "1970-01-01T00:00:00.000000001", "dateTime"),
    "zoned": (pa.array([0], pa.timestamp("s", tz="Europe/Berlin")), "1970-01-01T00:00:00Z", "dateTime"),
    "clock": (pa.array([_MOMENT.time()]), "05:15:30.123456", "time"),
    "bytes": (pa.array([b"\x89P"]), "8950", "hexBinary"),
    "list": (pa.array([[1, 2]]), [1, 2], None),
    "inner": (pa.array([{"a": 1}]), {"a": 1}, None),
}


def _write_arrow(table: Any, path: Path) -> None:
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table)


_FORMS: dict[str, tuple[Any, Any]] = {
    "parquet": (parquet_rows, pq.write_table),
    "arrow": (arrow_file_rows, _write_arrow),
}


@pytest.fixture(params=_FORMS)
def form(request: pytest.FixtureRequest) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return _FORMS[request.param]


@pytest.mark.parametrize("name", _COLUMNS)
def test_a_column_gives_values_with_its_natural_datatype(tmp_path: Path, form: Any, name: str) -> None:
    read, write = form
    column, expected, datatype = _COLUMNS[name]
    write(pa.table({name: column}), tmp_path / "x")
    ((number, row),) = read("x", str(tmp_path / "x"), wanted=[name])
    found = row[name]
    typed = isinstance(found, Typed)
    assert (number, canonical(found.datatype, found) if typed else found) == (1, expected)
    assert (found.datatype if typed else None) == (datatype and XSD + datatype)


def test_nulls_are_left_out_and_columns_that_nobody_wants_are_not_read(tmp_path: Path, form: Any) -> None:
    read, write = form
    table = pa.table({"c": [1, None, 3], "b": [None, "x", "y"], "a": [True, False, None]})
    write(table, tmp_path / "x")
    rows = list(read("x", str(tmp_path / "x"), wanted=["a", "c", "a"]))
    assert rows == [(1, {"a": True, "c": 1}), (2, {"a": False}), (3, {"c": 3})]
    assert list(read("x", str(tmp_path / "x"), wanted=[])) == [(1, {}), (2, {}), (3, {})]


def test_a_file_in_memory_is_read(tmp_path: Path, form: Any) -> None:
    read, write = form
    write(pa.table({"a": list(range(10_000))}), tmp_path / "x")
    content = io.BytesIO((tmp_path / "x").read_bytes())
    assert [row["a"] for _, row in read("x", content, wanted=["a"])] == list(range(10_000))


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, form: Any) -> None:
    read, write = form
    write(pa.table({"a": [1], "b": [2]}), tmp_path / "x")
    with pytest.raises(MappingError, match="'c', which x has not") as caught:
        read("x", str(tmp_path / "x"), wanted=["c"])
    assert caught.value.hint == "its columns: a, b"


def test_a_file_that_is_cut_short_or_damaged_is_an_error_that_names_it(tmp_path: Path, form: Any) -> None:
    read, write = form
    path = tmp_path / "x"
    write(pa.table({"a": [f"value {number}" for number in range(10_000)]}), path)
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], b"", content[:8]):
        path.write_bytes(damaged)
        with pytest.raises(SourceError, match="x: cannot be read"):
            list(read("x", str(path), wanted=["a"]))
    with pytest.raises(SourceError, match="x: cannot be read"):
        read("x", str(tmp_path / "nowhere"), wanted=["a"])
