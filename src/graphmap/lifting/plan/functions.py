"""Functions that a mapping may call, each a row of one table; a table of one's own adds to it or replaces it.

>>> greet = Function(parameters=("http://example.com/name",), apply=of_each(lambda name: [f"Hello {name}"]))
>>> mine = {**FUNCTIONS, "http://example.com/greet": greet}  # for `read_mapping` and `lift`

Source: RML-FNML; the parameters are in the order of the callable's own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.lifting.plan import text_functions as texts
from graphmap.lifting.plan.grel_functions import GREL, IDLAB, IDLAB_NAMESPACES, NAMES_OF_ONE_PARAMETER, Row
from graphmap.rdf import GRAPHMAP, XSD

__all__ = ["CONDITION", "FUNCTIONS", "OLD_PARAMETERS", "PRINTED", "SAME", "Function", "Values", "of_each"]

_GREL = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"

Values = Sequence[str]
"""The values of one argument; empty where it gives none."""

_Pair = tuple[str, "Function"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function over texts.

    Args:
        parameters: IRIs, in the order of the callable's arguments.
        apply: one sequence of texts an argument to the sequence of results; empty for no value. Raises `TermError`
            about a value that it cannot take, which is then a fault of the record.
        until_found: whether arguments after the first that has a value are not looked at.
        returns: IRIs of what it returns, each a name of its one result; where there are none, any name is taken.
        datatype: IRI of the natural datatype of its results; `None` for texts.
        passes: whether a result is one of its values, with its natural datatype.
    """

    parameters: tuple[str, ...]
    apply: Callable[..., Values]
    until_found: bool = False
    returns: tuple[str, ...] = ()
    datatype: str | None = None
    passes: bool = False


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


def _null(values: Values) -> Values:
    return ["false" if values else "true"]


def _not_null(values: Values) -> Values:
    return ["true" if values else "false"]


def _if(condition: Values, value: Values) -> Values:
    """The value, for each time that the condition is true."""
    return [each for holds in condition if holds in ("true", "1") for each in value]


_OUTPUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "string": ("stringOut", "stringOutput"),
        "boolean": ("output_bool", "o_bool"),
        "number": ("output_number", "o_number"),
        "any": ("output_any", "o_any"),
        "array": ("output_array", "o_array"),
    }
)
_DATATYPES: Mapping[str, str] = MappingProxyType({"boolean": XSD + "boolean", "number": XSD + "integer"})


def _described(namespace: str, rows: Mapping[str, Row], outputs: Callable[[str], tuple[str, ...]]) -> Iterator[_Pair]:
    """Rows of GREL or IDLab as functions, the last arguments optional where their descriptions say so."""
    for name, (parameters, apply, kind, single) in rows.items():
        iris = tuple(_GREL + each[5:] if each.startswith("grel:") else namespace + each for each in parameters)
        made = of_each(apply, optional=_OPTIONAL.get(name, 0)) if single else apply
        yield (
            namespace + name,
            Function(
                parameters=iris,
                apply=made,
                returns=outputs(kind),
                datatype=_DATATYPES.get(kind),
                passes=kind in ("any", "array"),
            ),
        )


def _grel_outputs(kind: str) -> tuple[str, ...]:
    return tuple(_GREL + each for each in _OUTPUTS[kind])


def _idlab_outputs(namespace: str) -> Callable[[str], tuple[str, ...]]:
    names = {"string": ("_stringOut", "stringOut"), "boolean": ("_boolOut", "o_boolOut")}
    return lambda kind: (*(namespace + each for each in names[kind]), *(_GREL + each for each in _OUTPUTS[kind]))


def _row(
    namespace: str, names: Sequence[str], function: Callable[..., Values], *, optional: int = 0
) -> tuple[str, Function]:
    """A row of the table: the name of the function, then those of its parameters."""
    name, *parameters = (namespace + each for each in names)
    returns = _grel_outputs("string") if namespace == _GREL else ()
    return name, Function(parameters=tuple(parameters), apply=of_each(function, optional=optional), returns=returns)


CONDITION = Function(parameters=(GRAPHMAP + "condition", GRAPHMAP + "value"), apply=_if, passes=True)
"""Function that `rml:condition` stands for.

Source: RML-FNML, conditions.
"""

_COMPARED = (GRAPHMAP + "value", GRAPHMAP + "other")
_OPTIONAL: Mapping[str, int] = MappingProxyType({"inRange": 2, "concat": 1, "stringContainsOtherString": 1})
_FOUR = tuple(GRAPHMAP + name for name in ("first", "second", "third", "fourth"))

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        GRAPHMAP + "coalesce": Function(parameters=_FOUR, apply=_coalesce, until_found=True),
        GRAPHMAP + "when": Function(parameters=(GRAPHMAP + "condition", GRAPHMAP + "value"), apply=_when),
        GRAPHMAP + "isNull": Function(parameters=(GRAPHMAP + "value",), apply=_null, datatype=XSD + "boolean"),
        GRAPHMAP + "isNotNull": Function(parameters=(GRAPHMAP + "value",), apply=_not_null, datatype=XSD + "boolean"),
        GRAPHMAP + "equals": Function(
            parameters=_COMPARED,
            apply=of_each(lambda one, other: ["true" if one == other else "false"]),
            datatype=XSD + "boolean",
        ),
        GRAPHMAP + "notEquals": Function(
            parameters=_COMPARED,
            apply=of_each(lambda one, other: ["false" if one == other else "true"]),
            datatype=XSD + "boolean",
        ),
        GRAPHMAP + "if": CONDITION,
        **dict(_described(_GREL, GREL, _grel_outputs)),
        **dict(pair for each in IDLAB_NAMESPACES for pair in _described(each, IDLAB, _idlab_outputs(each))),
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

_IDLAB_PARAMETERS = frozenset(
    name for parameters, *_ in IDLAB.values() for name in parameters if not name.startswith("grel:")
)

PRINTED = frozenset((GRAPHMAP + "coalesce", GRAPHMAP + "when"))
"""Functions that the compiler prints; the interpreter does triples maps with others."""

SAME = Function(parameters=(GRAPHMAP + "value",), apply=of_each(lambda value: [value]))
"""The value as it is."""

OLD_PARAMETERS: Mapping[str, str] = MappingProxyType(
    {_GREL + one: _GREL + other for one, other in NAMES_OF_ONE_PARAMETER.items()}
    | {f"{each}_{name}": each + name for each in IDLAB_NAMESPACES for name in _IDLAB_PARAMETERS}
)
"""The same parameter goes by two names, that of its description and of its predicate: one to the other."""
