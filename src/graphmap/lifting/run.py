"""A mapping and its sources to N-Quads: joins first, then each source once for all triples maps over it.

Source: RML-Core, execution of a mapping.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graphmap.errors import DataError, Locator, MappingError
from graphmap.lifting.compiler import compile_plan
from graphmap.lifting.gathering import Gathered
from graphmap.lifting.hand_over import as_mapping, line_of
from graphmap.lifting.interpreter import Interpreter
from graphmap.lifting.joining import index_of
from graphmap.lifting.joins import JoinIndex, Outside
from graphmap.lifting.lifted import data_error
from graphmap.lifting.plan import Join, LogicalSource, Plan, ViewJoin, references, term_maps
from graphmap.lifting.sources import forms_of, open_source
from graphmap.lifting.view_steps import rows_of
from graphmap.records.counted import Counted
from graphmap.records.source import Raw, Records, Refuse, raise_refusal

__all__ = ["Conditions", "lift_plan"]


def _raise(error: DataError) -> None:
    raise error


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How a mapping is run.

    Args:
        folder: of the mapping, which relative paths start from.
        bind: name of a source, or its path, to the file to read in its place.
        meet: called for a record that gives no proper terms; by default it ends the work.
        refuse: called for a record that cannot be read; by default it ends the work.
        compiled: whether to take the fast path; the slow one gives the same and is there to be compared.
        in_memory: subjects of a join that are kept in memory before they go to a temporary file.
    """

    folder: Path
    bind: Mapping[str, str]
    meet: Callable[[DataError], None] = _raise
    refuse: Refuse = raise_refusal
    compiled: bool = True
    in_memory: int = 500_000


def lift_plan(plan: Plan, conditions: Conditions) -> Iterator[str]:
    """Run a plan.

    Args:
        plan: of the whole mapping.
        conditions: how.

    Yields:
        N-Quads text of one record after the other, source by source; each statement once a record.

    Raises:
        MappingError: where a source cannot be told, or lacks a column that is read.
        SourceError: where a source cannot be read to its end; what was read before was yielded.
        RecordError: at the first record that cannot be read, unless `refuse` says otherwise.
        DataError: at the first record that gives no proper terms, unless `meet` says otherwise.
    """
    outside = _outside(plan, conditions)
    try:
        for source in plan.sources:
            with closing(_opened(source, plan, conditions)) as opened:
                records = Counted(opened)
                here = replace(outside, position=records.position)
                lift = _lifter(plan.over(source), source, records, conditions, here)
                for row, raw in records:
                    yield lift(row, raw)
        if outside.gathered is not None:
            yield "".join(f"{s} {p} {o}{f' {g}' if g else ''} .\n" for s, p, o, g in outside.gathered.statements())
    finally:
        for index in outside.joined.values():
            index.close()


def _outside(plan: Plan, conditions: Conditions) -> Outside:
    """The indexes of all joins; a view that is joined may join others, whose indexes come first."""
    numbers, joined = itertools.count(), dict[Join | ViewJoin, JoinIndex]()
    outside = Outside(joined=joined, numbers=numbers, gathered=Gathered(numbers))
    for view_join in plan.view_joins:
        joined[view_join] = _joined_view(view_join, plan, conditions, outside)
    for join in plan.joins:
        joined[join] = _joined(join, plan, conditions, outside)
    return outside


def _joined_view(join: ViewJoin, plan: Plan, conditions: Conditions, outside: Outside) -> JoinIndex:
    source = join.parent.source
    index = JoinIndex(conditions.in_memory)
    with closing(_opened(source, plan, conditions)) as opened:
        records = Counted(opened)
        here = replace(outside, position=records.position)
        for row, key in rows_of(join, _as_read(records, source), forms=forms_of(source), outside=here):
            index.add(key, row)
    return index


def _joined(join: Join, plan: Plan, conditions: Conditions, outside: Outside) -> JoinIndex:
    source = join.parent.source
    index = JoinIndex(conditions.in_memory)
    with closing(_opened(source, plan, conditions)) as opened:
        records = Counted(opened)
        here = replace(outside, position=records.position)
        read, base = _as_read(records, source), join.base or plan.base
        for subject, key in index_of(join, read, base=base, forms=forms_of(source), outside=here):
            index.add(key, subject)
    return index


def _opened(source: LogicalSource, plan: Plan, conditions: Conditions) -> Records:
    columns = plan.columns(source) if source.formulation.tabular else ()
    return open_source(source, conditions.folder, bind=conditions.bind, refuse=conditions.refuse, columns=columns)


def _as_read(records: Records, source: LogicalSource) -> Iterator[Any]:
    """The records as the interpreter reads them."""
    if records.header is None:
        yield from (raw for _, raw in records)
    else:
        nulls = forms_of(source).nulls
        yield from (as_mapping(records.header, raw, nulls) for _, raw in records)


def _lifter(
    plan: Plan, source: LogicalSource, records: Records, conditions: Conditions, outside: Outside
) -> Callable[[int, Raw], str]:
    forms, header = forms_of(source), records.header
    _check_columns(plan, records)
    interpreter = Interpreter(plan, forms=forms, outside=outside)
    quick = compile_plan(plan, header=header, forms=forms, outside=outside).lift if conditions.compiled else None

    def lift(row: int, raw: Raw) -> str:
        if quick is not None and (found := quick(raw)) is not None:
            return found[1]
        lifted = interpreter.lift(raw if header is None else as_mapping(header, raw, forms.nulls))
        where = Locator(source=records.name, row=row)
        error = data_error(lifted.faults, where, hint="mend the value or the mapping")
        if error is not None:
            conditions.meet(error)
            return ""
        if outside.gathered is not None:
            outside.gathered.add(lifted.gathered)
        return "".join(dict.fromkeys(map(line_of, lifted.statements)))

    return lift


def _check_columns(plan: Plan, records: Records) -> None:
    """See to it that a table has all columns that its triples maps read.

    Raises:
        MappingError: where it has not.
    """
    if records.header is None:
        return
    for triples_map in plan.triples_maps:
        for term_map in term_maps(triples_map):
            for reference in references(term_map):
                if reference.level == 0 and reference.text not in records.header:
                    raise MappingError(
                        f"the mapping reads the column {reference.text!r}, which {records.name} does not have",
                        where=Locator(source=term_map.name),
                        hint=f"its columns: {', '.join(records.header)}",
                    )
