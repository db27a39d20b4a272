"""Values of SQL in the lexical forms of XSD: a table of type names for each kind of database.

What a type's text holds beyond its datatype (infinity, zero dates, durations of mixed sign) keeps its text under the
datatype, and so is ill-typed: a fault of its record, where it becomes a literal.
Source: R2RML, section 10.2 (natural mapping of SQL values); RML-Core; XML Schema 1.1 Part 2, where year 0 is 1 BC.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from graphmap.rdf import RDF, XSD
from graphmap.records.datatypes import Typed, natural

__all__ = ["DUCKDB", "POSTGRESQL", "Convert", "duration_of", "mysql_type", "sqlite_type"]

Convert = Callable[[Any], Any]
"""A value as the driver gives it to one as records hold it."""

_MOMENT = re.compile(
    r"(-?\d{4,}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII
).fullmatch
_CLOCK = re.compile(r"(\d\d:\d\d)(:\d\d(?:\.\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII).fullmatch
_BEFORE_CHRIST = re.compile(r"(\d{4,})(-\d\d-\d\d.*?) \(?BC\)?(.*)", re.ASCII).fullmatch
_PARTS = re.compile(
    r"P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
).fullmatch
_SECOND = 10**9


def _zone(found: str | None) -> str:
    if not found or found == "Z":
        return found or ""
    digits = found[1:].replace(":", "").ljust(4, "0")
    return f"{found[0]}{digits[:2]}:{digits[2:]}"


def _era(text: str) -> str:
    """A text with its year counted as in XSD."""
    match = _BEFORE_CHRIST(text)
    if match is None:
        return text
    year = int(match[1]) - 1
    return f"{'-' if year else ''}{year:04}{match[2]}{match[3]}"


def _date(value: Any) -> Any:
    return Typed(_era(value), XSD + "date") if isinstance(value, str) else natural(value)


def _date_time(value: Any) -> Any:
    """A timestamp as databases write it; a day alone is its midnight.

    >>> _date_time("2025-01-10 05:15:30.5+01"), _date_time("0044-03-15 12:00:00 BC")
    ('2025-01-10T05:15:30.5+01:00', '-0043-03-15T12:00:00')
    """
    if not isinstance(value, str):
        return natural(value)
    match = _MOMENT(_era(value))
    if match is None:
        return Typed(value, XSD + "dateTime")
    day, clock, seconds, zone = match.groups()
    return Typed(f"{day}T{clock or '00:00'}{seconds or ':00'}{_zone(zone)}", XSD + "dateTime")


def _time(value: Any) -> Any:
    """A time of day; what is none, as the times of MySQL may be, keeps its text."""
    if isinstance(value, datetime.timedelta):
        value = _clock(value)
    if not isinstance(value, str):
        return natural(value)
    match = _CLOCK(value)
    return Typed(f"{match[1]}{match[2] or ':00'}{_zone(match[3])}" if match else value, XSD + "time")


def _clock(value: datetime.timedelta) -> str:
    past, value = value < datetime.timedelta(0), abs(value)
    minutes, seconds = divmod(value.days * 86_400 + value.seconds, 60)
    fraction = f".{value.microseconds:06}" if value.microseconds else ""
    return f"{'-' if past else ''}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{fraction}"


def _duration(text: str) -> Any:
    """A duration in ISO 8601 whose parts may each have a sign.

    >>> _duration("P1Y2M"), _duration("P-1DT-2S"), _duration("P1YT-1S")
    ('P1Y2M', '-P1DT2S', 'P1YT-1S')
    """
    if "-" not in text:
        return Typed(text, XSD + "duration")
    match = _PARTS(text)
    parts = [part for part in match.groups() if part is not None and part.strip("-0.")] if match else []
    past = bool(parts) and all(part.startswith("-") for part in parts)
    return Typed(f"-{text.replace('-', '')}" if past else text, XSD + "duration")


def duration_of(months: int, days: int, nanoseconds: int) -> Typed:
    """A duration of three parts, which have one sign; others keep a text that is none.

    >>> duration_of(14, 3, 5_500_000_000), duration_of(0, 0, 0), duration_of(-1, 0, 0), duration_of(1, -1, 0)
    ('P1Y2M3DT5.5S', 'PT0S', '-P1M', 'P1M-1D')
    """
    parts = (months, days, nanoseconds)
    past = any(parts) and all(part <= 0 for part in parts)
    months, days, nanoseconds = (abs(part) for part in parts) if past else parts
    seconds, rest = divmod(abs(nanoseconds), _SECOND)
    sign = "-" if nanoseconds < 0 else ""
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    years, months = divmod(months, 12) if months >= 0 else (0, months)
    dates = "".join(f"{part}{name}" for part, name in ((years, "Y"), (months, "M"), (days, "D")) if part)
    clock = f"T{sign}{seconds}{fraction}S" if nanoseconds or not dates else ""
    return Typed(f"{'-' if past else ''}P{dates}{clock}", XSD + "duration")


def _as(datatype: str) -> Convert:
    return lambda value: Typed(value, datatype) if isinstance(value, str) else natural(value)


def _double(value: Any) -> Any:
    special = {"Infinity": "INF", "-Infinity": "-INF"}
    return Typed(special.get(value, value), XSD + "double") if isinstance(value, str) else natural(value)


def _decimal(value: Any) -> Any:
    """An exact number; SQLite stores it as an integer or a double."""
    return Typed(str(value), XSD + "decimal") if isinstance(value, int | float) else natural(value)


def _boolean(value: Any) -> Any:
    return natural(value) if value is None else Typed(str(value).lower(), XSD + "boolean")


def _bits(value: Any, width: int) -> Any:
    return f"{int.from_bytes(value):0{width}b}" if isinstance(value, bytes) else natural(value)


_JSON = _as(RDF + "JSON")

POSTGRESQL: Mapping[str, Convert] = MappingProxyType(
    {
        "date": _date,
        "timestamp": _date_time,
        "timestamptz": _date_time,
        "time": _time,
        "timetz": _time,
        "interval": _duration,
        "numeric": _as(XSD + "decimal"),
        "float4": _double,
        "float8": _double,
        "json": _JSON,
        "jsonb": _JSON,
        **dict.fromkeys(("inet", "cidr"), str),
        **dict.fromkeys(("int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange"), str),
        **dict.fromkeys(("int4multirange", "int8multirange", "nummultirange"), str),
        **dict.fromkeys(("datemultirange", "tsmultirange", "tstzmultirange"), str),
    }
)
"""Texts of PostgreSQL; other types are read as their driver has them: integers, booleans, bytes, texts, arrays."""

DUCKDB: Mapping[str, tuple[Convert, bool]] = MappingProxyType(
    {
        "HUGEINT": (int, True),
        "UHUGEINT": (int, True),
        "BIGNUM": (int, True),
        "VARINT": (int, True),
        "DATE": (_date, True),
        **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), (_date_time, True)),
        "TIMESTAMP WITH TIME ZONE": (_date_time, True),
        "TIME WITH TIME ZONE": (_time, True),
        "BIT": (str, True),
        "JSON": (_JSON, False),
    }
)
"""Converters of the types of DuckDB, and whether it has to be handed over as text; Arrow's own values do for others."""

_MYSQL: Mapping[int, Convert] = MappingProxyType(
    {7: _date_time, 10: _date, 11: _time, 12: _date_time, 14: _date, 245: _JSON}
)
"""Number of a type in MySQL's protocol to what is made of its values."""

_TINY, _BIT = 1, 16


def mysql_type(code: int, width: int) -> Convert:
    """Converter of values of MySQL or MariaDB.

    Args:
        code: of its type in the protocol.
        width: of the column; TINYINT(1) is BOOLEAN there.
    """
    if code == _TINY and width == 1:
        return _boolean
    return (lambda value: _bits(value, width)) if code == _BIT else _MYSQL.get(code, natural)


_SQLITE: Mapping[str, Convert] = MappingProxyType(
    {
        "DATE": _date,
        **dict.fromkeys(("DATETIME", "TIMESTAMP", "TIMESTAMPTZ"), _date_time),
        "TIME": _time,
        **dict.fromkeys(("BOOLEAN", "BOOL"), _boolean),
        **dict.fromkeys(("DECIMAL", "NUMERIC"), _decimal),
        **dict.fromkeys(("JSON", "JSONB"), _JSON),
    }
)


def sqlite_type(declared: str) -> Convert:
    """Converter of values of SQLite, by the type that its column is declared with."""
    return _SQLITE.get(declared.partition("(")[0].strip().upper(), natural)
