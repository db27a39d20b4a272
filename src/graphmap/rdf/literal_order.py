"""The order of literals, as SPARQL's `<` has it.

Source: SPARQL 1.1, sections 17.3 (operator mapping) and 15.1; XSD 1.1 Part 2, section 3.3.7 (order of dateTime).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from graphmap.rdf.terms import Token, literal_parts
from graphmap.rdf.xsd import XSD, canonical

__all__ = ["Ordered", "compare", "ordered"]

_ZONE_DOUBT = timedelta(hours=14)
_INTEGERS = (
    "integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger unsignedLong "
    "unsignedInt unsignedShort unsignedByte"
)


class Ordered(NamedTuple):
    """A value that has an order: only values of one `kind` compare.

    Args:
        kind: family of datatypes.
        value: what to compare.
        zoned: whether a time says its zone.
    """

    kind: str
    value: int | float | Decimal | str | datetime
    zoned: bool = True


def ordered(token: Token) -> Ordered | None:
    """The ordered value of a literal.

    Args:
        token: any term.

    Returns:
        The value, or `None` where the term is not a literal, is ill-typed, or its datatype has no order.
    """
    if token[0] != '"':
        return None
    parts = literal_parts(token)
    read = _READ.get(parts.datatype)
    form = None if read is None else canonical(parts.datatype, parts.lexical)
    return None if read is None or form is None else read(form)


def compare(first: Ordered | None, second: Ordered | None) -> int | None:
    """Compare two values.

    Args:
        first: a value, or `None` for what has no order.
        second: another.

    Returns:
        A number below, equal to or above zero, or `None` where they have no order.

    >>> compare(ordered('"2"^^<http://www.w3.org/2001/XMLSchema#integer>'), ordered('"10"'))

    >>> compare(ordered('"2"'), ordered('"10"'))
    1
    """
    if first is None or second is None or first.kind != second.kind:
        return None
    if first.kind == "number":
        return _numbers(first.value, second.value)
    if first.zoned != second.zoned:
        return _doubtful(first, second)
    return _sign(first.value, second.value)


def _sign(first: object, second: object) -> int:
    return int(first > second) - int(first < second)  # type: ignore[operator]  # one kind holds one type


def _numbers(first: object, second: object) -> int | None:
    if isinstance(first, float) or isinstance(second, float):  # promoted to double, as SPARQL does
        first, second = float(first), float(second)  # type: ignore[arg-type]  # a kind "number" holds numbers
        if math.isnan(first) or math.isnan(second):
            return None
    return _sign(first, second)


def _doubtful(first: Ordered, second: Ordered) -> int | None:
    """One time says its zone, the other does not: certain only where more than 14 hours lie between them."""
    assert isinstance(first.value, datetime)  # noqa: S101  # only times can be without a zone
    assert isinstance(second.value, datetime)  # noqa: S101  # only times can be without a zone
    apart = first.value - second.value
    return None if abs(apart) <= _ZONE_DOUBT else _sign(first.value, second.value)


def _double(form: str) -> Ordered:
    return Ordered("number", float(form.replace("INF", "inf")))


def _moment(kind: str, form: str) -> Ordered | None:
    zoned = form[-1] == "Z" or (form[-6] in "+-" and form[-3] == ":")
    whole, _, rest = form.partition(".")
    fraction = rest.rstrip("Z").split("+")[0].split("-")[0]
    zone = rest[len(fraction) :]
    text = f"{whole}.{fraction[:6].ljust(6, '0')}{zone}" if rest else form
    try:  # beyond microseconds and the years 1 to 9999 there is no order here
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if zoned else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return Ordered(kind, moment, zoned)


def _date(form: str) -> Ordered | None:
    return _moment("date", f"{form[:10]}T00:00:00{form[10:]}")


def _time(form: str) -> Ordered | None:
    return _moment("time", f"1972-12-31T{form}")


_READ: dict[str, Callable[[str], Ordered | None]] = {
    **{XSD + name: (lambda form: Ordered("number", Decimal(form))) for name in _INTEGERS.split()},
    XSD + "decimal": lambda form: Ordered("number", Decimal(form)),
    XSD + "double": _double,
    XSD + "float": _double,
    XSD + "string": lambda form: Ordered("string", form),
    XSD + "boolean": lambda form: Ordered("boolean", form),
    XSD + "dateTime": lambda form: _moment("dateTime", form),
    XSD + "dateTimeStamp": lambda form: _moment("dateTime", form),
    XSD + "date": _date,
    XSD + "time": _time,
}
