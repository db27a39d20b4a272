"""Functions that a mapping may call, each a row of one table.

Source: RML-FNML; the parameters are in the order of the callable's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["FUNCTIONS", "GRAPHMAP", "Function"]

GRAPHMAP = "https://schema.limbergraph.com/graphmap#"
"""The vocabulary of this project; it stays where it is when the base IRI of the data moves."""

Values = Sequence[str]
"""The values of one argument; empty where it gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function over texts.

    Args:
        parameters: IRIs, in the order of the callable's arguments.
        apply: one sequence of texts an argument to the sequence of results; empty for no value.
        until_found: whether arguments after the first that has a value are not looked at.
    """

    parameters: tuple[str, ...]
    apply: Callable[..., Values]
    until_found: bool = False


def _coalesce(*arguments: Values) -> Values:
    return next((values for values in arguments if values), ())


def _when(condition: Values, value: Values) -> Values:
    return value if condition else ()


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        GRAPHMAP + "coalesce": Function(
            parameters=tuple(GRAPHMAP + name for name in ("first", "second", "third", "fourth")),
            apply=_coalesce,
            until_found=True,
        ),
        GRAPHMAP + "when": Function(parameters=(GRAPHMAP + "condition", GRAPHMAP + "value"), apply=_when),
    }
)
"""`coalesce`: the first argument that has a value; `when`: the value, where the condition has one."""
