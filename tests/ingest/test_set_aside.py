"""A record that is set aside again is one record, as it came last; dropping one leaves the findings of others whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphmap.ingest import Ingestor, Knowledge, load_files
from graphmap.ingest.admin.quarantine import QuarantinedRecord, QuarantineRetry, drop, messages_of, quarantined_records
from graphmap.provenance.document import now
from graphmap.store import EmbeddedStore
from tests.ingest.builders import envelope, envelopes_file, row, rows_file

_CODES = ["a", "b"]
_EARLY, _LATE = "2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z"


def moment(text: str) -> str:
    return f'"{text}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'


def kept(store: EmbeddedStore, knowledge: Knowledge) -> list[QuarantinedRecord]:
    return quarantined_records(store, knowledge.workspace.layout)


def statements(store: EmbeddedStore, knowledge: Knowledge, node: str) -> int:
    reports = knowledge.workspace.layout.reports
    return len(store.select(f"SELECT ?p ?o {{ GRAPH {reports} {{ {node} ?p ?o }} }}"))


def test_an_envelope_that_comes_again_is_one_record_of_the_later_time(
    store: EmbeddedStore, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    body = json.dumps(envelope("one", accountCode=_CODES)).encode()
    sizes = set()
    for time in (_EARLY, _LATE):
        monkeypatch.setattr("graphmap.ingest.load.online_ingestor.now", lambda time=time: moment(time))
        assert ingest(body).outcome == "quarantined"
        (found,) = kept(store, knowledge)
        assert found.moment == time
        sizes.add(statements(store, knowledge, found.node))
    assert list(ingest.many([b"{", b"{"]))[1].outcome == "rejected"
    assert list(ingest.many([b"{", b"{"]))[1].outcome == "rejected"
    ingest.close()
    assert len(sizes) == 1
    assert [each.outcome for each in kept(store, knowledge)].count("rejected") == 2


@pytest.mark.parametrize("what", ["envelopes", "rows", "colliding", "unreadable"])
def test_a_file_that_is_loaded_again_sets_its_records_aside_once(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path, what: str
) -> None:
    envelopes = [envelope("one", accountCode=_CODES), envelope("two", accountCode=_CODES)]
    rows = {
        "rows": [row(1, lastname=""), row(2), row(1, lastname="")],
        "colliding": [row(1, customer_number="C1"), row(2, customer_number="C1")],
    }
    broken = tmp_path / "broken.jsonl"
    broken.write_text(json.dumps(envelope("good")) + "\n{broken\n{shattered\n", encoding="utf-8")
    name = {
        "envelopes": lambda: envelopes_file(tmp_path / "in.jsonl", [*envelopes, envelopes[0]]),
        "unreadable": lambda: str(broken),
    }.get(what, lambda: rows_file(tmp_path / "in.csv", rows[what]))()
    nodes = []
    for time in (_EARLY, _LATE):
        load_files([name], knowledge, store, moment=moment(time))
        found = kept(store, knowledge)
        assert {each.moment for each in found} == {time}
        nodes.append({each.node: statements(store, knowledge, each.node) for each in found})
    assert nodes[0] == nodes[1]
    assert len(nodes[0]) == (1 if what == "rows" else 2)


def test_a_record_that_is_dropped_leaves_what_was_found_in_another(store: EmbeddedStore, knowledge: Knowledge) -> None:
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    for version in (1, 2):
        ingest(json.dumps(envelope("one", version=version, accountCode=_CODES)).encode())
    ingest.close()
    layout = knowledge.workspace.layout
    first, second = kept(store, knowledge)
    said = messages_of(second, store, layout)
    drop(first, store, layout)
    assert said
    assert messages_of(second, store, layout) == said
    drop(second, store, layout)
    assert kept(store, knowledge) == []
    assert (
        store.select(f"SELECT ?s {{ GRAPH {layout.reports} {{ ?s <http://www.w3.org/ns/shacl#resultMessage> ?o }} }}")
        == ()
    )


def test_a_record_that_is_named_is_read_without_the_payloads_of_others(
    store: EmbeddedStore, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    for number in range(3):
        ingest(b'{"big": "' + b'\\"' * 1000 + b'", "n": %d}' % number)
    layout = knowledge.workspace.layout
    first, *_ = quarantined_records(store, layout)
    read: list[str] = []
    select = store.select

    def watched(query: str, *, lagging: bool = False) -> tuple[tuple[str | None, ...], ...]:
        rows = select(query, lagging=lagging)
        read.extend(cell for row in rows for cell in row if cell and "big" in cell)
        return rows

    monkeypatch.setattr(store, "select", watched)
    assert quarantined_records(store, layout, [first.identifier]) == [first]
    assert len(read) == 1
    list(QuarantineRetry(store, knowledge, now()).retry([first]))
    assert len(set(read)) == 1  # its own, once more
