"""Runtime of generated functions for unusual values; others raise `Odd`.

`Odd` is no error: it says that the record needs the interpreter, which knows what to say about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from graphmap.errors import TermError
from graphmap.lifting.paths import Name, Path, Route, Segment, Wildcard
from graphmap.lifting.plan import TermType, blank_token, iri_from, scalar
from graphmap.rdf import XSD, Token, escape, has_lone_surrogate, iri_safe, literal_token
from graphmap.records import ValueForms

__all__ = [
    "CANONICAL_ALREADY",
    "CANONICAL_TEXTS",
    "NEEDS_ESCAPE",
    "SAFE",
    "SAFE_TEXT",
    "Odd",
    "blanks",
    "escaped",
    "iris",
    "items",
    "literals",
    "one",
    "one_text",
    "safe_text",
    "selector",
    "several",
    "single",
    "tagged_literals",
    "texts_of",
    "typed",
    "typed_literals",
]

_INTEGER = XSD + "integer"

NEEDS_ESCAPE = re.compile('["\\\\\x00-\x1f\x7f\ud800-\udfff]').search
"""Finds what cannot stand in a quoted literal as it is."""

SAFE_TEXT = r"[A-Za-z0-9._~-]*"
"""Pattern of texts of the common kind that are their own IRI-safe version."""

SAFE = re.compile(SAFE_TEXT).fullmatch
"""Matches `SAFE_TEXT`."""

_MONTH_AND_DAY = (
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"  # no 29 February
)
CANONICAL_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        XSD + "dateTime": rf"\d{{4}}-{_MONTH_AND_DAY}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ",
        XSD + "date": rf"[12]\d{{3}}-{_MONTH_AND_DAY}",
        XSD + "boolean": r"true|false",
        XSD + "long": r"[1-9]\d{0,17}",
        XSD + "int": r"[1-9]\d{0,8}",
        XSD + "integer": r"[1-9]\d*",
        XSD + "decimal": r"[1-9]\d*(?:\.\d*[1-9])?",
    }
)
"""For a few datatypes, a pattern of texts that are canonical already; other texts may be so, too."""

CANONICAL_ALREADY: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {datatype: re.compile(pattern, re.ASCII).fullmatch for datatype, pattern in CANONICAL_TEXTS.items()}
)
"""Tests for `CANONICAL_TEXTS`."""


class Odd(Exception):  # noqa: N818  # a signal between generated code and its caller
    """The record is out of the ordinary."""


def _text_of(value: Any) -> str | None:
    """The text of one scalar, or `None` for a null."""
    if type(value) is str or value is None:
        return value
    if type(value) is int:
        return str(value)
    found = scalar(value)
    if found is None:
        raise Odd
    return found[0]


def one_text(*, many: bool, encode: bool) -> Callable[[Any], str | None]:
    """A function to the text of one value as it stands in an IRI (`encode`) or in a quoted literal.

    Args:
        many: lets an array of one stand for its element; without it an array is odd.
        encode: whether to make the IRI-safe version.
    """
    form = safe_text if encode else escaped

    def text(value: Any) -> str | None:
        if many and type(value) is list:
            if len(value) > 1:
                raise Odd
            value = value[0] if value else None
        found = _text_of(value)
        return None if found is None else form(found)

    return text


def several(tokens: Callable[[Any], list[Token]], *, many: bool) -> Callable[[Any], list[Token]]:
    """A function to tokens that takes an array only where `many` says that it stands for its elements."""
    if many:
        return tokens

    def of_scalar(value: Any) -> list[Token]:
        if type(value) is list:
            raise Odd
        return tokens(value)

    return of_scalar


def one(tokens: Callable[[Any], list[Token]], *, many: bool) -> Callable[[Any], Token | None]:
    """A function to the only token of a value, or `None`; more than one is odd."""
    make = several(tokens, many=many)

    def token(value: Any) -> Token | None:
        made = make(value)
        if len(made) > 1:
            raise Odd
        return made[0] if made else None

    return token


def safe_text(text: str) -> str:
    """The IRI-safe version; ASCII without reserved characters is that already."""
    return text if SAFE(text) else iri_safe(_whole(text))


def _whole(text: str) -> str:
    if not text.isascii() and has_lone_surrogate(text):
        raise Odd
    return text


def escaped(text: str) -> str:
    """The text as it stands in a quoted literal."""
    return escape(_whole(text)) if NEEDS_ESCAPE(text) else text


def items(value: Any) -> list[Any] | tuple[Any, ...]:
    """The values of a member that is there once, several times, or not."""
    if type(value) is list:
        return value
    return () if value is None else (value,)


def literals(value: Any) -> list[Token]:
    """The tokens of a member's values in their natural datatypes."""
    tokens = []
    for item in items(value):
        if type(item) is str:
            tokens.append(f'"{escaped(item)}"')
        elif type(item) is int:
            tokens.append(f'"{item}"^^<{_INTEGER}>')
        elif item is not None:
            found = scalar(item)
            if found is None:
                raise Odd
            tokens.append(literal_token(_whole(found[0]), datatype=found[1]))
    return tokens


def typed(datatype: str, forms: ValueForms) -> Callable[[str], str]:
    """A function from text to canonical form that is odd about ill-typed text."""

    def convert(text: str) -> str:
        form = forms.read(datatype, text)
        if form is None:
            raise Odd
        return form

    return convert


def texts_of(value: Any) -> list[str]:
    """The texts of a member's values."""
    return [text for item in items(value) if (text := _text_of(item)) is not None]


def _of_texts(make: Callable[[str], Token]) -> Callable[[Any], list[Token]]:
    """A function from a member's values to one token a text."""

    def tokens(value: Any) -> list[Token]:
        texts = (_text_of(item) for item in items(value))
        return [make(text) for text in texts if text is not None]

    return tokens


def typed_literals(datatype: str, forms: ValueForms) -> Callable[[Any], list[Token]]:
    """A function from a member's values to literals of one datatype."""
    convert = typed(datatype, forms)
    return _of_texts(lambda text: literal_token(_whole(convert(text)), datatype=datatype))


def tagged_literals(language: str) -> Callable[[Any], list[Token]]:
    """A function from a member's values to literals in a language."""
    return _of_texts(lambda text: literal_token(_whole(text), language=language))


def iris(base: str, kind: TermType) -> Callable[[Any], list[Token]]:
    """A function from a member's values to IRIs of a kind."""

    def token(text: str) -> Token:
        try:
            return iri_from(text, base, kind)
        except TermError as error:
            raise Odd from error

    return _of_texts(token)


def single(make: Callable[[Any], list[Token]]) -> Callable[[str], str]:
    """A function from a text to the inside of its only token."""
    return lambda text: make(text)[0][1:-1]


def blanks(value: Any) -> list[Token]:
    """The blank nodes of a member's values."""
    return _of_texts(blank_token)(value)


def selector(path: Route) -> Callable[[Any], list[Any]]:
    """A function from a node to the values at a path, nulls left out."""
    match path.segments:
        case () if isinstance(path, Path):
            return lambda value: [] if value is None else [value]
        case (Segment((Name(name),), False), Segment((Wildcard(),), False), Segment((Name(member),), False)):
            return _member_of_items(name, member, path)
        case (Segment((Name(name),), False), Segment((Wildcard(),), False)):
            return _items_of_member(name, path)
        case _:
            return _present(path)


def _present(path: Route) -> Callable[[Any], list[Any]]:
    return lambda value: [found for found in path.values(value) if found is not None]


def _items_of_member(name: str, path: Route) -> Callable[[Any], list[Any]]:
    """`$.name[*]`, quick where there is an array."""
    slow = _present(path)

    def select(value: Any) -> list[Any]:
        listed = value.get(name) if type(value) is dict else None
        return [item for item in listed if item is not None] if type(listed) is list else slow(value)

    return select


def _member_of_items(name: str, member: str, path: Route) -> Callable[[Any], list[Any]]:
    """`$.name[*].member`, quick where the items are objects."""
    slow = _present(path)

    def select(value: Any) -> list[Any]:
        listed = value.get(name) if type(value) is dict else value
        if listed is None:
            return []
        if type(listed) is not list or type(value) is not dict:
            return slow(value)
        found = []
        for item in listed:
            if type(item) is not dict:
                return slow(value)
            if (child := item.get(member)) is not None:
                found.append(child)
        return found

    return select
