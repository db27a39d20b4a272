"""Lexical forms of the XSD datatypes: which text is one, and its canonical form.

Numbers never pass through binary floating point: digits are moved as text.
Source: XML Schema Definition Language 1.1 Part 2, section 3 (canonical mappings).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

__all__ = ["CANONICAL", "XSD", "canonical"]

XSD = "http://www.w3.org/2001/XMLSchema#"

_INTEGER = re.compile(r"[+-]?[0-9]+").fullmatch
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)").fullmatch
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch
_ZONE = r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DATE = re.compile(rf"(-?(?:[1-9][0-9]{{3,}}|0[0-9]{{3}}))-([0-9]{{2}})-([0-9]{{2}}){_ZONE}").fullmatch
_TIME = re.compile(rf"([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}})(?:\.([0-9]+))?{_ZONE}").fullmatch
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?").fullmatch
_DURATION = re.compile(r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?").fullmatch
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_DOUBLE = re.compile(r"([+-]?)0*([1-9])\.([0-9]*[1-9])").fullmatch

_RANGES = {
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}


def canonical(datatype: str, text: str) -> str | None:
    """The canonical lexical form of a value.

    Args:
        datatype: IRI; a datatype that is not in `CANONICAL` keeps every text as it is.
        text: the value as it came; white space around it is no part of a canonical form and makes it ill-typed.

    Returns:
        The canonical form, or `None` where the text is no lexical form of the datatype.

    >>> canonical(XSD + "integer", "+007"), canonical(XSD + "double", "1100"), canonical(XSD + "date", "2023-02-30")
    ('7', '1.1E3', None)
    """
    convert = CANONICAL.get(datatype)
    return text if convert is None else convert(text)


def _integer(text: str) -> str | None:
    if not _INTEGER(text):
        return None
    digits = text.lstrip("+-").lstrip("0")
    if not digits:
        return "0"
    return "-" + digits if text[0] == "-" else digits


def _ranged(low: int | None, high: int | None) -> Callable[[str], str | None]:
    def convert(text: str) -> str | None:
        digits = _integer(text)
        if digits is None:
            return None
        if len(digits) > 20:  # beyond 64 bits only an open end can hold it
            open_end = low is None if digits[0] == "-" else high is None
            return digits if open_end else None
        value = int(digits)
        return digits if (low is None or value >= low) and (high is None or value <= high) else None

    return convert


def _decimal(text: str) -> str | None:
    if not _DECIMAL(text):
        return None
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    digits = f"{whole}.{fraction}" if fraction else whole
    return "-" + digits if text[0] == "-" and digits != "0" else digits


def _double(text: str) -> str | None:
    if text in ("INF", "-INF", "NaN"):
        return text
    if text == "+INF":
        return "INF"
    if (short := _SHORT_DOUBLE(text)) is not None:
        return f"{'-' if short[1] == '-' else ''}{short[2]}.{short[3]}E0"
    if not _DOUBLE(text):
        return None
    return _scientific(text)


def _scientific(text: str) -> str | None:
    try:
        sign, digits, exponent = Decimal(text).as_tuple()
    except InvalidOperation:  # an exponent beyond Decimal's own range
        return None
    if not isinstance(exponent, int):
        return None
    figures = "".join(map(str, digits))
    stripped = figures.lstrip("0")
    if not stripped:
        return "-0.0E0" if sign else "0.0E0"
    power = exponent + len(stripped) - 1
    stripped = stripped.rstrip("0")
    return f"{'-' if sign else ''}{stripped[0]}.{stripped[1:] or '0'}E{power}"


def _boolean(text: str) -> str | None:
    if text in ("true", "1"):
        return "true"
    return "false" if text in ("false", "0") else None


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _date(text: str) -> str | None:
    match = _DATE(text)
    if match is None:
        return None
    year, month, day, zone = match.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= _days(int(year[-4:]), int(month))):
        return None
    return f"{year}-{month}-{day}{_zone(zone)}"


def _zone(zone: str | None) -> str:
    return "Z" if zone in ("+00:00", "-00:00") else zone or ""


def _time(text: str) -> str | None:
    match = _TIME(text)
    if match is None:
        return None
    hour, minute, second, fraction, zone = match.groups()
    if hour == "24":
        if minute != "00" or second != "00" or (fraction or "").strip("0"):
            return None
        hour = "00"
    elif int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    kept = (fraction or "").rstrip("0")
    return f"{hour}:{minute}:{second}{'.' + kept if kept else ''}{_zone(zone)}"


def _date_time(text: str) -> str | None:
    day, separator, clock = text.partition("T")
    first, second = _date(day), _time(clock)
    if not separator or first is None or second is None or first != day:
        return None
    if clock.startswith("24:"):
        try:
            first = (datetime.date.fromisoformat(first) + datetime.timedelta(days=1)).isoformat()
        except (ValueError, OverflowError):
            return None
    return f"{first}T{second}"


def _date_time_stamp(text: str) -> str | None:
    form = _date_time(text)
    return form if form is not None and (form[-1] == "Z" or form[-6] in "+-") else None


def _hex(text: str) -> str | None:
    return text.upper() if re.fullmatch(r"(?:[0-9a-fA-F]{2})*", text) else None


def _base64(text: str) -> str | None:
    return text if _BASE64(text) else None


def _duration(text: str) -> str | None:
    return text if _DURATION(text) else None


def _matched(pattern: str) -> Callable[[str], str | None]:
    """Texts of a pattern that may have a zone behind it."""
    whole = re.compile(rf"({pattern}){_ZONE}").fullmatch

    def convert(text: str) -> str | None:
        match = whole(text)
        return None if match is None else f"{match[1]}{_zone(match[2])}"

    return convert


def _month_day(text: str) -> str | None:
    form = _matched(f"--{_MONTH}-{_DAY}")(text)
    return form if form is not None and int(form[5:7]) <= _days(4, int(form[2:4])) else None


CANONICAL: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {XSD + name: _ranged(low, high) for name, (low, high) in _RANGES.items()}
    | {
        XSD + "integer": _integer,
        XSD + "decimal": _decimal,
        XSD + "double": _double,
        XSD + "float": _double,
        XSD + "boolean": _boolean,
        XSD + "date": _date,
        XSD + "time": _time,
        XSD + "dateTime": _date_time,
        XSD + "dateTimeStamp": _date_time_stamp,
        XSD + "hexBinary": _hex,
        XSD + "base64Binary": _base64,
        XSD + "duration": _duration,
        XSD + "dayTimeDuration": lambda text: None if re.search("[YM]", text.partition("T")[0]) else _duration(text),
        XSD + "yearMonthDuration": lambda text: None if "D" in text or "T" in text else _duration(text),
        XSD + "gYear": _matched(_YEAR),
        XSD + "gYearMonth": _matched(f"{_YEAR}-{_MONTH}"),
        XSD + "gMonth": _matched(f"--{_MONTH}"),
        XSD + "gDay": _matched(f"---{_DAY}"),
        XSD + "gMonthDay": _month_day,
    }
)
"""Canonical mapping by datatype IRI: text to canonical form, or `None` where it is ill-typed."""
