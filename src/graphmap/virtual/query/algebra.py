"""Values of the SPARQL algebra: patterns, expressions and what a query reads; all frozen.

Source: SPARQL 1.1 Query Language, section 18.2 (translation to the algebra).
"""

from __future__ import annotations

from dataclasses import dataclass

from graphmap.rdf import Token
from graphmap.store.sparql import QueryForm

__all__ = [
    "Aggregate",
    "Distinct",
    "Expression",
    "Extend",
    "Filter",
    "Function",
    "Group",
    "Join",
    "LeftJoin",
    "Order",
    "Pattern",
    "Project",
    "Read",
    "Select",
    "Slice",
    "Term",
    "Triple",
    "Union",
    "UnplannedError",
    "Variable",
]


class UnplannedError(Exception):
    """No single SQL query is known to answer exactly as the query means; says why."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable; blank nodes of a pattern are variables whose names start with `_:`."""

    name: str


Term = Variable | Token


@dataclass(frozen=True, slots=True)
class Function:
    """A function or operator over expressions, by its name in capitals or its sign."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Variable | Token | Function


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple pattern."""

    subject: Term
    predicate: Term
    object: Term


@dataclass(frozen=True, slots=True)
class Join:
    """A join; without parts, the one empty solution."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class LeftJoin:
    """OPTIONAL with the filters in it."""

    left: Pattern
    right: Pattern
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Union:
    """UNION."""

    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class Filter:
    """FILTER or HAVING."""

    pattern: Pattern
    condition: Expression


@dataclass(frozen=True, slots=True)
class Extend:
    """BIND or AS."""

    pattern: Pattern
    variable: Variable
    expression: Expression


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate of a group; the argument of COUNT(*) is `None`."""

    name: str
    argument: Expression | None
    distinct: bool
    variable: Variable


@dataclass(frozen=True, slots=True)
class Group:
    """GROUP BY with its aggregates; `keys` is `None` for one group of all."""

    pattern: Pattern
    keys: tuple[Variable, ...] | None
    aggregates: tuple[Aggregate, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A projection."""

    pattern: Pattern
    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Distinct:
    """DISTINCT."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Order:
    """ORDER BY; each key says whether it descends."""

    pattern: Pattern
    keys: tuple[tuple[Expression, bool], ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """LIMIT and OFFSET."""

    pattern: Pattern
    start: int
    length: int | None


Pattern = Triple | Join | LeftJoin | Union | Filter | Extend | Group | Project | Distinct | Order | Slice

Read = tuple[Token | None, Token | None, Token | None]
"""Subject, predicate and object of triples that a query may read; `None` stands for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A query that was read.

    Args:
        text: as an engine may have it.
        form: what it asks for.
        variables: in the order of the answer.
        pattern: `None` where it is outside this algebra.
        why: then, the reason.
        reads: the triples that its answer depends on, all of them and perhaps more.
    """

    text: str
    form: QueryForm
    variables: tuple[Variable, ...]
    pattern: Pattern | None
    why: str
    reads: tuple[Read, ...]
