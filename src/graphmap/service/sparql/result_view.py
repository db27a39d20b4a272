"""The result of a query as its page shows it: a part of the table, what it can be had as, and a chart where one fits.

A chart fits a table with one column of numbers and a column to name them by. Where the names are years, months or days
it is drawn over time, else as bars, the greatest first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from graphmap.rdf import local_name
from graphmap.service.dependencies import Services
from graphmap.service.http import Cell, Table
from graphmap.service.pages import Bar, Columns, Pages, bars, columns
from graphmap.store.sparql import QueryForm

__all__ = ["Result", "downloads", "read_result", "result_page"]

_ROWS = 200
"""Rows of a page."""
_BARS = 15
_COLUMNS = 40
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?").fullmatch
_TIME = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}.*)?)?").fullmatch
_NUMERIC = ("integer", "decimal", "double", "float", "long", "int", "nonNegativeInteger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """View of an answer.

    Args:
        columns: names of variables.
        numeric: which of them hold numbers.
        rows: a part of the rows.
        total: of all rows.
        boolean: the answer to ASK.
        bars: the numbers by name.
        chart: the numbers over time.
        measure: the variable that is drawn.
    """

    columns: tuple[str, ...] = ()
    numeric: tuple[bool, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    boolean: bool | None = None
    bars: tuple[Bar, ...] = ()
    chart: Columns | None = None
    measure: str = ""


def result_page(
    pages: Pages, services: Services, table: Table | None, form: QueryForm, page: Mapping[str, object]
) -> Response:
    """The page `table.html`.

    Args:
        pages: writes HTML.
        services: knows under which path it is shown.
        table: the answer; `None` where the query has not been run yet.
        form: of the query.
        page: `title` and `text` of the query, its `address` and what was `given` to it; of a saved query, `saved` and
            `values` too.
    """
    given = page["given"]
    assert isinstance(given, Mapping)  # noqa: S101  # of texts
    values = {
        "result": None if table is None else read_result(table),
        "downloads": downloads(f"{services.root_path}{page['address']}", given, form),
    }
    return pages.with_editor("table.html", **{**values, **page})


def read_result(table: Table) -> Result:
    """Prepare a table for its page."""
    numeric = tuple(_is_numeric(table.rows, place) for place in range(len(table.columns)))
    rows = tuple(tuple(_named(cell) for cell in row) for row in table.rows)
    numbers, drawn, chart = _drawn(rows, numeric)
    return Result(
        columns=table.columns,
        numeric=numeric,
        rows=rows[:_ROWS],
        total=table.total,
        boolean=table.boolean,
        bars=drawn,
        chart=chart,
        measure=table.columns[numbers] if numbers is not None else "",
    )


def downloads(address: str, values: Mapping[str, str], form: QueryForm) -> list[tuple[str, str]]:
    """List the downloads of an answer: words and address.

    Args:
        address: path of the endpoint or the saved query.
        values: the parameters that make up the request.
        form: of the query.
    """
    names = {
        "SELECT": (("csv", "CSV"), ("json", "JSON"), ("ndjson", "NDJSON"), ("tsv", "TSV"), ("xml", "XML")),
        "ASK": (("json", "JSON"), ("xml", "XML")),
    }.get(form, (("turtle", "Turtle"), ("jsonld", "JSON-LD"), ("ntriples", "N-Triples"), ("rdfxml", "RDF/XML")))
    return [(words, f"{address}?{urlencode({**values, 'format': name})}") for name, words in names]


def _named(cell: Cell) -> Cell:
    """A cell whose IRI is shown by its end; the whole of it is where its link leads."""
    return Cell(text=local_name(cell.text) or cell.text, iri=cell.iri) if cell.iri else cell


def _is_numeric(rows: Sequence[Sequence[Cell]], place: int) -> bool:
    cells = [row[place] for row in rows if row[place] != Cell()]
    return bool(cells) and all(cell.note in _NUMERIC and _NUMBER(cell.text) for cell in cells)


def _drawn(
    rows: Sequence[Sequence[Cell]], numeric: Sequence[bool]
) -> tuple[int | None, tuple[Bar, ...], Columns | None]:
    """The column that is drawn, as bars or over time."""
    measures = [place for place, each in enumerate(numeric) if each]
    names = [place for place, each in enumerate(numeric) if not each]
    if len(rows) < 2 or not measures or not names:
        return None, (), None
    measure, name = measures[-1], names[0]
    found: dict[str, float] = {}
    for row in rows:
        if row[measure] != Cell():
            key = row[name].text or "(none)"
            found[key] = found.get(key, 0) + float(row[measure].text)
    whole = {key: round(number) for key, number in found.items()}
    if len(whole) < 2 or any(number < 0 or number != whole[key] for key, number in found.items()):
        return None, (), None
    if all(_TIME(key) for key in whole):
        times = sorted(whole.items())[-_COLUMNS:]
        return measure, (), columns([(key, {"": number}) for key, number in times])
    greatest = sorted(whole.items(), key=lambda item: (-item[1], item[0]))[:_BARS]
    return measure, bars(Bar(label=key[:80], number=number) for key, number in greatest), None
