"""What generated functions call for values out of the ordinary; anything stranger raises `Odd`.

`Odd` is no error: it says that the record needs the interpreter, which knows what to say about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from graphmap.errors import TermError
from graphmap.lifting.paths import Path
from graphmap.lifting.values import ValueForms, blank_token, iri_from, scalar
from graphmap.terms import Token, escape, has_lone_surrogate, iri_safe, literal_token

__all__ = [
    "NEEDS_ESCAPE",
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
    "tagged_literals",
    "text_of",
    "typed",
    "typed_literals",
]

NEEDS_ESCAPE = re.compile('["\\\\\x00-\x1f\x7f\ud800-\udfff]').search
"""Finds what cannot stand in a quoted literal as it is."""

_SAFE = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


class Odd(Exception):  # noqa: N818  # a signal between generated code and its caller
    """The record is out of the ordinary."""


def text_of(value: Any) -> str | None:
    """The text of one scalar, or `None` for a null; an array of one stands for its element."""
    if type(value) is str or value is None:
        return value  # type: ignore[no-any-return]  # narrowed by type()
    if type(value) is list:
        if len(value) > 1:
            raise Odd
        return text_of(value[0]) if value else None
    found = scalar(value)
    if found is None:
        raise Odd
    return found[0]


def _text_of_scalar(value: Any) -> str | None:
    if type(value) is list:
        raise Odd
    return text_of(value)


def one_text(*, many: bool) -> Callable[[Any], str | None]:
    """A function to the text of one value; `many` lets an array of one stand for its element."""
    return text_of if many else _text_of_scalar


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
    return text if _SAFE(text) else iri_safe(_whole(text))


def _whole(text: str) -> str:
    if not text.isascii() and has_lone_surrogate(text):
        raise Odd
    return text


def escaped(text: str) -> str:
    """The text as it stands in a quoted literal."""
    return escape(_whole(text))


def items(value: Any) -> list[Any] | tuple[Any, ...]:
    """The values of a member that is there once, several times, or not."""
    if type(value) is list:
        return value
    return () if value is None else (value,)


def literals(value: Any) -> list[Token]:
    """The tokens of a member's values in their natural datatypes."""
    tokens = []
    for item in items(value):
        if item is None:
            continue
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


def typed_literals(datatype: str, forms: ValueForms) -> Callable[[Any], list[Token]]:
    """A function from a member's values to literals of one datatype."""
    convert = typed(datatype, forms)

    def tokens(value: Any) -> list[Token]:
        texts = (text_of(item) for item in items(value))
        return [literal_token(_whole(convert(text)), datatype=datatype) for text in texts if text is not None]

    return tokens


def iris(base: str, *, safe: bool) -> Callable[[Any], list[Token]]:
    """A function from a member's values to IRIs."""

    def tokens(value: Any) -> list[Token]:
        texts = (text_of(item) for item in items(value))
        try:
            return [iri_from(text, base, safe=safe) for text in texts if text is not None]
        except TermError as error:
            raise Odd from error

    return tokens


def blanks(value: Any) -> list[Token]:
    """The blank nodes of a member's values."""
    return [blank_token(text) for text in (text_of(item) for item in items(value)) if text is not None]


def selector(path: Path) -> Callable[[Any], list[Any]]:
    """A function from a node to the values at a path, nulls left out."""

    def select(value: Any) -> list[Any]:
        return [found for found in path.values(value) if found is not None]

    return select


def tagged_literals(language: str) -> Callable[[Any], list[Token]]:
    """A function from a member's values to literals in a language."""

    def tokens(value: Any) -> list[Token]:
        texts = (text_of(item) for item in items(value))
        return [literal_token(_whole(text), language=language) for text in texts if text is not None]

    return tokens
