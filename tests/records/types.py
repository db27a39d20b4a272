"""What values of SQL become: expression to text and datatype, or what is nested."""

from __future__ import annotations

from typing import Any

from graphmap.rdf import RDF, XSD, canonical
from graphmap.records import Typed

__all__ = [
    "DUCKDB",
    "DUCKDB_NO_VALUES",
    "MARIADB",
    "MARIADB_NO_VALUES",
    "POSTGRESQL",
    "POSTGRESQL_NO_VALUES",
    "SQLITE",
    "SQLITE_NO_VALUES",
    "told",
]


def told(value: Any) -> Any:
    """A value as these tables have it: plain values as they are, typed ones as canonical form and local name."""
    if isinstance(value, Typed):
        form = canonical(value.datatype, value)
        name = value.datatype.removeprefix(XSD).replace(RDF, "rdf:")
        return (form, name) if form is not None else (str(value), name, "ill-typed")
    if isinstance(value, list):
        return [told(each) for each in value]
    return {key: told(each) for key, each in value.items()} if isinstance(value, dict) else value


POSTGRESQL: dict[str, Any] = {
    "1::smallint": 1,
    "1::bigint": 1,
    "1::oid": 1,
    "1.10::numeric": ("1.1", "decimal"),
    "1e3::numeric(20, 5)": ("1000", "decimal"),
    "0.1::float8": ("1.0E-1", "double"),
    "0.1::float4": ("1.0E-1", "double"),
    "'NaN'::float8": ("NaN", "double"),
    "'-infinity'::float4": ("-INF", "double"),
    "true": True,
    "date '2025-01-10'": ("2025-01-10", "date"),
    "date '0044-03-15 BC'": ("-0043-03-15", "date"),
    "date '0001-03-15 BC'": ("0000-03-15", "date"),
    "date '12025-01-10'": ("12025-01-10", "date"),
    "timestamp '2025-01-10 05:15:30.5'": ("2025-01-10T05:15:30.5", "dateTime"),
    "timestamp '0044-03-15 12:00 BC'": ("-0043-03-15T12:00:00", "dateTime"),
    "timestamptz '2025-01-10 05:15:30+02'": ("2025-01-10T03:15:30Z", "dateTime"),
    "timestamptz '0044-03-15 12:00+00 BC'": ("-0043-03-15T12:00:00Z", "dateTime"),
    "time '05:15'": ("05:15:00", "time"),
    "time '24:00'": ("00:00:00", "time"),
    "timetz '05:15+02'": ("05:15:00+02:00", "time"),
    "timetz '05:15-03:30'": ("05:15:00-03:30", "time"),
    "interval '1 year 2 mons'": ("P1Y2M", "duration"),
    "interval '1 day 2.5 seconds'": ("P1DT2.5S", "duration"),
    "interval '-1 year -2 days'": ("-P1Y2D", "duration"),
    "interval '0'": ("PT0S", "duration"),
    "'\\x8950'::bytea": ("8950", "hexBinary"),
    "'x'::text": "x",
    "'x'::char(3)": "x  ",
    "'x'::name": "x",
    "'00000000-0000-0000-0000-000000000001'::uuid": "00000000-0000-0000-0000-000000000001",
    "'sad'::mood": "sad",
    "5::positive": 5,
    "B'101'": "101",
    "B'101'::varbit": "101",
    "'12.34'::money": "$12.34",
    "int4range(1, 5)": "[1,5)",
    "'{[1,2),[5,7)}'::int4multirange": "{[1,2),[5,7)}",
    "daterange('2025-01-01', null)": "[2025-01-01,)",
    "'10.0.0.1/8'::inet": "10.0.0.1/8",
    "'10.0.0.0/8'::cidr": "10.0.0.0/8",
    "'08:00:2b:01:02:03'::macaddr": "08:00:2b:01:02:03",
    "point(1, 2)": "(1,2)",
    "'<a/>'::xml": "<a/>",
    "to_tsvector('simple', 'a b')": "'a':1 'b':2",
    """'{"a": 1.10}'::json""": ('{"a": 1.10}', "rdf:JSON"),
    """'"x"'::jsonb""": ('"x"', "rdf:JSON"),
    "array[1, null, 2]": [1, None, 2],
    "array[date '2025-01-10']": [("2025-01-10", "date")],
    "array[array[1, 2], array[3, 4]]": [[1, 2], [3, 4]],
    "array['sad'::mood]": ["sad"],
    "row(1, date '2025-01-10')::point2": {"x": 1, "d": ("2025-01-10", "date")},
    "array[row(1, null)::point2]": [{"x": 1, "d": None}],
    "row(row(1, '2025-01-10')::point2, 1.50)::line2": {
        "a": {"x": 1, "d": ("2025-01-10", "date")},
        "n": ("1.5", "decimal"),
    },
}
POSTGRESQL_NO_VALUES = (
    "date 'infinity'",
    "date '-infinity'",
    "timestamp 'infinity'",
    "timestamptz '-infinity'",
    "'NaN'::numeric",
    "'Infinity'::numeric",
    "interval '1 year -1 day'",
)

SQLITE: dict[tuple[str, Any], Any] = {
    ("INTEGER", 7): 7,
    ("BIGINT", 7): 7,
    ("REAL", 1.5): ("1.5E0", "double"),
    ("DOUBLE PRECISION", 7): ("7.0E0", "double"),
    ("DECIMAL(5, 2)", "1.10"): ("1.1", "decimal"),
    ("NUMERIC", 7): ("7", "decimal"),
    ("BOOLEAN", 0): ("false", "boolean"),
    ("bool", 1): ("true", "boolean"),
    ("BOOLEAN", "TRUE"): ("true", "boolean"),
    ("DATE", "1981-10-10"): ("1981-10-10", "date"),
    ("TIMESTAMP", "2009-10-10 12:12:22"): ("2009-10-10T12:12:22", "dateTime"),
    ("DATETIME", "2009-10-10 12:12"): ("2009-10-10T12:12:00", "dateTime"),
    ("DATETIME", "2009-10-10T12:12:22.50Z"): ("2009-10-10T12:12:22.5Z", "dateTime"),
    ("DATETIME", "2009-10-10 12:12:22+02:00"): ("2009-10-10T12:12:22+02:00", "dateTime"),
    ("DATETIME", "2009-10-10"): ("2009-10-10T00:00:00", "dateTime"),
    ("DATETIME", 1255176742): 1255176742,
    ("TIME", "12:12"): ("12:12:00", "time"),
    ("BLOB", b"\x89P"): ("8950", "hexBinary"),
    ("VARCHAR(3)", "x"): "x",
    ("TEXT", "2009-10-10"): "2009-10-10",
    ("", "x"): "x",
    ("UUID", "x"): "x",
    ("JSON", '{"a": 1}'): ('{"a": 1}', "rdf:JSON"),
    ("INTEGER", "seven"): "seven",
}
"""Declared type and value that is put in."""
SQLITE_NO_VALUES: tuple[tuple[str, Any], ...] = (
    ("BOOLEAN", 7),
    ("BOOLEAN", "maybe"),
    ("DATE", "soon"),
    ("TIMESTAMP", "2009-13-10 12:12:22"),
    ("TIME", "25:00"),
)

DUCKDB: dict[str, Any] = {
    "1::tinyint": 1,
    "1::ubigint": 1,
    "170141183460469231731687303715884105727::hugeint": 170141183460469231731687303715884105727,
    "(-170141183460469231731687303715884105727)::hugeint": -170141183460469231731687303715884105727,
    "340282366920938463463374607431768211455::uhugeint": 340282366920938463463374607431768211455,
    "1.10::decimal(5, 2)": ("1.1", "decimal"),
    "0.5::double": ("5.0E-1", "double"),
    "'NaN'::float": ("NaN", "double"),
    "'-inf'::double": ("-INF", "double"),
    "true": True,
    "date '2025-01-10'": ("2025-01-10", "date"),
    "'0044-03-15 (BC)'::date": ("-0043-03-15", "date"),
    "timestamp '2025-01-10 05:15:30.5'": ("2025-01-10T05:15:30.5", "dateTime"),
    "'0044-03-15 (BC) 12:00:00'::timestamp": ("-0043-03-15T12:00:00", "dateTime"),
    "'2025-01-10 05:15:30.123456789'::timestamp_ns": ("2025-01-10T05:15:30.123456789", "dateTime"),
    "'2025-01-10 05:15:30'::timestamp_s": ("2025-01-10T05:15:30", "dateTime"),
    "'2025-01-10 05:15:30+02'::timestamptz": ("2025-01-10T03:15:30Z", "dateTime"),
    "time '05:15'": ("05:15:00", "time"),
    "'05:15:00+02'::timetz": ("05:15:00+02:00", "time"),
    "interval '1 year 2 months'": ("P1Y2M", "duration"),
    "interval '1 day 2.5 seconds'": ("P1DT2.5S", "duration"),
    "interval '-3 months'": ("-P3M", "duration"),
    "'\\x89P'::blob": ("8950", "hexBinary"),
    "'x'": "x",
    "'00000000-0000-0000-0000-000000000001'::uuid": "00000000-0000-0000-0000-000000000001",
    "'sad'::enum('sad', 'ok')": "sad",
    "'0101'::bit": "0101",
    """'{"a": 1.10}'::json""": ('{"a": 1.10}', "rdf:JSON"),
    "[1, null, 2]": [1, None, 2],
    "[[1], [2, 3]]": [[1], [2, 3]],
    "[date '2025-01-10']": [("2025-01-10", "date")],
    "{'x': 1, 'd': 1.50::decimal(4, 2)}": {"x": 1, "d": ("1.5", "decimal")},
    "map {'k': 1, 'l': 2}": {"k": 1, "l": 2},
    "[{'m': map {'k': [1]}}]": [{"m": {"k": [1]}}],
}
DUCKDB_NO_VALUES = (
    "'infinity'::date",
    "'-infinity'::timestamp",
    "'infinity'::timestamptz",
    "interval '1 month -1 day'",
)

MARIADB: dict[tuple[str, str], Any] = {
    ("tinyint(1)", "1"): ("true", "boolean"),
    ("boolean", "false"): ("false", "boolean"),
    ("tinyint(4)", "1"): 1,
    ("bigint unsigned", "18446744073709551615"): 18446744073709551615,
    ("decimal(5, 2)", "1.10"): ("1.1", "decimal"),
    ("double", "0.5"): ("5.0E-1", "double"),
    ("float", "0.5"): ("5.0E-1", "double"),
    ("date", "'2025-01-10'"): ("2025-01-10", "date"),
    ("datetime(1)", "'2025-01-10 05:15:30.5'"): ("2025-01-10T05:15:30.5", "dateTime"),
    ("timestamp", "'2025-01-10 05:15:30'"): ("2025-01-10T05:15:30", "dateTime"),
    ("time", "'05:15'"): ("05:15:00", "time"),
    ("time(3)", "'05:15:30.125'"): ("05:15:30.125", "time"),
    ("year", "2025"): 2025,
    ("bit(5)", "b'101'"): "00101",
    ("char(3)", "'x'"): "x",
    ("text", "'x'"): "x",
    ("enum('sad', 'ok')", "'sad'"): "sad",
    ("set('a', 'b')", "'b,a'"): "a,b",
    ("blob", "x'8950'"): ("8950", "hexBinary"),
    ("binary(2)", "x'8950'"): ("8950", "hexBinary"),
    ("uuid", "'00000000-0000-0000-0000-000000000001'"): "00000000-0000-0000-0000-000000000001",
    ("inet6", "'::1'"): "::1",
}
"""Type of a column and the value that is put in."""
MARIADB_NO_VALUES = (
    ("boolean", "7"),
    ("date", "'0000-00-00'"),
    ("date", "'2025-00-10'"),
    ("datetime", "'0000-00-00 00:00:00'"),
    ("time", "'838:59:59'"),
    ("time", "'-01:00:00'"),
)
