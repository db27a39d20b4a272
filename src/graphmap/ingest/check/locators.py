"""Locators of findings: from focus node, path and value back to their place in the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graphmap.lifting.evaluation import Lifted, Place, Statement, pointer
from graphmap.lifting.plan import Constant, Plan, TermMap, references
from graphmap.rdf import Token
from graphmap.validation.report import Result
from graphmap.validation.shapes import Path

__all__ = ["place_of", "pointer_of", "reference_pointer", "value_pointers"]


def pointer_of(result: Result, lifted: Lifted, about: Mapping[Token, Token]) -> str | None:
    """The JSON Pointer of a result, `None` where it is about the record as a whole.

    Args:
        result: what the engine reports.
        lifted: the record.
        about: shape without a path to the predicate that it is about.
    """
    place = place_of(result, lifted, about)
    return pointer(place) if place else None


def place_of(result: Result, lifted: Lifted, about: Mapping[Token, Token]) -> Place:
    """The place of a result: of its value, else of what there is on the path, else of where a value is missing."""
    predicate = _first_predicate(result.path) or about.get(result.source_shape)
    if predicate is None:
        return _subject_place(result.focus_node, lifted)
    there = [each for each in lifted.statements if each.subject == result.focus_node and each.predicate == predicate]
    exact = [each for each in there if each.object == result.value]
    if exact:
        return _of_statement(exact[0])
    if there:
        return _of_statement(there[0]) if len(there) == 1 else _shared(there)
    return lifted.absences.get((result.focus_node, predicate)) or _subject_place(result.focus_node, lifted)


def _first_predicate(path: Path | None) -> Token | None:
    while path is not None and path.parts:
        path = path.parts[0]
    return path.predicate if path is not None else None


def _of_statement(statement: Statement) -> Place:
    return statement.place if statement.place is not None else statement.subject_place


def _subject_place(focus: Token, lifted: Lifted) -> Place:
    """Pointer to a node: that of the link to it; empty for a root."""
    linked = (each.place for each in lifted.statements if each.object == focus and each.place)
    return next(linked, ())


def _shared(statements: list[Statement]) -> Place:
    """The member that most of the values stand in; array positions do not count."""
    members = Counter(_member(_of_statement(each)) for each in statements)
    return members.most_common(1)[0][0]


def _member(place: Place) -> Place:
    return place[:-1] if place and isinstance(place[-1], int) else place


def reference_pointer(term_map: TermMap | None) -> str | None:
    """Pointer to the first value of a term map over whole records; `None` if it differs by record."""
    wanted = next(references(term_map), None) if term_map is not None else None
    names = wanted.path.names if wanted is not None else None
    return pointer(names) if names else None


def value_pointers(plan: Plan) -> Mapping[Token | None, str]:
    """Predicate to the place of its values, for what whole records say of themselves."""
    found: dict[Token | None, str] = {}
    for triples_map in plan.triples_maps:
        for pair in triples_map.predicate_objects if not triples_map.iteration.steps else ():
            for predicate in pair.predicates:
                place = reference_pointer(pair.objects[0])
                if isinstance(predicate.expression, Constant) and place is not None:
                    found.setdefault(predicate.expression.token, place)
    return found
