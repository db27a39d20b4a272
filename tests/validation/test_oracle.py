"""The engine against pySHACL on the derived shapes: samples, faulty records and mutations of them, graph by graph.

No mutated text ends in a line feed (to pySHACL the `$` of a pattern matches before it, as in Python), and days and
points in time keep to their own columns (to rdflib, each is a lexical form of the other).
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from benchmarks.envelopes import Envelope, envelopes
from benchmarks.rows import COLUMNS, Row, rows
from graphmap.ingest.workspace_model import Knowledge, load_knowledge
from graphmap.lifting import Interpreter
from graphmap.rdf.graph import Graph
from graphmap.rdf.parsing import parse_triples
from graphmap.rdf.terms import Triple
from graphmap.records import decode_json
from graphmap.validation.reference.pyshacl_process import Question, Reference
from graphmap.validation.report.result import Result
from graphmap.validation.shapes.class_hierarchy import SUBCLASS_OF
from graphmap.workspace import read_workspace

pytestmark = pytest.mark.slow

_ROWS, _ENVELOPES = "dim_customer", "customer-account"
_Difference = tuple[Counter[Result], Counter[Result]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle:
    """Engine and pySHACL over the same shapes and class hierarchy."""

    knowledge: Knowledge
    reference: Reference
    shapes: tuple[Triple, ...]
    hierarchy: tuple[Triple, ...]

    def lifted(self, source: str, record: Any) -> Graph:
        """The graph of one record, as the interpreter lifts it."""
        forms = self.knowledge.workspace.sources[source].forms
        statements = Interpreter(self.knowledge.plans[source], forms=forms).lift(record).statements
        return Graph((each.subject, each.predicate, each.object) for each in statements)

    def of_row(self, row: Row) -> Graph:
        """The graph of a row; an empty cell is none."""
        return self.lifted(_ROWS, {column: cell for column, cell in row.items() if cell})

    def of_envelope(self, envelope: Envelope) -> Graph:
        """The graph of an envelope."""
        return self.lifted(_ENVELOPES, decode_json(json.dumps(envelope)))

    def results(self, graphs: Iterable[Graph]) -> Iterator[tuple[Counter[Result], Counter[Result]]]:
        """What the engine and what pySHACL reports of each graph."""
        given_graphs = list(graphs)
        asked = [list(graph.triples()) for graph in given_graphs]
        verdicts = self.reference.ask(Question(shapes=self.shapes, graphs=asked, ontology=self.hierarchy))
        for graph, verdict in zip(given_graphs, verdicts, strict=True):
            assert verdict.failure is None
            yield Counter(self.knowledge.engine.validate(graph)), Counter(verdict.results)


@pytest.fixture(scope="module")
def oracle(root: Path) -> Iterator[Oracle]:
    knowledge = load_knowledge(read_workspace(root))
    workspace = knowledge.workspace
    shapes = [_triples(path, f"f{number}s") for number, path in enumerate(workspace.shapes())]
    ontology = [triple for path in workspace.ontology() for triple in _triples(path, "o")]
    with Reference() as running:
        yield Oracle(
            knowledge=knowledge,
            reference=running,
            shapes=tuple(triple for triples in shapes for triple in triples),
            hierarchy=tuple(triple for triple in ontology if triple.predicate == SUBCLASS_OF),
        )


def _triples(path: Path, prefix: str) -> Iterable[Triple]:
    return parse_triples(path.read_bytes(), source=path.name, prefix=prefix)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _envelopes(*paths: Path) -> list[Envelope]:
    lines = [path.read_text(encoding="utf-8").splitlines() for path in paths if path.suffix == ".jsonl"]
    whole = [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.suffix == ".json"]
    return [json.loads(line) for each in lines for line in each] + whole


def test_samples_conform_to_both(oracle: Oracle, samples: Path) -> None:
    graphs = [oracle.of_row(row) for row in _rows(samples / "dim_customer.csv")]
    graphs += [oracle.of_envelope(envelope) for envelope in _envelopes(*sorted(samples.iterdir()))]
    assert len(graphs) > 30
    assert list(oracle.results(graphs)) == [(Counter(), Counter())] * len(graphs)


def test_both_report_the_same_of_each_faulty_row(oracle: Oracle, faulty: Path) -> None:
    found = list(oracle.results(map(oracle.of_row, _rows(faulty / "rows.csv"))))
    assert sum(1 for ours, _ in found if ours) >= len(found) - 1  # the row without its key has no graph
    assert [ours for ours, _ in found] == [theirs for _, theirs in found]


def test_both_report_the_same_of_each_faulty_envelope(oracle: Oracle, faulty: Path) -> None:
    found = list(oracle.results(map(oracle.of_envelope, _envelopes(faulty / "envelopes.jsonl"))))
    assert sum(1 for ours, _ in found if ours) > 80  # an object without its key is found by the lift instead
    assert [ours for ours, _ in found] == [theirs for _, theirs in found]


def test_both_report_the_same_of_records_that_collide_and_of_faulty_nodes(oracle: Oracle, faulty: Path) -> None:
    collided = [
        _merged(map(oracle.of_row, _rows(faulty / "twice.csv"))),
        _merged(map(oracle.of_envelope, _envelopes(faulty / "twice.jsonl"))),
        Graph.of_lines((faulty / "nodes.nt").read_text(encoding="utf-8")),
    ]
    found = list(oracle.results(collided))
    assert all(ours for ours, _ in found)
    assert [ours for ours, _ in found] == [theirs for _, theirs in found]


def _merged(graphs: Iterable[Graph]) -> Graph:
    return Graph(dict.fromkeys(triple for graph in graphs for triple in graph.triples()))


_GOOD_ROWS = tuple(rows(5, Random(7)))
_GOOD_ENVELOPES = tuple(envelopes(3, Random(7)))
_CELLS = (
    *("", "x", " MEMBER", "ü" * 257, 'say "hi"\nto \\them', "ZZ", "DE", "de_DE", "AB-1", "a@b.example", "somebody"),
    *("true", "t", "perhaps", "LEGACY_WEB", "IMPORT-X", "IMPORT-*", "MEMBER", "UNVERIFIED", "VERIFIED"),
    *("7", "007", "-5", "1e3", "9223372036854775807", "9223372036854775808", "-99999999999999999999"),
    *("2023-08-01", "2023-07-31", "2023-02-30", "2023-08-01Z", "2025-01-10T05:15:30Z", "2025-01-10T05:15:30+02:00"),
)
_VALUES: tuple[Any, ...] = (
    *(None, "", "x", 'say "hi"\nto \\them', 7, -1.50, True, [], {}, {"a": [1, None]}, ["one", "two"], [7, "7"]),
    *("2023-02-30T10:00:00Z", "2023-04-26T16:09:42.5Z", "BusinessPartner", "Country", "InternalReference"),
    {"@type": "Country", "code": "NZ"},
    {"@type": "BusinessPartner", "uniqueText": "one", "code": ["1", 2], "primaryName": True},
    {"@type": "DataReference", "schemaName": "limber", "shapeName": "Country", "iri": "https://example.org/c#NZ"},
    {"@type": "InternalReference", "className": "BusinessPartner", "id": "nobody", "keys": [{"uniqueText": "one"}]},
)


@st.composite
def _spoilt_rows(draw: st.DrawFn) -> Row:
    row = draw(st.sampled_from(_GOOD_ROWS))
    changes = draw(st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(_CELLS), min_size=1, max_size=5))
    return row | {column: _FORMS.get(column, str)(cell) for column, cell in changes.items()}


def _day(cell: str) -> str:
    return cell.partition("T")[0] if _DATED(cell) else cell


def _moment(cell: str) -> str:
    return f"{cell[:10]}T10:00:00Z" if _DATED(cell) and "T" not in cell else cell


_DATED = re.compile(r"20\d\d-.+").fullmatch
_FORMS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"date_of_birth": _day, "created_date": _day, "last_updated": _moment}
)


@st.composite
def _spoilt_envelopes(draw: st.DrawFn) -> Envelope:
    """An envelope with members replaced, doubled, dropped or moved; what identifies the record stays."""
    envelope = deepcopy(draw(st.sampled_from(_GOOD_ENVELOPES)))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(envelope["data"]))
        holder, key = draw(st.sampled_from(places))
        other_holder, other_key = draw(st.sampled_from(places))
        odd = deepcopy(draw(st.sampled_from(_VALUES)))
        value = holder[key]
        choices = (odd, [value, odd], [value, value], deepcopy(other_holder[other_key]))
        holder[key] = draw(st.sampled_from(choices))
    return envelope


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder below a value with every key of it."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(row=_spoilt_rows())
def test_both_report_the_same_of_a_mutated_row(oracle: Oracle, row: Row) -> None:
    note(str({column: cell for column, cell in row.items() if cell}))
    assert _difference(oracle, oracle.of_row(row)) == (Counter(), Counter())


@settings(max_examples=70, deadline=None, derandomize=True, database=None)
@given(envelope=_spoilt_envelopes())
def test_both_report_the_same_of_a_mutated_envelope(oracle: Oracle, envelope: Envelope) -> None:
    note(json.dumps(envelope["data"]))
    assert _difference(oracle, oracle.of_envelope(envelope)) == (Counter(), Counter())


def _difference(oracle: Oracle, graph: Graph) -> _Difference:
    """What only the engine and what only pySHACL reports."""
    ((ours, theirs),) = oracle.results([graph])
    return ours - theirs, theirs - ours
