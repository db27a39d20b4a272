"""What an operator does: look back, judge again, drop, back up, restore, verify, erase."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from graphmap.errors import CallError, StoreError
from graphmap.ingest import Ingestor, Knowledge, load_files
from graphmap.ingest.admin.consistency_check import inconsistencies
from graphmap.ingest.admin.erasure import erase
from graphmap.ingest.admin.open_store import opened_store, settle_journal
from graphmap.ingest.admin.quarantine import QuarantineRetry, drop, messages_of, quarantined_records
from graphmap.provenance.document import now
from graphmap.provenance.revisions import History
from graphmap.store import EmbeddedStore, backup, restore
from tests.ingest.builders import BASE, envelope, envelopes_file, row, rows_file, status

Send = Callable[..., str]


@pytest.fixture
def send(store: EmbeddedStore, knowledge: Knowledge) -> Iterator[Send]:
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    yield lambda *given, **data: ingest(json.dumps(envelope(*given, **data)).encode()).outcome
    ingest.close()


def document(key: str) -> str:
    return f"{BASE}limber/CustomerAccount/{key}"


def states(store: EmbeddedStore, knowledge: Knowledge, key: str) -> list[tuple[str, str | None, bool]]:
    events = History(layout=knowledge.workspace.layout).events(document(key), store)
    return [(event.outcome, event.version, event.present) for event in events]


def bytes_beside(store: EmbeddedStore) -> bytes:
    folders = (store.path, store.place.beside)
    return b"".join(file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file())


def test_history_has_every_state_and_every_refused_message(
    store: EmbeddedStore, knowledge: Knowledge, send: Send
) -> None:
    send("one", version=1)
    send("one", version=3, salesRepName="new")
    send("one", version=2, salesRepName="late")
    send("one", version=2, salesRepName="late")
    send("one", version=4, accountCode=[])
    assert sorted(states(store, knowledge, "one")) == [
        ("quarantined", "4", True),
        ("stale", "2", False),
        ("stored", "1", False),
        ("stored", "3", True),
    ]
    send("one", version=5, action="DELETE")
    assert sorted(states(store, knowledge, "one")) == [
        ("deleted", "5", True),
        ("quarantined", "4", False),
        ("stale", "2", False),
        ("stored", "1", False),
        ("stored", "3", False),
    ]


def test_an_older_valid_version_does_not_clear_a_newer_quarantined_one(
    store: EmbeddedStore, knowledge: Knowledge, send: Send
) -> None:
    send("one", version=5, accountCode=[])
    assert send("one", version=4) == "stored"
    assert [each.document for each in quarantined_records(store, knowledge.workspace.layout)] == [document("one")]
    assert send("one", version=6) == "stored"
    assert quarantined_records(store, knowledge.workspace.layout) == []
    assert list(inconsistencies(store, knowledge)) == []


def test_a_record_that_is_still_wrong_stays_set_aside_once(
    store: EmbeddedStore, knowledge: Knowledge, send: Send
) -> None:
    send("one", accountCode=[])
    layout = knowledge.workspace.layout
    before = {(each.node, *messages_of(each, store, layout)) for each in quarantined_records(store, layout)}
    ((_, outcome),) = QuarantineRetry(store, knowledge, now()).retry(quarantined_records(store, layout))
    assert outcome == "quarantined"
    assert {(each.node, *messages_of(each, store, layout)) for each in quarantined_records(store, layout)} == before


def test_a_record_whose_reason_is_gone_is_stored_when_it_is_judged_again(
    store: EmbeddedStore, knowledge: Knowledge, send: Send
) -> None:
    send("one", accountCode="shared")
    assert send("two", accountCode="shared") == "quarantined"
    send("one", version=2, accountCode="other")
    layout = knowledge.workspace.layout
    ((kept, outcome),) = QuarantineRetry(store, knowledge, now()).retry(quarantined_records(store, layout))
    assert (kept.document, outcome) == (document("two"), "stored")
    assert quarantined_records(store, layout) == []
    assert list(inconsistencies(store, knowledge)) == []


def test_rows_are_judged_again_with_their_columns_and_twins_stay_apart(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path
) -> None:
    layout = knowledge.workspace.layout
    file = rows_file(tmp_path / "rows.csv", [row(1, city="A"), row(1, city="B"), row(""), row(3)])
    load_files([file], knowledge, store, moment=now())
    assert [each.row for each in quarantined_records(store, layout)] == [1, 2, 3]
    retried = [
        (kept.row, out)
        for kept, out in QuarantineRetry(store, knowledge, now()).retry(quarantined_records(store, layout))
    ]
    assert retried == [(1, "quarantined"), (2, "quarantined"), (3, "quarantined")]
    drop(quarantined_records(store, layout)[0], store, layout)
    retried = [
        (kept.row, out)
        for kept, out in QuarantineRetry(store, knowledge, now()).retry(quarantined_records(store, layout))
    ]
    assert retried == [(2, "stored"), (3, "quarantined")]
    city = f"<{BASE}warehouse/city>"
    assert store.objects(f"<{BASE}limber/CustomerAccount#Warehouse-1>", city) == {'"B"'}


def test_a_dropped_record_is_gone_and_its_history_says_so(
    store: EmbeddedStore, knowledge: Knowledge, send: Send
) -> None:
    send("one", accountCode=[])
    layout = knowledge.workspace.layout
    (kept,) = quarantined_records(store, layout, [quarantined_records(store, layout)[0].identifier[:6]])
    drop(kept, store, layout)
    assert quarantined_records(store, layout) == []
    assert states(store, knowledge, "one") == [("dropped", "1", False)]
    with pytest.raises(CallError, match="names no quarantined record"):
        quarantined_records(store, layout, ["abc"])


def test_a_backup_comes_back_as_it_was_and_overwrites_only_when_told(
    store: EmbeddedStore, knowledge: Knowledge, send: Send, tmp_path: Path
) -> None:
    send("one")
    manifest = backup(store, tmp_path / "backup")
    send("two")
    with pytest.raises(CallError, match="there already"):
        backup(store, tmp_path / "backup")
    with pytest.raises(StoreError, match="open in another process"):
        restore(store.path, tmp_path / "backup", force=True)
    restore(tmp_path / "copy", tmp_path / "backup")
    with pytest.raises(CallError, match="a store already"):
        restore(tmp_path / "copy", tmp_path / "backup")
    assert restore(tmp_path / "copy", tmp_path / "backup", force=True).files == manifest.files
    copy = EmbeddedStore(tmp_path / "copy")
    assert f"<{document('one')}>" in copy.named_graphs()
    assert f"<{document('two')}>" not in copy.named_graphs()
    assert list(inconsistencies(copy, knowledge)) == []
    copy.close()


def test_a_damaged_backup_is_refused_and_the_store_stays(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path
) -> None:
    load_files([envelopes_file(tmp_path / "one.jsonl", [envelope("one")])], knowledge, store, moment=now())
    backup(store, tmp_path / "backup")
    store.close()
    victim = max((tmp_path / "backup" / "data").iterdir(), key=lambda file: file.stat().st_size)
    victim.write_bytes(victim.read_bytes() + b"x")
    before = sorted(file.name for file in store.path.iterdir())
    with pytest.raises(StoreError, match="is not what was backed up"):
        restore(store.path, tmp_path / "backup", force=True)
    assert sorted(file.name for file in store.path.iterdir()) == before
    again = EmbeddedStore(store.path)
    assert f"<{document('one')}>" in again.named_graphs()
    again.close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (f"DELETE DATA {{ GRAPH <{document('one')}> {{ <{BASE}x> <{BASE}y> <{BASE}z> }} }}", None),
        (f"DELETE WHERE {{ GRAPH <{document('one')}> {{ ?s <{BASE}limber/uniqueText> ?o }} }}", "not what was stored"),
        (f"DROP GRAPH <{document('one')}>", "provenance and no graph"),
        (f"DELETE WHERE {{ GRAPH <{BASE}graph/provenance> {{ ?s ?p ?o }} }}", "no provenance"),
        (f"INSERT DATA {{ <{BASE}x> <{BASE}y> <{BASE}z> }}", "has without support 1 triples"),
        (f"DELETE WHERE {{ ?s <{BASE}limber/uniqueText> ?o }}", "lacks"),
    ],
)
def test_verification_names_what_somebody_else_changed(
    store: EmbeddedStore, knowledge: Knowledge, send: Send, change: str, told: str | None
) -> None:
    send("one")
    store.update(change)
    found = " ".join(fault.what for fault in inconsistencies(store, knowledge))
    assert found == "" if told is None else told in found


def test_an_erased_record_is_nowhere_any_more_and_its_backup_is_named(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path
) -> None:
    secret = "Zweifelhaftesgeheimnis"  # noqa: S105  # a name that stands nowhere else
    layout = knowledge.workspace.layout
    file = envelopes_file(
        tmp_path / "some.jsonl",
        [
            envelope("one", salesRepName=f"{secret}1", customerStatus=status("A", "Active")),
            envelope("one", version=2, salesRepName=f"{secret}2", accountCode=[]),
            envelope("one-more", customerStatus=status("A", "Active")),
        ],
    )
    load_files([file], knowledge, store, moment=now())
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    ingest(json.dumps(envelope("one", version=3, salesRepName=f"{secret}3")).encode())
    backup(store, tmp_path / "backup")
    del ingest  # as if the server had been killed: the journal keeps its entry
    assert secret.encode() in bytes_beside(store)
    settle = partial(settle_journal, store, knowledge)
    erased = erase(store, knowledge, f"{BASE}limber/CustomerAccount#one", settle=settle)
    assert (erased.set_aside, erased.backups) == (0, (tmp_path / "backup",))
    assert erased.quads > 10
    assert secret.encode() not in bytes_beside(store)
    assert states(store, knowledge, "one") == []
    assert quarantined_records(store, layout) == []
    assert f"<{document('one-more')}>" in store.named_graphs()
    assert list(inconsistencies(store, knowledge)) == []


def test_what_is_dumped_loads_into_the_same_store(store: EmbeddedStore, send: Send, tmp_path: Path) -> None:
    send("one", customerStatus=status("A", 'Straße "x"\n'))
    send("two", accountCode=[])
    store.dump(tmp_path / "dump.nq")
    copy = EmbeddedStore(tmp_path / "copy")
    copy.bulk_load(tmp_path / "dump.nq")
    copy.dump(tmp_path / "again.nq")
    first, second = (sorted((tmp_path / name).read_text().splitlines()) for name in ("dump.nq", "again.nq"))
    assert first == second
    copy.close()


def test_checkpoints_of_killed_processes_are_removed_when_the_store_is_opened(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    left = tmp_path / ".checkpoints-left" / "1"
    left.mkdir(parents=True)
    mine = replace(knowledge, workspace=replace(knowledge.workspace, store=tmp_path / "held"))
    with opened_store(mine) as store:
        assert store.path.is_dir()
    assert not left.parent.exists()
