"""Tables of every kind through a mapping: texts in their dialects, Parquet, Arrow, Excel."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from graphmap.errors import GraphmapError, MappingError, SourceError
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from tests.lifting.mappings import mapping

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CSVW = "@prefix csvw: <http://www.w3.org/ns/csvw#> .\n"


def _body(source: str, column: str = "n", key: str = "id") -> str:
    return f"""ex:map rml:logicalSource [ rml:source {source} ; rml:referenceFormulation rml:CSV ] ;
      rml:subjectMap [ rml:template "http://e/{{{key}}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "{column}" ] ] ."""


def _objects(folder: Path, body: str, bind: Mapping[str, Any] | None = None) -> list[str]:
    plan = mapping(folder, _CSVW + body)
    texts = []
    for compiled in (True, False):
        conditions = RunOptions(folder=folder, bind=bind or {}, compiled=compiled)
        texts.append("".join(lift_plan(plan, conditions)))
    assert texts[0] == texts[1]
    return [line.split(" ", 2)[2].removesuffix(" .") for line in texts[0].splitlines()]


_DIALECTS = {
    "delimiter": ("id;n\n1;x,y\n", 'csvw:delimiter ";"', "x,y"),
    "quote": ("id,n\n1,'x,y'\n", 'csvw:quoteChar "\'"', "x,y"),
    "no quote": ('id,n\n1,"x"\n', 'csvw:quoteChar ""', '\\"x\\"'),
    "backslashes": ('id,n\n1,"x\\",y"\n', "csvw:doubleQuote false", 'x\\",y'),
    "comments": ("#made\nid,n\n#no\n1,x\n", 'csvw:commentPrefix "#"', "x"),
    "lines before": ("made\nid,n\n1,x\n", "csvw:skipRows 1", "x"),
    "columns before": ("z,id,n\n0,1,x\n", "csvw:skipColumns 1", "x"),
    "two header rows": ("id,n\n-,kg\n1,x\n", "csvw:headerRowCount 2", "x"),
    "white space": ("id , n\n 1 , x \n", 'csvw:trim "true"', "x"),
    "white space at the start": ("id, n\n1,  x\n", "csvw:skipInitialSpace true", "x"),
    "encoding": ("id,n\n1,é\n", 'csvw:encoding "iso-8859-1"', "é"),
    "line ends": ("id,n\r1,x\r", 'csvw:lineTerminators "\\r"', "x"),
}


@pytest.mark.parametrize(("text", "dialect", "expected"), _DIALECTS.values(), ids=_DIALECTS)
def test_a_table_is_read_in_the_dialect_that_the_mapping_says(
    tmp_path: Path, text: str, dialect: str, expected: str
) -> None:
    (tmp_path / "x.csv").write_bytes(text.encode("iso-8859-1" if "8859" in dialect else "utf-8"))
    source = f'[ a csvw:Table ; csvw:url "x.csv" ; csvw:dialect [ {dialect} ] ]'
    assert _objects(tmp_path, _body(source)) == [f'"{expected}"']


def test_a_table_without_header_names_its_columns_by_schema_or_by_number(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,x\n2,NULL\n")
    source = '[ a csvw:Table ; csvw:url "x.csv" ; csvw:null "NULL" ; csvw:dialect [ csvw:header false ]'
    assert _objects(tmp_path, _body(f"{source} ]", "_col.2", "_col.1")) == ['"x"']
    schema = 'csvw:tableSchema [ csvw:column ( [ csvw:name "id" ] [ csvw:name "n" ] ) ]'
    assert _objects(tmp_path, _body(f"{source} ; {schema} ]")) == ['"x"']


@pytest.mark.parametrize(
    "dialect",
    [
        'csvw:delimiter ";;"',
        'csvw:quoteChar "ab"',
        'csvw:header "no"',
        'csvw:trim "both"',
        "csvw:skipRows -1",
        'csvw:lineTerminators ";"',
    ],
)
def test_a_dialect_that_cannot_be_is_refused_with_its_place(tmp_path: Path, dialect: str) -> None:
    (tmp_path / "x.csv").write_text("id,n\n1,x\n")
    with pytest.raises(MappingError, match=dialect.split(maxsplit=1)[0]) as caught:
        _objects(tmp_path, _body(f'[ a csvw:Table ; csvw:url "x.csv" ; csvw:dialect [ {dialect} ] ]'))
    assert caught.value.where.line is not None


def test_parquet_and_arrow_files_are_told_by_their_content(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"n": [1.5, None, 2.0], "id": [1, 2, 3], "other": ["x"] * 3})
    parquet.write_table(table, tmp_path / "x.data")
    double = "^^<http://www.w3.org/2001/XMLSchema#double>"
    expected = [f'"1.5E0"{double}', f'"2.0E0"{double}']
    assert _objects(tmp_path, _body('"x.data"')) == expected
    assert _objects(tmp_path, _body('"x.data"'), {"x.data": (tmp_path / "x.data").read_bytes()}) == expected
    with pa.ipc.new_file(str(tmp_path / "x.data"), table.schema) as writer:
        writer.write_table(table)
    assert _objects(tmp_path, _body('"x.data"')) == expected
    with pytest.raises(MappingError, match="'nowhere'"):
        _objects(tmp_path, _body('"x.data"', "nowhere"))


def test_a_sheet_of_a_workbook_is_named_behind_a_number_sign(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["id", "n"])
    book.active.append([1, True])
    second = book.create_sheet("Second")
    second.append(["id", "n"])
    second.append([1, "x"])
    book.save(tmp_path / "x.xlsx")
    assert _objects(tmp_path, _body('"x.xlsx"')) == ['"true"^^<http://www.w3.org/2001/XMLSchema#boolean>']
    assert _objects(tmp_path, _body('"x.xlsx#Second"')) == ['"x"']
    with pytest.raises(SourceError, match="has no sheet 'Third'"):
        _objects(tmp_path, _body('"x.xlsx#Third"'))


def test_a_packed_table_is_still_a_table(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(gzip.compress(b"id,n\n1,x\n"))
    assert _objects(tmp_path, _body('"x.csv"')) == ['"x"']


def test_a_table_that_changes_its_columns_half_way_is_an_error_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,n\n1,x\n2,y,z\n3,w\n")
    with pytest.raises(GraphmapError, match=r"x\.csv, row 2: the row has 3 cells, the header 2"):
        _objects(tmp_path, _body('"x.csv"'))


def test_an_error_of_a_database_tells_no_password(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute("create table t (id)")
    body = """ex:map rml:logicalSource ex:source ; rml:subjectMap [ rml:template "http://e/{id}" ; rml:class ex:C ] .
      ex:source rml:source ex:db ; rml:referenceFormulation rml:SQL2008Table ; rml:iterator "hidden" .
      ex:db <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#jdbcDSN> "sqlite:${FOLDER}/x.db" ;
        <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#password> "hidden" ."""
    plan = mapping(tmp_path, body)
    with pytest.raises(SourceError, match=r"no such table: hidden") as caught:
        list(lift_plan(plan, RunOptions(folder=tmp_path, bind={"db": f"sqlite:{tmp_path}/x.db"})))
    with pytest.raises(SourceError, match=r"no such table: \*\*\*") as caught:  # even where only a table is called so
        list(lift_plan(plan, RunOptions(folder=tmp_path, bind={"FOLDER": str(tmp_path)})))
    assert "hidden" not in f"{caught.value!r} {plan.sources[0].database!r}"
