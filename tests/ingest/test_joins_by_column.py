"""Joins by column against joins row by row: the same statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.ingest import LiftRun, lift_mapping
from graphmap.lifting import Plan
from graphmap.lifting.execution import AnyJoin, JoinIndexer
from graphmap.lifting.parallel.partition_lifter import PartitionLifter
from graphmap.lifting.run_state import JoinIndex, SharedState
from graphmap.records.value_forms import ValueForms
from tests.lifting.mappings import BASE, PREFIXES, mapping
from tests.lifting.mutations import cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HEADER = ("a", "b", "c")
_Rows = list[tuple[str, str, str]]
_TABLES = "".join(
    f'ex:{name} a rml:LogicalSource ; rml:source "{name}.csv" ; rml:referenceFormulation rml:CSV .\n'
    for name in ("child", "parent")
)
_ONE = 'rml:joinCondition [ rml:child "b" ; rml:parent "c" ]'
_TWO = f'{_ONE} , [ rml:child "a" ; rml:parent "a" ]'
_SUBJECTS = ('rml:template "http://s/{a}"', 'rml:template "http://s/{b}/{c}"', "rml:constant ex:one")


def _body(child: str, parent: str, conditions: str, more: str = "") -> str:
    joined = f"rml:objectMap [ rml:parentTriplesMap ex:p ; {conditions} ]"
    return _TABLES + (
        f"ex:c rml:logicalSource ex:child ; rml:subjectMap [ {child} ] ; "
        f"rml:predicateObjectMap [ rml:predicate ex:to ; {joined} ] {more} .\n"
        f"ex:p rml:logicalSource ex:parent ; rml:subjectMap [ {parent} ] ; "
        'rml:predicateObjectMap [ rml:predicate ex:b ; rml:objectMap [ rml:reference "b" ] ] .\n'
    )


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in (_HEADER, *rows)).encode("utf-8", "surrogatepass")


def _lifted(plan: Plan, child: bytes, parent: bytes, *, columns: bool) -> list[bytes]:
    """The statements of both tables."""
    first, second = (plan.over(source) for source in sorted(plan.sources, key=lambda each: "child" in each.name))
    (join,), index = plan.joins, JoinIndex()
    indexer = JoinIndexer(join=join, add=index.add, base=BASE, outside=SharedState())
    forms, pieces = ValueForms(), list[bytes]()
    for part, table, outside, indexers in (
        (first, parent, SharedState(), (indexer,)),
        (second, child, SharedState(joined={join: index}), ()),
    ):
        work = PartitionLifter(part, forms=forms, name="t", header=_HEADER, outside=outside, indexers=indexers)
        assert not columns or work.take_columns(table)
        found = work(table)
        pieces += [bytes(piece) for piece in found.pieces]
        for pairs in found.keys:
            for key, subject in pairs:
                index.add(key, subject)
        for each in found.key_columns:
            index.add_columns(each)
    return sorted(b"".join(pieces).splitlines())


_cells = cells | st.sampled_from(["", "1", "2", "1", "2", "é", "%", 'a"b'])
_rows = st.lists(st.tuples(_cells, _cells, _cells), max_size=6)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    child=st.sampled_from(_SUBJECTS),
    parent=st.sampled_from(_SUBJECTS[:2]),
    conditions=st.sampled_from((_ONE, _TWO)),
    children=_rows,
    parents=_rows,
)
def test_joins_of_made_up_tables_are_alike(
    tmp_path: Path, child: str, parent: str, conditions: str, children: _Rows, parents: _Rows
) -> None:
    plan = mapping(tmp_path, _body(child, parent, conditions), prefixes=PREFIXES)
    tables = _table(children), _table(parents)
    assert _lifted(plan, *tables, columns=True) == _lifted(plan, *tables, columns=False)


@pytest.mark.parametrize("memory", [1 << 30, 0], ids=["in memory", "on disk"])
def test_a_join_of_large_tables_is_the_same_by_column_and_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int
) -> None:
    rows = [(str(number), f"k{number % 700}", f"k{number % 900}") for number in range(60_000)]
    (tmp_path / "child.csv").write_bytes(_table(rows))
    (tmp_path / "parent.csv").write_bytes(_table([*rows, ("1", '"two\nlines"', "k1")]))
    mapping(tmp_path, _body('rml:template "http://s/{a}"', 'rml:template "http://p/{a}"', _TWO), prefixes=PREFIXES)

    def lifted() -> list[bytes]:
        text = lift_mapping(
            tmp_path / "mapping.ttl", [], LiftRun(memory=memory), base=BASE, bind={}, environment={}, processes=2
        )
        return sorted(b"".join(text).splitlines())

    by_column = lifted()
    monkeypatch.setattr(PartitionLifter, "take_columns", lambda *_: False)
    assert by_column == lifted()
    assert sum(b"/to>" in line for line in by_column) > 100


@pytest.mark.parametrize(
    "more",
    [
        '; rml:predicateObjectMap [ rml:predicate ex:to ; rml:objectMap [ rml:reference "a" ; rml:termType rml:IRI ] ]',
        f"; rml:predicateObjectMap [ rml:predicate ex:to ; rml:objectMap [ rml:parentTriplesMap ex:p ; {_TWO} ] ]",
    ],
    ids=["a line that may be equal", "two joins that may meet"],
)
def test_columns_leave_to_rows_what_may_repeat(tmp_path: Path, more: str) -> None:
    plan = mapping(tmp_path, _body(_SUBJECTS[0], _SUBJECTS[1], _ONE, more), prefixes=PREFIXES)
    (source,) = (each for each in plan.sources if "child" in each.name)
    joined: dict[AnyJoin, JoinIndex] = {join: JoinIndex() for join in plan.joins}
    work = PartitionLifter(
        plan.over(source), forms=ValueForms(), name="t", header=_HEADER, outside=SharedState(joined=joined)
    )
    assert not work.take_columns(b"a,b,c\n")
