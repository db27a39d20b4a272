"""The fast path: one generated function for all triples maps over a source, from raw record to N-Triples text.

Generated code holds only names: every constant of the mapping and every value of a record is bound to one. What it does
not cover is handed to the interpreter, triples map by triples map; a record out of the ordinary makes it return `None`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graphmap.lifting.compiler.documents import document_code
from graphmap.lifting.compiler.entailment import Entailment
from graphmap.lifting.compiler.program import Asked, Lift
from graphmap.lifting.compiler.rows import JoinedRows, join_of, row_code, with_joins
from graphmap.lifting.plan import All, Constant, Plan, TermType, TriplesMap, has_graph_maps
from graphmap.records import ValueForms

__all__ = ["Compiled", "Entailment", "compile_program", "is_compilable"]


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

    lift: Lift
    source: str
    handed_over: tuple[str, ...]
    counts: Sequence[int] = ()


def compile_program(plan: Plan, *, header: tuple[str, ...] | None, forms: ValueForms, asked: Asked) -> Compiled:
    """Compile all triples maps over one source.

    Args:
        plan: triples maps over one source.
        header: the columns of the rows to come; `None` for documents.
        forms: how the source writes values.
        asked: what the program is to do beside lifting.

    Raises:
        MappingError: where the mapping reads a column that the header does not have.
    """
    joins = {} if header is None else _joins(plan, header, forms, asked)
    rows = header is not None and asked.entailment is None and (asked.outside is None or asked.outside.tally is None)
    quads = tuple(each for each in plan.triples_maps if each not in joins and not is_compilable(each, graphs=rows))
    kept = tuple(each for each in plan.triples_maps if each not in joins and each not in quads)
    fast = Plan(triples_maps=kept, base=plan.base)
    slow = Plan(triples_maps=quads, base=plan.base)
    if header is not None:
        made = row_code(fast, slow, header=header, forms=forms, asked=asked)
    else:
        made = document_code(fast, slow, forms=forms, asked=asked)
    lift = made.code.function("lift")
    return Compiled(
        lift=with_joins(lift, joins.values()) if joins else lift,
        source=made.code.source(),
        handed_over=made.handed_over,
        counts=made.counts,
    )


def _joins(
    plan: Plan, header: tuple[str, ...], forms: ValueForms, asked: Asked
) -> dict[TriplesMap, Callable[[list[str]], str | None]]:
    """The triples maps over joined views that longer rows can take, each with the function that makes its lines."""
    found: dict[TriplesMap, Callable[[list[str]], str | None]] = {}
    outside = asked.outside
    if asked.entailment is not None or outside is None or outside.tally is not None:
        return found
    for triples_map in plan.triples_maps:
        join = join_of(triples_map)
        if join is not None and join[0] in outside.joined:
            rows = JoinedRows(join=join[0], outer=join[1], header=header, nulls=forms.nulls)
            longer = Plan(triples_maps=(rows.over_longer_rows(triples_map),), base=plan.base)
            alone = asked._replace(check=All(), extras=(), tallied=())
            compiled = compile_program(longer, header=rows.longer_header, forms=forms, asked=alone)
            text = rows.texts(compiled.lift, outside.joined[join[0]]) if not compiled.handed_over else None
            if text is not None:
                found[triples_map] = text
    return found


def is_compilable(triples_map: TriplesMap, *, graphs: bool) -> bool:
    """Tell whether the generated code may take a triples map; its terms are looked at later.

    Args:
        triples_map: over one source.
        graphs: whether constant graphs may be among it, without blank nodes, which are none of two graphs.
    """
    if has_graph_maps(triples_map) and not (graphs and _constant_graphs(triples_map)):
        return False
    return triples_map.base is None and _constant_predicates(triples_map)


def _constant_graphs(triples_map: TriplesMap) -> bool:
    pairs = triples_map.predicate_objects
    graphs = [*triples_map.subject_graphs, *(graph for pair in pairs for graph in pair.graphs)]
    terms = [triples_map.subject, *(obj for pair in pairs for obj in pair.objects)]
    return all(isinstance(each.expression, Constant) for each in graphs) and not any(
        each.term_type is TermType.BLANK_NODE for each in terms
    )


def _constant_predicates(triples_map: TriplesMap) -> bool:
    maps = (predicate for pair in triples_map.predicate_objects for predicate in pair.predicates)
    return all(isinstance(predicate.expression, Constant) for predicate in maps)
