"""A world of two tables with a foreign key, good and odd values in them, and its R2RML mapping."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyoxigraph

from graphmap.lifting.lift import lift

MAPPING = """
@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix ex: <http://example.org/rail/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#Station> rr:logicalTable [ rr:tableName "station" ] ;
  rr:subjectMap [ rr:template "http://example.org/station/{id}" ; rr:class ex:Station ] ;
  rr:predicateObjectMap [ rr:predicate ex:code ; rr:objectMap [ rr:column "code" ] ] ,
    [ rr:predicate ex:name ; rr:objectMap [ rr:column "name" ; rr:language "en" ] ] ,
    [ rr:predicate ex:opened ; rr:objectMap [ rr:column "opened" ] ] ,
    [ rr:predicate ex:height ; rr:objectMap [ rr:column "height" ] ] ,
    [ rr:predicate ex:tracks ; rr:objectMap [ rr:column "tracks" ] ] ,
    [ rr:predicate ex:staffed ; rr:objectMap [ rr:column "staffed" ] ] ,
    [ rr:predicate ex:seen ; rr:objectMap [ rr:column "seen" ] ] ,
    [ rr:predicate ex:region ; rr:objectMap [ rr:template "http://example.org/region/{region}" ] ] .
<#Region> rr:logicalTable [ rr:tableName "station" ] ;
  rr:subjectMap [ rr:template "http://example.org/region/{region}" ; rr:class ex:Region ] ;
  rr:predicateObjectMap [ rr:predicate ex:title ; rr:objectMap [ rr:column "region" ] ] .
<#Trip> rr:logicalTable [ rr:tableName "trip" ] ;
  rr:subjectMap [ rr:template "http://example.org/trip/{no}/{day}" ; rr:class ex:Trip ] ;
  rr:predicateObjectMap [ rr:predicate ex:origin ; rr:objectMap [ rr:parentTriplesMap <#Station> ;
      rr:joinCondition [ rr:child "origin" ; rr:parent "id" ] ] ] ,
    [ rr:predicate ex:target ; rr:objectMap [ rr:template "http://example.org/station/{target}" ] ] ,
    [ rr:predicate ex:seats ; rr:objectMap [ rr:column "seats" ] ] ,
    [ rr:predicate ex:fare ; rr:objectMap [ rr:column "fare" ] ] ,
    [ rr:predicate ex:weight ; rr:objectMap [ rr:column "weight" ] ] ,
    [ rr:predicate ex:note ; rr:objectMap [ rr:column "note" ] ] ,
    [ rr:predicate ex:code ; rr:objectMap [ rr:column "note" ] ] .
"""
SCHEMA = """
CREATE TABLE station (id INTEGER PRIMARY KEY, code VARCHAR, name VARCHAR, opened DATE, height DECIMAL(8,2),
    tracks INTEGER, staffed BOOLEAN, seen TIMESTAMP, region VARCHAR);
CREATE TABLE trip (no INTEGER, day VARCHAR, origin INTEGER REFERENCES station(id), target INTEGER,
    seats BIGINT, fare DECIMAL(10,3), weight DOUBLE PRECISION, note VARCHAR, PRIMARY KEY (no, day))
"""
TEXTS = (
    "plain", "", " padded ", "a b", "100%", "50%25", "x/y#z?q", "Zürich", "zürich", "日本", "\U0001f682 train",
    "\uffee",
    'quote " and \\ back', "line\nbreak", "tab\there", "o'brien", "{brace}", "A", "a", "B", "ß", "é", "é", "e\u0301",
)  # fmt: skip


def stations(random: Random, count: int) -> list[tuple[Any, ...]]:
    """Rows of stations; the first is the foreign key of many."""
    return [
        (
            number,
            random.choice((None, *TEXTS)),
            random.choice((None, *TEXTS)),
            random.choice((None, datetime.date(1850 + random.randrange(150), random.randint(1, 12), 3))),
            random.choice((None, Decimal(random.randrange(-50_000, 50_000)) / 100)),
            random.choice((None, 0, random.randrange(-3, 30))),
            random.choice((None, True, False)),
            random.choice((None, _moment(random))),
            random.choice((None, "north", "south east", "Ö/st")),
        )
        for number in range(1, count + 1)
    ]


def _moment(random: Random) -> datetime.datetime:
    fraction = random.choice((0, 250_000))
    return datetime.datetime(2024, random.randint(1, 12), 1, 5, random.randrange(60), 7, fraction)  # noqa: DTZ001  # a timestamp without zone is what is tried


def trips(random: Random, count: int, stations: int) -> list[tuple[Any, ...]]:
    """Rows of trips."""
    return [
        (
            number // 2,
            ("mon", "tue & wed")[number % 2],
            random.choice((None, 1, random.randint(1, stations))),
            random.choice((None, random.randint(1, stations + 3))),
            random.choice((None, 0, 40, random.randrange(1000), 3_000_000_000)),
            random.choice((None, Decimal(random.randrange(100_000)) / 1000)),
            random.choice((None, 0.1, 1e10, random.random(), -3.5)),
            random.choice((None, *TEXTS)),
        )
        for number in range(count)
    ]


def rail_mapping(folder: Path) -> Path:
    """The mapping in a file."""
    file = folder / "rail.ttl"
    file.write_text(MAPPING)
    return file


def rail_duckdb(folder: Path, *, seed: int, count: int = 24) -> str:
    """A DuckDB file of the world; its URL."""
    path = folder / f"rail{seed}.duckdb"
    random = Random(seed)
    with duckdb.connect(str(path)) as connection:
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        connection.executemany("INSERT INTO station VALUES (?,?,?,?,?,?,?,?,?)", stations(random, count))
        connection.executemany("INSERT INTO trip VALUES (?,?,?,?,?,?,?,?)", trips(random, count * 3, count))
    return f"duckdb:{path}"


def loaded(mapping: Path, bind: dict[str, str]) -> pyoxigraph.Store:
    """The same records, lifted and loaded: the oracle."""
    store = pyoxigraph.Store()
    store.bulk_extend(lift(mapping, bind=bind))
    return store
