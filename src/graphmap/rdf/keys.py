"""Keys of several values in one IRI: an injective join, its inverse, and the same join in SQL.

Values are IRI-safe encoded, then the separator inside a value is encoded too, so that it stands between values only.
Source: RFC 3986, section 2.1 (percent-encoding).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from graphmap.rdf.terms import iri_safe

__all__ = ["KEY_SEPARATOR", "join_key", "key_part", "key_sql", "split_key"]

KEY_SEPARATOR = "-"
_ENCODED = "%2D"


def key_part(text: str) -> str:
    """One value of a key of several, as it stands in the IRI.

    >>> key_part("SAP-S4 1")
    'SAP%2DS4%201'
    """
    return iri_safe(text).replace(KEY_SEPARATOR, _ENCODED)


def join_key(values: Sequence[str]) -> str:
    """Values joined into the last part of an IRI; a single one is IRI-safe encoded and no more.

    Keys of one number of values never meet, nor do keys of two or more values of any number.

    >>> join_key(["SAP-S4", "1"]), join_key(["SAP", "S4-1"]), join_key(["AB-1"])
    ('SAP%2DS4-1', 'SAP-S4%2D1', 'AB-1')
    """
    return iri_safe(values[0]) if len(values) == 1 else KEY_SEPARATOR.join(map(key_part, values))


def split_key(text: str, *, single: bool = False) -> tuple[str, ...]:
    """The values that `join_key` joined.

    Args:
        text: the joined key.
        single: whether it is a key of one value.

    >>> split_key("SAP-S4%2D1"), split_key("AB-1", single=True)
    (('SAP', 'S4-1'), ('AB-1',))
    """
    parts = [text] if single else text.split(KEY_SEPARATOR)
    return tuple(unquote(part, errors="surrogatepass") for part in parts)


def key_sql(encoded: Iterable[str]) -> str:
    """The join of two or more values as an SQL expression.

    Args:
        encoded: SQL expressions of the IRI-safe encoded values.

    >>> key_sql(["a", "b"])
    "replace(a, '-', '%2D') || '-' || replace(b, '-', '%2D')"
    """
    return f" || '{KEY_SEPARATOR}' || ".join(f"replace({each}, '{KEY_SEPARATOR}', '{_ENCODED}')" for each in encoded)
