"""Terms over the cells of a row, as names and constant pieces.

How a name gets its value is left to those who make it: the printer of programs, and the columns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

from graphmap.errors import Locator, MappingError
from graphmap.lifting.compiler.program import Piece, constant, variable
from graphmap.lifting.plan import (
    PRINTED,
    Call,
    Constant,
    Position,
    Reference,
    Template,
    TermMap,
    TermType,
    always_iri,
    references,
)
from graphmap.rdf import CANONICAL, GRAPHMAP, XSD, Token, escape, iri_of, literal_parts

__all__ = ["Cells", "Term", "takes_any_text"]


class Term(NamedTuple):
    """A term in the making: the names that must not be empty for it to exist, and the pieces of its text."""

    needs: tuple[str, ...]
    pieces: tuple[Piece, ...]


class Unprintable(Exception):  # noqa: N818  # a signal inside this module
    """The expression is left to the interpreter."""


class Cells(ABC):
    """Names for cells in the forms that terms need, and terms made of them.

    Args:
        header: the columns.
    """

    def __init__(self, header: tuple[str, ...]) -> None:
        self.header = header

    @abstractmethod
    def plain(self, reference: Reference) -> str:
        """The name of a cell as it stands in a quoted literal."""

    @abstractmethod
    def safe(self, reference: Reference) -> str:
        """The name of a cell's IRI-safe version."""

    @abstractmethod
    def typed(self, reference: Reference, datatype: str) -> str:
        """The name of a cell in the canonical form of a datatype."""

    @abstractmethod
    def iri(self, reference: Reference) -> str:
        """The name of a cell as an IRI, without brackets."""

    @abstractmethod
    def first(self, key: tuple[Call, TermType], choices: Iterable[Term]) -> str:
        """The name of the first of several texts that is there; `key` tells one choice from another."""

    def raw(self, reference: Reference) -> str:
        """The name of a cell as it came."""
        return f"c{self.header.index(_column(reference))}"

    def printable(self, term_map: TermMap) -> bool:
        """Return whether `token` can make it.

        Raises:
            MappingError: where it reads a column that is not there.
        """
        try:
            _check_printable(term_map)
        except Unprintable:
            return False
        self._check_columns(term_map)
        return True

    def _check_columns(self, term_map: TermMap) -> None:
        for reference in references(term_map):
            if _column(reference) not in self.header:
                raise MappingError(
                    f"the mapping reads the column {reference.text!r}, which the table does not have",
                    where=Locator(source=term_map.name),
                    hint=f"its columns: {', '.join(self.header)}",
                )

    def text(self, term_map: TermMap) -> Term:
        """The text of a term: of a literal as it stands in quotes, of an IRI without brackets."""
        expression = term_map.expression
        if isinstance(expression, Reference):
            return self._reference(expression, term_map)
        if isinstance(expression, Template):
            return self._template(expression, term_map)
        if isinstance(expression, Call):
            return self._call(expression, term_map)
        return Term((), (constant(_inside(expression.token)),) if isinstance(expression, Constant) else ())

    def _reference(self, reference: Reference, term_map: TermMap) -> Term:
        needs = (self.raw(reference),)
        if term_map.term_type is TermType.IRI:
            return Term(needs, (variable(self.iri(reference)),))
        if takes_any_text(term_map.datatype):
            return Term(needs, (variable(self.plain(reference)),))
        return Term(needs, (variable(self.typed(reference, term_map.datatype or "")),))

    def _template(self, template: Template, term_map: TermMap) -> Term:
        iri = term_map.term_type is TermType.IRI
        needs, pieces = [], []
        for part in template.parts:
            if isinstance(part, str):
                pieces.append(constant(part if iri else escape(part)))
            elif isinstance(part, Reference):
                needs.append(self.raw(part))
                pieces.append(variable(self.safe(part) if iri else self.plain(part)))
        return Term(tuple(dict.fromkeys(needs)), tuple(pieces))

    def _call(self, call: Call, term_map: TermMap) -> Term:
        if call.function == GRAPHMAP + "when":
            condition, value = call.arguments
            inner = self.text(value) if value else Term((), ())
            extra = self.text(condition).needs if condition else ()
            return Term(tuple(dict.fromkeys((*extra, *inner.needs))), inner.pieces)
        choices = [self.text(argument) for argument in call.arguments if argument is not None]
        name = self.first((call, term_map.term_type), choices)
        return Term((name,), (variable(name),))

    def token(self, term_map: TermMap) -> Term:
        """A term with its brackets, quotes and datatype."""
        if isinstance(term_map.expression, Constant):
            return Term((), (constant(term_map.expression.token),))
        needs, pieces = self.text(term_map)
        if term_map.term_type is TermType.IRI:
            return Term(needs, (constant("<"), *pieces, constant(">")))
        return Term(needs, (constant('"'), *pieces, constant(f'"{_suffix(term_map)}')))


def takes_any_text(datatype: str | None) -> bool:
    """Return whether every text is a literal of a datatype, as it came."""
    return datatype not in CANONICAL


def _column(reference: Reference) -> str:
    names = reference.path.names or ("",)
    return names[0]


def _inside(token: Token) -> str:
    """A constant as it stands between brackets or quotes."""
    return iri_of(token) if token[0] == "<" else escape(literal_parts(token).lexical)


def _suffix(term_map: TermMap) -> str:
    if term_map.language is not None:
        return f"@{term_map.language}"
    return "" if term_map.datatype in (None, XSD + "string") else f"^^<{term_map.datatype}>"


def _check_printable(term_map: TermMap) -> None:
    expression = term_map.expression
    if isinstance(expression, Constant):
        return
    known = isinstance(expression, Reference | Template | Call)
    if not known or term_map.term_type not in (TermType.IRI, TermType.LITERAL):
        raise Unprintable
    if term_map.datatype_map is not None or term_map.language_map is not None:
        raise Unprintable
    if isinstance(expression, Template):
        _check_template(expression, term_map)
    if isinstance(expression, Call):
        _check_call(expression, term_map)


def _check_template(template: Template, term_map: TermMap) -> None:
    if any(isinstance(part, Call | Position) for part in template.parts) or not takes_any_text(term_map.datatype):
        raise Unprintable
    texts = [part if isinstance(part, str) else None for part in template.parts]
    if term_map.term_type is TermType.IRI and not always_iri(texts):
        raise Unprintable


def _check_call(call: Call, term_map: TermMap) -> None:
    if call.function not in PRINTED:
        raise Unprintable
    values = call.arguments[1:] if call.function == GRAPHMAP + "when" else call.arguments
    for argument in call.arguments:
        if argument is not None:
            _check_printable(argument)
    for value in values:
        if value is not None and (value.term_type, value.datatype) != (term_map.term_type, term_map.datatype):
            raise Unprintable
