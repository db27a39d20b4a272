"""Whole columns against one row after the other: the same statements as often, the same count, the same errors."""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.generate import faulty_rows
from benchmarks.rows import COLUMNS
from graphmap.errors import GraphmapError
from graphmap.ingest import LiftRun, lift_files, lift_mapping, load_mappings
from graphmap.lifting import Plan, read_mapping
from graphmap.lifting.parallel.partition_lifter import LiftedPartition, PartitionLifter
from graphmap.records.value_forms import ValueForms, zoned_timestamp
from graphmap.workspace import read_workspace
from tests.lifting.mappings import PREFIXES, mapping, source
from tests.lifting.mutations import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_PROBE = settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
_POSTGRESQL = ValueForms(nulls=frozenset({"NULL"}), booleans={"t": "true", "f": "false"}, timestamps=zoned_timestamp)
_HEADER = ("a", "b", "c")


def _both(plan: Plan, table: bytes, forms: ValueForms = ValueForms(), *, strict: bool = False) -> tuple[str, str]:  # noqa: B008  # frozen
    """What columns make of a table, and what rows do, as text with counts and errors."""
    header = tuple(next(csv.reader(io.StringIO(table.split(b"\n")[0].decode()))))
    by_rows, by_columns = (PartitionLifter(plan, forms=forms, name="t", header=header, strict=strict) for _ in range(2))
    assert by_columns.take_columns(table)
    return _told(by_columns, table), _told(by_rows, table)


def _told(work: PartitionLifter, table: bytes) -> str:
    try:
        lifted: LiftedPartition = work(table)
    except GraphmapError as error:
        return f"{type(error).__name__} {error}"
    lines = sorted(b"".join(lifted.pieces).splitlines(keepends=True))
    return f"{lifted.records}\n{b''.join(lines).decode()}\n" + "\n".join(map(str, lifted.refused))


def _written(rows: Sequence[Sequence[str]], end: str = "\n", quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=quoting).writerows([_HEADER, *rows])
    return out.getvalue().encode("utf-8", "surrogatepass")


def _joined(rows: Sequence[Sequence[str]], end: str = "\n") -> bytes:
    """Rows as those write them who do not know of quotes."""
    return "".join(",".join(row) + end for row in (_HEADER, *rows)).encode("utf-8", "surrogatepass")


_TERM_MAPS: tuple[Callable[[str, str], str], ...] = (
    lambda one, _: f'rml:reference "{one}"',
    lambda one, _: f'rml:reference "{one}" ; rml:language "en"',
    *(
        lambda one, _, datatype=datatype: f'rml:reference "{one}" ; rml:datatype {datatype}'
        for datatype in (
            "xsd:integer",
            "xsd:date",
            "xsd:dateTime",
            "xsd:boolean",
            "xsd:decimal",
            "xsd:double",
            "ex:own",
        )
    ),
    lambda one, other: f'rml:template "{{{one}}} {{{other}}}" ; rml:termType rml:Literal',
    lambda one, other: (
        "rml:functionExecution [ rml:function graphmap:coalesce ; rml:input "
        f'[ rml:parameter graphmap:first ; rml:inputValueMap [ rml:reference "{one}" ] ] , '
        "[ rml:parameter graphmap:second ; rml:inputValueMap "
        f'[ rml:template "{{{other}}}!" ; rml:termType rml:Literal ] ] ]'
    ),
    lambda one, other: (
        "rml:functionExecution [ rml:function graphmap:when ; rml:input "
        f'[ rml:parameter graphmap:condition ; rml:inputValueMap [ rml:reference "{one}" ] ] , '
        f'[ rml:parameter graphmap:value ; rml:inputValueMap [ rml:reference "{other}" ] ] ]'
    ),
    lambda one, _: f'rml:reference "{one}" ; rml:termType rml:IRI',
    lambda one, other: f'rml:template "http://e/{{{one}}}/{{{other}}}"',
)
_SUBJECTS: tuple[str, ...] = (
    'rml:template "http://s/{a}"',
    'rml:template "http://s/{a}" ; graphmap:rule "some.rule"',
    'rml:template "http://s/{b}/{c}" ; rml:class ex:C',
    'rml:reference "c" ; rml:termType rml:IRI',
    "rml:constant ex:one",
)


def _mapping_text(subjects: Sequence[str], objects: Sequence[str]) -> str:
    """Each object under a predicate of its own, so that no line can repeat."""
    pairs = "".join(
        f" ; rml:predicateObjectMap [ rml:predicate ex:p{at} ; rml:objectMap [ {each} ] ]"
        for at, each in enumerate(objects)
    )
    maps = "".join(
        f"ex:m{at} rml:logicalSource ex:source ; rml:subjectMap [ {subject} ]"
        + pairs.replace("ex:p", f"ex:p{at}")
        + " .\n"
        for at, subject in enumerate(subjects)
    )
    return source("CSV") + maps


_objects = st.builds(
    lambda make, one, other: make(one, other),
    st.sampled_from(_TERM_MAPS),
    st.sampled_from(_HEADER),
    st.sampled_from(_HEADER),
)
_cells = cells | st.sampled_from(
    [
        "",
        "",
        "1",
        "1.5",
        "0.10",
        "2024-02-29",
        "2023-02-29",
        "2024-01-31",
        "true",
        "http://a/b",
        "http://[",
        'a"b',
        "\r",
        "\n",
        "é",
        "%",
    ]
)
_writers: st.SearchStrategy[Callable[[Sequence[Sequence[str]]], bytes]] = st.sampled_from(
    [
        _written,
        lambda rows: _written(rows, end="\r\n"),
        lambda rows: _written(rows, quoting=csv.QUOTE_ALL),
        _joined,
        lambda rows: _joined(rows, end="\r\n"),
    ]
)


@_PROBE
@given(
    subjects=st.lists(st.sampled_from(_SUBJECTS), min_size=1, max_size=2, unique=True),
    objects=st.lists(_objects, min_size=1, max_size=4),
    rows=st.lists(st.tuples(_cells, _cells, _cells), max_size=6),
    write=_writers,
    forms=st.sampled_from([ValueForms(), _POSTGRESQL]),
    strict=st.booleans(),
)
def test_made_up_tables_lift_alike_through_made_up_mappings(
    tmp_path: Path,
    subjects: list[str],
    objects: list[str],
    rows: list[tuple[str, str, str]],
    write: Callable[[Sequence[Sequence[str]]], bytes],
    forms: ValueForms,
    strict: bool,  # noqa: FBT001  # hypothesis hands it over by name
) -> None:
    plan = mapping(tmp_path, _mapping_text(subjects, objects), prefixes=PREFIXES)
    columns, one_by_one = _both(plan, write(rows), forms, strict=strict)
    assert columns == one_by_one


def _customers(count: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.values() for row, _ in faulty_rows(count, seed=4, errors=0.1))
    return out.getvalue().encode()


@pytest.fixture(scope="session")
def customers(root: Path) -> Plan:
    folder = root / "mappings"
    return read_mapping([folder / "warehouse.ttl", folder / "warehouse-limber.ttl"], base="http://e/")


@pytest.mark.parametrize("forms", [ValueForms(), _POSTGRESQL], ids=["xsd", "postgresql"])
def test_faulty_customers_lift_alike(customers: Plan, forms: ValueForms) -> None:
    columns, one_by_one = _both(customers, _customers(800), forms)
    assert columns == one_by_one
    assert columns.count("\n") > 40_000


def test_errors_of_later_portions_have_the_rows_of_the_input(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "rows.csv"
    table.write_bytes(_customers(1500))
    mappings = load_mappings(read_workspace(root), infer=False)

    def lifted() -> tuple[list[bytes], int, int, list[str]]:
        lifting = LiftRun(strict=False)
        text = b"".join(lift_files([str(table)], mappings, lifting, processes=2))
        return sorted(text.splitlines()), lifting.records, lifting.set_aside, list(map(str, lifting.first))

    by_columns = lifted()
    monkeypatch.setattr(PartitionLifter, "take_columns", lambda *_: False)
    assert by_columns == lifted()
    assert by_columns[1] == 1500
    assert max(int(found) for found in re.findall(r", row (\d+)", " ".join(by_columns[3]))) > 600


def test_statements_of_a_record_follow_one_another_where_that_is_asked_for(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_bytes(_customers(1500))
    warehouse = root / "mappings" / "warehouse.ttl"

    def subjects(*, together: bool) -> list[bytes]:
        bind, lifting = {"dim_customer": str(table)}, LiftRun(together=together)
        text = b"".join(lift_mapping(warehouse, [], lifting, base=None, bind=bind, environment={}, processes=2))
        found = [line.split(b" ", 1)[0] for line in text.splitlines()]
        return [each for each, _ in itertools.groupby(found)]

    grouped = subjects(together=True)
    assert len(grouped) == len(set(grouped))
    apart = subjects(together=False)
    assert set(apart) == set(grouped)
    assert len(apart) > 10 * len(grouped)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (b'1,"x, y",2\n', 1),
        (b'1,"say ""hi""",2\n', 1),
        (b'1,"two\nlines",2\n3,,\n', 2),
        (b'1,5" wide,2\n', 1),
        (b'1,"",2', 1),
        (b"\n1,x,2\n\n", 1),
        (b"1,x\n2,y,3\n", 2),
        (b"1,x,\xff\n2,y,3\n", 2),
        (b"1,\xed\xa0\x80,3\n", 1),
        (b"1,x\ry,3\n", 2),
        (b"1,\x00\t\\,3\n", 1),
        (b"", 0),
    ],
)
def test_rows_in_all_their_spellings_lift_alike(tmp_path: Path, rows: bytes, count: int) -> None:
    objects = ['rml:reference "b"', 'rml:reference "c"']
    plan = mapping(tmp_path, _mapping_text(['rml:template "http://s/{a}"'], objects), prefixes=PREFIXES)
    columns, one_by_one = _both(plan, b"a,b,c\n" + rows)
    assert columns == one_by_one
    assert columns.startswith(f"{count}\n")


@pytest.mark.parametrize(
    "body",
    [
        'rml:subjectMap [ rml:template "http://s/{a}" ; rml:graphMap [ rml:template "{b}" ] ; rml:class ex:C ]',
        'rml:subjectMap [ rml:template "b{a}" ; rml:termType rml:BlankNode ; rml:class ex:C ]',
        (
            'rml:subjectMap [ rml:template "http://s/{a}" ] ; rml:predicateObjectMap '
            '[ rml:predicate ex:p ; rml:objectMap [ rml:reference "b" ] , [ rml:reference "c" ] ]'
        ),
        "rml:subjectMap [ rml:constant ex:one ; rml:class ex:C ]",
    ],
    ids=["graphs of the data", "blank nodes", "lines that may be equal", "nothing that varies"],
)
def test_columns_step_back_from_what_they_cannot_do(tmp_path: Path, body: str) -> None:
    plan = mapping(tmp_path, source("CSV") + f"ex:m rml:logicalSource ex:source ; {body} .\n", prefixes=PREFIXES)
    work = PartitionLifter(plan, forms=ValueForms(), name="t", header=_HEADER)
    assert not work.take_columns(b"a,b,c\n")
