"""Results of the interpreter for a record: statements with places, faults, and missing values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from graphmap.errors import DataError, Locator
from graphmap.lifting.run_state import Used
from graphmap.rdf import Token

__all__ = ["Fault", "Lifted", "Place", "Statement", "data_error", "pointer"]

Place = tuple[str | int, ...]
"""Keys from the root of a record to a value."""


class Statement(NamedTuple):
    """A generated triple or quad; `place` is where the object's value stands, `None` for a constant."""

    subject: Token
    predicate: Token
    object: Token
    graph: Token | None
    subject_place: Place
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A value or a node that gives no proper term.

    Args:
        kind: `ill-typed` where a literal was made all the same, `no-term` where nothing was, `no-subject` where the
            node has no key.
        what: one sentence without a full stop.
        term_map: name of the term map in the mapping.
        rule: slug of the rule that it breaks, where the mapping names one.
        written: where the term map stands in the mapping.
    """

    kind: str
    what: str
    term_map: str
    place: Place
    value: str | None
    rule: str | None = None
    written: Locator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """Result of the interpreter for one record.

    Args:
        statements: in the order of the plan, with repetitions.
        faults: in order of appearance; the values say nothing.
        absences: where the value of a subject's predicate would stand, for those that have none.
        gathered: collections with a name that may go on in another record.
        subjects: name of a subject map and the subject that it gave, in the order of the plan.
    """

    statements: list[Statement]
    faults: dict[Fault, None]
    absences: dict[tuple[Token, Token], Place]
    subjects: list[tuple[str, Token]]
    gathered: list[Used] = field(default_factory=list)


def data_error(
    faults: Iterable[Fault], where: Locator, *, hint: str | None = None, record: str | None = None
) -> DataError | None:
    """The faults of a record as one error, the first with the others; `None` where there is none.

    Args:
        faults: of one record.
        where: its source and row.
        hint: what to do next.
        record: as JSON, where it is to be kept.
    """
    errors = [_error(fault, where, hint) for fault in faults]
    if not errors:
        return None
    first, *others = errors
    first.record, first.others = record, tuple(others)
    return first


def _error(fault: Fault, where: Locator, hint: str | None) -> DataError:
    place = replace(where, pointer=pointer(fault.place) or None)
    what = f"{fault.what} (term map: {str(fault.written or '') or fault.term_map})"
    return DataError(what, where=place, hint=hint, kind=fault.kind, term_map=fault.term_map, written=fault.written)


def pointer(place: Place) -> str:
    """The JSON Pointer of a place; a column of a row is a pointer of one part.

    Source: RFC 6901, section 3.

    >>> pointer(("data", "a/b", 0))
    '/data/a~1b/0'
    """
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in place)
