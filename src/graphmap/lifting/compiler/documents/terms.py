"""Program text for the terms of a document: one value of the common kind inline, others by a call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Protocol

from graphmap.lifting.compiler.documents.view_joins import finder
from graphmap.lifting.compiler.program import Code, Piece, constant, variable
from graphmap.lifting.compiler.runtime import (
    CANONICAL_ALREADY,
    NEEDS_ESCAPE,
    SAFE,
    blanks,
    iris,
    literals,
    one,
    one_text,
    selector,
    several,
    tagged_literals,
    texts_of,
    typed_literals,
)
from graphmap.lifting.plan import (
    PLAIN_IRI,
    PRINTED,
    Call,
    Constant,
    Expression,
    Fresh,
    Gather,
    Join,
    Position,
    Reference,
    Template,
    TermMap,
    TermType,
    ViewJoin,
    always_iri,
)
from graphmap.lifting.run_state import JoinIndex
from graphmap.rdf import GRAPHMAP, Token, escape
from graphmap.records import ValueForms

__all__ = ["DocumentTerms", "Joined", "Level", "filled_references", "joinable", "printable"]

Joined = Mapping[Join | ViewJoin, JoinIndex]
"""The indexes of joins."""

Body = Callable[[Sequence[Piece]], None]
"""Prints what is done with one token, given as pieces."""


class Level(Protocol):
    """A loop variable and what is printed at the head of its loop."""

    @property
    def name(self) -> str:
        """The loop variable."""

    @property
    def chain(self) -> Sequence[Level]:
        """The levels from the outermost to this one."""

    @property
    def objects(self) -> Mapping[tuple[str, ...], str]:
        """Names of the objects at prefixes of member names."""

    @property
    def texts(self) -> Mapping[tuple[Reference, bool], str]:
        """Names of the texts of references, IRI-safe or as they stand in quotes; `None` where there is no value."""


def joinable(term_map: TermMap, joined: Joined) -> bool:
    """Return whether `DocumentTerms` prints a join: one whose child's sides are references."""
    join = term_map.expression
    if not isinstance(join, Join) or join not in joined:
        return False
    return all(isinstance(child.expression, Reference) for child, _ in join.conditions)


def printable(term_map: TermMap) -> bool:
    """Return whether `DocumentTerms` prints a term map: absolute templates, and functions over such templates."""
    expression = term_map.expression
    if (
        isinstance(expression, Fresh | Join | Gather | Position)
        or term_map.datatype_map is not None
        or term_map.language_map is not None
    ):
        return False
    if isinstance(expression, Template):
        if any(isinstance(part, Call | Position) for part in expression.parts):
            return False
        if term_map.term_type is TermType.LITERAL:
            return term_map.datatype is None and term_map.language is None
        texts = [part if isinstance(part, str) else None for part in expression.parts]
        return term_map.term_type is TermType.IRI and always_iri(texts)
    if isinstance(expression, Call):
        if expression.function not in PRINTED:
            return False
        given = [each for each in expression.arguments if each is not None]
        if expression.function == GRAPHMAP + "when" and len(given) < 2:
            return False
        texts_only = all(isinstance(each.expression, Template) and printable(each) for each in given)
        return texts_only and all(each.term_type is term_map.term_type is TermType.IRI for each in given)
    return True


def filled_references(term_map: TermMap) -> Iterator[tuple[Reference, bool]]:
    """The references of a term map's templates, and whether they stand in an IRI."""
    expression = term_map.expression
    if isinstance(expression, Template):
        encode = term_map.term_type is TermType.IRI
        yield from ((part, encode) for part in expression.parts if isinstance(part, Reference))
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            if argument is not None:
                yield from filled_references(argument)


class DocumentTerms:
    """Prints terms into one function."""

    def __init__(self, code: Code, base: str, forms: ValueForms, joined: Joined) -> None:
        self._joined = joined
        self._code = code
        self._base = base
        self._forms = forms

    def text(self, reference: Reference, level: Level, *, encode: bool) -> str:
        """Print the text of one value into a name; the name is `None` where there is no value."""
        value, many = self._value(reference, level)
        name = self._code.name("x")
        self._code.line(f"{name} = {value}")
        test, form = self._code.bind(SAFE if encode else NEEDS_ESCAPE), one_text(many=many, encode=encode)
        plain = f"{test}({name})" if encode else f"not {test}({name})"
        with self._code.block(f"if {name} is not None and not (type({name}) is str and {plain}):"):
            self._code.line(f"{name} = {self._code.bind(form)}({name})")
        return name

    def single(self, term_map: TermMap, level: Level) -> str:
        """Print one token into a name; the name is `None` where there is no value."""
        expression, name = term_map.expression, self._code.name("s")
        if isinstance(expression, Reference):
            value, many = self._value(expression, level)
            made = f"{self._code.bind(one(self._tokens(term_map), many=many))}({value})"
        else:
            made = self._chosen(expression, term_map, level)
        self._code.line(f"{name} = {made}")
        return name

    def _chosen(self, expression: Expression, term_map: TermMap, level: Level) -> str:
        """An expression for the token of a constant, a template or a function of these."""
        if isinstance(expression, Constant):
            return self._code.bind(expression.token)
        if isinstance(expression, Template):
            there = self._all_there(expression, term_map, level)
            return f"{self._code.text(self._filled(expression, term_map, level))} if {there} else None"
        if not isinstance(expression, Call):
            return "None"
        given = [each for each in expression.arguments if each is not None]
        if expression.function == GRAPHMAP + "when":
            condition, value = given
            chosen = self._chosen(value.expression, value, level)
            return f"({chosen}) if {self._condition(condition, level)} else None"
        chain = "None"
        for choice in reversed(given):
            chosen = self._chosen(choice.expression, choice, level).removesuffix("None")
            chain = f"{chosen}{chain}"
        return chain

    def _condition(self, term_map: TermMap, level: Level) -> str:
        expression = term_map.expression
        return self._all_there(expression, term_map, level) if isinstance(expression, Template) else "True"

    def each(self, term_map: TermMap, level: Level, body: Body) -> None:
        """Print what goes through the tokens of a term map; the body may be printed more than once."""
        expression = term_map.expression
        if isinstance(expression, Constant):
            body([constant(expression.token)])
        elif isinstance(expression, Template):
            with self._code.block(f"if {self._all_there(expression, term_map, level)}:"):
                body(self._filled(expression, term_map, level))
        elif isinstance(expression, Reference):
            self._each_value(expression, term_map, level, body)
        elif isinstance(expression, Join):
            self._each_joined(expression, level, body)
        else:
            name = self.single(term_map, level)
            with self._code.block(f"if {name} is not None:"):
                body([variable(name)])

    def _each_joined(self, join: Join, level: Level, body: Body) -> None:
        key, token = [], self._code.name("t")
        with ExitStack() as loops:
            for child, _ in join.conditions:
                if isinstance(child.expression, Reference):
                    value, many = self._value(child.expression, level)
                    key.append(self._code.name("j"))
                    texts = self._code.bind(several(texts_of, many=many))
                    loops.enter_context(self._code.block(f"for {key[-1]} in {texts}({value}):"))
            find = self._code.bind(self._joined[join].get)
            loops.enter_context(self._code.block(f"for {token} in {find}(({', '.join(key)},)):"))
            body([variable(token)])

    def found(self, join: ViewJoin, level: Level) -> str:
        """An expression for what a join of views finds."""
        children = (child.expression for child, _ in join.conditions)
        values = [self._value(child, level) for child in children if isinstance(child, Reference)]
        find = self._code.bind(finder(self._joined[join], [many for _, many in values]))
        return f"{find}({', '.join(value for value, _ in values)})"

    def _each_value(self, reference: Reference, term_map: TermMap, level: Level, body: Body) -> None:
        value, many = self._value(reference, level)
        name, token = self._code.name("x"), self._code.name("t")
        self._code.line(f"{name} = {value}")
        head = f"if {name} is not None:"
        quick = self._quick(term_map, name) if reference.path.names is not None else None
        if quick is not None:
            test, pieces = quick
            with self._code.block(f"if type({name}) is str and {test}:"):
                body(pieces)
            head = f"el{head}"
        tokens = self._code.bind(several(self._tokens(term_map), many=many))
        with self._code.block(head), self._code.block(f"for {token} in {tokens}({name}):"):
            body([variable(token)])

    def _quick(self, term_map: TermMap, name: str) -> tuple[str, list[Piece]] | None:
        """A test of a text that is its own lexical form, and the token of such a text."""
        if term_map.term_type is TermType.IRI:
            return f"{self._code.bind(PLAIN_IRI)}({name})", [constant("<"), variable(name), constant(">")]
        if term_map.term_type is not TermType.LITERAL or term_map.language is not None:
            return None
        if term_map.datatype is None:
            quoted = [constant('"'), variable(name), constant('"')]
            return f"not {self._code.bind(NEEDS_ESCAPE)}({name})", quoted
        test = CANONICAL_ALREADY.get(term_map.datatype)
        typed = [constant('"'), variable(name), constant(f'"^^<{term_map.datatype}>')]
        return None if test is None else (f"{self._code.bind(test)}({name})", typed)

    def _tokens(self, term_map: TermMap) -> Callable[[Any], list[Token]]:
        if term_map.term_type.names:
            return iris(self._base, term_map.term_type)
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

    def _names(self, template: Template, term_map: TermMap, level: Level) -> dict[Reference, str]:
        encode = term_map.term_type is TermType.IRI
        parts = [part for part in template.parts if isinstance(part, Reference)]
        return {part: level.chain[part.level].texts[part, encode] for part in parts}

    def _all_there(self, template: Template, term_map: TermMap, level: Level) -> str:
        names = self._names(template, term_map, level).values()
        return " and ".join(f"{name} is not None" for name in names) or "True"

    def _filled(self, template: Template, term_map: TermMap, level: Level) -> list[Piece]:
        names = self._names(template, term_map, level)
        iri = term_map.term_type is TermType.IRI
        start, end = ("<", ">") if iri else ('"', '"')
        pieces = [
            constant(part if iri else escape(part)) if isinstance(part, str) else variable(names[part])
            for part in template.parts
            if isinstance(part, str | Reference)
        ]
        return [constant(start), *pieces, constant(end)]
