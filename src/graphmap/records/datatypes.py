"""Values of typed sources as records hold them: texts that know their datatype, whole numbers, booleans, texts.

Source: RML-Core, natural mapping of SQL values; R2RML, section 10.2.
"""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Self

from graphmap.rdf import XSD

__all__ = ["Typed", "double", "natural"]


class Typed(str):
    """A lexical form with the IRI of its datatype.

    >>> Typed("2025-01-10", "http://www.w3.org/2001/XMLSchema#date").datatype
    'http://www.w3.org/2001/XMLSchema#date'
    """

    __slots__ = ("datatype",)
    datatype: str

    def __new__(cls, text: str, datatype: str) -> Self:
        """Make one."""
        made = super().__new__(cls, text)
        made.datatype = datatype
        return made


_AS_THEY_ARE = frozenset({str, int, bool, type(None), Typed})
_SPECIAL: Mapping[str, str] = MappingProxyType({"inf": "INF", "-inf": "-INF", "nan": "NaN"})


def natural(value: Any) -> Any:
    """A value of Python as records hold it: text, whole number, boolean, text with its datatype, or those nested.

    >>> natural(1.5), natural([True, 2])
    ('1.5', [True, 2])
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    convert = _CONVERTERS.get(kind)
    return _other(value) if convert is None else convert(value)


def _other(value: Any) -> Any:
    """A value of a type that is made of another, or is no value of RDF's at all: its text."""
    if isinstance(value, str | int):
        return value
    found = next((convert for kind, convert in _CONVERTERS.items() if isinstance(value, kind)), None)
    return str(value) if found is None else found(value)


def double(text: str) -> Typed:
    """A double as Python, Arrow and most others write it.

    >>> double("-inf"), double("0.1").datatype
    ('-INF', 'http://www.w3.org/2001/XMLSchema#double')
    """
    return Typed(_SPECIAL.get(text, text), XSD + "double")


def _duration(value: datetime.timedelta) -> Typed:
    past, value = value < datetime.timedelta(0), abs(value)
    seconds = decimal.Decimal(value.microseconds).scaleb(-6) + value.seconds
    return Typed(f"{'-' if past else ''}P{value.days}DT{seconds.normalize():f}S", XSD + "dayTimeDuration")


def _inside(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): natural(child) for key, child in value.items()}


_CONVERTERS: Mapping[type, Callable[[Any], Any]] = MappingProxyType(
    {
        decimal.Decimal: lambda value: Typed(f"{value:f}", XSD + "decimal"),
        float: lambda value: double(repr(value)),
        datetime.datetime: lambda value: Typed(value.isoformat(), XSD + "dateTime"),
        datetime.date: lambda value: Typed(value.isoformat(), XSD + "date"),
        datetime.time: lambda value: Typed(value.isoformat(), XSD + "time"),
        datetime.timedelta: _duration,
        bytes: lambda value: Typed(value.hex().upper(), XSD + "hexBinary"),
        bytearray: lambda value: Typed(value.hex().upper(), XSD + "hexBinary"),
        memoryview: lambda value: Typed(value.hex().upper(), XSD + "hexBinary"),
        uuid.UUID: str,
        dict: _inside,
        list: lambda value: [natural(child) for child in value],
        tuple: lambda value: [natural(child) for child in value],
    }
)
"""Python type of a value to a function to what records hold; of others it is their text."""
