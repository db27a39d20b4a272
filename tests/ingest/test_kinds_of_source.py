"""One set of records in each form that a source may have: the same triples, findings and outcomes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from graphmap.derivation import Reading, derive, write
from graphmap.errors import ConfigurationError, GraphmapError, SourceError
from graphmap.ingest import Knowledge, load_knowledge, load_mappings
from graphmap.ingest.check import InputCheck, check_files
from graphmap.ingest.lift import LiftRun, lift_files
from graphmap.ingest.load import load_files
from graphmap.provenance import now
from graphmap.rules import load_rules
from graphmap.store import EmbeddedStore
from graphmap.validation.report import Report
from graphmap.workspace import read_workspace
from tests.conformance.conftest import postgresql

__all__ = ["postgresql"]

RULES = """
id: https://fleet.example/schema
name: fleet
prefixes: {linkml: https://w3id.org/linkml/, fleet: https://fleet.example/schema#}
default_prefix: fleet
imports: [linkml:types]
classes:
  Ship:
    attributes:
      code: {identifier: true}
      title: {required: true}
      built: {range: date}
      crew: {range: integer}
      sister: {range: Ship}
      home: {}
  Voyage:
    attributes:
      number: {identifier: true}
      left: {range: date, required: true}
      stops: {range: Stop, multivalued: true, inlined_as_list: true}
      before: {range: Voyage}
  Stop:
    attributes:
      port: {required: true}
      nights: {range: integer}
"""
COLUMNS = ("code", "title", "built", "crew", "sister", "colour")
ROWS: list[tuple[Any, ...]] = [
    ("s1", "Ann, 1", "1999-01-02", 7, "s2", "red"),
    ("s2", "Bee", None, 8, "s1", "blue"),
    ("s3", None, "2001-02-03", None, "s9", "red"),
]
VOYAGES = [
    {"number": "v1", "left": "2020-01-02", "stops": [{"port": "Oslo", "nights": "2"}, {"port": "Bergen"}]},
    {"number": "v2", "left": "2020-02-30", "before": "v1", "stops": [{"port": "Oslo"}], "mood": "fair"},
    {"number": "v3", "left": None, "before": "v9"},
]


def workspace(root: Path, *, ships: str = "", voyages: str = "") -> Knowledge:
    """A workspace with a source of tables and one of documents; settings of each as lines of TOML."""
    root.mkdir(exist_ok=True)
    (root / "graphmap.toml").write_text(
        'base = "https://fleet.example/"\n[sources.ships]\nclass = "Ship"\n'
        f'{ships}\n[sources.voyages]\nkind = "documents"\nclass = "Voyage"\n{voyages}\n',
        encoding="utf-8",
    )
    (root / "rules").mkdir(exist_ok=True)
    (root / "rules" / "fleet.yaml").write_text(RULES, encoding="utf-8")
    readings = {
        each.record_class: Reading(kind=each.kind, iterator=each.iterator or "$")
        for each in read_workspace(root, {}).sources.values()
        if each.record_class
    }
    write(derive(load_rules(root / "rules"), "https://fleet.example/", readings), root)
    return load_knowledge(read_workspace(root))


def report_on(knowledge: Knowledge, *names: str, source: str | None = None) -> Report:
    gathering = InputCheck(knowledge.engine)
    check_files(names, knowledge, gathering, source=source)
    return gathering.report()


def told(report: Report) -> list[tuple[str | None, int | None, str | None]]:
    found = (each for each in report.findings if each.severity == "Violation")
    return sorted((each.rule or "", each.row or 0, each.pointer) for each in found)


def lifted(knowledge: Knowledge, name: str, source: str | None = None) -> list[str]:
    mappings = load_mappings(knowledge.workspace, infer=False)
    text = b"".join(lift_files([name], mappings, LiftRun(strict=False), source=source)).decode()
    return sorted(text.splitlines())


def loaded(knowledge: Knowledge, name: str, source: str | None = None) -> dict[str, int]:
    with closing(EmbeddedStore(knowledge.workspace.store)) as store:
        return dict(load_files([name], knowledge, store, moment=now(), source=source).outcomes)


def separated(mark: str) -> Callable[[Path], None]:
    def written(path: Path) -> None:
        def cell(value: Any) -> str:
            text = "" if value is None else str(value)
            return f'"{text}"' if mark in text else text

        path.write_text("".join(mark.join(map(cell, row)) + "\n" for row in (COLUMNS, *ROWS)), encoding="utf-8")

    return written


def columnar(path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415  # large
    import pyarrow.parquet as pq  # noqa: PLC0415  # large

    table = pa.table({name: [row[at] for row in ROWS] for at, name in enumerate(COLUMNS)})
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        with pa.ipc.new_file(str(path), table.schema) as out:
            out.write_table(table)


def workbook(path: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    for row in (COLUMNS, *ROWS):
        book.active.append(row)
    book.save(path)


FILES: dict[str, Callable[[Path], None]] = {
    "ships.csv": separated(","),
    "ships.tsv": separated("\t"),
    "ships.parquet": columnar,
    "ships.arrow": columnar,
    "ships.xlsx": workbook,
}
SHIPS = [
    ("fleet.Ship.sister.class", 3, "/sister"),
    ("fleet.Ship.title.minCount", 3, "/title"),
]


def in_database(connection: Any) -> None:
    """The records of the table, by the other case of its names; `crew` as a number, `built` as a date."""
    connection.execute("create table ships(CODE text, title text, built date, crew integer, sister text, colour text)")
    connection.executemany("insert into ships values (?, ?, ?, ?, ?, ?)", ROWS)
    connection.commit()


@pytest.mark.parametrize("name", FILES)
def test_a_table_gives_the_same_in_any_format(name: str, tmp_path: Path) -> None:
    knowledge = workspace(tmp_path / "fleet")
    path = tmp_path / name
    FILES[name](path)
    check_ships(knowledge, str(path), None)


def check_ships(knowledge: Knowledge, name: str, source: str | None) -> None:
    report = report_on(knowledge, name, source=source)
    assert (report.records, told(report), report.unread) == (3, SHIPS, {"/colour": 3})
    plain = knowledge.workspace.root / "plain.csv"
    separated(",")(plain)
    lines = lifted(knowledge, name, source)
    assert lines == lifted(knowledge, str(plain), "ships")
    assert '<https://fleet.example/fleet/Ship#s1> <https://fleet.example/schema#title> "Ann, 1" .' in lines
    assert loaded(knowledge, name, source) == {"stored": 2, "quarantined": 1}


@pytest.mark.parametrize(
    "said", ['table = "ships"', "query = \"select * from ships where code <> 'none' order by code\""]
)
def test_a_table_may_be_in_sqlite(said: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "port.db") as connection:
        in_database(connection)
    knowledge = workspace(tmp_path / "fleet", ships=f'database = "sqlite:../port.db"\n{said}')
    check_ships(knowledge, "ships", None)


def test_a_table_may_be_in_duckdb(tmp_path: Path) -> None:
    with pytest.importorskip("duckdb").connect(str(tmp_path / "port.duckdb")) as connection:
        in_database(connection)
    knowledge = workspace(tmp_path / "fleet", ships='database = "duckdb:../port.duckdb"\ntable = "ships"')
    check_ships(knowledge, "ships", "ships")


@pytest.mark.slow
def test_a_table_may_be_in_postgresql(tmp_path: Path, postgresql: str) -> None:
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("drop table if exists ships")
        connection.execute("create table ships(CODE text, title text, built date, crew int, sister text, colour text)")
        connection.cursor().executemany("insert into ships values (%s, %s, %s, %s, %s, %s)", ROWS)
    settings = f"database = '{postgresql}'\ntable = 'ships'"
    check_ships(workspace(tmp_path / "fleet", ships=settings), "ships", None)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ('database = "sqlite:x.db"', "a table or a query"),
        ('database = "sqlite:x.db"\ntable = "a"\nquery = "select 1"', "a table or a query"),
        ('table = "a"', "table is not a setting"),
        ("database = 7\ntable = 'a'", "database has a value of the wrong kind"),
    ],
)
def test_a_database_that_is_not_described_is_refused(settings: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=what):
        workspace(tmp_path / "fleet", ships=settings)


@pytest.mark.parametrize(
    ("database", "said"),
    [
        ("sqlite:none.db", "unable to open"),
        ("postgresql://me:${SECRET_OF_TEST}@localhost:1/x", "SECRET_OF_TEST"),
        ("postgresql://me:sesame@localhost:1/x", "cannot connect|psycopg"),
        ("nothing://me:sesame@localhost:1/x", "read here|SQLAlchemy"),
    ],
)
def test_no_message_about_a_database_shows_its_secrets(database: str, said: str, tmp_path: Path) -> None:
    knowledge = workspace(tmp_path / "fleet", ships=f'database = "{database}"\ntable = "ships"')
    with pytest.raises(GraphmapError, match=said) as raised:
        report_on(knowledge, "ships")
    assert "sesame" not in f"{raised.value} {knowledge.workspace!r}"


def test_a_password_comes_from_the_environment(tmp_path: Path) -> None:
    root = tmp_path / "fleet"
    workspace(root, ships='database = "postgresql://me:${WORD}@localhost/x"\ntable = "ships"')
    database = read_workspace(root, {"WORD": "se/s@me"}).sources["ships"].database
    assert database is not None
    assert database.url == "postgresql://me:se%2Fs%40me@localhost/x"
    assert "se" + "/s" not in repr(database)


def test_a_database_in_place_of_its_name_is_told_apart_from_a_table(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "port.db") as connection:
        in_database(connection)
    with pytest.raises(SourceError, match="the file is a database"):
        report_on(workspace(tmp_path / "fleet"), str(tmp_path / "port.db"))


def as_xml(value: Any, name: str, *, attributes: bool) -> str:
    """A JSON value as XML: scalars as attributes or elements, lists as elements of one name."""
    if isinstance(value, list):
        return "".join(as_xml(each, name, attributes=attributes) for each in value)
    if not isinstance(value, dict):
        return f"<{name}/>" if value is None else f"<{name}>{value}</{name}>"
    flat = {key: each for key, each in value.items() if attributes and isinstance(each, str)}
    inside = "".join(as_xml(each, key, attributes=attributes) for key, each in value.items() if key not in flat)
    marks = "".join(f' {key}="{each}"' for key, each in flat.items())
    return f"<{name}{marks}>{inside}</{name}>"


def nested(value: Any, names: list[str]) -> Any:
    for name in reversed(names):
        value = {"about": "all", name: value}
    return value


FORMS: dict[str, tuple[str, Callable[[list[Any]], str]]] = {
    "array": ("", json.dumps),
    "lines": ("", lambda all_: "".join(json.dumps(each) + "\n" for each in all_)),
    "below one name": ("$.voyages[*]", lambda all_: json.dumps(nested(all_, ["voyages"]))),
    "below two names": ("$.log.voyage[*]", lambda all_: json.dumps(nested(all_, ["log", "voyage"]), indent=1)),
    "in many documents": (
        "$.log.voyage[*]",
        lambda all_: "".join(json.dumps(nested([each], ["log", "voyage"])) + "\n" for each in all_),
    ),
    "one or many": (
        "$.log.voyage[*]",
        lambda all_: "".join(json.dumps(nested(each, ["log", "voyage"])) for each in all_),
    ),
    "below a list": (
        "$.log.voyage[*]",
        lambda all_: json.dumps({"log": [{"voyage": all_[0]}, {}, {"voyage": all_[1:]}, {"voyage": None}]}),
    ),
    "xml": ("$.log.voyage[*]", lambda all_: as_xml({"log": {"voyage": all_}}, "book", attributes=False)),
    "xml with attributes": ("$.voyage[*]", lambda all_: as_xml({"voyage": all_}, "book", attributes=True)),
    "xml with a namespace": (
        "$.voyage[*]",
        lambda all_: '<?xml version="1.0"?>\n<!-- a -->' + as_xml({"voyage": all_}, "book", attributes=True).replace(
            "<book", '<book xmlns="https://book.example/"', 1
        ),
    ),
}  # fmt: skip
FOUND = [
    ("fleet.Voyage.before.class", 3, "/before"),
    ("fleet.Voyage.left.datatype", 2, "/left"),
    ("fleet.Voyage.left.minCount", 3, "/left"),
]


@pytest.mark.parametrize("form", FORMS)
def test_documents_give_the_same_in_any_form(form: str, tmp_path: Path) -> None:
    iterator, made = FORMS[form]
    knowledge = workspace(tmp_path / "fleet", voyages=f'iterator = "{iterator}"' if iterator else "")
    path = tmp_path / "voyages.txt"
    path.write_text(made(VOYAGES), encoding="utf-8")
    report = report_on(knowledge, str(path))
    assert (report.records, told(report), report.unread) == (3, FOUND, {"/mood": 1})
    lines = lifted(knowledge, str(path))
    assert '<https://fleet.example/fleet/Voyage#v1/stops/1> <https://fleet.example/schema#port> "Bergen" .' in lines
    assert len(lines) == 10 + 3  # a lift leaves the record out whose day does not exist
    assert loaded(knowledge, str(path)) == {"stored": 1, "quarantined": 2}


def test_one_document_of_xml_is_one_record(tmp_path: Path) -> None:
    knowledge = workspace(tmp_path / "fleet")
    path = tmp_path / "voyage.xml"
    path.write_text('<voyage number="v1"><left>2020-01-02</left><stops port="Oslo">late<b/></stops></voyage>')
    report = report_on(knowledge, str(path))
    assert (report.records, told(report)) == (1, [])
    assert report.unread == {"/stops/value": 1}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<log><voyage></log>", "is not XML"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><log>&x;</log>', "entit"),
        ("<?xml version='1.0'?>", "is not XML"),
    ],
)
def test_xml_that_cannot_be_read_is_refused_with_its_reason(text: str, what: str, tmp_path: Path) -> None:
    knowledge = workspace(tmp_path / "fleet", voyages='iterator = "$.voyage[*]"')
    path = tmp_path / "voyages.xml"
    path.write_text(text)
    with pytest.raises(SourceError, match=what):
        report_on(knowledge, str(path))


def test_an_iterator_that_the_mapping_does_not_have_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "fleet"
    workspace(root, voyages='iterator = "$.log.voyage[*]"')
    settings = (root / "graphmap.toml").read_text(encoding="utf-8")
    (root / "graphmap.toml").write_text(settings.replace("$.log.voyage[*]", "$.book[*]"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is not what its mappings iterate over"):
        load_knowledge(read_workspace(root))
