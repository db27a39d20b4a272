"""Cells: terms of a solution as SQL values whose kind is known before the query runs.

Equal terms have equal values and the other way round, so that SQL may join, group and compare them. What is not known
to keep that has no cell, and its query is not planned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pyoxigraph
from sqlglot import exp

from graphmap.errors import DataError, Locator
from graphmap.lifting.plan import Reference, Template, TermMap, TermType
from graphmap.rdf import XSD, Token, canonical, iri_of, iri_safe, literal_parts, literal_token
from graphmap.virtual.mapping import TermRule, column_of, is_injective, plain_template
from graphmap.virtual.query import UnplannedError
from graphmap.virtual.sources import Relation

__all__ = ["INEXACT", "NUMERIC", "Cell", "cell_of", "constant_cell", "term_of", "when_bound"]

NUMERIC = frozenset({"integer", "decimal"})
_LITERALS: Mapping[str, str] = MappingProxyType(
    {
        "text": XSD + "string",
        "integer": XSD + "integer",
        "decimal": XSD + "decimal",
        "double": XSD + "double",
        "boolean": XSD + "boolean",
        "date": XSD + "date",
        "timestamp": XSD + "dateTime",
    }
)
"""Kind of a column and of a cell to the datatype of its literals; all but doubles have exact SQL values."""
INEXACT = frozenset({"average", "double"})
"""Kinds of cells that are told as they are, and never compared in SQL."""
_UNIT = 10**18
_KINDS = {datatype: kind for kind, datatype in _LITERALS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A term whose text depends on the row.

    Args:
        kind: `iri`, `lang`, `constant`, `average`, or that of a column: `text`, `integer`, `decimal`, `boolean`,
            `date`, `timestamp`.
        shape: parts of the template of an IRI; the language; the constant.
        values: SQL of the values in it, one for each placeholder of an IRI.
        value_kinds: kinds of those columns.
        when: SQL that is true where the term is bound; `None` where it always is.
    """

    kind: str
    shape: tuple[Any, ...] = ()
    values: tuple[exp.Expr, ...] = ()
    value_kinds: tuple[str, ...] = ()
    when: exp.Expr | None = None

    @property
    def value(self) -> exp.Expr:
        """The SQL value of a literal, null where it is unbound."""
        return self.values[0].copy() if self.when is None else when_bound(self, self.values[0])

    def maybe(self, when: exp.Expr) -> Cell:
        """The cell, bound only where a condition holds too."""
        return replace(self, when=when if self.when is None else exp.and_(self.when, when))


def when_bound(cell: Cell, value: exp.Expr) -> exp.Expr:
    """A value that is null where the cell is unbound."""
    return value if cell.when is None else exp.case().when(cell.when.copy(), value.copy())


def cell_of(rule: TermRule, relation: Relation, alias: str) -> Cell:
    """The cell of a rule over one row.

    Raises:
        UnplannedError: where its terms have no exact SQL value.
    """
    parts = plain_template(rule)
    if parts is not None:
        return _of_template(rule.term_map, parts, relation, alias)
    term_map = rule.term_map
    if term_map.term_type is not TermType.LITERAL or term_map.language_map or term_map.datatype_map:
        raise UnplannedError(f"{term_map.name} makes terms that SQL does not compare exactly")
    if isinstance(term_map.expression, Template) and term_map.datatype in (None, XSD + "string"):
        return _literal(term_map, "text", _joined(term_map.expression, relation, alias))
    if not isinstance(term_map.expression, Reference):
        raise UnplannedError(f"{term_map.name} makes terms by a function")
    column = relation.column(column_of(term_map.expression))
    kind = relation.columns[column]
    if term_map.datatype is not None and term_map.datatype != _LITERALS.get(kind):
        raise UnplannedError(f"the column {column!r} and the datatype of {term_map.name} differ")
    if kind not in _LITERALS or (term_map.language is not None and kind != "text"):
        raise UnplannedError(f"the column {column!r} has a type that SQL does not compare exactly")
    return _literal(term_map, kind, relation.value(column, alias))


def _literal(term_map: TermMap, kind: str, value: exp.Expr) -> Cell:
    if term_map.language is not None:
        return Cell(kind="lang", shape=(term_map.language.lower(),), values=(value,), value_kinds=("text",))
    return Cell(kind=kind, values=(value,), value_kinds=(kind,))


def _joined(template: Template, relation: Relation, alias: str) -> exp.Expr:
    """The text of a template without encoding; null where a value is null."""
    texts: list[exp.Expr] = []
    for part in template.parts:
        if isinstance(part, str):
            texts.append(exp.Literal.string(part))
        elif isinstance(part, Reference):
            kind, value = _readable(part, relation, alias)
            texts.append(value if kind == "text" else exp.cast(value, "text"))
        else:
            raise UnplannedError("a template holds a function")
    found = texts[0]
    for text in texts[1:]:
        found = exp.DPipe(this=found, expression=text)
    return exp.paren(found)


def _readable(reference: Reference, relation: Relation, alias: str) -> tuple[str, exp.Expr]:
    column = relation.column(column_of(reference))
    kind = relation.columns[column]
    if kind not in ("text", "integer"):
        raise UnplannedError(f"the column {column!r} stands in a template and is neither text nor whole number")
    return kind, relation.value(column, alias)


def _of_template(term_map: TermMap, parts: tuple[str | Reference, ...], relation: Relation, alias: str) -> Cell:
    if not is_injective(parts):
        raise UnplannedError(f"the template of {term_map.name} may give one IRI for different values")
    found = [_readable(part, relation, alias) for part in parts if not isinstance(part, str)]
    return Cell(
        kind="iri", shape=parts, values=tuple(value for _, value in found), value_kinds=tuple(kind for kind, _ in found)
    )


def constant_cell(token: Token) -> Cell:
    """The cell of a term in the query; an IRI has no value.

    Raises:
        UnplannedError: where its value is not compared exactly in SQL.
    """
    if token[0] == "<":
        return Cell(kind="iri", shape=(iri_of(token),))
    parts = literal_parts(token)
    if parts.language is not None:
        return Cell(kind="lang", shape=(parts.language.lower(),), values=(exp.Literal.string(parts.lexical),))
    kind = _KINDS.get(parts.datatype)
    make = _SQL_VALUES.get(kind or "")
    if kind is None or make is None or "\0" in parts.lexical:
        raise UnplannedError(f"literals of <{parts.datatype}> are compared by the engine")
    try:
        return Cell(kind=kind, values=(make(parts.lexical),), value_kinds=(kind,))
    except ValueError as error:
        raise UnplannedError(f"{token} has no exact SQL value") from error


def _whole(text: str) -> exp.Expr:
    if abs(int(text)) >= 2**62:
        raise ValueError(text)
    return exp.Literal.number(int(text))


def _decimal(text: str) -> exp.Expr:
    if len(text) > 18 or not text.lstrip("+-").replace(".", "", 1).isdecimal():
        raise ValueError(text)
    return exp.cast(exp.Literal.string(text), "decimal(36, 18)")


def _boolean(text: str) -> exp.Expr:
    if text not in ("true", "false"):
        raise ValueError(text)
    return exp.true() if text == "true" else exp.false()


def _date(text: str) -> exp.Expr:
    if len(text) != 10 or canonical(XSD + "date", text) != text:
        raise ValueError(text)  # with a zone, or far away
    return exp.cast(exp.Literal.string(text), "date")


def _moment(text: str) -> exp.Expr:
    if len(text) != 19 or canonical(XSD + "dateTime", text) != text:
        raise ValueError(text)
    return exp.cast(exp.Literal.string(text.replace("T", " ")), "timestamp")


_SQL_VALUES: Mapping[str, Callable[[str], exp.Expr]] = MappingProxyType(
    {
        "text": exp.Literal.string,
        "integer": _whole,
        "decimal": _decimal,
        "boolean": _boolean,
        "date": _date,
        "timestamp": _moment,
    }
)


def _average(total: Any, count: int) -> Token:
    """A sum divided by a number, as the engine does it: to 18 digits, the rest cut off."""
    if not count:
        return literal_token("0", datatype=_LITERALS["integer"])
    above, below = Decimal(str(total)).as_integer_ratio()
    whole, rest = divmod(abs(above) * _UNIT // (below * count), _UNIT)
    text = f"{whole}.{rest:018}".rstrip("0").rstrip(".")
    return literal_token(f"-{text}" if above < 0 and text != "0" else text, datatype=_LITERALS["decimal"])


def term_of(cell: Cell, values: Sequence[Any]) -> Token:
    """The term of a cell from its values, in the form that the embedded store gives it back.

    Raises:
        DataError: where a database holds a date without end, which RDF has not.
    """
    if cell.kind == "constant":
        token: Token = cell.shape[0]
        return token
    if cell.kind == "iri":
        left = iter(values)
        return f"<{''.join(part if isinstance(part, str) else iri_safe(str(next(left))) for part in cell.shape)}>"
    if cell.kind == "average":
        return _average(*values)
    (value,) = values
    if cell.kind == "lang":
        return literal_token(value, language=cell.shape[0])
    if cell.kind == "boolean":
        return literal_token("true" if value else "false", datatype=_LITERALS["boolean"])
    return _typed(cell.kind, str(value))


def _typed(kind: str, text: str) -> Token:
    if text.endswith("infinity"):
        what = f"{text!r} is not a value of <{_LITERALS[kind]}>"
        raise DataError(what, where=Locator(source="a virtual table"), hint="ask a view that leaves endless dates out")
    if kind == "double":
        return str(pyoxigraph.Literal(float(text)))
    if "." in text and kind in ("decimal", "timestamp"):
        text = text.rstrip("0").rstrip(".")
    return literal_token(text, datatype=_LITERALS[kind])
