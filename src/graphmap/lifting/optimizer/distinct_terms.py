"""Term maps that never give the same term within one record.

The compiler leaves out the removal of repetitions where none can occur; the guard counts values without comparing them.
Both need a proof, so "cannot tell" is `False`.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.lifting.plan import Call, Constant, Expression, Template, TermMap
from graphmap.rdf import GRAPHMAP, iri_of

__all__ = ["all_distinct", "inner", "never_equal"]


def all_distinct(term_maps: Iterable[TermMap]) -> bool:
    """Return whether no two of the term maps can give the same term in one record."""
    maps = list(term_maps)
    return all(never_equal(left, right) for at, left in enumerate(maps) for right in maps[:at])


def never_equal(left: TermMap, right: TermMap) -> bool:
    """Return whether two term maps are known never to give the same term in one record."""
    if left.term_type is not right.term_type:
        return not (left.term_type.names and right.term_type.names)
    if any(each is not None for term in (left, right) for each in (term.datatype_map, term.language_map)):
        return False
    if (left.datatype, left.language) != (right.datatype, right.language):
        return not _natural(left, right)
    return _texts_differ(inner(left.expression), inner(right.expression))


def _natural(left: TermMap, right: TermMap) -> bool:
    """Return whether a natural datatype may meet a declared one."""
    undeclared = (left.datatype is None and left.language is None, right.datatype is None and right.language is None)
    return any(undeclared) or isinstance(left.expression, Constant) or isinstance(right.expression, Constant)


def inner(expression: Expression) -> Expression:
    """The expression that gives the text, conditions taken off."""
    if isinstance(expression, Call) and expression.function == GRAPHMAP + "when":
        value = expression.arguments[1]
        return inner(value.expression) if value is not None else expression
    return expression


def _texts_differ(left: Expression, right: Expression) -> bool:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return left.token != right.token
    starts = (_start(left), _start(right))
    if None not in starts and not starts[0].startswith(starts[1]) and not starts[1].startswith(starts[0]):  # type: ignore[union-attr, arg-type]  # neither is None
        return True
    if isinstance(left, Template) and isinstance(right, Template) and len(left.parts) == len(right.parts):
        unlike = [(a, b) for a, b in zip(left.parts, right.parts, strict=True) if a != b]
        return len(unlike) == 1 and all(isinstance(part, str) for part in unlike[0])
    return False


def _start(expression: Expression) -> str | None:
    """The text that every value begins with."""
    if isinstance(expression, Constant):
        return iri_of(expression.token) + "\n" if expression.token[0] == "<" else None
    if isinstance(expression, Template) and isinstance(expression.parts[0], str):
        return expression.parts[0]
    return None
