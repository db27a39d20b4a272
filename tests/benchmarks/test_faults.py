"""Holds the tables of faults against mapping and shapes: each fault breaks its rule and no other."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.envelope_faults import ENVELOPE_FAULTS
from benchmarks.envelopes import Envelope, envelopes
from benchmarks.faults import Fault
from benchmarks.node_faults import NODE_FAULTS
from benchmarks.row_faults import ROW_FAULTS
from benchmarks.rows import Row, rows
from graphmap.lifting.interpreter.interpreter import Interpreter
from graphmap.lifting.mapping.reader import read_mapping
from graphmap.rdf.graph import Graph
from graphmap.rdf.terms import iri_of, local_name
from graphmap.records import decode_json
from graphmap.records.value_forms import ValueForms
from graphmap.validation.engine.engine import Engine
from graphmap.validation.shapes.loader import load_shapes

_BASE = "https://schema.limbergraph.com/"
_OF_INGEST = frozenset({"limber.DataReference.fragment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    """Lifts by the interpreter and validates by the engine."""

    interpreter: Interpreter
    engine: Engine

    def broken(self, record: Any) -> dict[str, str]:
        """Severity of each rule that a record breaks, by the rule's slug."""
        lifted = self.interpreter.lift(record)
        graph = Graph((each.subject, each.predicate, each.object) for each in lifted.statements)
        found = {result.rule or "": local_name(iri_of(result.severity)) for result in self.engine.validate(graph)}
        return found | {fault.rule: "Violation" for fault in lifted.faults if fault.rule is not None}


@pytest.fixture(scope="module")
def engine(root: Path) -> Engine:
    return Engine(load_shapes([root / "shapes" / "limber.ttl", root / "shapes" / "warehouse.ttl"]))


def _checker(root: Path, engine: Engine, mappings: Iterable[str]) -> _Checker:
    plan = read_mapping([root / "mappings" / name for name in mappings], base=_BASE)
    interpreter = Interpreter(plan, forms=ValueForms())
    return _Checker(interpreter=interpreter, engine=engine)


@pytest.fixture(scope="module")
def of_rows(root: Path, engine: Engine) -> _Checker:
    return _checker(root, engine, ["warehouse.ttl", "warehouse-limber.ttl"])


@pytest.fixture(scope="module")
def of_envelopes(root: Path, engine: Engine) -> _Checker:
    return _checker(root, engine, ["limber.ttl"])


def _cells(row: Row) -> dict[str, str]:
    return {column: cell for column, cell in row.items() if cell}


def test_nodes_break_the_rules_that_their_index_says(engine: Engine) -> None:
    for fault in NODE_FAULTS:
        results = engine.validate(Graph.of_lines("\n".join(fault.lines)))
        found = {(result.rule, local_name(iri_of(result.severity)), iri_of(result.focus_node)) for result in results}
        assert found == {(rule, severity, fault.focus) for rule, severity in fault.broken}


def _document(envelope: Envelope) -> Any:
    return decode_json(json.dumps(envelope))


def test_generated_rows_break_no_rule(of_rows: _Checker) -> None:
    assert [row for row in rows(300, Random(3)) if of_rows.broken(_cells(row))] == []


def test_generated_envelopes_break_no_rule(of_envelopes: _Checker) -> None:
    assert [each for each in envelopes(60, Random(3)) if of_envelopes.broken(_document(each))] == []


def test_samples_break_no_rule(samples: Path, of_rows: _Checker, of_envelopes: _Checker) -> None:
    with (samples / "dim_customer.csv").open(encoding="utf-8", newline="") as stream:
        bad_rows = {row["customer_id"]: of_rows.broken(_cells(row)) for row in csv.DictReader(stream)}
    texts = [path.read_bytes() for path in sorted(samples.glob("*.json"))]
    texts += (samples / "accounts.jsonl").read_bytes().splitlines()
    bad_envelopes = [of_envelopes.broken(decode_json(text)) for text in texts]
    assert not any(bad_rows.values()), bad_rows
    assert not any(bad_envelopes), bad_envelopes


@pytest.mark.parametrize("fault", ROW_FAULTS, ids=lambda fault: fault.rule)
def test_a_fault_of_a_row_breaks_its_rule_and_no_other(fault: Fault[Row], of_rows: _Checker) -> None:
    row = next(rows(1, Random(5)))
    assert of_rows.broken(_cells(fault.spoil(row))) == {fault.rule: fault.severity}


@pytest.mark.parametrize("fault", ENVELOPE_FAULTS, ids=lambda fault: fault.rule)
def test_a_fault_of_an_envelope_breaks_its_rule_and_no_other(fault: Fault[Envelope], of_envelopes: _Checker) -> None:
    envelope = next(envelopes(1, Random(5)))
    broken = of_envelopes.broken(_document(fault.spoil(envelope)))
    assert broken == ({} if fault.rule in _OF_INGEST else {fault.rule: fault.severity})
