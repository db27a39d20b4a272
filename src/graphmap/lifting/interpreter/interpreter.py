"""The reference: a record to its statements, one term map after the other, each with the place that it came from.

The compiler is held to this; where a record is out of the ordinary, this is also what explains it.
Source: RML-Core, execution.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphmap.errors import MappingError
from graphmap.lifting.evaluation import (
    FreshKey,
    Generation,
    IterationNodes,
    Lifted,
    Place,
    Statement,
    StepNodes,
    TermLimit,
    unread_places,
)
from graphmap.lifting.plan import (
    Call,
    Plan,
    Position,
    Reference,
    Step,
    TermMap,
    TermType,
    TriplesMap,
    in_graph,
    key_level,
    references,
    rml,
    term_maps,
    within,
)
from graphmap.lifting.run_state import CollectionBuilder, SharedState, Used
from graphmap.rdf import Token
from graphmap.records import ValueForms

__all__ = ["Interpreter"]

_DEFAULT_GRAPH = rml("defaultGraph")


class Interpreter:
    """Lifts one record at a time.

    Args:
        plan: triples maps over one source.
        forms: how the source writes values.
        outside: the indexes of the plan's joins, and numbers for fresh blank nodes.
        most_terms: a record may give so many; `None` sets no limit.

    Raises:
        MappingError: where the index of a join is not given.
    """

    def __init__(
        self, plan: Plan, *, forms: ValueForms, outside: SharedState | None = None, most_terms: int | None = None
    ) -> None:
        self._plan = plan
        self._most_terms = most_terms
        self._forms = forms
        self._outside = outside or SharedState()
        if any(join not in self._outside.joined for join in (*plan.joins, *plan.view_joins)):
            raise MappingError("the mapping joins sources", hint="lift all its sources together")
        if self._outside.position is None and any(map(_counts_records, plan.triples_maps)):
            raise MappingError("the mapping reads the number of a record", hint="lift with `graphmap lift --mapping`")

    def lift(self, record: Any) -> Lifted:
        """The statements of a record, in the order of the plan, with repetitions, and its faults.

        Args:
            record: a decoded JSON value, or a row as a mapping of column to cell without its nulls.

        Raises:
            RecordError: where it gives too many terms.
        """
        limit = None if self._most_terms is None else TermLimit(self._most_terms)
        lifted = Lifted(statements=[], faults={}, absences={}, subjects=[])
        maker = StepNodes(forms=self._forms, outside=self._outside, faults=lifted.faults)
        chains, fresh = IterationNodes(record, maker.nodes), dict[FreshKey, Token]()
        for triples_map in self._plan.triples_maps:
            for chain in chains.of(triples_map.iteration.steps):
                generation = Generation(
                    base=triples_map.base or self._plan.base,
                    forms=self._forms,
                    chain=chain,
                    faults=lifted.faults,
                    outside=self._outside,
                    fresh=fresh,
                    limit=limit,
                )
                one = _One(generation, lifted)
                lifted.statements.extend(one.statements(triples_map))
                lifted.gathered.extend(one.gathered())
        self._close(lifted)
        return lifted

    def _close(self, lifted: Lifted) -> None:
        """Make the statements of collections that end with the record."""
        lasting = self._outside.gathered is not None
        ended = CollectionBuilder(self._outside.numbers)
        ended.add(used for used in lifted.gathered if not (lasting and used[0].named))
        lifted.gathered[:] = [used for used in lifted.gathered if lasting and used[0].named]
        for subject, predicate, value, graph in ended.statements():
            lifted.statements.append(Statement(subject, predicate, value, graph, (), None))

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

    generation: Generation
    lifted: Lifted
    used: dict[tuple[Token, Token | None], None] = field(default_factory=dict)

    def statements(self, triples_map: TriplesMap) -> Iterator[Statement]:
        known_faults = len(self.lifted.faults)
        subjects = self._terms(triples_map.subject)
        if not subjects and len(self.lifted.faults) == known_faults:
            self._no_subject(triples_map)
        graphs = self._graphs(triples_map.subject_graphs)
        for subject, place in subjects:
            self.lifted.subjects.append((triples_map.subject.name, subject))
            for pair in triples_map.predicate_objects:
                predicates = [token for each in pair.predicates for token, _ in self._terms(each)]
                objects = [found for each in pair.objects for found in self._objects(each, triples_map.iteration.steps)]
                if not objects:
                    self._note_absence(subject, predicates, pair.objects)
                named = [*graphs, *self._graphs(pair.graphs)]
                if not (triples_map.subject_graphs or pair.graphs):
                    named = [None]
                self._spend(len(predicates) * len(objects) * len(named))
                for predicate, (obj, at), graph in itertools.product(predicates, objects, named):
                    ends = in_graph(subject, graph), in_graph(obj, graph)
                    yield Statement(ends[0], predicate, ends[1], graph, place or (), at)
                    if self.generation.collections:
                        self.used.update({(term, graph): None for term in (subject, predicate, obj)})
            self._use_in(subject, graphs if triples_map.subject_graphs else [None])

    def _graphs(self, graph_maps: tuple[TermMap, ...]) -> list[Token | None]:
        """The graphs that graph maps name, `None` for the default graph; none where they give no value."""
        names = (graph for each in graph_maps for graph, _ in self._terms(each))
        return [None if graph == _DEFAULT_GRAPH else graph for graph in names]

    def _use_in(self, subject: Token, graphs: list[Token | None]) -> None:
        """Put a collection that is a subject without statements into the graphs of its subject map."""
        if subject in self.generation.collections and all(term != subject for term, _ in self.used):
            for graph in graphs:
                self.used[subject, graph] = None

    def gathered(self) -> Iterator[Used]:
        """The collections of the terms, and those in them, with the graphs that they are used in."""
        waiting, done = list(self.used), set[tuple[Token, Token | None]]()
        while waiting:
            term, graph = waiting.pop(0)
            collection = self.generation.collections.get(term)
            if collection is not None and (term, graph) not in done:
                done.add((term, graph))
                yield collection, graph
                waiting += [(item, graph) for item in collection.items]

    def _objects(self, term_map: TermMap, steps: tuple[Step, ...]) -> Iterator[tuple[Token, Place | None]]:
        """Terms and their places; a link that an iterable field makes stands where its item stands."""
        if not steps or term_map.term_type is TermType.LITERAL:
            yield from self._terms(term_map)
            return
        level = max((reference.level for reference in references(term_map)), default=0)
        linked = level > 0 and steps[level - 1].outer
        for token, place in self._terms(term_map):
            yield token, self.generation.chain[level].place if linked else place

    def _terms(self, term_map: TermMap) -> list[tuple[Token, Place | None]]:
        found, tally = list(self.generation.terms(term_map)), self.generation.outside.tally
        self._spend(len(found))
        if tally is not None:
            tally.count(term_map, found)
        return found

    def _spend(self, number: int) -> None:
        if self.generation.limit is not None:
            self.generation.limit.spend(number)

    def _note_absence(self, subject: Token, predicates: list[Token], objects: Sequence[TermMap]) -> None:
        wanted = next((reference for each in objects for reference in references(each)), None)
        if wanted is not None:
            for predicate in predicates:
                self.lifted.absences.setdefault((subject, predicate), self._missing(wanted))

    def _missing(self, reference: Reference) -> Place:
        """Place where the value of a reference would stand."""
        node = self.generation.chain[reference.level]
        return node.place if node.value is None else (*node.place, *(reference.path.names or ()))

    def _no_subject(self, triples_map: TriplesMap) -> None:
        subject, chain = triples_map.subject, self.generation.chain
        item = key_level(triples_map)
        node = chain[-1 if item is None else item]
        if subject.rule is None or node.value is None:
            return
        empty = [each for each in references(subject) if not self._texts(each, subject)]
        certain = bool(empty) and not isinstance(subject.expression, Call)
        place = self._missing(empty[0]) if certain else node.place
        names = " or ".join(dict.fromkeys(str(self._missing(each)[-1]) for each in empty)) or "key"
        self.generation.fault("no-subject", f"there is no {names}, so this has no IRI", subject, place, None)

    def _texts(self, reference: Reference, term_map: TermMap) -> list[str]:
        return [found.text for found in self.generation.referred(reference, term_map, scalars_only=True)]


def _counts_records(triples_map: TriplesMap) -> bool:
    expressions = (expression for term_map in term_maps(triples_map) for expression in within(term_map))
    return any(isinstance(expression, Position) and expression.level == 0 for expression in expressions)
