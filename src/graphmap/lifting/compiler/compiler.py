"""The fast path: one generated function for all triples maps over a source, from raw record to N-Triples text.

Generated code holds only names: every constant of the mapping and every value of a record is bound to one. What it does
not cover is handed to the interpreter, triples map by triples map; a record out of the ordinary makes it return `None`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphmap.lifting.compiler.documents import document_code
from graphmap.lifting.compiler.entailment import Entailment
from graphmap.lifting.compiler.rows import Asked, JoinedRows, join_of, row_code, with_joins
from graphmap.lifting.plan import All, Check, Constant, Extra, Plan, TermMap, TriplesMap
from graphmap.lifting.run_state import Outside
from graphmap.rdf import Token
from graphmap.records import ValueForms

__all__ = ["Compiled", "Entailment", "compile_plan", "covered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A compiled plan.

    Args:
        lift: raw record to (subject, asserted, entailed, extras): the token of the record's own subject, empty where
            the plan names none; N-Triples text, each asserted line once, while entailed lines may repeat; and the
            tokens of the extras, empty where there is none. `None` where the record is out of the ordinary or a check
            does not hold.
        source: the generated program, for people.
        handed_over: names of the triples maps that the interpreter does.
        counts: how often each tallied subject came up so far; grows as records are lifted.
    """

    lift: Callable[[Any], tuple[str, str, str, tuple[Token, ...]] | None]
    source: str
    handed_over: tuple[str, ...]
    counts: Sequence[int] = ()


def compile_plan(
    plan: Plan,
    *,
    header: tuple[str, ...] | None = None,
    forms: ValueForms,
    entailment: Entailment | None = None,
    check: Check | None = None,
    extras: tuple[Extra, ...] = (),
    tallied: tuple[TermMap, ...] = (),
    outside: Outside | None = None,
) -> Compiled:
    """Compile all triples maps over one source.

    Args:
        plan: triples maps over one source.
        header: the columns of the rows to come; `None` for documents.
        forms: how the source writes values.
        entailment: what to add to the entailed text.
        check: what must hold of a row; for rows only.
        extras: terms to hand out beside the text; for rows only.
        tallied: subject maps to count, over the records that were lifted; for rows only.
        outside: for what is handed over: joined subjects, numbers for fresh blank nodes.

    Raises:
        MappingError: where the mapping reads a column that the header does not have.
    """
    plain = entailment is None and outside is not None and outside.tally is None
    joins = _joins(plan, header, forms, outside) if header is not None and outside is not None and plain else {}
    quads = tuple(each for each in plan.triples_maps if each not in joins and not covered(each))
    kept = tuple(each for each in plan.triples_maps if each not in joins and each not in quads)
    fast = Plan(triples_maps=kept, base=plan.base)
    slow = Plan(triples_maps=quads, base=plan.base)
    if header is not None:
        asked = Asked(entailment=entailment, check=check or All(), extras=extras, tallied=tallied, outside=outside)
        made = row_code(fast, slow, header=header, forms=forms, asked=asked)
    else:
        made = document_code(fast, slow, forms=forms, entailment=entailment, outside=outside)
    lift = made.code.function("lift")
    return Compiled(
        lift=with_joins(lift, joins.values()) if joins else lift,
        source=made.code.source(),
        handed_over=made.handed_over,
        counts=made.counts,
    )


def _joins(
    plan: Plan, header: tuple[str, ...], forms: ValueForms, outside: Outside
) -> dict[TriplesMap, Callable[[list[str]], str | None]]:
    """The triples maps over joined views that longer rows can take, each with the function that makes its lines."""
    found = {}
    for triples_map in plan.triples_maps:
        join = join_of(triples_map)
        if join is not None and join[0] in outside.joined:
            rows = JoinedRows(join=join[0], outer=join[1], header=header, nulls=forms.nulls)
            longer = Plan(triples_maps=(rows.over_longer_rows(triples_map),), base=plan.base)
            compiled = compile_plan(longer, header=rows.longer_header, forms=forms, outside=outside)
            text = rows.texts(compiled.lift, outside.joined[join[0]]) if not compiled.handed_over else None
            if text is not None:
                found[triples_map] = text
    return found


def covered(triples_map: TriplesMap) -> bool:
    """Return whether the generated code may take a triples map; its terms are looked at later."""
    return triples_map.base is None and not _has_graphs(triples_map) and _constant_predicates(triples_map)


def _has_graphs(triples_map: TriplesMap) -> bool:
    return bool(triples_map.subject_graphs) or any(pair.graphs for pair in triples_map.predicate_objects)


def _constant_predicates(triples_map: TriplesMap) -> bool:
    maps = (predicate for pair in triples_map.predicate_objects for predicate in pair.predicates)
    return all(isinstance(predicate.expression, Constant) for predicate in maps)
