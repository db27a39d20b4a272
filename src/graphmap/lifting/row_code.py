"""Program text for rows: cells into local names, every triple an f-string over them, one join at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from graphmap.errors import Locator, MappingError, TermError
from graphmap.lexical import XSD
from graphmap.lifting.checks import Check, Extra
from graphmap.lifting.code import Code, Piece, constant, variable
from graphmap.lifting.distinct import all_distinct, never_equal
from graphmap.lifting.entailment import Entailment
from graphmap.lifting.functions import GRAPHMAP
from graphmap.lifting.hand_over import hand_over
from graphmap.lifting.plan import Call, Constant, Expression, Plan, Reference, Template, TermMap, TermType, references
from graphmap.lifting.row_checks import print_check
from graphmap.lifting.runtime import NEEDS_ESCAPE, Odd, escaped, iris, safe_text, typed
from graphmap.lifting.values import ValueForms
from graphmap.terms import RDF_TYPE, Token, escape, iri_of, iri_token, is_absolute, literal_parts

__all__ = ["Asked", "Made", "row_code"]

_QUICK = {
    XSD + "dateTime": r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ",
    XSD + "date": r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])",
    XSD + "boolean": r"true|false",
    XSD + "long": r"[1-9]\d{0,17}",
    XSD + "integer": r"[1-9]\d*",
}
"""For a few datatypes, a pattern of ASCII texts that are canonical already."""


class Made(NamedTuple):
    """Generated code, the names of the triples maps that it leaves to the interpreter, and what it counts."""

    code: Code
    handed_over: tuple[str, ...]
    counts: list[int]


class Term(NamedTuple):
    """A term in the making: the names that must not be empty for it to exist, and the pieces of its text."""

    needs: tuple[str, ...]
    pieces: tuple[Piece, ...]


class Unprintable(Exception):  # noqa: N818  # a signal inside this room
    """The expression is left to the interpreter."""


class _Line(NamedTuple):
    subject: TermMap
    predicate: Token
    object: TermMap


class Asked(NamedTuple):
    """What the function is to do beside lifting."""

    entailment: Entailment | None
    check: Check
    extras: tuple[Extra, ...]
    tallied: tuple[TermMap, ...]


def row_code(plan: Plan, slow: Plan, *, header: tuple[str, ...], forms: ValueForms, asked: Asked) -> Made:
    """Print the function `lift(row)` for rows of one header.

    Raises:
        MappingError: where the mapping reads a column that the header does not have.
    """
    cells = Cells(Code("lift(row)"), header, forms, plan.base)
    lines, left = [], list(slow.triples_maps)
    for triples_map in plan.triples_maps:
        mine = [
            _Line(triples_map.subject, predicate.expression.token, obj)
            for pair in triples_map.predicate_objects
            for predicate in pair.predicates
            if isinstance(predicate.expression, Constant)
            for obj in pair.objects
        ]
        if triples_map.iteration.steps or not all(cells.printable(term) for line in mine for term in (line[0], line[2])):
            left.append(triples_map)
        else:
            lines.extend(mine)
    rest = Plan(triples_maps=tuple(left), base=plan.base)
    return _Printer(cells, lines, rest, asked, plan.root).made()


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
            _check_printable(term_map, self.base)
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
            quick = _QUICK.get(datatype)
            if quick is not None:
                call = f"{cell} if {self.code.bind(_full_match(quick))}({cell}) else {call}"
            return f"({call}) if {cell} else ''"

        return self._once("v", (cell, datatype), expression)

    def iri(self, reference: Reference) -> str:
        """The name of a cell as an IRI, without brackets."""
        cell, make = self.raw(reference), _single(iris(self.base, safe=True))
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
        return Term((), (constant(_inside(expression.token)),))

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
            else:
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


def _full_match(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.ASCII).fullmatch


def all_of(names: Iterable[str]) -> str:
    """An expression that is true where every name holds some text."""
    return " and ".join(names) or "True"


def _check_printable(term_map: TermMap, base: str) -> None:
    expression = term_map.expression
    if isinstance(expression, Constant):
        return
    if term_map.term_type not in (TermType.IRI, TermType.LITERAL):
        raise Unprintable
    if isinstance(expression, Template) and term_map.term_type is TermType.IRI:
        _check_iri_template(expression, base)
    if isinstance(expression, Call):
        _check_call(expression, term_map, base)


def _check_iri_template(template: Template, base: str) -> None:
    start = template.parts[0]
    if not isinstance(start, str) or not is_absolute(start):
        raise Unprintable
    try:
        iri_token("".join(part if isinstance(part, str) else "x" for part in template.parts))
    except TermError as error:
        raise Unprintable from error


def _check_call(call: Call, term_map: TermMap, base: str) -> None:
    values = call.arguments[1:] if call.function == GRAPHMAP + "when" else call.arguments
    for argument in call.arguments:
        if argument is not None:
            _check_printable(argument, base)
    for value in values:
        if value is not None and (value.term_type, value.datatype) != (term_map.term_type, term_map.datatype):
            raise Unprintable


class _Printer:
    """Prints one function: cells, subjects, checks, triples."""

    def __init__(
        self,
        cells: Cells,
        lines: list[_Line],
        slow: Plan,
        asked: Asked,
        root: TermMap | None,
    ) -> None:
        self._root_map = root
        self._cells = cells
        self._code = cells.code
        self._lines = lines
        self._slow = slow
        self._entailment = asked.entailment
        self._check = asked.check
        self._extras = asked.extras
        self._tallied = asked.tallied
        self._counts = [0] * len(asked.tallied)
        self._subjects: dict[tuple[Expression, TermType], Term] = {}

    def made(self) -> Made:
        with self._code.block("try:"):
            self._unpack()
            asserted, entailed = self._texts()
            problem = print_check(self._check, self._cells)
            if problem != "True":
                with self._code.block(f"if not ({problem}):"):
                    self._code.line("return None")
            self._return(asserted, entailed)
        with self._code.block(f"except {self._code.bind(Odd)}:"):
            self._code.line("return None")
        return Made(self._code, tuple(each.name for each in self._slow.triples_maps), self._counts)

    def _unpack(self) -> None:
        code, header, nulls = self._code, self._cells.header, self._cells.forms.nulls
        if nulls:
            bound = code.bind(nulls)
            with code.block(f"if not {bound}.isdisjoint(row):"):
                code.line(f"row = ['' if cell in {bound} else cell for cell in row]")
        cells = ", ".join(f"c{at}" for at in range(len(header)))
        code.line(f"{cells}, = row")
        code.line("whole, shown = ''.join(row), row")
        with code.block(f"if {code.bind(NEEDS_ESCAPE)}(whole):"):
            code.line(f"shown = [{code.bind(escaped)}(cell) for cell in row]")
        code.line(", ".join(f"e{at}" for at in range(len(header))) + ", = shown")

    def _subject(self, term_map: TermMap) -> Term:
        key = (term_map.expression, term_map.term_type)
        known = self._subjects.get(key)
        if known is None:
            needs, pieces = self._cells.token(term_map)
            name = self._code.name("s")
            whole = self._code.text(pieces)
            self._code.line(f"{name} = {whole} if {all_of(needs)} else ''")
            known = self._subjects[key] = Term(needs, (variable(name),))
        if term_map.rule is not None and known.needs:
            with self._code.block(f"if not ({all_of(known.needs)}):"):
                self._code.line("return None")
            known = self._subjects[key] = Term((), known.pieces)
        return known

    def _texts(self) -> tuple[Mapping[tuple[str, ...], list[Piece]], Mapping[tuple[str, ...], list[Piece]]]:
        """Pieces of the asserted and of the entailed text, by what must be there for them."""
        asserted: dict[tuple[str, ...], list[Piece]] = {}
        entailed: dict[tuple[str, ...], list[Piece]] = {}
        for line in self._lines:
            self._subject(line.subject)
        for line in self._lines:
            subject, obj = self._subject(line.subject), self._cells.token(line.object)
            needs = tuple(dict.fromkeys((*subject.needs, *obj.needs)))
            asserted.setdefault(needs, []).extend(_statement(subject.pieces, line.predicate, obj.pieces))
            for pieces in self._entailed(line, subject.pieces, obj.pieces):
                entailed.setdefault(needs, []).extend(pieces)
        return asserted, entailed

    def _entailed(self, line: _Line, subject: tuple[Piece, ...], obj: tuple[Piece, ...]) -> Iterator[list[Piece]]:
        if self._entailment is None:
            return
        expression = line.object.expression
        if line.predicate == RDF_TYPE and isinstance(expression, Constant):
            for wider in self._entailment.classes.get(expression.token, ()):
                yield _statement(subject, RDF_TYPE, (constant(wider),))
        resource = line.object.term_type is not TermType.LITERAL
        for predicate, inverted in self._entailment.properties.get(line.predicate, ()):
            if not inverted:
                yield _statement(subject, predicate, obj)
            elif resource:
                yield _statement(obj, predicate, subject)

    def _return(
        self, asserted: Mapping[tuple[str, ...], list[Piece]], entailed: Mapping[tuple[str, ...], list[Piece]]
    ) -> None:
        code = self._code
        text = self._joined(asserted)
        if self._slow.triples_maps:
            text += f" + {code.bind(hand_over(self._slow, self._cells.forms, self._cells.header))}(row)"
        if self._slow.triples_maps or not self._repeats_never():
            code.line(f"lines = dict.fromkeys(({text}).split('\\n'))")
            text = "'\\n'.join(lines)"
        extras = "".join(f"{self._extra(each)}, " for each in self._extras)
        for at, subject in enumerate(self._tallied):
            with code.block(f"if {all_of(self._subject(subject).needs)}:"):
                code.line(f"{code.bind(self._counts)}[{at}] += 1")
        code.line(f"return {self._root()}, {text}, {self._joined(entailed)}, ({extras})")

    def _extra(self, extra: Extra) -> str:
        needs, pieces = self._cells.token(extra.term_map)
        holds = print_check(extra.check, self._cells)
        return f"{self._code.text(pieces)} if {all_of(needs)} and ({holds}) else ''"

    def _root(self) -> str:
        root = self._root_map
        known = self._subjects.get((root.expression, root.term_type)) if root is not None else None
        return self._code.text(known.pieces) if known is not None else "''"

    def _joined(self, groups: Mapping[tuple[str, ...], list[Piece]]) -> str:
        parts = []
        for needs, pieces in groups.items():
            text = self._code.text(pieces)
            parts.append(f"({text} if {all_of(needs)} else '')" if needs else text)
        return f"''.join(({', '.join(parts)},))" if parts else "''"

    def _repeats_never(self) -> bool:
        by_predicate: dict[Token, list[_Line]] = {}
        for line in self._lines:
            by_predicate.setdefault(line.predicate, []).append(line)
        return all(
            all_distinct((one.subject, other.subject)) or never_equal(one.object, other.object)
            for lines in by_predicate.values()
            for at, one in enumerate(lines)
            for other in lines[:at]
        )


def _statement(subject: tuple[Piece, ...], predicate: Token, obj: tuple[Piece, ...]) -> list[Piece]:
    return [*subject, constant(f" {predicate} "), *obj, constant(" .\n")]
