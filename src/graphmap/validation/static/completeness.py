"""Cells that tell that a field of a shape is filled, so that completeness is known of rows that are never graphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphmap.lifting.plan import Call, Constant, Template, TermMap, references
from graphmap.rdf import Token
from graphmap.validation.report import Field
from graphmap.validation.static.row_proof import Guard, Obligation

__all__ = ["Filled", "filled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A field, and the term map whose terms are there just where the field is; `None` where no single one tells."""

    field: Field
    term_map: TermMap | None


def filled(guard: Guard, fields: Mapping[Token, frozenset[Token]]) -> Iterator[Filled]:
    """The fields of all obligations of a guard.

    Args:
        guard: obligations with the object maps of their resources.
        fields: shape to the predicates that are counted.
    """
    for obligation in guard.obligations:
        for predicate in sorted(fields.get(obligation.shape, ())):
            objects = obligation.objects.get(predicate, ())
            if objects:
                field = (obligation.shape, predicate)
                yield Filled(field=field, term_map=_both(obligation, objects[0]) if len(objects) == 1 else None)


def _both(obligation: Obligation, term_map: TermMap) -> TermMap | None:
    """A term map that gives a term where subject and object both do."""
    subject = obligation.subject
    if isinstance(term_map.expression, Constant):
        return replace(subject, rule=None)
    if isinstance(term_map.expression, Call) or isinstance(subject.expression, Call):
        return replace(term_map, rule=None) if subject.rule is not None else None
    parts = tuple(dict.fromkeys((*references(subject), *references(term_map))))
    return replace(term_map, expression=Template(parts=parts), rule=None)
