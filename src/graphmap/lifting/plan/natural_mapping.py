"""From a value in a record to an RDF term: natural datatypes, value forms of a source, IRIs, blank nodes.

Source: RML-Core, natural mapping of datatypes and generation of RDF terms; RML-IO, null values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from graphmap.errors import TermError
from graphmap.rdf.terms import RDF, Token, iri_safe, literal_token
from graphmap.rdf.xsd import XSD, canonical
from graphmap.records.elements import Element
from graphmap.records.readers.json import Number
from graphmap.records.typed import Typed

__all__ = [
    "RDF_JSON",
    "Scalar",
    "ValueForms",
    "blank_token",
    "language_tag",
    "scalar",
    "typed_text",
    "zoned_timestamp",
]

RDF_JSON = RDF + "JSON"
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?").fullmatch
_LANGUAGE = re.compile(
    r"""(?:[a-z]{2,3}(?:-[a-z]{3}){0,3} | [a-z]{4,8})      # language
        (?:-[a-z]{4})? (?:-(?:[a-z]{2} | [0-9]{3}))?       # script, region
        (?:-(?:[a-z0-9]{5,8} | [0-9][a-z0-9]{3}))*         # variants
        (?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*                # extensions
        (?:-x(?:-[a-z0-9]{1,8})+)?                         # private use
      | x(?:-[a-z0-9]{1,8})+
      | i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)
      | en-gb-oed | sgn-be-fr | sgn-be-nl | sgn-ch-de""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
).fullmatch
_LABEL = re.compile(r"[A-Za-z0-9]+").fullmatch

Scalar = tuple[str, str | None]
"""Text of a value and the IRI of its natural datatype; `None` stands for a plain string."""


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
    """How one source writes values, beside the lexical forms of XSD.

    Args:
        nulls: cells that stand for no value; the empty cell always does.
        booleans: word to `true` or `false`.
        timestamps: reads a timestamp into the form of `xsd:dateTime`; `None` where it has that form already.
    """

    nulls: frozenset[str] = frozenset()
    booleans: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    timestamps: Callable[[str], str] | None = None

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
        return None


def scalar(value: Any) -> Scalar | None:
    """Text and natural datatype of a scalar; `None` for an object or an array.

    >>> scalar(True), scalar("x")
    (('true', 'http://www.w3.org/2001/XMLSchema#boolean'), ('x', None))
    """
    if isinstance(value, Number):
        return canonical(XSD + "double", value) or str(value), XSD + "double"
    if isinstance(value, Typed):
        return canonical(value.datatype, value) or str(value), value.datatype
    if isinstance(value, str):
        return value, None
    if isinstance(value, bool):
        return ("true" if value else "false"), XSD + "boolean"
    if isinstance(value, int):
        return str(value), XSD + "integer"
    if isinstance(value, Element):
        return value.text, None
    return None


def typed_text(text: str, datatype: str, forms: ValueForms) -> tuple[Token, bool]:
    """The literal of a datatype, and whether it is well-typed; an ill-typed value keeps its text as it came."""
    form = forms.read(datatype, text)
    return literal_token(text if form is None else form, datatype=datatype), form is not None


def language_tag(text: str) -> str:
    """A well-formed language tag, in lower case.

    Source: RFC 5646, section 2.1.

    Raises:
        TermError: where the text is none.

    >>> language_tag("de-CH")
    'de-ch'
    """
    if not _LANGUAGE(text):
        raise TermError(f"{text!r} is no language tag", hint="use a tag of BCP 47 such as en or de-CH")
    return text.lower()


def blank_token(text: str) -> Token:
    """The blank node of a generated text: equal texts give the same node, other texts another."""
    if _LABEL(text):
        return f"_:b{text}"
    return "_:x" + iri_safe(text).encode("utf-8").hex()
