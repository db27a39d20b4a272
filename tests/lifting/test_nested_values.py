"""Iterable fields over values that are already structured: every formulation below every other, from every source."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.errors import DataError
from graphmap.lifting.execution import RunOptions, lift_plan
from tests.lifting.mappings import mapping, same

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ITEMS = [{"k": "a"}, {"k": "b", "n": None}, {}]
_XML = "<l><i><k>a</k></i><i><k>b</k></i><i/></l>"
_TABLE = "k,n\na,\nb,\n,x\n"
_BELOW = {"JSONPath": ("$[*]", "$.k"), "CSV": (None, "k"), "XPath": ("/l/i", "k")}
"""Formulation of an iterable field: its iterator and the reference in it."""
_TEXTS = {"JSONPath": json.dumps(_ITEMS), "CSV": _TABLE, "XPath": _XML}


def _csv(folder: Path, value: str) -> dict[str, Any]:
    (folder / "data").write_text('id,doc\n1,"' + value.replace('"', '""') + '"\n', encoding="utf-8")
    return {}


def _json(folder: Path, value: Any) -> dict[str, Any]:
    (folder / "data").write_text(json.dumps({"id": 1, "doc": value}), encoding="utf-8")
    return {}


def _json_lists(folder: Path, value: Any) -> dict[str, Any]:
    (folder / "data").write_text(json.dumps([{"id": 1, "doc": value}]), encoding="utf-8")
    return {}


def _xml(folder: Path, value: str) -> dict[str, Any]:
    text = value if value.startswith("<") else value.replace("&", "&amp;").replace("<", "&lt;")
    (folder / "data").write_text(f"<r><id>1</id><doc>{text}</doc></r>", encoding="utf-8")
    return {}


def _xml_text(folder: Path, value: str) -> dict[str, Any]:
    (folder / "data").write_text(f"<r><id>1</id><doc><![CDATA[{value}]]></doc></r>", encoding="utf-8")
    return {}


def _given(_: Path, value: Any) -> dict[str, Any]:
    return {"data": [{"id": 1, "doc": value}]}


def _parquet(folder: Path, value: Any) -> dict[str, Any]:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet  # noqa: PLC0415  # only here

    parquet.write_table(arrow.table({"id": [1], "doc": [value]}), folder / "data")
    return {}


def _arrow(folder: Path, value: Any) -> dict[str, Any]:
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({"id": [1], "doc": [value]})
    with arrow.OSFile(str(folder / "data"), "wb") as file, arrow.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return {}


def _duckdb(folder: Path, value: Any) -> dict[str, Any]:
    duckdb = pytest.importorskip("duckdb")
    with closing(duckdb.connect(str(folder / "x.duckdb"))) as connection:
        if isinstance(value, str):
            connection.execute("create table t as select 1 as id, ? as doc", [value])
        else:
            connection.execute("create table t as select 1 as id, [{'k': 'a'}, {'k': 'b'}, {'k': null}] as doc")
    return {"data": f"duckdb:{folder / 'x.duckdb'}"}


def _sqlite(folder: Path, value: str) -> dict[str, Any]:
    with closing(sqlite3.connect(folder / "x.db")) as connection:
        connection.execute("create table t (id integer, doc json)")
        connection.execute("insert into t values (1, ?)", (value,))
        connection.commit()
    return {"data": f"sqlite:{folder / 'x.db'}"}


_SOURCES: dict[str, tuple[str, Callable[[Path, Any], dict[str, Any]], bool]] = {
    "CSV": ("CSV", _csv, False),
    "JSON": ("JSONPath", _json, True),
    "array of JSON": ("JSONPath[*]", _json_lists, True),
    "XML": ("XPath", _xml, False),
    "XML with character data": ("XPath", _xml_text, False),
    "rows from Python": ("CSV", _given, True),
    "documents from Python": ("JSONPath", _given, True),
    "Parquet": ("CSV", _parquet, True),
    "Arrow": ("CSV", _arrow, True),
    "DuckDB": ("SQL2008Table", _duckdb, True),
    "SQLite": ("SQL2008Table", _sqlite, False),
}
"""Formulation of a source, what writes it, and whether it holds values that are structured beside texts."""
_OUTER = {
    "CSV": ("", "id", "doc"),
    "SQL2008Table": ('rml:iterator "t"', "id", "doc"),
    "JSONPath": ('rml:iterator "$"', "$.id", "$.doc"),
    "JSONPath[*]": ('rml:iterator "$[*]"', "$.id", "$.doc"),
    "XPath": ('rml:iterator "/r"', "id", "doc"),
}


def _body(outer: str, inner: str, iterator: str | None, reference: str) -> str:
    written, key, doc = _OUTER[outer]
    formulation = outer.removesuffix("[*]")
    source = "rml:source [ a ex:Nothing ]" if formulation == "SQL2008Table" else 'rml:source "data"'
    iterates = f'rml:iterator "{iterator}" ;' if iterator else ""
    return (
        f"ex:data {source} ; rml:referenceFormulation rml:{formulation} ; {written} .\n"
        f'ex:view rml:viewOn ex:data ; rml:field [ rml:fieldName "id" ; rml:reference "{key}" ] , '
        f'[ rml:fieldName "doc" ; rml:reference "{doc}" ; rml:field [ a rml:IterableField ; rml:fieldName "row" ; '
        f"rml:referenceFormulation rml:{inner} ; {iterates} "
        f'rml:field [ rml:fieldName "k" ; rml:reference "{reference}" ] ] ] .\n'
        'ex:map rml:logicalSource ex:view ; rml:subjectMap [ rml:template "http://e/{id}/{doc.row.#}" ] ; '
        'rml:predicateObjectMap [ rml:predicate ex:k ; rml:objectMap [ rml:reference "doc.row.k" ] ] .'
    )


def _lifted(folder: Path, body: str, bind: dict[str, Any]) -> list[str]:
    plan = mapping(folder, body)
    if "data" in bind and isinstance(bind["data"], str):  # a database, whose node has no name
        bind = {plan.sources[0].name: bind["data"]}
    made = ["".join(lift_plan(plan, RunOptions(folder=folder, bind=bind, compiled=each))) for each in (True, False)]
    assert same(*made)
    return sorted(made[0].splitlines())


_EXPECTED = [f'<http://e/1/{at}> <http://example.com/k> "{k}" .' for at, k in enumerate("ab")]
_AS_TEXT = [(source, inner) for source in _SOURCES for inner in _BELOW]
_AS_IT_STANDS = [(source, inner) for source in _SOURCES if _SOURCES[source][2] for inner in ("JSONPath", "CSV")]


@pytest.mark.parametrize(("source", "inner"), _AS_TEXT)
def test_a_text_is_parsed_as_the_field_says_whatever_its_source(tmp_path: Path, source: str, inner: str) -> None:
    outer, write, _ = _SOURCES[source]
    bind = write(tmp_path, _TEXTS[inner])
    iterator, reference = _BELOW[inner]
    if (source, inner) == ("XML", "XPath"):
        iterator = "/doc/l/i"  # an element with elements in it is a document as it stands
    assert _lifted(tmp_path, _body(outer, inner, iterator, reference), bind) == _EXPECTED


@pytest.mark.parametrize(("source", "inner"), _AS_IT_STANDS)
def test_a_structured_value_is_read_as_it_stands_whatever_its_source(tmp_path: Path, source: str, inner: str) -> None:
    outer, write, _ = _SOURCES[source]
    bind = write(tmp_path, _ITEMS)
    assert _lifted(tmp_path, _body(outer, inner, *_BELOW[inner]), bind) == _EXPECTED


@pytest.mark.parametrize(
    ("inner", "value", "message"),
    [
        ("XPath", _ITEMS, "an object or array is not XML"),
        ("CSV", [1, 2], "is no row of a table"),
        ("JSONPath", "{", "the text is not JSON"),
        ("XPath", "<a>", "the text is not XML"),
    ],
)
def test_a_value_that_its_field_cannot_read_is_a_fault_with_its_place(
    tmp_path: Path, inner: str, value: Any, message: str
) -> None:
    _json(tmp_path, value)
    with pytest.raises(DataError, match=message) as caught:
        _lifted(tmp_path, _body("JSONPath", inner, *_BELOW[inner]), {})
    assert caught.value.where.row == 1


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text('ab"\\<&,\n', max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("kxy"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(st.dictionaries(st.sampled_from("kxy"), _VALUES, max_size=3), max_size=3))
def test_a_value_as_it_stands_gives_what_its_text_gives(tmp_path: Path, items: list[dict[str, Any]]) -> None:
    body = _body("CSV", "JSONPath", "$[*]", "$..x")
    said = []
    for value in (items, json.dumps(items)):
        try:
            said.append("\n".join(_lifted(tmp_path, body, {"data": [{"id": 1, "doc": value}]})))
        except DataError as error:
            said.append(error.what)
    assert said[0] == said[1]
