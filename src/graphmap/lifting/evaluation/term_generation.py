"""Terms of one innermost node: term map in, tokens with their places out, and what went wrong on the way.

Source: RML-Core, generation of RDF terms; RML-FNML, function executions.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from graphmap.errors import RecordError, TermError
from graphmap.lifting.evaluation.iterations import Chain
from graphmap.lifting.evaluation.statements import Fault, Place
from graphmap.lifting.plan import (
    RDF_JSON,
    Call,
    Constant,
    Fresh,
    Gather,
    Join,
    Position,
    Reference,
    Template,
    TermMap,
    TermType,
    blank_token,
    iri_from,
    is_natural,
    language_tag,
    scalar,
    typed_text,
)
from graphmap.lifting.run_state import NIL, RDF_LIST, Collection, SharedState
from graphmap.rdf import RDF, XSD, Token, iri_of, iri_safe, key_part, literal_parts, literal_token
from graphmap.records import ValueForms
from graphmap.records.readers import encode_json

__all__ = ["Found", "FreshKey", "Generation", "TermLimit"]

_INTEGER = XSD + "integer"
_LANG_STRING = f"<{RDF}langString>"


FreshKey = tuple[str, tuple[tuple[Place, int], ...]]
"""Name of a term map, and the nodes of an iteration by place and position."""


class Found(NamedTuple):
    """A value that a term map finds: its text, natural datatype and place."""

    text: str
    natural: str | None
    place: Place


@dataclass(slots=True)
class TermLimit:
    """Terms that one record may still give; values that are combined with each other make many of little text."""

    left: int

    def spend(self, number: int) -> None:
        """Count terms before they are made.

        Raises:
            RecordError: where there are too many.
        """
        self.left -= number
        if self.left < 0:
            hint = "look for arrays where one value is expected: their values are combined with each other"
            raise RecordError("the record gives more terms than one record may", hint=hint)


@dataclass(slots=True, kw_only=True)
class Generation:
    """Makes the terms of one chain; faults are added to those of its record.

    Args:
        base: of relative IRIs.
        forms: how the source writes values.
        chain: one node a level.
        faults: those of the record so far.
        outside: joined subjects and numbers.
        limit: on the terms of the record; `None` sets none.
        fresh: the fresh blank nodes of the record so far, by term map and iteration.
        collections: the lists and containers that gather maps made so far, by their heads.
    """

    base: str
    forms: ValueForms
    chain: Chain
    faults: dict[Fault, None]
    outside: SharedState
    fresh: dict[FreshKey, Token]
    limit: TermLimit | None = None
    collections: dict[Token, Collection] = field(default_factory=dict)
    _heads: dict[str, list[Token]] = field(default_factory=dict)

    def terms(self, term_map: TermMap) -> Iterator[tuple[Token, Place | None]]:
        """Yield the tokens of a term map and where their values stand, `None` for what comes from the mapping."""
        expression = term_map.expression
        if isinstance(expression, Constant):
            yield expression.token, None
        elif isinstance(expression, Fresh):
            key = (term_map.name, tuple((node.place, node.at) for node in self.chain))
            if key not in self.fresh:
                self.fresh[key] = f"_:n{next(self.outside.numbers)}"
            yield self.fresh[key], None
        elif isinstance(expression, Join):
            yield from ((subject, None) for subject in self._joined(expression))
        elif isinstance(expression, Gather):
            if term_map.name not in self._heads:  # the same collections wherever the term stands
                self._heads[term_map.name] = list(self._gathered(expression))
            yield from ((head, None) for head in self._heads[term_map.name])
        else:
            for declared in self._declared(term_map):
                yield from self._made(declared)

    def texts(self, term_map: TermMap) -> list[str]:
        """The texts of a term map that is no term of its own, such as one side of a join condition."""
        return [found.text for found in self.values(term_map)]

    def values(self, term_map: TermMap) -> Iterator[Found]:
        """Yield the values of a term map, before they become terms."""
        expression = term_map.expression
        if isinstance(expression, Constant):
            yield Found(_plain(expression.token), None, ())
        elif isinstance(expression, Reference):
            yield from self.referred(expression, term_map, scalars_only=term_map.term_type is not TermType.LITERAL)
        elif isinstance(expression, Position):
            yield from self._positions(expression)
        elif isinstance(expression, Template):
            yield from self._filled(expression, term_map)
        elif isinstance(expression, Call):
            yield from self._called(expression, term_map)

    def _positions(self, position: Position) -> Iterator[Found]:
        node = self.chain[position.level]
        if position.level > 0 and node.value is not None:
            yield Found(str(node.at), _INTEGER, node.place)
        elif position.level == 0 and self.outside.position is not None:
            yield Found(str(self.outside.position()), _INTEGER, ())

    def referred(self, reference: Reference, term_map: TermMap, *, scalars_only: bool) -> Iterator[Found]:
        """Yield the values of a reference; an object or array is a fault, and no value where only scalars count."""
        for node in reference.path.nodes(self.chain[reference.level]):
            if node.value is None:
                continue
            value = scalar(node.value)
            if value is not None:
                yield Found(value[0], value[1], node.place)
                continue
            text = encode_json(node.value)
            kind = "no-term" if scalars_only else "ill-typed"
            self.fault(kind, "an object or array stands where one value is expected", term_map, node.place, text)
            if not scalars_only:
                yield Found(text, RDF_JSON, node.place)

    def fault(self, kind: str, what: str, term_map: TermMap, place: Place, value: str | None) -> None:
        """Take note of a fault."""
        fault = Fault(
            kind=kind,
            what=what,
            term_map=term_map.name,
            place=place,
            value=value,
            rule=term_map.rule,
            written=term_map.written,
        )
        self.faults[fault] = None

    def _declared(self, term_map: TermMap) -> Iterator[TermMap]:
        """The term map with each datatype or language that its maps give."""
        if term_map.datatype_map is not None:
            for datatype, place in self.terms(term_map.datatype_map):
                if datatype == _LANG_STRING:
                    what = "rdf:langString is the datatype of texts with a language, and the term map has none"
                    self.fault("no-term", what, term_map, place or (), None)
                    continue
                yield replace(term_map, datatype=iri_of(datatype), datatype_map=None)
        elif term_map.language_map is not None:
            for found in self.values(term_map.language_map):
                try:
                    yield replace(term_map, language=language_tag(found.text), language_map=None)
                except TermError as error:
                    self.fault("no-term", error.what, term_map, found.place, found.text)
        else:
            yield term_map

    def _made(self, term_map: TermMap) -> Iterator[tuple[Token, Place | None]]:
        for found in self.values(term_map):
            try:
                token = self._token(term_map, found)
            except TermError as error:
                self.fault("no-term", error.what, term_map, found.place, found.text)
            else:
                yield token, found.place

    def _token(self, term_map: TermMap, found: Found) -> Token:
        if term_map.term_type.names:
            return iri_from(found.text, self.base, term_map.term_type)
        if term_map.term_type is TermType.BLANK_NODE:
            return blank_token(found.text)
        if found.natural == RDF_JSON:
            return literal_token(found.text, datatype=RDF_JSON)
        if term_map.language is not None:
            return literal_token(found.text, language=term_map.language)
        if term_map.datatype is None:
            if not is_natural(found.text, found.natural):
                self._ill_typed(found, found.natural, term_map)
            return literal_token(found.text, datatype=found.natural)
        token, well_typed = typed_text(found.text, term_map.datatype, self.forms)
        if not well_typed:
            self._ill_typed(found, term_map.datatype, term_map)
        return token

    def _ill_typed(self, found: Found, datatype: str | None, term_map: TermMap) -> None:
        self.fault("ill-typed", f"{found.text!r} is not a value of <{datatype}>", term_map, found.place, found.text)

    def _joined(self, join: Join) -> Iterator[Token]:
        index = self.outside.joined[join]
        for key in itertools.product(*(self.texts(child) for child, _ in join.conditions)):
            yield from index.get(key)

    def _gathered(self, gather: Gather) -> Iterator[Token]:
        """The heads of the collections that a gather map makes here."""
        terms = [[token for token, _ in self.terms(member)] for member in gather.members]
        items = list(itertools.product(*terms)) if gather.product else [tuple(itertools.chain.from_iterable(terms))]
        for each in items or [()]:
            if each or gather.may_be_empty:
                yield from self._collection(gather, each)

    def _collection(self, gather: Gather, items: tuple[Token, ...]) -> Iterator[Token]:
        named = gather.head is not None
        heads = [head for head, _ in self.terms(gather.head)] if gather.head else [f"_:n{next(self.outside.numbers)}"]
        for head in heads:
            if not items and gather.kind == RDF_LIST:
                yield NIL
                continue
            known = self.collections.get(head)
            before = known.items if known is not None else ()
            self.collections[head] = Collection(head=head, kind=gather.kind, items=(*before, *items), named=named)
            yield head

    def _filled(self, template: Template, term_map: TermMap) -> Iterator[Found]:
        choices: list[list[Found]] = []
        for part in template.parts:
            if isinstance(part, str):
                choices.append([Found(part, None, ())])
            else:
                values = self._part(part, term_map)
                encode = key_part if template.key else iri_safe
                choices.append([v._replace(text=encode(v.text)) if term_map.term_type.encodes else v for v in values])
        if self.limit is not None:
            self.limit.spend(math.prod(map(len, choices)))
        for chosen in itertools.product(*choices):
            place = next((found.place for found in chosen if found.place), ())
            yield Found("".join(found.text for found in chosen), None, place)

    def _part(self, part: Reference | Position | Call, term_map: TermMap) -> Iterator[Found]:
        if isinstance(part, Call):
            return self._called(part, term_map)
        if isinstance(part, Position):
            return self._positions(part)
        return self.referred(part, term_map, scalars_only=True)

    def _called(self, call: Call, term_map: TermMap) -> Iterator[Found]:
        function, arguments = call.definition, list[list[Found]]()
        for argument in call.arguments:
            if function.until_found and any(arguments):
                break
            arguments.append([] if argument is None else list(self.values(argument)))
        places = {found.text: found.place for values in reversed(arguments) for found in values}
        first = next((found.place for values in arguments for found in values if found.place), ())
        try:
            results = function.apply(*[[found.text for found in values] for values in arguments])
        except TermError as error:
            self.fault("no-term", error.what, term_map, first, None)
            return
        naturals = {found.text: found.natural for values in arguments for found in values} if function.passes else {}
        for text in results:
            yield Found(text, naturals.get(text, function.datatype), places.get(text, first))


def _plain(token: Token) -> str:
    return literal_parts(token).lexical if token[0] == '"' else iri_of(token)
