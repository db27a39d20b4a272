"""The reference: a record to its statements, one term map after the other, each with the place that it came from.

The compiler is held to this; where a record is out of the ordinary, this is also what explains it.
Source: RML-Core, execution.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphmap.errors import TermError
from graphmap.lifting.chains import Chain, Chains, unread_places
from graphmap.lifting.functions import FUNCTIONS
from graphmap.lifting.iris import iri_from
from graphmap.lifting.lifted import Fault, Lifted, Place, Statement
from graphmap.lifting.plan import (
    Call,
    Constant,
    Plan,
    Reference,
    Step,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    references,
)
from graphmap.lifting.values import RDF_JSON, ValueForms, blank_token, scalar, typed_text
from graphmap.lifting.vocabulary import rml
from graphmap.records.json import encode_json
from graphmap.terms import Token, iri_of, iri_safe, literal_parts, literal_token

__all__ = ["Interpreter"]

_DEFAULT_GRAPH = rml("defaultGraph")


class _Found(NamedTuple):
    text: str
    natural: str | None
    place: Place


class Interpreter:
    """Lifts one record at a time.

    Args:
        plan: triples maps over one source.
        forms: how the source writes values.
    """

    def __init__(self, plan: Plan, *, forms: ValueForms) -> None:
        self._plan = plan
        self._forms = forms

    def lift(self, record: Any) -> Lifted:
        """The statements of a record, in the order of the plan, with repetitions, and its faults.

        Args:
            record: a decoded JSON value, or a row as a mapping of column to cell without its nulls.
        """
        lifted = Lifted(statements=[], faults={}, absences={}, subjects=[])
        chains = Chains(record)
        for triples_map in self._plan.triples_maps:
            for chain in chains.of(triples_map.iteration.steps):
                one = _One(self._plan.base, self._forms, chain, lifted)
                lifted.statements.extend(one.statements(triples_map))
        return lifted

    def unread(self, record: Any, known: Iterable[Place]) -> list[Place]:
        """The places of scalars that no term map reads, array positions kept.

        Args:
            record: as for `lift`.
            known: places whose value, and all below it, is read by somebody else.
        """
        return unread_places(self._plan, record, known)


@dataclass(slots=True)
class _One:
    """One innermost node of one triples map."""

    base: str
    forms: ValueForms
    chain: Chain
    lifted: Lifted

    def statements(self, triples_map: TriplesMap) -> Iterator[Statement]:
        known_faults = len(self.lifted.faults)
        subjects = list(self._terms(triples_map.subject))
        if not subjects and len(self.lifted.faults) == known_faults:
            self._no_subject(triples_map.subject)
        graphs = [graph for each in triples_map.subject_graphs for graph, _ in self._terms(each)]
        for subject, place in subjects:
            self.lifted.subjects.append((triples_map.subject.name, subject))
            for pair in triples_map.predicate_objects:
                predicates = [token for each in pair.predicates for token, _ in self._terms(each)]
                objects = [found for each in pair.objects for found in self._objects(each, triples_map.iteration.steps)]
                if not objects:
                    self._note_absence(subject, predicates, pair.objects)
                named = [*graphs, *(graph for each in pair.graphs for graph, _ in self._terms(each))]
                for predicate, (obj, at), graph in itertools.product(predicates, objects, named or [_DEFAULT_GRAPH]):
                    named_graph = None if graph == _DEFAULT_GRAPH else graph
                    yield Statement(subject, predicate, obj, named_graph, place or (), at)

    def _objects(self, term_map: TermMap, steps: tuple[Step, ...]) -> Iterator[tuple[Token, Place | None]]:
        """Terms and their places; a link that an iterable field makes stands where its item stands."""
        level = max((reference.level for reference in references(term_map)), default=0)
        linked = level > 0 and steps[level - 1].outer and term_map.term_type is not TermType.LITERAL
        for token, place in self._terms(term_map):
            yield token, self.chain[level].place if linked else place

    def _note_absence(self, subject: Token, predicates: list[Token], objects: Sequence[TermMap]) -> None:
        wanted = next((reference for each in objects for reference in references(each)), None)
        if wanted is not None:
            for predicate in predicates:
                self.lifted.absences.setdefault((subject, predicate), self._missing(wanted))

    def _missing(self, reference: Reference) -> Place:
        """Where the value of a reference would stand."""
        node = self.chain[reference.level]
        return node.place if node.value is None else (*node.place, *(reference.path.names or ()))

    def _no_subject(self, subject: TermMap) -> None:
        node = self.chain[-1]
        if subject.rule is None or node.value is None:
            return
        empty = [each for each in references(subject) if not self._referred_texts(each, subject)]
        certain = bool(empty) and not isinstance(subject.expression, Call)
        place = self._missing(empty[0]) if certain else node.place
        names = " or ".join(dict.fromkeys(str(self._missing(each)[-1]) for each in empty)) or "key"
        self._fault("no-subject", f"there is no {names}, so this has no IRI", subject, place, None)

    def _referred_texts(self, reference: Reference, term_map: TermMap) -> list[_Found]:
        return list(self._referred(reference, term_map, scalars_only=True))

    def _fault(self, kind: str, what: str, term_map: TermMap, place: Place, value: str | None) -> None:
        fault = Fault(kind=kind, what=what, term_map=term_map.name, place=place, value=value, rule=term_map.rule)
        self.lifted.faults[fault] = None

    def _terms(self, term_map: TermMap) -> Iterator[tuple[Token, Place | None]]:
        if isinstance(term_map.expression, Constant):
            yield term_map.expression.token, None
            return
        for found in self._values(term_map):
            try:
                token = self._token(term_map, found)
            except TermError as error:
                self._fault("no-term", error.what, term_map, found.place, found.text)
            else:
                yield token, found.place

    def _token(self, term_map: TermMap, found: _Found) -> Token:
        if term_map.term_type is TermType.IRI:
            return iri_from(found.text, self.base)
        if term_map.term_type is TermType.UNSAFE_IRI:
            return iri_from(found.text, self.base, safe=False)
        if term_map.term_type is TermType.BLANK_NODE:
            return blank_token(found.text)
        if found.natural == RDF_JSON:
            return literal_token(found.text, datatype=RDF_JSON)
        if term_map.language is not None:
            return literal_token(found.text, language=term_map.language)
        if term_map.datatype is None:
            return literal_token(found.text, datatype=found.natural)
        token, well_typed = typed_text(found.text, term_map.datatype, self.forms)
        if not well_typed:
            what = f"{found.text!r} is no value of <{term_map.datatype}>"
            self._fault("ill-typed", what, term_map, found.place, found.text)
        return token

    def _values(self, term_map: TermMap) -> Iterator[_Found]:
        expression = term_map.expression
        if isinstance(expression, Reference):
            yield from self._referred(expression, term_map, scalars_only=term_map.term_type is not TermType.LITERAL)
        elif isinstance(expression, Template):
            yield from self._filled(expression, term_map)
        elif isinstance(expression, Call):
            yield from self._called(expression)

    def _referred(self, reference: Reference, term_map: TermMap, *, scalars_only: bool) -> Iterator[_Found]:
        for node in reference.path.nodes(self.chain[reference.level]):
            if node.value is None:
                continue
            value = scalar(node.value)
            if value is not None:
                yield _Found(value[0], value[1], node.place)
                continue
            text = encode_json(node.value)
            kind = "no-term" if scalars_only else "ill-typed"
            self._fault(kind, "an object or array stands where one value is expected", term_map, node.place, text)
            if not scalars_only:
                yield _Found(text, RDF_JSON, node.place)

    def _filled(self, template: Template, term_map: TermMap) -> Iterator[_Found]:
        encode = term_map.term_type is TermType.IRI
        choices: list[list[_Found]] = []
        for part in template.parts:
            if isinstance(part, str):
                choices.append([_Found(part, None, ())])
            else:
                values = self._referred(part, term_map, scalars_only=True)
                choices.append([v._replace(text=iri_safe(v.text)) if encode else v for v in values])
        for chosen in itertools.product(*choices):
            place = next((found.place for found in chosen if found.place), ())
            yield _Found("".join(found.text for found in chosen), None, place)

    def _called(self, call: Call) -> Iterator[_Found]:
        function, arguments = FUNCTIONS[call.function], list[list[_Found]]()
        for argument in call.arguments:
            if function.until_found and any(arguments):
                break
            if argument is None:
                arguments.append([])
            elif isinstance(argument.expression, Constant):
                arguments.append([_Found(_plain(argument.expression.token), None, ())])
            else:
                arguments.append(list(self._values(argument)))
        places = {found.text: found.place for values in reversed(arguments) for found in values}
        results = function.apply(*[[found.text for found in values] for values in arguments])
        first = next((found.place for values in arguments for found in values), ())
        for text in results:
            yield _Found(text, None, places.get(text, first))


def _plain(token: Token) -> str:
    return literal_parts(token).lexical if token[0] == '"' else iri_of(token)
