"""Functions of GREL and of IDLab that mappings in the wild call, a row each, as their descriptions in FnO have them.

An array is the sequence of values of one argument. Left out are functions that fetch something, read files, or
take date patterns of Java.
Source: OpenRefine, GREL functions; the FnO descriptions of GREL and of IDLab's functions.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from urllib.parse import quote

from graphmap.errors import TermError
from graphmap.rdf import XSD, canonical

__all__ = ["GREL", "IDLAB", "IDLAB_NAMESPACES", "NAMES_OF_ONE_PARAMETER", "Row"]

_Texts = Sequence[str]
Row = tuple[tuple[str, ...], Callable[..., _Texts], str, bool]
"""Names of the parameters; the function over all values of each argument, or over single texts; what it returns; and
whether it is over single texts."""

_STRING, _BOOLEAN, _NUMBER, _ANY, _ARRAY = "string", "boolean", "number", "any", "array"


def _is(holds: bool) -> list[str]:  # noqa: FBT001  # a text is made of it
    return ["true" if holds else "false"]


def _true(text: str) -> bool:
    form = canonical(XSD + "boolean", text.lower())
    if form is None:
        raise TermError(f"{text!r} is no boolean", hint="give true or false")
    return form == "true"


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise TermError(f"{text!r} is no number", hint="correct the value") from error


def _position(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise TermError(f"{text!r} is no position", hint="give integers, counted from 0") from error


def _get(values: _Texts, start: _Texts, end: _Texts) -> _Texts:
    """One element, or those up to another."""
    if not start:
        return ()
    first = _position(start[0])
    return values[first : _position(end[0])] if end else values[first:][:1]


def _slice(values: _Texts, start: _Texts, end: _Texts) -> _Texts:
    return values[_position(start[0]) : _position(end[0]) if end else None] if start else ()


def _if(condition: _Texts, then: _Texts, otherwise: _Texts) -> _Texts:
    return [value for each in condition for value in (then if _true(each) else otherwise)]


def _escape(value: str, mode: str) -> _Texts:
    escapes: dict[str, Callable[[str], str]] = {
        "html": html.escape,
        "xml": html.escape,
        "url": lambda text: quote(text, safe=""),
        "csv": lambda text: '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text,
        "javascript": lambda text: json.dumps(text)[1:-1],
    }
    if mode.lower() not in escapes:
        raise TermError(f"{mode!r} is no mode of escaping", hint=f"known: {', '.join(escapes)}")
    return [escapes[mode.lower()](value)]


def _slug(value: str) -> _Texts:
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().lower()
    found = re.sub("[^a-z0-9]+", "-", plain).strip("-")
    return [found] if found else []


def _upper_url(value: str) -> _Texts:
    return [(value if value.lower().startswith("http") else f"http://{value}").upper()]


def _in_range(value: str, low: str, high: str) -> _Texts:
    """Tell whether a number lies in a range, whose end is no part of it; an end that is not given is open."""
    number = _number(value)
    return _is((not low or _number(low) <= number) and (not high or number < _number(high)))


def _parts(text: str, delimiter: str) -> list[str]:
    return text.split(delimiter) if delimiter else list(text)


GREL: Mapping[str, Row] = MappingProxyType(
    {
        **dict.fromkeys(("toUppercase",), (("valueParam",), lambda value: [value.upper()], _STRING, True)),
        **dict.fromkeys(("toLowercase",), (("valueParam",), lambda value: [value.lower()], _STRING, True)),
        **dict.fromkeys(("toTitleCase", "toTitlecase"), (("valueParam",), lambda v: [v.title()], _STRING, True)),
        "string_toString": (("param_any_e",), lambda value: [value], _STRING, True),
        "string_length": (("valueParam",), lambda value: [str(len(value))], _NUMBER, True),
        "string_startsWith": (("valueParam", "string_sub"), lambda v, sub: _is(v.startswith(sub)), _BOOLEAN, True),
        "string_endsWith": (("valueParam", "string_sub"), lambda v, sub: _is(v.endswith(sub)), _BOOLEAN, True),
        "string_contains": (("valueParam", "string_sub"), lambda v, sub: _is(sub in v), _BOOLEAN, True),
        "string_indexOf": (("valueParam", "string_sub"), lambda v, sub: [str(v.find(sub))], _NUMBER, True),
        "escape": (("valueParam", "modeParam"), _escape, _STRING, True),
        "array_join": (
            ("p_array_a", "p_string_sep"),
            lambda a, sep: ["".join(sep[:1]).join(a)] if a else [],
            _STRING,
            False,
        ),
        "array_length": (("p_array_a",), lambda a: [str(len(a))], _NUMBER, False),
        "array_sum": (("p_array_a",), lambda a: [f"{sum(map(_number, a)):f}"], _NUMBER, False),
        "array_get": (("p_array_a", "p_int_i_from", "p_int_i_opt_to"), _get, _ARRAY, False),
        "array_slice": (("p_array_a", "p_int_i_from", "p_int_i_opt_to"), _slice, _ARRAY, False),
        "array_reverse": (("p_array_a",), lambda a: a[::-1], _ARRAY, False),
        "array_sort": (("p_array_a",), sorted, _ARRAY, False),
        "array_uniques": (("p_array_a",), lambda a: list(dict.fromkeys(a)), _ARRAY, False),
        "boolean_and": (("param_rep_b",), lambda b: _is(all(map(_true, b))), _BOOLEAN, False),
        "boolean_or": (("param_rep_b",), lambda b: _is(any(map(_true, b))), _BOOLEAN, False),
        "boolean_xor": (("param_rep_b",), lambda b: _is(sum(map(_true, b)) == 1), _BOOLEAN, False),
        "boolean_not": (("bool_b",), lambda b: _is(not _true(b)), _BOOLEAN, True),
        "controls_if": (("bool_b", "any_true", "any_false"), _if, _ANY, False),
    }
)
"""Local names of GREL's functions; those that `functions` has under names of its own are there."""

_TWO = ("grel:valueParam", "grel:valueParam2")

IDLAB: Mapping[str, Row] = MappingProxyType(
    {
        "equal": (_TWO, lambda one, other: _is(one == other), _STRING, True),
        "notEqual": (_TWO, lambda one, other: _is(one != other), _STRING, True),
        "stringContainsOtherString": (
            ("str", "otherStr", "delimiter"),
            lambda text, other, by: _is(other in _parts(text, by)),
            _STRING,
            True,
        ),
        "listContainsElement": (("list", "str"), lambda a, text: _is(any(each in a for each in text)), _STRING, False),
        "decide": (
            ("str", "expectedStr", "result"),
            lambda text, wanted, result: [result] if text == wanted else [],
            _STRING,
            True,
        ),
        "isNull": (("str",), lambda values: _is(not values), _BOOLEAN, False),
        "trueCondition": (
            ("strBoolean", "str"),
            lambda holds, values: [value for each in holds if each == "true" for value in values],
            _STRING,
            False,
        ),
        "random": ((), lambda: [str(uuid.uuid4())], _STRING, False),
        "inRange": (("p_test", "p_from", "p_to"), _in_range, _BOOLEAN, True),
        "slugify": (("str",), _slug, _STRING, True),
        "toUpperCaseURL": (("str",), _upper_url, _STRING, True),
        "concat": (("str", "otherStr", "delimiter"), lambda one, other, by: [one + by + other], _STRING, True),
    }
)
"""Local names of IDLab's functions; a parameter with `grel:` is one of GREL's."""

IDLAB_NAMESPACES = ("https://w3id.org/imec/idlab/function#", "http://example.com/idlab/function/")

NAMES_OF_ONE_PARAMETER: Mapping[str, str] = MappingProxyType(
    {
        "valueParameter": "valueParam",
        "valueParameter2": "valueParam2",
        "p_string_find": "param_find",
        "p_string_replace": "param_replace",
        "param_a": "p_array_a",
        "param_string_sep": "p_string_sep",
        "param_string_sub": "string_sub",
        "bool_array_b": "param_rep_b",
        "param_b": "bool_b",
        "param_true": "any_true",
        "param_false": "any_false",
        "any_e": "param_any_e",
        "modeParameter": "modeParam",
    }
)
"""Local names in GREL by which the same parameter goes: that of its description, or of its predicate."""
