"""Lexical forms of one source's values: nulls, booleans and timestamps."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graphmap.rdf import XSD, canonical

__all__ = ["ValueForms", "zoned_timestamp"]

_EXPONENT = re.compile(r"-?\d{1,40}(?:\.\d{1,400})?E-?\d{1,3}").fullmatch
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?").fullmatch


def zoned_timestamp(text: str) -> str:
    """PostgreSQL's way to write a `timestamptz`, read into the form of `xsd:dateTime`; other text stays as it is.

    >>> zoned_timestamp("2025-01-10 05:15:30+00")
    '2025-01-10T05:15:30Z'
    """
    match = _TIMESTAMP(text)
    if match is None:
        return text
    day, clock, zone = match.groups()
    if zone is None or zone == "Z":
        return f"{day}T{clock}{zone or ''}"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{day}T{clock}Z" if digits == "0000" else f"{day}T{clock}{zone[0]}{digits[:2]}:{digits[2:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueForms:
    """Value forms of one source, beside the lexical forms of XSD.

    Args:
        nulls: cells that stand for no value; the empty cell always does.
        booleans: word to `true` or `false`.
        timestamps: reads a timestamp into the form of `xsd:dateTime`; `None` where it has that form already.
        exponents: whether a number with an exponent is a decimal, as JSON has one kind of number alone.
    """

    nulls: frozenset[str] = frozenset()
    booleans: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    timestamps: Callable[[str], str] | None = None
    exponents: bool = False

    def read(self, datatype: str, text: str) -> str | None:
        """The canonical form of a value of this source, or `None` where it fits no form.

        >>> ValueForms(booleans={"t": "true"}).read(XSD + "boolean", "t")
        'true'
        """
        form = canonical(datatype, text)
        if form is not None:
            return form
        if datatype == XSD + "boolean":
            return self.booleans.get(text)
        if datatype == XSD + "dateTime" and self.timestamps is not None:
            return canonical(datatype, self.timestamps(text))
        if datatype == XSD + "decimal" and self.exponents and (number := _EXPONENT(text)) is not None:
            return canonical(datatype, format(decimal.Decimal(number[0]), "f"))
        return None
