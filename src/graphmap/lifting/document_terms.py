"""Program text for the terms of a document: one value inline, several or strange ones by a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from graphmap.lifting.code import Code, Piece, constant, variable
from graphmap.lifting.functions import GRAPHMAP
from graphmap.lifting.plan import Call, Constant, Reference, Template, TermMap, TermType
from graphmap.lifting.runtime import (
    NEEDS_ESCAPE,
    blanks,
    escaped,
    iris,
    literals,
    one,
    one_text,
    safe_text,
    selector,
    several,
    tagged_literals,
    typed_literals,
)
from graphmap.lifting.values import ValueForms
from graphmap.terms import Token, escape, is_absolute

__all__ = ["DocumentTerms", "Level", "printable"]

_IRIS = (TermType.IRI, TermType.UNSAFE_IRI)


class Level(Protocol):
    """A loop variable; `objects` names the object at each prefix of member names that is read below it."""

    @property
    def name(self) -> str: ...

    @property
    def chain(self) -> Sequence[Level]: ...

    @property
    def objects(self) -> Mapping[tuple[str, ...], str]: ...


def printable(term_map: TermMap) -> bool:
    """Whether `DocumentTerms` prints a term map: absolute templates, and functions over such templates."""
    expression = term_map.expression
    if isinstance(expression, Template):
        if term_map.term_type is TermType.LITERAL:
            return term_map.datatype is None and term_map.language is None
        start = expression.parts[0] if expression.parts else ""
        return term_map.term_type is TermType.IRI and isinstance(start, str) and is_absolute(start)
    if isinstance(expression, Call):
        given = [each for each in expression.arguments if each is not None]
        texts = all(isinstance(each.expression, Template) and printable(each) for each in given)
        return texts and all(each.term_type is term_map.term_type is TermType.IRI for each in given)
    return True


class DocumentTerms:
    """Prints terms into one function."""

    def __init__(self, code: Code, base: str, forms: ValueForms) -> None:
        self._code = code
        self._base = base
        self._forms = forms

    def single(self, term_map: TermMap, level: Level) -> str:
        """Print one token into a name; the name is `None` where there is no value."""
        expression, name = term_map.expression, self._code.name("s")
        if isinstance(expression, Constant):
            self._code.line(f"{name} = {self._code.bind(expression.token)}")
        elif isinstance(expression, Reference):
            value, many = self._value(expression, level)
            make = self._code.bind(one(self._tokens(term_map), many=many))
            self._code.line(f"{name} = {make}({value})")
        else:
            self._code.line(f"{name} = None")
            self._choices(name, term_map, level)
        return name

    def _choices(self, name: str, term_map: TermMap, level: Level) -> None:
        """Print the first template that has all its values into a name that is `None` so far."""
        expression = term_map.expression
        if isinstance(expression, Template):
            texts = self._texts(expression, level)
            with self._code.block(f"if {_all_there(texts.values())}:"):
                pieces = self._filled(expression, texts, term_map.term_type)
                self._code.line(f"{name} = {self._code.text(_wrapped(pieces, term_map))}")
        elif isinstance(expression, Call):
            given = [each for each in expression.arguments if each is not None]
            if expression.function == GRAPHMAP + "when":
                condition = self.single(given[0], level)
                with self._code.block(f"if {condition} is not None:"):
                    self._choices(name, given[1], level)
                return
            for argument in given:
                with self._code.block(f"if {name} is None:"):
                    self._choices(name, argument, level)

    @contextmanager
    def each(self, term_map: TermMap, level: Level) -> Iterator[Sequence[Piece]]:
        """Print what goes through the tokens of a term map; the pieces are one token inside."""
        expression = term_map.expression
        if isinstance(expression, Constant):
            yield [constant(expression.token)]
        elif isinstance(expression, Template) and term_map.term_type is TermType.LITERAL:
            texts = self._texts(expression, level)
            with self._code.block(f"if {_all_there(texts.values())}:"):
                yield _wrapped(self._filled(expression, texts, term_map.term_type), term_map)
        elif isinstance(expression, Reference):
            with self._each_value(expression, term_map, level) as pieces:
                yield pieces
        else:
            name = self.single(term_map, level)
            with self._code.block(f"if {name} is not None:"):
                yield [variable(name)]

    @contextmanager
    def _each_value(self, reference: Reference, term_map: TermMap, level: Level) -> Iterator[Sequence[Piece]]:
        value, many = self._value(reference, level)
        name, token = self._code.name("x"), self._code.name("t")
        self._code.line(f"{name} = {value}")
        natural = term_map.term_type is TermType.LITERAL and term_map.datatype is None and term_map.language is None
        tokens = self._code.bind(several(self._tokens(term_map), many=many))
        if natural:
            with self._code.block(f"if type({name}) is str:"):
                with self._code.block(f"if {self._code.bind(NEEDS_ESCAPE)}({name}):"):
                    self._code.line(f"{name} = {self._code.bind(escaped)}({name})")
                quoted = self._code.text([constant('"'), variable(name), constant('"')])
                self._code.line(f"{name} = ({quoted},)")
            with self._code.block("else:"):
                self._code.line(f"{name} = {tokens}({name})")
            loop = f"for {token} in {name}:"
        else:
            loop = f"for {token} in {tokens}({name}):"
        with self._code.block(f"if {name} is not None:"), self._code.block(loop):
            yield [variable(token)]

    def _tokens(self, term_map: TermMap) -> Callable[[Any], list[Token]]:
        if term_map.term_type in _IRIS:
            return iris(self._base, safe=term_map.term_type is TermType.IRI)
        if term_map.term_type is TermType.BLANK_NODE:
            return blanks
        if term_map.language is not None:
            return tagged_literals(term_map.language)
        return literals if term_map.datatype is None else typed_literals(term_map.datatype, self._forms)

    def _value(self, reference: Reference, level: Level) -> tuple[str, bool]:
        """An expression for the value of a reference, and whether an array in it stands for its elements."""
        base, names = level.chain[reference.level], reference.path.names
        if names is None:
            return f"{self._code.bind(selector(reference.path))}({base.name})", True
        if not names:
            return base.name, len(reference.path.segments) > 0
        many = len(reference.path.segments) > len(names)
        return f"{base.objects[names[:-1]]}.get({self._code.bind(names[-1])})", many

    def _texts(self, template: Template, level: Level) -> dict[Reference, str]:
        names: dict[Reference, str] = {}
        for part in template.parts:
            if isinstance(part, Reference) and part not in names:
                value, many = self._value(part, level)
                names[part] = self._code.name("x")
                self._code.line(f"{names[part]} = {self._code.bind(one_text(many=many))}({value})")
        return names

    def _filled(self, template: Template, texts: Mapping[Reference, str], kind: TermType) -> list[Piece]:
        make = self._code.bind(safe_text if kind is TermType.IRI else escaped)
        return [
            constant(part if kind is TermType.IRI else escape(part))
            if isinstance(part, str)
            else variable(f"{make}({texts[part]})")
            for part in template.parts
        ]


def _all_there(names: Iterable[str]) -> str:
    return " and ".join(f"{name} is not None" for name in names) or "True"


def _wrapped(pieces: Sequence[Piece], term_map: TermMap) -> list[Piece]:
    start, end = ("<", ">") if term_map.term_type is TermType.IRI else ('"', '"')
    return [constant(start), *pieces, constant(end)]
