"""Filters as SQL: true, false, or null for an error, which SQL's three values treat as SPARQL does.

Comparisons follow the embedded store, where `!=` of literals of different datatypes is true.
Source: SPARQL 1.1 Query Language, sections 17.2 and 17.3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlglot import exp

from graphmap.rdf import XSD, canonical, literal_parts
from graphmap.virtual.mapping import of_template, templates_meet
from graphmap.virtual.query import Expression, Function, UnplannedError, Variable
from graphmap.virtual.rewriting.cells import INEXACT, NUMERIC, Cell, constant_cell, when_bound

__all__ = ["Terms", "condition_of", "equal", "ordered_value", "variables_of"]

Terms = Mapping[str, Cell | None]
"""Cell of each variable; `None`, or no entry, where it is never bound."""

_PLAIN = re.compile(r"[A-Za-z0-9 %_\u00a0-\U0010ffff]*").fullmatch
"""Regular expressions that are the text that they match."""
_ORDERS: Mapping[str, type[exp.Binary]] = MappingProxyType({"<": exp.LT, ">": exp.GT, "<=": exp.LTE, ">=": exp.GTE})


def variables_of(expression: Expression) -> frozenset[str]:
    """The names of the variables in an expression."""
    if isinstance(expression, Variable):
        return frozenset({expression.name})
    if isinstance(expression, Function):
        return frozenset[str]().union(*map(variables_of, expression.arguments))
    return frozenset()


def condition_of(expression: Expression, terms: Terms) -> exp.Expr:
    """The SQL of an expression's effective boolean value.

    Raises:
        UnplannedError: where no SQL is known to be always equal.
    """
    if not isinstance(expression, Function):
        cell = _cell(expression, terms)
        if cell is None:
            return exp.null()
        if cell.kind != "boolean":
            raise UnplannedError("the effective boolean value of such a term is found by the engine")
        return cell.value
    make = _CONDITIONS.get(expression.name)
    if make is None:
        raise UnplannedError(f"{expression.name} is evaluated by the engine")
    return make(expression, terms)


def _connected(connect: Callable[..., exp.Expr]) -> Callable[[Function, Terms], exp.Expr]:
    def make(call: Function, terms: Terms) -> exp.Expr:
        return exp.paren(connect(*(exp.paren(condition_of(each, terms)) for each in call.arguments)))

    return make


def _not(call: Function, terms: Terms) -> exp.Expr:
    return exp.Not(this=exp.paren(condition_of(call.arguments[0], terms)))


def _bound(call: Function, terms: Terms) -> exp.Expr:
    (variable,) = call.arguments
    cell = terms.get(variable.name) if isinstance(variable, Variable) else None
    if cell is None:
        return exp.false()
    return exp.true() if cell.when is None else exp.func("COALESCE", exp.paren(cell.when.copy()), exp.false())


def _equality(call: Function, terms: Terms) -> exp.Expr:
    first, second = (_cell(each, terms) for each in call.arguments)
    found = equal(first, second)
    return found if call.name == "=" else exp.Not(this=exp.paren(found))


def _membership(call: Function, terms: Terms) -> exp.Expr:
    first, *others = (_cell(each, terms) for each in call.arguments)
    if not others:
        raise UnplannedError("IN with an empty list is evaluated by the engine")
    found = exp.or_(*(equal(first, other) for other in others))
    return exp.paren(found) if call.name == "IN" else exp.Not(this=exp.paren(found))


def equal(first: Cell | None, second: Cell | None) -> exp.Expr:
    """Compare two terms: whether they are equal by value; null where one is unbound.

    Raises:
        UnplannedError: where SQL does not tell.
    """
    if first is None or second is None:
        return exp.null()
    return when_bound(first, when_bound(second, exp.paren(_equal(first, second))))


def _equal(first: Cell, second: Cell) -> exp.Expr:
    if {first.kind, second.kind} & INEXACT:
        raise UnplannedError("floating point is compared by the engine")
    if "constant" in (first.kind, second.kind):
        first, second = (constant_cell(c.shape[0]) if c.kind == "constant" else c for c in (first, second))
    if first.kind == second.kind == "iri":
        return _equal_iris(first, second)
    if first.kind == second.kind == "lang" and first.shape != second.shape:
        return exp.false()
    if first.kind == second.kind or {first.kind, second.kind} <= NUMERIC:
        return exp.EQ(this=first.values[0].copy(), expression=second.values[0].copy())
    return exp.false()


def _equal_iris(first: Cell, second: Cell) -> exp.Expr:
    if not first.values and not second.values:
        return exp.true() if first.shape == second.shape else exp.false()
    if first.values and second.values:
        return _equal_templates(first, second)
    template, constant = (first, second) if first.values else (second, first)
    binding = of_template(template.shape, constant.shape[0])
    if binding is None:
        return exp.false()
    pairs = zip(template.values, template.value_kinds, binding, strict=True)
    found = [_holds(value, kind, text) for value, kind, text in pairs]
    return exp.and_(*found)


def _holds(value: exp.Expr, kind: str, text: str) -> exp.Expr:
    if kind == "text":
        return exp.false() if "\0" in text else exp.EQ(this=value.copy(), expression=exp.Literal.string(text))
    if canonical(XSD + "integer", text) != text or abs(int(text)) >= 2**63:
        return exp.false()
    return exp.EQ(this=value.copy(), expression=exp.Literal.number(int(text)))


def _equal_templates(first: Cell, second: Cell) -> exp.Expr:
    texts = [[part for part in cell.shape if isinstance(part, str)] for cell in (first, second)]
    places = [[isinstance(part, str) for part in cell.shape] for cell in (first, second)]
    if texts[0] == texts[1] and places[0] == places[1]:
        both = zip(_comparable(first, second), _comparable(second, first), strict=True)
        return exp.and_(*(exp.EQ(this=left, expression=right) for left, right in both))
    if templates_meet(first.shape, second.shape):
        raise UnplannedError("two templates of IRIs overlap")
    return exp.false()


def _comparable(cell: Cell, other: Cell) -> list[exp.Expr]:
    """The values of a cell, as text where those of the other are."""
    kinds = zip(cell.values, cell.value_kinds, other.value_kinds, strict=True)
    return [exp.cast(v.copy(), "text") if kind == "integer" and at == "text" else v.copy() for v, kind, at in kinds]


def _order(call: Function, terms: Terms) -> exp.Expr:
    first, second = (_cell(each, terms) for each in call.arguments)
    if first is None or second is None:
        return exp.null()
    kinds = {first.kind, second.kind}
    same = len(kinds) == 1 and kinds <= {"text", "date", "timestamp"}
    if not same and not kinds <= NUMERIC:
        if kinds <= {"text", "integer", "decimal"}:
            return exp.null()
        raise UnplannedError("such terms are put in order by the engine")
    return _ORDERS[call.name](this=ordered_value(first), expression=ordered_value(second))


def ordered_value(cell: Cell) -> exp.Expr:
    """The value of a literal, texts by code point."""
    if cell.kind not in ("text", "lang"):
        return cell.value
    return exp.Collate(this=exp.paren(cell.value), expression=exp.to_identifier("C", quoted=True))


def _text_test(call: Function, terms: Terms) -> exp.Expr:
    cell, needle = _cell(call.arguments[0], terms), call.arguments[1]
    if cell is None:
        return exp.null()
    if not isinstance(needle, str) or needle[0] != '"' or len(call.arguments) > 2:
        raise UnplannedError(f"{call.name} is evaluated by the engine")
    parts = literal_parts(needle)
    if cell.kind not in ("text", "lang") or parts.datatype != XSD + "string" or "\0" in parts.lexical:
        raise UnplannedError(f"{call.name} of such terms is evaluated by the engine")
    if call.name == "REGEX" and not _PLAIN(parts.lexical):
        raise UnplannedError("a regular expression is evaluated by the engine")
    if not parts.lexical:
        return when_bound(cell, exp.true())
    return _TEXT_TESTS[call.name](cell.value, parts.lexical)


def _contains(value: exp.Expr, text: str) -> exp.Expr:
    return exp.GT(this=exp.StrPosition(this=value, substr=exp.Literal.string(text)), expression=exp.Literal.number(0))


def _starts(value: exp.Expr, text: str) -> exp.Expr:
    return exp.EQ(this=exp.func("LEFT", value, exp.Literal.number(len(text))), expression=exp.Literal.string(text))


def _ends(value: exp.Expr, text: str) -> exp.Expr:
    return exp.EQ(this=exp.func("RIGHT", value, exp.Literal.number(len(text))), expression=exp.Literal.string(text))


_TEXT_TESTS: Mapping[str, Callable[[exp.Expr, str], exp.Expr]] = MappingProxyType(
    {"CONTAINS": _contains, "REGEX": _contains, "STRSTARTS": _starts, "STRENDS": _ends}
)


def _is_kind(kinds: frozenset[str]) -> Callable[[Function, Terms], exp.Expr]:
    def make(call: Function, terms: Terms) -> exp.Expr:
        cell = _cell(call.arguments[0], terms)
        if cell is None:
            return exp.null()
        kind = constant_cell(cell.shape[0]).kind if cell.kind == "constant" else cell.kind
        return when_bound(cell, exp.true() if kind in kinds else exp.false())

    return make


def _cell(expression: Expression, terms: Terms) -> Cell | None:
    if isinstance(expression, Variable):
        cell = terms.get(expression.name)
        if cell is not None and cell.kind == "average":
            raise UnplannedError("averages are compared by the engine")
        return cell
    if isinstance(expression, str):
        return constant_cell(expression)
    make = _FUNCTIONS.get(expression.name)
    if make is None or len(expression.arguments) != 1:
        raise UnplannedError(f"{expression.name} is evaluated by the engine")
    cell = _cell(expression.arguments[0], terms)
    return None if cell is None else make(expression.name, cell)


def _length(name: str, cell: Cell) -> Cell:
    if cell.kind not in ("text", "lang"):
        raise UnplannedError(f"{name} of such terms is evaluated by the engine")
    return Cell(kind="integer", values=(exp.Length(this=cell.value),), value_kinds=("integer",))


def _part_of_date(name: str, cell: Cell) -> Cell:
    if cell.kind not in ("date", "timestamp"):
        raise UnplannedError(f"{name} of such terms is evaluated by the engine")
    part = exp.cast(exp.Extract(this=exp.var(name), expression=cell.value), "bigint")
    return Cell(kind="integer", values=(part,), value_kinds=("integer",))


def _text(name: str, cell: Cell) -> Cell:
    if cell.kind not in ("text", "lang"):
        raise UnplannedError(f"{name} of such terms is evaluated by the engine")
    return Cell(kind="text", values=(cell.value,), value_kinds=("text",))


_FUNCTIONS: Mapping[str, Callable[[str, Cell], Cell]] = MappingProxyType(
    {"STRLEN": _length, "STR": _text, **dict.fromkeys(("YEAR", "MONTH", "DAY"), _part_of_date)}
)
_LITERAL_KINDS = frozenset({"text", "lang", "integer", "decimal", "double", "boolean", "date", "timestamp"})
_CONDITIONS: Mapping[str, Callable[[Function, Terms], exp.Expr]] = MappingProxyType(
    {
        "&&": _connected(exp.and_),
        "||": _connected(exp.or_),
        "!": _not,
        "BOUND": _bound,
        "=": _equality,
        "!=": _equality,
        "IN": _membership,
        "NOT IN": _membership,
        **dict.fromkeys(_ORDERS, _order),
        **dict.fromkeys(_TEXT_TESTS, _text_test),
        "isIRI": _is_kind(frozenset({"iri"})),
        "isURI": _is_kind(frozenset({"iri"})),
        "isLITERAL": _is_kind(_LITERAL_KINDS),
        "isBLANK": _is_kind(frozenset()),
        "isNUMERIC": _is_kind(NUMERIC | {"double"}),
    }
)
"""Name of a function, as the reader has it, to its SQL."""
