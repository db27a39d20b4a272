"""Inversion of term maps: which column values give a known term, and which terms two rules can both give.

Source: RML-Core, templates and IRI-safe encoding, turned round.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

from graphmap.lifting.plan import Reference, Template, TermType
from graphmap.rdf import XSD, Token, iri_of, iri_safe, is_absolute, literal_parts
from graphmap.virtual.mapping.assertions import TermRule
from graphmap.virtual.mapping.term_makers import column_of

__all__ = ["Binding", "inverted", "is_injective", "may_meet", "of_template", "plain_template", "templates_meet"]

Binding = tuple[tuple[str, str], ...]
"""Columns, as the mapping writes them, and the texts that they must hold."""

_ENCODED = "[-._~%0-9A-Za-z\u00a0-\U0010ffff]"
"""Characters that IRI-safe encoding leaves."""
_SEPARATES = re.compile(f"(?!{_ENCODED}).", re.DOTALL).search


def plain_template(rule: TermRule) -> tuple[str | Reference, ...] | None:
    """The parts of an encoded template of an absolute IRI; `None` for any other rule."""
    term_map, expression = rule.term_map, rule.term_map.expression
    if not isinstance(expression, Template) or term_map.term_type is not TermType.IRI:
        return None
    parts = tuple(part for part in expression.parts if isinstance(part, str | Reference))
    start = parts[0] if parts else None
    known = len(parts) == len(expression.parts) and isinstance(start, str) and is_absolute(start)
    return parts if known else None


def is_injective(parts: tuple[str | Reference, ...]) -> bool:
    """Return whether different values always give different IRIs.

    A text between two values must hold a character that no encoded value holds.
    """
    before_value = False
    for place, part in enumerate(parts):
        if isinstance(part, str):
            continue
        if before_value and _SEPARATES(_between(parts, place)) is None:
            return False
        before_value = True
    return True


def _between(parts: tuple[str | Reference, ...], place: int) -> str:
    """The text between a value and the value before it."""
    last = max(at for at in range(place) if not isinstance(parts[at], str))
    return "".join(part for part in parts[last:place] if isinstance(part, str))


def inverted(rule: TermRule, token: Token) -> Binding | None:
    """The column values that give a term.

    Args:
        rule: makes terms.
        token: one term.

    Returns:
        What the columns must hold, empty where that is not known; `None` where the rule never gives the term.
    """
    constant = rule.constant
    if constant is not None:
        return () if constant == token else None
    if rule.makes_literals != (token[0] == '"'):
        return None
    parts = plain_template(rule)
    if parts is not None and token[0] == "<":
        return _bound(parts, iri_of(token)) if is_injective(parts) else ()
    if rule.makes_literals:
        return _of_literal(rule, token)
    return ()


def _bound(parts: tuple[str | Reference, ...], iri: str) -> Binding | None:
    values = of_template(parts, iri)
    if values is None:
        return None
    found: dict[str, str] = {}
    columns = (column_of(part) for part in parts if not isinstance(part, str))
    if any(found.setdefault(column, value) != value for column, value in zip(columns, values, strict=True)):
        return None
    return tuple(found.items())


def of_template(parts: tuple[str | Reference, ...], iri: str) -> tuple[str, ...] | None:
    """The values of a template's placeholders that give an IRI; `None` where none do."""
    match = _pattern(parts).fullmatch(iri)
    if match is None:
        return None
    values = tuple(unquote(encoded, errors="surrogatepass") for encoded in match.groups())
    return values if tuple(map(iri_safe, values)) == match.groups() else None


@cache
def _pattern(parts: tuple[str | Reference, ...]) -> re.Pattern[str]:
    return re.compile("".join(re.escape(part) if isinstance(part, str) else f"({_ENCODED}*)" for part in parts))


def _of_literal(rule: TermRule, token: Token) -> Binding | None:
    """Columns behind a plain text; other datatypes have many ways to be written, and are not inverted."""
    term_map, parts = rule.term_map, literal_parts(token)
    told = term_map.datatype_map is None and term_map.language_map is None
    if not told or not isinstance(term_map.expression, Reference):
        return ()
    if term_map.language is not None:
        same = parts.language is not None and parts.language.lower() == term_map.language.lower()
        return ((column_of(term_map.expression), parts.lexical),) if same else None
    if term_map.datatype in (None, XSD + "string"):
        if parts.datatype == XSD + "string":
            return ((column_of(term_map.expression), parts.lexical),)
        return None if term_map.datatype is not None else ()
    return ()


def may_meet(first: TermRule, second: TermRule) -> bool:
    """Return whether two rules may give the same term; true where that is not known."""
    constants = first.constant, second.constant
    if constants[0] is not None:
        return inverted(second, constants[0]) is not None
    if constants[1] is not None:
        return inverted(first, constants[1]) is not None
    if first.makes_literals or second.makes_literals:
        return first.makes_literals and second.makes_literals and _languages_meet(first, second)
    kinds = {rule.term_map.term_type is TermType.BLANK_NODE for rule in (first, second)}
    if len(kinds) > 1:
        return False
    templates = plain_template(first), plain_template(second)
    if templates[0] is None or templates[1] is None:
        return True
    return templates_meet(templates[0], templates[1])


def _languages_meet(first: TermRule, second: TermRule) -> bool:
    maps = first.term_map, second.term_map
    return any(each.language_map is not None for each in maps) or maps[0].language == maps[1].language


def templates_meet(first: tuple[str | Reference, ...], second: tuple[str | Reference, ...]) -> bool:
    """Return whether two templates may give the same IRI; true where that is not known."""
    shorter, longer = sorted((first, second), key=lambda parts: len(str(parts[0])))
    start, other = str(shorter[0]), str(longer[0])
    if not other.startswith(start):
        return False
    ends_in_value = len(shorter) == 2 and not isinstance(shorter[1], str)
    return not (ends_in_value and _SEPARATES(other[len(start) :]))
