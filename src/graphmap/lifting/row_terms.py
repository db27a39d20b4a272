"""Program text for the terms of a row: cells in the forms that terms need, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from graphmap.errors import Locator, MappingError
from graphmap.lexical import XSD
from graphmap.lifting.code import Code, Piece, constant, variable
from graphmap.lifting.functions import GRAPHMAP, PRINTED
from graphmap.lifting.iris import always_iri
from graphmap.lifting.plan import Call, Constant, Fresh, Join, Reference, Template, TermMap, TermType, references
from graphmap.lifting.runtime import CANONICAL_ALREADY, iris, safe_text, typed
from graphmap.lifting.values import ValueForms
from graphmap.terms import Token, escape, iri_of, literal_parts

__all__ = ["Cells", "Term", "all_of"]


class Term(NamedTuple):
    """A term in the making: the names that must not be empty for it to exist, and the pieces of its text."""

    needs: tuple[str, ...]
    pieces: tuple[Piece, ...]


class Unprintable(Exception):  # noqa: N818  # a signal inside this room
    """The expression is left to the interpreter."""


class Cells:
    """Local names for cells in the forms that terms need, each printed once, on first use."""

    def __init__(self, code: Code, header: tuple[str, ...], forms: ValueForms, base: str) -> None:
        self.code = code
        self.header = header
        self.forms = forms
        self.base = base
        self._made: dict[tuple[str, object], str] = {}

    def printable(self, term_map: TermMap) -> bool:
        """Whether `term` can print it."""
        try:
            _check_printable(term_map)
        except Unprintable:
            return False
        self._check_columns(term_map)
        return True

    def _check_columns(self, term_map: TermMap) -> None:
        for reference in references(term_map):
            if self._column(reference) not in self.header:
                raise MappingError(
                    f"the mapping reads the column {reference.text!r}, which the table does not have",
                    where=Locator(source=term_map.name),
                    hint=f"its columns: {', '.join(self.header)}",
                )

    @staticmethod
    def _column(reference: Reference) -> str:
        names = reference.path.names or ("",)
        return names[0]

    def raw(self, reference: Reference) -> str:
        """The name of a cell as it came."""
        return f"c{self.header.index(self._column(reference))}"

    def plain(self, reference: Reference) -> str:
        """The name of a cell as it stands in a quoted literal."""
        return f"e{self.header.index(self._column(reference))}"

    def _once(self, kind: str, key: object, expression: Callable[[], str]) -> str:
        known = self._made.get((kind, key))
        if known is None:
            text = expression()
            known = self._made[(kind, key)] = self.code.name(kind)
            self.code.line(f"{known} = {text}")
        return known

    def safe(self, reference: Reference) -> str:
        """The name of a cell's IRI-safe version."""
        cell = self.raw(reference)
        return self._once("k", cell, lambda: f"{self.code.bind(safe_text)}({cell})")

    def typed(self, reference: Reference, datatype: str) -> str:
        """The name of a cell in the canonical form of a datatype."""
        cell, convert = self.raw(reference), typed(datatype, self.forms)

        def expression() -> str:
            call = f"{self.code.bind(convert)}({cell})"
            quick = CANONICAL_ALREADY.get(datatype)
            if quick is not None:
                call = f"{cell} if {self.code.bind(quick)}({cell}) else {call}"
            return f"({call}) if {cell} else ''"

        return self._once("v", (cell, datatype), expression)

    def iri(self, reference: Reference) -> str:
        """The name of a cell as an IRI, without brackets."""
        cell, make = self.raw(reference), _single(iris(self.base, TermType.IRI))
        return self._once("i", cell, lambda: f"{self.code.bind(make)}({cell}) if {cell} else ''")

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
        if term_map.datatype in (None, XSD + "string"):
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

        def expression() -> str:
            chain = "''"
            for choice in reversed(choices):
                chain = f"{self.code.text(choice.pieces)} if {all_of(choice.needs)} else {chain}"
            return chain

        name = self._once("f", (call, term_map.term_type), expression)
        return Term((name,), (variable(name),))

    def token(self, term_map: TermMap) -> Term:
        """A term with its brackets, quotes and datatype."""
        if isinstance(term_map.expression, Constant):
            return Term((), (constant(term_map.expression.token),))
        needs, pieces = self.text(term_map)
        if term_map.term_type is TermType.IRI:
            return Term(needs, (constant("<"), *pieces, constant(">")))
        return Term(needs, (constant('"'), *pieces, constant(f'"{_suffix(term_map)}')))


def _inside(token: Token) -> str:
    """A constant as it stands between brackets or quotes."""
    return iri_of(token) if token[0] == "<" else escape(literal_parts(token).lexical)


def _suffix(term_map: TermMap) -> str:
    if term_map.language is not None:
        return f"@{term_map.language}"
    return "" if term_map.datatype in (None, XSD + "string") else f"^^<{term_map.datatype}>"


def _single(make: Callable[[str], list[Token]]) -> Callable[[str], str]:
    return lambda text: make(text)[0][1:-1]


def all_of(names: Iterable[str]) -> str:
    """An expression that is true where every name holds some text."""
    return " and ".join(names) or "True"


def _check_printable(term_map: TermMap) -> None:
    expression = term_map.expression
    if isinstance(expression, Constant):
        return
    if term_map.term_type not in (TermType.IRI, TermType.LITERAL) or isinstance(expression, Fresh | Join):
        raise Unprintable
    if term_map.datatype_map is not None or term_map.language_map is not None:
        raise Unprintable
    if isinstance(expression, Template) and any(isinstance(part, Call) for part in expression.parts):
        raise Unprintable
    if isinstance(expression, Template) and term_map.term_type is TermType.IRI:
        _check_iri_template(expression)
    if isinstance(expression, Call):
        _check_call(expression, term_map)


def _check_iri_template(template: Template) -> None:
    if not always_iri([part if isinstance(part, str) else None for part in template.parts]):
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
