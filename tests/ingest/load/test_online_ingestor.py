"""Envelopes as they come over HTTP: acknowledged, in order, once, whatever happened in between."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graphmap.errors import DataError, StoreError
from graphmap.ingest import Ingestor, IngestResult, Knowledge, load_files, readable_store, reading_store
from graphmap.ingest.admin.consistency_check import inconsistencies
from graphmap.ingest.load.file_loader import LoadOptions
from graphmap.rdf.terms import GRAPHMAP, literal_parts
from graphmap.store import EmbeddedStore, Journal
from tests.ingest.builders import BASE, envelope, envelopes_file, status

MOMENT = b'"2026-11-21T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
NAME = f"<{BASE}limber/salesRepName>"


def ingestor(store: EmbeddedStore, knowledge: Knowledge) -> Ingestor:
    return Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])


def body(*arguments: Any, **options: Any) -> bytes:
    return json.dumps(envelope(*arguments, **options)).encode()


def entity(key: str) -> str:
    return f"<{BASE}limber/CustomerAccount#{key}>"


def outcomes(several: list[IngestResult]) -> list[str]:
    return [each.outcome for each in several]


def test_one_envelope_gives_its_outcome_document_and_version(store: EmbeddedStore, knowledge: Knowledge) -> None:
    ingest = ingestor(store, knowledge)
    stored = ingest(body("one", version=3))
    assert (stored.outcome, stored.document, stored.version) == (
        "stored",
        f"{BASE}limber/CustomerAccount/one",
        "3",
    )
    assert ingest(body("one", version=3)).outcome == "unchanged"
    assert ingest(body("one", version=2, salesRepName="old")).outcome == "stale"
    assert ingest(body("one", version=4, action="DELETE")).outcome == "deleted"
    ingest.close()


def test_another_content_under_the_same_version_is_stored_with_a_warning(
    store: EmbeddedStore, knowledge: Knowledge
) -> None:
    ingest = ingestor(store, knowledge)
    ingest(body("one", salesRepName="first"))
    second = ingest(body("one", salesRepName="second"))
    assert second.outcome == "stored"
    findings: Any = second.report["findings"]
    (finding,) = findings
    assert (finding["severity"], finding["rule"]) == ("Warning", "graphmap.Document.version.repeated")
    assert store.objects(entity("one"), NAME) == {'"second"'}
    ingest.close()


def test_many_envelopes_have_their_outcomes_in_order(store: EmbeddedStore, knowledge: Knowledge) -> None:
    ingest = ingestor(store, knowledge)
    bodies = [
        body("a", accountCode="shared"),
        body("b", accountCode="shared"),
        body("a", version=2, accountCode="other", customerStatus=status("A", "Active")),
        b"{broken",
        body("c", accountCode=[]),
        body("c", version=2, customerStatus=status("A", "Active")),
        body("a", version=3, action="DELETE"),
        body("a", version=1),
    ]
    expected = ["stored", "quarantined", "stored", "rejected", "quarantined", "stored", "deleted", "stale"]
    assert outcomes(list(ingest.many(bodies))) == expected
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert store.objects(f"<{BASE}limber/CustomerStatus#A>", label) == {'"Active"'}
    assert list(inconsistencies(store, knowledge)) == []
    ingest.close()


def test_envelopes_that_replace_others_in_one_batch_leave_what_each_alone_would(
    store: EmbeddedStore, knowledge: Knowledge
) -> None:
    ingest = ingestor(store, knowledge)
    first = [body(f"k{number}", customerStatus=status("A", "Active"), salesRepName="same") for number in range(6)]
    second = [
        body("k0", version=2, customerStatus=status("B", "Blocked")),
        body("k1", version=2, action="DELETE"),
        body("k2", version=0),
        body("k3", customerStatus=status("A", "Active"), salesRepName="same"),
        body("k4", version=2, accountCode=[]),
        body("k6", customerStatus=status("C", "Closed")),
        body("k5", version=2, customerStatus=status("C", "Closed")),
    ]
    assert outcomes(list(ingest.many(first))) == ["stored"] * 6
    expected = ["stored", "deleted", "stale", "unchanged", "quarantined", "stored", "stored"]
    assert outcomes(list(ingest.many(second))) == expected
    assert list(inconsistencies(store, knowledge)) == []
    assert store.objects(entity("k5"), NAME) == frozenset()
    assert store.objects(entity("k3"), NAME) == {'"same"'}
    ingest.close()


def test_envelopes_that_wait_too_long_for_a_load_are_sent_back_and_leave_nothing(
    store: EmbeddedStore, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphmap.ingest.load.online_ingestor._PATIENCE_S", 0.05)
    ingest = ingestor(store, knowledge)
    with ingest.alone(), pytest.raises(StoreError, match="another long operation is at work"):
        ingest(body("one"))
    assert store.stats().quads == 0
    assert ingest(body("one")).outcome == "stored"
    ingest.close()


def test_a_load_in_stages_lets_envelopes_in_between_its_stages(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphmap.ingest.load.file_loader._STAGE", 500)
    ingest = ingestor(store, knowledge)
    file = envelopes_file(tmp_path / "many.jsonl", [envelope(f"k{number}") for number in range(501)])
    taken: list[str] = []

    def send() -> None:
        taken.append(ingest(body("between", salesRepName="Between")).outcome)

    with ingest.alone():
        sender = threading.Thread(target=send)
        sender.start()
        time.sleep(0.05)  # it waits by now
        assert taken == []

        def pause() -> None:
            ingest.pause()
            assert taken == ["stored"]

        meanwhile = LoadOptions(pause=pause)
        loaded = load_files([file], knowledge, store, moment=MOMENT.decode(), in_stages=True, meanwhile=meanwhile)
    sender.join()
    assert loaded.outcomes["stored"] == 501
    assert store.objects(entity("between"), NAME) == {'"Between"'}
    ingest.close()


def test_a_journal_that_has_grown_is_shortened_while_envelopes_come_in(
    store: EmbeddedStore, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphmap.ingest.load.online_ingestor._LARGEST_JOURNAL", 4_000)
    ingest = ingestor(store, knowledge)
    for number in range(12):
        assert ingest(body(f"k{number}")).outcome == "stored"
    until = time.monotonic() + 30
    while Journal(store.journal).start == 0 and time.monotonic() < until:
        assert ingest(body("again", version=int(time.monotonic() * 1000))).outcome == "stored"
    assert Journal(store.journal).start > 0
    kept = store.journal.read_bytes()
    ingest.close()
    store.journal.write_bytes(kept)  # as a kill would leave it
    ingestor(store, knowledge).close()
    assert list(inconsistencies(store, knowledge)) == []


def test_what_is_no_json_is_refused_and_leaves_nothing(store: EmbeddedStore, knowledge: Knowledge) -> None:
    ingest = ingestor(store, knowledge)
    with pytest.raises(DataError, match="not JSON"):
        ingest(b"{")
    ingest.close()
    assert store.stats().quads == 0


def test_what_the_journal_has_and_the_store_has_not_is_taken_in_at_the_next_start(
    store: EmbeddedStore, knowledge: Knowledge
) -> None:
    ingest = ingestor(store, knowledge)
    ingest(body("one", salesRepName="before"))
    ingest.close()
    journal = Journal(store.journal)
    journal.append([MOMENT + b"\n" + body("one", version=2, salesRepName="after"), MOMENT + b"\n" + body("two")])
    journal.close()
    again = ingestor(store, knowledge)
    assert store.objects(entity("one"), NAME) == {'"after"'}
    assert again(body("two")).outcome == "unchanged"
    again.close()
    assert list(inconsistencies(store, knowledge)) == []


def test_who_only_reads_sees_what_a_killed_server_had_acknowledged(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path
) -> None:
    journal = Journal(store.journal)
    journal.append([MOMENT + b"\n" + body("one", salesRepName="Ada")])
    journal.close()
    store.close()
    workspace = replace(knowledge.workspace, store=tmp_path / "store")
    for opened in (readable_store, reading_store, readable_store):
        with opened(workspace) as found:
            assert found.objects(entity("one"), NAME) == {'"Ada"'}


def test_what_comes_while_more_is_to_be_written_is_judged_as_if_all_were_there(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    random, versions = Random(5), count(1)
    bodies = []
    for _ in range(120):
        key, version = f"k{random.randrange(6)}", next(versions) - random.choice((0, 0, 0, 4))
        action = random.choice(("PUBLISH", "PUBLISH", "PUBLISH", "DELETE"))
        code = f"code-{random.randrange(4)}" if random.random() < 0.3 else f"code-{key}"
        bodies.append(body(key, version=version, action=action, accountCode=code))
        if random.random() < 0.2:
            bodies.append(random.choice(bodies))
    told: list[list[str]] = []
    knowing = []
    for waits in (False, True):
        store = EmbeddedStore(tmp_path / f"store-{waits}")
        ingest = ingestor(store, knowledge)
        told.append([])
        for each in bodies:
            told[-1].append(ingest(each).outcome)
            if waits:
                store.catch_up()
        knowing.append(store.graph(None))
        assert list(inconsistencies(store, knowledge)) == []
        ingest.close()
        store.close()
    assert told[0] == told[1]
    assert len(set(told[0])) > 3
    assert knowing[0] == knowing[1]


def test_an_entry_that_the_store_has_is_not_taken_in_again(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path
) -> None:
    ingest = ingestor(store, knowledge)
    ingest(body("one", salesRepName="first"))
    ingest(body("one", salesRepName="second"))
    kept = store.journal.read_bytes()
    ingest.close()
    store.journal.write_bytes(kept)
    before = store.stats().quads
    ingestor(store, knowledge).close()
    assert store.stats().quads == before
    assert store.objects(entity("one"), NAME) == {'"second"'}
    assert tmp_path.is_dir()


def test_threads_that_send_together_are_all_acknowledged_and_all_there(
    store: EmbeddedStore, knowledge: Knowledge
) -> None:
    ingest = ingestor(store, knowledge)
    found: list[str] = []

    def send(name: int) -> None:
        found.extend(
            ingest(body(f"{name}-{number}", customerStatus=status("A", "Active"))).outcome for number in range(5)
        )

    threads = [threading.Thread(target=send, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ingest.close()
    assert found == ["stored"] * 20
    assert list(inconsistencies(store, knowledge)) == []


def test_a_journal_that_goes_on_after_more_than_the_store_has_is_an_error(
    store: EmbeddedStore, knowledge: Knowledge
) -> None:
    Journal(store.journal, position=7).close()
    with pytest.raises(StoreError, match="goes on from 7, and the store has come to 0"):
        ingestor(store, knowledge)


def test_a_server_starts_again_after_messages_that_changed_nothing(store: EmbeddedStore, knowledge: Knowledge) -> None:
    ingest = ingestor(store, knowledge)
    ingest(body("one"))
    assert ingest(body("one")).outcome == "unchanged"
    ingest.close()
    again = ingestor(store, knowledge)
    assert again(body("one")).outcome == "unchanged"
    again.close()


@pytest.mark.parametrize("keeps", [True, False])
def test_the_present_message_is_kept_as_it_was_received_where_the_source_says_so(
    store: EmbeddedStore, knowledge: Knowledge, *, keeps: bool
) -> None:
    source = replace(knowledge.workspace.sources["customer-account"], keep_messages=keeps)
    ingest = Ingestor(store, knowledge, source)
    messages = [envelope("one", version=number, salesRepName=f"Ada {number}.50") for number in (1, 2)]
    assert [ingest(json.dumps(each).encode()).outcome for each in messages] == ["stored", "stored"]
    ingest.close()
    asked = f"SELECT ?m {{ GRAPH {knowledge.workspace.layout.provenance} {{ ?d <{GRAPHMAP}payload> ?m }} }}"
    kept = [json.loads(literal_parts(str(message)).lexical) for (message,) in store.select(asked)]
    assert kept == ([messages[1]] if keeps else [])
    assert list(inconsistencies(store, knowledge)) == []
