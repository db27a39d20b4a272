"""The compiled plan against the interpreter, on good records, faulty ones and mutations of both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.generate import faulty_envelopes, faulty_rows
from benchmarks.rows import COLUMNS
from graphmap.lifting import Interpreter, Plan, as_mapping, compile_plan, line_of, read_mapping
from graphmap.lifting.interpreter.unmapped_members import UnreadMembers
from graphmap.records import Documents, Rows, decode_json, encode_json
from graphmap.records.value_forms import ValueForms, zoned_timestamp
from tests.lifting.mutations import (
    Changes,
    RowChanges,
    changes,
    mutated_document,
    mutated_row,
    row_changes,
)

if TYPE_CHECKING:
    from pathlib import Path

_BASE = "https://schema.limbergraph.com/"
_PROBE = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
_POSTGRESQL = ValueForms(nulls=frozenset({"NULL"}), booleans={"t": "true", "f": "false"}, timestamps=zoned_timestamp)


@pytest.fixture(scope="session")
def accounts(root: Path) -> Plan:
    return read_mapping([root / "mappings" / "limber.ttl"], base=_BASE)


@pytest.fixture(scope="session")
def customers(root: Path) -> Plan:
    return read_mapping([root / "mappings" / name for name in ("warehouse.ttl", "warehouse-limber.ttl")], base=_BASE)


def _documents(samples: Path, faulty: Path) -> list[Any]:
    files = [*sorted(samples.glob("*.json*")), faulty / "envelopes.jsonl"]
    return [document for file in files for _, document in Documents(str(file))]


class _Many(list[Any]):
    """Records that a failing test does not print."""

    def __repr__(self) -> str:
        return f"{len(self)} records"


@pytest.fixture(scope="session")
def documents(samples: Path, faulty: Path) -> list[Any]:
    return _Many(_documents(samples, faulty))


@pytest.fixture(scope="session")
def rows(samples: Path, faulty: Path) -> list[list[str]]:
    files = (samples / "dim_customer.csv", faulty / "rows.csv")
    return [row for file in files for _, row in Rows(str(file))]


class _Both:
    """Interpreter and compiled plan side by side; `hits` counts what the fast path did."""

    def __init__(self, plan: Plan, forms: ValueForms, header: tuple[str, ...] | None = None) -> None:
        self._interpreter = Interpreter(plan, forms=forms)
        self._compiled = compile_plan(plan, header=header, forms=forms)
        self._header = header
        self._nulls = forms.nulls
        self.hits = 0

    def agree(self, raw: Any) -> list[str]:
        """The lines of the interpreter; the fast path must give the same or step back."""
        record = raw if self._header is None else as_mapping(self._header, raw, self._nulls)
        lifted = self._interpreter.lift(record)
        lines = {line_of(statement) for statement in lifted.statements}
        quick = self._compiled.lift(raw)
        if quick is not None:
            self.hits += 1
            _, asserted, entailed, _ = quick
            found = [f"{line}\n" for line in asserted.split("\n")[:-1]]  # a text may hold other line breaks
            assert not lifted.faults
            assert entailed == ""
            assert (set(found), len(found)) == (lines, len(set(found)))
        return sorted(lines)


@pytest.fixture(scope="session")
def account_pair(accounts: Plan) -> _Both:
    return _Both(accounts, ValueForms())


def _parse(lines: list[str]) -> int:
    return sum(1 for _ in pyoxigraph.parse("".join(lines), pyoxigraph.RdfFormat.N_QUADS))


def test_documents_lift_alike_and_the_good_ones_on_the_fast_path(accounts: Plan, documents: list[Any]) -> None:
    both = _Both(accounts, ValueForms())
    generated = [envelope for envelope, _ in faulty_envelopes(150, seed=5, errors=0.3)]
    for document in (*documents, *generated):
        lines = both.agree(decode_json(encode_json(document)))
        assert _parse(lines) == len(lines)
    assert both.hits > 100


def test_rows_lift_alike_and_the_good_ones_on_the_fast_path(customers: Plan, rows: list[list[str]]) -> None:
    both = _Both(customers, ValueForms(), tuple(COLUMNS))
    generated = [list(row.values()) for row, _ in faulty_rows(300, seed=5, errors=0.3)]
    for row in (*rows, *generated):
        lines = both.agree(row)
        assert _parse(lines) == len(lines)
    assert both.hits > 200


@_PROBE
@given(changed=changes)
def test_mutated_documents_lift_alike(account_pair: _Both, documents: list[Any], changed: Changes) -> None:
    lines = account_pair.agree(mutated_document(documents, changed))
    assert _parse(lines) == len(lines)


@_PROBE
@given(changed=row_changes)
def test_mutated_rows_lift_alike_in_every_form(customers: Plan, rows: list[list[str]], changed: RowChanges) -> None:
    row = mutated_row(rows, changed)
    for forms in (ValueForms(), _POSTGRESQL):
        lines = _Both(customers, forms, tuple(COLUMNS)).agree(row)
        assert _parse(lines) == len(lines)


@_PROBE
@given(changed=st.lists(changes, max_size=4))
def test_unread_members_are_those_of_the_interpreter_without_positions(
    accounts: Plan, documents: list[Any], changed: list[Changes]
) -> None:
    known = [("stats",), ("schemaVersion",), ("data", "@version")]
    interpreter = Interpreter(accounts, forms=ValueForms())
    unread = UnreadMembers(accounts, interpreter, known)
    for document in (mutated_document(documents, each) for each in changed):
        places = interpreter.unread(document, known)
        expected = {tuple("*" if isinstance(key, int) else key for key in place) for place in places}
        assert set(unread.of(document)) == expected


def test_a_row_in_the_forms_of_postgresql_lifts_to_the_triples_of_the_iso_form(
    customers: Plan, rows: list[list[str]]
) -> None:
    iso, exported = (_Both(customers, forms, tuple(COLUMNS)) for forms in (ValueForms(), _POSTGRESQL))
    words = {"true": "t", "false": "f", "": "NULL"}
    point = re.compile(r"(\d{4}-\d\d-\d\d)T(.*)Z")
    for row in rows[:10]:
        other = [words.get(cell, point.sub(r"\1 \2+00", cell)) for cell in row]
        assert other != row
        assert exported.agree(other) == iso.agree(row)
