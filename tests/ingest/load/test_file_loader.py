"""Records into the store: outcomes, replacement, what stays shared, what is set aside."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphmap.errors import SourceError
from graphmap.ingest import Knowledge, LoadResult, load_files
from graphmap.store import EmbeddedStore
from tests.ingest.builders import BASE, envelope, envelopes_file, row, rows_file, status

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
PREFIXES = f"""
PREFIX limber: <{BASE}limber/>
PREFIX graph: <{BASE}graph/>
PREFIX graphmap: <https://w3id.org/graphmap#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""
MOMENT = '"2026-11-21T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'

Load = Callable[..., LoadResult]


@pytest.fixture
def load(knowledge: Knowledge, store: EmbeddedStore, tmp_path: Path) -> Load:
    def run(*records: dict[str, Any], **options: Any) -> LoadResult:
        tables = [each for each in records if "customer_id" in each]
        names = []
        if tables:
            names.append(rows_file(tmp_path / "rows.csv", tables))
        documents = [each for each in records if "customer_id" not in each]
        if documents:
            names.append(envelopes_file(tmp_path / "envelopes.jsonl", documents))
        return load_files(names, knowledge, store, moment=MOMENT, **options)

    return run


def entity(key: str) -> str:
    return f"<{BASE}limber/CustomerAccount#{key}>"


def document(key: str) -> str:
    return f"<{BASE}limber/CustomerAccount/{key}>"


def merged(store: EmbeddedStore, knowledge: Knowledge) -> set[tuple[str, str, str]]:
    """What the default graph must hold: all record graphs together and what follows from them."""
    layout = knowledge.workspace.layout
    graphs = [store.graph(name) for name in store.named_graphs() if layout.is_record_graph(name)]
    asserted = {triple for graph in graphs for triple in graph}
    return {tuple(triple) for triple in asserted | knowledge.saturation.entailed(asserted)}  # type: ignore[misc]


def test_a_good_record_has_a_graph_of_its_own_and_its_triples_are_known(load: Load, store: EmbeddedStore) -> None:
    assert load(envelope("one")).outcomes == {"stored": 1}
    code = f"<{BASE}limber/accountCode>"
    assert store.objects(entity("one"), code) == {'"ErpNord-one"'}
    assert store.objects(entity("one"), code, document("one")) == {'"ErpNord-one"'}


def test_the_default_graph_is_the_record_graphs_and_what_they_entail(
    load: Load, store: EmbeddedStore, knowledge: Knowledge
) -> None:
    load(envelope("one", customerStatus=status("A", "Active")), envelope("two"), row(1, country="NZ"), row(2))
    assert {tuple(t) for t in store.graph(None)} == merged(store, knowledge)
    load(envelope("one", version=2), row(1, country="DE", last_updated="2025-02-01T00:00:00Z"))
    assert {tuple(t) for t in store.graph(None)} == merged(store, knowledge)


def test_five_records_that_share_a_code_join_five_times_and_four_deletions_leave_its_label(
    load: Load, store: EmbeddedStore
) -> None:
    keys = ["a", "b", "c", "d", "e"]
    load(*(envelope(key, customerStatus=status("A", "Active")) for key in keys))
    joined = (
        f"{PREFIXES} SELECT ?account ?label {{ ?account limber:customerStatus ?status . ?status rdfs:label ?label }}"
    )
    assert len(store.select(joined)) == 5
    gone = load(*(envelope(key, version=2, action="DELETE") for key in keys[:4]))
    assert gone.outcomes == {"deleted": 4}
    assert store.select(joined) == ((entity("e"), '"Active"'),)
    load(envelope("e", version=2, action="DELETE"))
    assert store.objects(f"<{BASE}limber/CustomerStatus#A>", LABEL) == frozenset()
    assert store.count() == 0


def test_the_same_message_twice_changes_nothing(load: Load, store: EmbeddedStore) -> None:
    load(envelope("one"), row(7))
    before = store.stats().quads
    assert load(envelope("one"), row(7)).outcomes == {"unchanged": 2}
    assert store.stats().quads == before


def test_an_older_version_never_overwrites_a_newer_one(load: Load, store: EmbeddedStore) -> None:
    load(envelope("one", version=3, salesRepName="new"), row(7, city="new", last_updated="2025-03-01T00:00:00Z"))
    old = load(
        envelope("one", version=2, salesRepName="old"), row(7, city="old", last_updated="2025-02-28 23:00:00+00")
    )
    assert old.outcomes == {"stale": 2}
    assert store.objects(entity("one"), f"<{BASE}limber/salesRepName>") == {'"new"'}
    assert store.objects(entity("Warehouse-7"), f"<{BASE}warehouse/city>") == {'"new"'}


def test_a_new_version_in_the_same_file_replaces_the_one_before_it(load: Load, store: EmbeddedStore) -> None:
    loaded = load(envelope("one", version=1, salesRepName="first"), envelope("one", version=2, salesRepName="second"))
    assert loaded.outcomes == {"stored": 2}
    assert store.objects(entity("one"), f"<{BASE}limber/salesRepName>") == {'"second"'}


def test_a_deleted_record_leaves_a_tombstone_that_an_older_message_cannot_lift(
    load: Load, store: EmbeddedStore
) -> None:
    load(envelope("one", version=2), envelope("one", version=3, action="DELETE"))
    ended = "<http://www.w3.org/ns/prov#invalidatedAtTime>"
    assert store.objects(document("one"), ended, f"<{BASE}graph/provenance>") == {MOMENT}
    assert load(envelope("one", version=2)).outcomes == {"stale": 1}
    assert store.count() == 0


def test_a_message_that_is_not_live_is_checked_and_not_stored(load: Load, store: EmbeddedStore) -> None:
    assert load(envelope("one", mode="TEST")).outcomes == {"checked": 1}
    assert store.count() == 0


def test_a_record_with_a_violation_is_quarantined_with_payload_and_findings(load: Load, store: EmbeddedStore) -> None:
    loaded = load(envelope("one", accountCode=[]), envelope("two"))
    assert loaded.outcomes == {"quarantined": 1, "stored": 1}
    asked = f"""{PREFIXES} SELECT ?payload ?rule {{ GRAPH graph:reports {{
        ?record a graphmap:SetAsideRecord ; graphmap:payload ?payload ; graphmap:finding/graphmap:rule ?rule }} }}"""
    ((payload, rule),) = store.select(asked)
    assert rule == '"limber.CustomerAccount.accountCode.minCount"'
    assert '\\"uniqueText\\":\\"one\\"' in str(payload)
    assert store.objects(entity("one"), f"<{BASE}limber/uniqueText>") == frozenset()


def test_a_later_valid_version_clears_quarantine_and_findings(load: Load, store: EmbeddedStore) -> None:
    kept = f"SELECT ?s {{ GRAPH <{BASE}graph/reports> {{ ?s <https://w3id.org/graphmap#document> ?d }} }}"
    load(envelope("one", accountCode=[]))
    assert len(store.select(kept)) > 1
    assert load(envelope("one", version=2)).outcomes == {"stored": 1}
    assert store.select(kept) == ()


def test_a_warning_is_stored_beside_its_record(load: Load, store: EmbeddedStore) -> None:
    loaded = load(row(7, locale="german"))
    assert loaded.outcomes == {"stored": 1}
    assert loaded.report.counts()["Warning"] == 1
    asked = f"{PREFIXES} SELECT ?d ?row {{ GRAPH graph:reports {{ ?f graphmap:document ?d ; graphmap:row ?row }} }}"
    assert store.select(asked) == ((document("Warehouse-7"), '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),)


def test_records_that_share_a_key_in_one_input_are_all_set_aside(load: Load, store: EmbeddedStore) -> None:
    loaded = load(row(1, city="A"), row(2), row(1, city="B"))
    assert loaded.outcomes == {"stored": 1, "quarantined": 2}
    assert {finding.row for finding in loaded.report.findings} == {1, 3}
    assert store.objects(entity("Warehouse-1"), f"<{BASE}warehouse/city>") == frozenset()
    payloads = store.select(f"{PREFIXES} SELECT ?p {{ GRAPH graph:reports {{ ?r graphmap:payload ?p }} }}")
    assert len(payloads) == 2


def test_a_key_that_a_stored_record_has_is_refused_to_another(load: Load) -> None:
    load(envelope("one", accountCode="shared"))
    second = load(envelope("two", accountCode="shared"))
    assert second.outcomes == {"quarantined": 1}
    (finding,) = second.report.findings
    assert finding.rule == "limber.CustomerAccount.accountCode.unique"
    assert "CustomerAccount#one" in finding.message
    assert load(envelope("one", version=2, accountCode="shared")).outcomes == {"stored": 1}


def test_a_customer_number_of_an_archived_customer_is_free_again(load: Load) -> None:
    load(row(1, customer_number="AB-1"))
    assert load(row(2, customer_number="AB-1")).outcomes == {"quarantined": 1}
    load(row(1, customer_number="AB-1", archived="t", last_updated="2025-06-01T00:00:00Z"))
    assert load(row(2, customer_number="AB-1", last_updated="2025-06-01T00:00:00Z")).outcomes == {"stored": 1}


def test_a_row_without_its_key_is_kept_under_source_and_row(load: Load, store: EmbeddedStore) -> None:
    loaded = load(row(1), row(""))
    assert loaded.outcomes == {"stored": 1, "quarantined": 1}
    (finding,) = loaded.report.findings
    assert (finding.focus_node, finding.row, finding.pointer) == (None, 2, "/customer_id")
    asked = f"{PREFIXES} SELECT ?row {{ GRAPH graph:reports {{ ?r a graphmap:SetAsideRecord ; graphmap:row ?row }} }}"
    assert store.select(asked) == (('"2"^^<http://www.w3.org/2001/XMLSchema#integer>',),)


def test_without_record_graphs_only_the_knowledge_is_written(load: Load, store: EmbeddedStore) -> None:
    assert load(row(1), row(2), record_graphs=False).outcomes == {"stored": 2}
    assert document("Warehouse-2") not in store.named_graphs()
    assert store.objects(entity("Warehouse-2"), f"<{BASE}warehouse/lastname>") == {'"Müller"'}


def test_a_broken_line_between_good_ones_is_rejected_and_kept(
    knowledge: Knowledge, store: EmbeddedStore, tmp_path: Path
) -> None:
    file = tmp_path / "mixed.jsonl"
    file.write_text(f"{json.dumps(envelope('one'))}\n{{broken\n{json.dumps(envelope('two'))}\n", encoding="utf-8")
    loaded = load_files([str(file)], knowledge, store, moment=MOMENT)
    assert loaded.outcomes == {"stored": 2, "rejected": 1}
    assert [str(error.where) for error in loaded.refused] == [f"{file}, row 2"]
    payloads = store.select(f"{PREFIXES} SELECT ?p {{ GRAPH graph:reports {{ ?r graphmap:payload ?p }} }}")
    assert payloads == (('"{broken\\n"',),)


def test_an_input_that_breaks_off_undoes_its_bulk_load(
    knowledge: Knowledge, store: EmbeddedStore, tmp_path: Path
) -> None:
    whole = rows_file(tmp_path / "rows.csv", [row(number) for number in range(1, 2000)])
    packed = gzip.compress(Path(whole).read_bytes())
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(SourceError, match="cannot be unpacked"):
        load_files([str(cut)], knowledge, store, moment=MOMENT)
    assert store.count() == 0
