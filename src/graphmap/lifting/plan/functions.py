"""Functions that a mapping may call, each a row of one table; a table of one's own adds to it or replaces it.

>>> greet = Function(parameters=("http://example.com/name",), apply=of_each(lambda name: [f"Hello {name}"]))
>>> mine = {**FUNCTIONS, "http://example.com/greet": greet}  # for `read_mapping` and `lift`

Source: RML-FNML; the parameters are in the order of the callable's own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.lifting.plan import text_functions as texts
from graphmap.rdf import GRAPHMAP

__all__ = ["FUNCTIONS", "OLD_PARAMETERS", "PRINTED", "SAME", "Function", "Values", "of_each"]

_GREL = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"

Values = Sequence[str]
"""The values of one argument; empty where it gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function over texts.

    Args:
        parameters: IRIs, in the order of the callable's arguments.
        apply: one sequence of texts an argument to the sequence of results; empty for no value. Raises `TermError`
            about a value that it cannot take, which is then a fault of the record.
        until_found: whether arguments after the first that has a value are not looked at.
    """

    parameters: tuple[str, ...]
    apply: Callable[..., Values]
    until_found: bool = False


def of_each(function: Callable[..., Values], *, optional: int = 0) -> Callable[..., Values]:
    """A function over single texts, applied to every combination of its arguments' values.

    Args:
        function: texts to results.
        optional: how many of the last arguments may be without value; the function gets an empty text for them. Where
            another argument has no value there is no result.

    >>> of_each(lambda text, by: [text + by], optional=1)(["a", "b"], [])
    ['a', 'b']
    """

    def apply(*arguments: Values) -> Values:
        needed = len(arguments) - optional
        given = [values or [""] if at >= needed else values for at, values in enumerate(arguments)]
        return [result for chosen in itertools.product(*given) for result in function(*chosen)]

    return apply


def _coalesce(*arguments: Values) -> Values:
    return next((values for values in arguments if values), ())


def _when(condition: Values, value: Values) -> Values:
    return value if condition else ()


def _concatenate(separator: Values, *arguments: Values) -> Values:
    given = [values for values in arguments if values]
    joined = itertools.product(*given) if given else ()
    return [(separator[0] if separator else "").join(chosen) for chosen in joined]


def _row(
    namespace: str, names: Sequence[str], function: Callable[..., Values], *, optional: int = 0
) -> tuple[str, Function]:
    """A row of the table: the name of the function, then those of its parameters."""
    name, *parameters = (namespace + each for each in names)
    return name, Function(parameters=tuple(parameters), apply=of_each(function, optional=optional))


_FOUR = tuple(GRAPHMAP + name for name in ("first", "second", "third", "fourth"))

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        GRAPHMAP + "coalesce": Function(parameters=_FOUR, apply=_coalesce, until_found=True),
        GRAPHMAP + "when": Function(parameters=(GRAPHMAP + "condition", GRAPHMAP + "value"), apply=_when),
        GRAPHMAP + "concatenate": Function(parameters=(GRAPHMAP + "separator", *_FOUR), apply=_concatenate),
        **dict(
            (
                _row(GRAPHMAP, ("upper", "value"), texts.upper),
                _row(GRAPHMAP, ("lower", "value"), texts.lower),
                _row(GRAPHMAP, ("trim", "value"), texts.trim),
                _row(GRAPHMAP, ("replace", "value", "find", "by"), texts.replace, optional=1),
                _row(GRAPHMAP, ("substring", "value", "from", "to"), texts.substring, optional=1),
                _row(GRAPHMAP, ("split", "value", "separator"), texts.split),
                _row(GRAPHMAP, ("hash", "value", "algorithm"), texts.digest, optional=1),
                _row(GRAPHMAP, ("uuid5", "value", "namespace"), texts.name_uuid, optional=1),
                _row(GRAPHMAP, ("parseDate", "value", "format"), texts.date_of),
                _row(GRAPHMAP, ("parseDateTime", "value", "format"), texts.timestamp_of),
                _row(GRAPHMAP, ("parseNumber", "value", "point", "grouping"), texts.number_of, optional=2),
                _row(GRAPHMAP, ("lookup", "value", "table", "otherwise"), texts.looked_up, optional=1),
                _row(_GREL, ("toUpperCase", "valueParam"), texts.upper),
                _row(_GREL, ("toLowerCase", "valueParam"), texts.lower),
                _row(_GREL, ("string_trim", "valueParam"), texts.trim),
                _row(_GREL, ("string_replace", "valueParam", "param_find", "param_replace"), texts.replace, optional=1),
                _row(_GREL, ("string_split", "valueParam", "p_string_sep"), texts.split),
                _row(
                    _GREL,
                    ("string_substring", "valueParam", "p_int_i_from", "p_int_i_opt_to"),
                    texts.substring,
                    optional=1,
                ),
                _row(_GREL, ("string_md5", "valueParam"), texts.md5),
                _row(_GREL, ("string_sha1", "valueParam"), texts.sha1),
            )
        ),
    }
)
"""`coalesce`: the first argument that has a value; `when`: the value, where the condition has one; `concatenate`: the
arguments that have a value, with a separator between them. The others are those of `text_functions`, under our names
and those of GREL."""

PRINTED = frozenset((GRAPHMAP + "coalesce", GRAPHMAP + "when"))
"""Functions that the compiler prints; the interpreter does triples maps with others."""

SAME = Function(parameters=(GRAPHMAP + "value",), apply=of_each(lambda value: [value]))
"""The value as it is."""

OLD_PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        _GREL + "valueParameter": _GREL + "valueParam",
        _GREL + "p_string_find": _GREL + "param_find",
        _GREL + "p_string_replace": _GREL + "param_replace",
    }
)
"""Two vintages of the GREL vocabulary name the same parameters: one name to the other."""
