"""Program text that counts the terms and nulls of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from graphmap.lifting.compiler.cell_terms import Term
from graphmap.lifting.compiler.program import Code
from graphmap.lifting.compiler.rows.terms import all_of
from graphmap.lifting.plan import TermMap
from graphmap.lifting.run_state import TermCounter

__all__ = ["print_tally"]


def print_tally(
    code: Code, tally: TermCounter, pairs: Iterable[tuple[TermMap, TermMap]], term_of: Callable[[TermMap], Term]
) -> None:
    """Print the counting of subjects, and of their objects where they have a subject.

    Args:
        code: the function in the making.
        tally: what it counts for.
        pairs: subject maps and object maps; a subject map with itself has no object that is counted here.
        term_of: the printed term of a map.
    """
    objects: dict[str, dict[str, TermMap]] = {}
    subjects: dict[str, TermMap] = {}
    for subject, obj in pairs:
        subjects.setdefault(subject.name, subject)
        if obj is not subject:
            objects.setdefault(subject.name, {}).setdefault(obj.name, obj)
    counts = code.bind(tally.terms), code.bind(tally.nulls)
    for name, subject in subjects.items():
        _print_one(code, counts, tally.position(subject), term_of(subject))
        with code.block(f"if {all_of(term_of(subject).needs)}:"):
            for obj in objects.get(name, {}).values():
                _print_one(code, counts, tally.position(obj), term_of(obj))


def _print_one(code: Code, counts: tuple[str, str], at: int | None, term: Term) -> None:
    if at is None:
        return
    terms, nulls = counts
    with code.block(f"if {all_of(term.needs)}:"):
        code.line(f"{terms}[{at}] += 1")
    if term.needs:
        with code.block("else:"):
            code.line(f"{nulls}[{at}] += 1")
