"""Functions from single texts to texts, for mappings to call; an optional argument that is not given is empty."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from graphmap.errors import TermError
from graphmap.rdf import XSD, canonical

__all__ = [
    "date_of",
    "digest",
    "looked_up",
    "lower",
    "md5",
    "name_uuid",
    "number_of",
    "replace",
    "sha1",
    "split",
    "substring",
    "timestamp_of",
    "trim",
    "upper",
]

_ALGORITHMS = ("md5", "sha1", "sha256", "sha384", "sha512")

_Texts = Sequence[str]


def upper(value: str) -> _Texts:
    """The text in upper case."""
    return [value.upper()]


def lower(value: str) -> _Texts:
    """The text in lower case."""
    return [value.lower()]


def trim(value: str) -> _Texts:
    """The text without white space around it; no value where nothing is left."""
    return [trimmed] if (trimmed := value.strip()) else []


def replace(value: str, find: str, by: str) -> _Texts:
    """The text with every occurrence of another replaced."""
    return [value.replace(find, by) if find else value]


def substring(value: str, start: str, end: str) -> _Texts:
    """The characters from a position up to another; counted from 0, negative from the end.

    Raises:
        TermError: where a position is no integer.

    >>> substring("graphmap", "0", "5"), substring("graphmap", "-3", "")
    (['graph'], ['map'])
    """
    try:
        found = value[int(start) : int(end) if end else None]
    except ValueError as error:
        raise TermError(f"{start!r} or {end!r} is not a position", hint="give integers, counted from 0") from error
    return [found] if found else []


def split(value: str, separator: str) -> _Texts:
    """The parts between separators; empty ones left out.

    >>> split("a;b;;c", ";")
    ['a', 'b', 'c']
    """
    return [part for part in (value.split(separator) if separator else [value]) if part]


def digest(value: str, algorithm: str) -> _Texts:
    """The hash of the text in UTF-8, in hexadecimal; SHA-256 where the algorithm is not given.

    Raises:
        TermError: where the algorithm is not known, or the text holds half a surrogate pair.
    """
    name = (algorithm or "sha256").lower().replace("-", "")
    if name not in _ALGORITHMS:
        raise TermError(f"{algorithm!r} is not a known hash", hint=f"known: {', '.join(_ALGORITHMS)}")
    import hashlib  # noqa: PLC0415  # 3 MB that most mappings need not spend

    return [hashlib.new(name, _bytes(value), usedforsecurity=False).hexdigest()]


def md5(value: str) -> _Texts:
    """The MD5 of the text, in hexadecimal."""
    return digest(value, "md5")


def sha1(value: str) -> _Texts:
    """The SHA-1 of the text, in hexadecimal."""
    return digest(value, "sha1")


def name_uuid(value: str, namespace: str) -> _Texts:
    """The UUID of a name in a namespace, that of URLs where none is given.

    Raises:
        TermError: where the namespace is not a UUID, or the text holds half a surrogate pair.

    Source: RFC 9562, section 5.5 (version 5).

    >>> name_uuid("python.org", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    ['886313e1-3b8a-5372-9b90-0c9aee199e5d']
    """
    try:
        space = uuid.UUID(namespace) if namespace else uuid.NAMESPACE_URL
    except ValueError as error:
        raise TermError(f"{namespace!r} is not a UUID", hint="give the UUID of a namespace") from error
    return [str(uuid.uuid5(space, _bytes(value).decode()))]


def date_of(value: str, form: str) -> _Texts:
    """A date in the form of `xsd:date`.

    Raises:
        TermError: where the text does not have the form.

    >>> date_of("31.12.2025", "%d.%m.%Y")
    ['2025-12-31']
    """
    return [_moment(value, form).date().isoformat()]


def timestamp_of(value: str, form: str) -> _Texts:
    """A time in the form of `xsd:dateTime`, with its zone where it has one.

    Raises:
        TermError: where the text does not have the form.

    >>> timestamp_of("31.12.2025 23:59 +0100", "%d.%m.%Y %H:%M %z")
    ['2025-12-31T23:59:00+01:00']
    """
    return [_moment(value, form).isoformat()]


def number_of(value: str, point: str, grouping: str) -> _Texts:
    """A number in the canonical form of `xsd:decimal`.

    Args:
        value: a number as people write it.
        point: the decimal point; `.` where it is not given.
        grouping: what stands between groups of digits; nothing does where it is not given.

    Raises:
        TermError: where the text is not a number.

    >>> number_of("1.234,50", ",", ".")
    ['1234.5']
    """
    point = point or "."
    plain = value.strip().replace(grouping, "") if grouping else value.strip()
    form = canonical(XSD + "decimal", plain.replace(point, ".")) if point == "." or "." not in plain else None
    if form is None:
        raise TermError(f"{value!r} is not a number", hint="say what stands for the decimal point and between groups")
    return [form]


def looked_up(value: str, table: str, otherwise: str) -> _Texts:
    """Look up a text in a JSON object of texts; `otherwise` if it is not there.

    Raises:
        TermError: where the table is not a JSON object of texts.

    >>> looked_up("m", '{"m": "male"}', ""), looked_up("x", '{"m": "male"}', "")
    (['male'], [])
    """
    try:
        entries = json.loads(table)
    except ValueError as error:
        raise TermError("the table is not JSON", hint='write it as {"from": "to"}') from error
    if not isinstance(entries, dict) or not all(isinstance(each, str) for each in entries.values()):
        raise TermError("the table is not a JSON object of texts", hint='write it as {"from": "to"}')
    found = entries.get(value, otherwise)
    return [found] if found else []


def _moment(value: str, form: str) -> datetime:
    try:
        return datetime.strptime(value.strip(), form)  # noqa: DTZ007  # a text without a zone has none
    except ValueError as error:
        raise TermError(f"{value!r} has not the form {form!r}", hint="correct the value or the form") from error


def _bytes(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise TermError(f"{value!r} holds half a surrogate pair", hint="correct the value") from error
