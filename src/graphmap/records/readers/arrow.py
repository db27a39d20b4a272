"""Rows of Parquet and Arrow files, a batch of columns at a time, with the natural datatype of each column.

Only the columns that are wanted are read.
Source: Apache Parquet, logical types; Apache Arrow, columnar format and IPC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphmap.errors import Locator, MappingError, SourceError
from graphmap.rdf import XSD
from graphmap.records.datatypes import Typed, double, natural
from graphmap.records.sql_types import Convert, duration_of

__all__ = ["ArrowRows", "arrow_file_rows", "arrow_values", "parquet_rows"]

_AT_ONCE = 4_096


class ArrowRows:
    """Numbered rows of Arrow's record batches, each a mapping of column to value without its nulls.

    Args:
        name: of the input.
        batches: what comes, one after another.
        columns: of the batches.
        wanted: what columns are called in a row, and name or number of each in the batches.
        close: lets go of the input; may be called more than once.
        faults: what reading a batch may raise, beside Arrow's own errors.
        converts: what is made of the values of some columns, by their numbers.
    """

    header = None

    def __init__(
        self,
        name: str,
        batches: Iterable[Any],
        *,
        wanted: Mapping[str, int | str],
        close: Callable[[], None],
        faults: tuple[type[Exception], ...] = (),
        converts: Mapping[int | str, Convert] = MappingProxyType({}),
    ) -> None:
        self.name = name
        self._batches = batches
        self._wanted = wanted
        self.columns = tuple(wanted)
        self._faults = faults
        self._converts = converts
        self.close = close

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield row number (from 1) and values, in the order of the input.

        Raises:
            SourceError: where the input is damaged or goes away; the rows before were yielded.
        """
        number, names = 0, tuple(self._wanted)
        batches = iter(self._batches)
        while (batch := self._next(batches)) is not None:
            columns = [self._values(batch, at) for at in self._wanted.values()]
            rows = zip(*columns, strict=True) if columns else ((),) * batch.num_rows
            for row in rows:
                number += 1
                pairs = zip(names, row, strict=True)
                yield number, {name: value for name, value in pairs if value is not None}

    def _values(self, batch: Any, at: int | str) -> list[Any]:
        convert = self._converts.get(at)
        if convert is None:
            return arrow_values(batch.column(at))
        return [None if value is None else convert(value) for value in batch.column(at).to_pylist()]

    def _next(self, batches: Iterator[Any]) -> Any:
        with reading_arrow(self.name, self._faults):
            return next(batches, None)


@contextmanager
def reading_arrow(name: str, faults: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Turn Arrow's errors into a `SourceError` that names the input."""
    try:
        yield
    except (pa.ArrowException, OSError, *faults) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        hint = "the file is damaged or cut short"
        raise SourceError(f"cannot be read: {lines[0]}", where=Locator(source=name), hint=hint) from error


def parquet_rows(name: str, file: Any, *, wanted: Iterable[str] | None) -> ArrowRows:
    """Rows of a Parquet file.

    Args:
        name: of the input.
        file: a path, or an opened binary file that can be sought in.
        wanted: names of the columns to give; `None` is for all.

    Raises:
        SourceError: where it is no Parquet, or is cut short.
        MappingError: where it lacks a column.
    """
    with reading_arrow(name):
        opened = pq.ParquetFile(file)
    found = _positions(name, opened.schema_arrow.names, wanted, opened.close)
    batches = opened.iter_batches(batch_size=_AT_ONCE, columns=list(found), use_threads=False)
    return ArrowRows(name, batches, wanted={column: column for column in found}, close=opened.close)


def arrow_file_rows(name: str, file: Any, *, wanted: Iterable[str] | None) -> ArrowRows:
    """Rows of an Arrow IPC file, which Feather files are; arguments and errors are those of `parquet_rows`."""
    with reading_arrow(name):
        source = pa.memory_map(file) if isinstance(file, str) else pa.PythonFile(file, mode="r")
        opened = pa.ipc.open_file(source)
    found = _positions(name, opened.schema.names, wanted, source.close)
    parts = (opened.get_batch(number) for number in range(opened.num_record_batches))
    batches = (part.slice(at, _AT_ONCE) for part in parts for at in range(0, part.num_rows, _AT_ONCE))
    return ArrowRows(name, batches, wanted=found, close=source.close)


def _positions(
    name: str, columns: list[str], wanted: Iterable[str] | None, close: Callable[[], None]
) -> dict[str, int]:
    found = {}
    for column in dict.fromkeys(columns if wanted is None else wanted):
        if columns.count(column) != 1:
            close()
            has = "twice" if column in columns else "not"
            what = f"the mapping reads the column {column!r}, which {name} has {has}"
            raise MappingError(what, where=Locator(source=name), hint=f"its columns: {', '.join(columns)}")
        found[column] = columns.index(column)
    return found


def arrow_values(column: Any) -> list[Any]:
    """The values of an Arrow array as records hold them."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    convert = next((convert for fits, convert in _CONVERTERS.items() if fits(column.type)), None)
    if convert is not None:
        return convert(column)
    return [natural(value) for value in column.to_pylist(maps_as_pydicts="strict")]


def _typed(column: Any, make: Callable[[str], Any]) -> list[Any]:
    texts = column.cast(pa.string()).to_pylist()
    return [None if text is None else make(_endless(text) if text[0] == "<" else text) for text in texts]


def _endless(text: str) -> str:
    """The text of a date or time that Arrow cannot write: DuckDB's infinity, as the database itself writes it."""
    return "-infinity" if " -" in text else "infinity"


def _timestamps(column: Any) -> list[Any]:
    """Moments, at UTC where they know a zone; through text, as Python's own have no nanoseconds."""
    if column.type.tz is not None:
        column = pc.cast(column, pa.timestamp(column.type.unit, "UTC"))
    return _typed(column, lambda text: Typed(text.replace(" ", "T", 1), XSD + "dateTime"))


_CONVERTERS: Mapping[Callable[[Any], bool], Callable[[Any], list[Any]]] = MappingProxyType(
    {
        pa.types.is_floating: lambda column: _typed(column, double),
        pa.types.is_timestamp: _timestamps,
        pa.types.is_date: lambda column: _typed(column, lambda text: Typed(text.partition(" ")[0], XSD + "date")),
        pa.types.is_interval: lambda column: [
            None if each is None else duration_of(*each) for each in column.to_pylist()
        ],
        pa.types.is_time: lambda column: _typed(column, lambda text: Typed(text, XSD + "time")),
        pa.types.is_integer: lambda column: column.to_pylist(),
        pa.types.is_string: lambda column: column.to_pylist(),
        pa.types.is_boolean: lambda column: column.to_pylist(),
    }
)
"""Test of an Arrow type to a function from a column of it to values; others go value by value."""
