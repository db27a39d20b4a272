"""Commands that meet a running server go through it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphmap.errors import CallError, StoreError
from graphmap.ingest import Control, Ingestor, Knowledge, RunningStore, at_store, readable_store, reading_store
from graphmap.store import EmbeddedStore
from tests.ingest.builders import BASE, envelope, envelopes_file

Ask = Callable[..., object]


@pytest.fixture
def served(knowledge: Knowledge, tmp_path: Path) -> Iterator[Knowledge]:
    """What is known, with a store of its own that a server holds."""
    mine = replace(knowledge, workspace=replace(knowledge.workspace, store=tmp_path / "held"))
    store = EmbeddedStore(mine.workspace.store)
    ingest = Ingestor(store, mine, mine.workspace.sources["customer-account"])
    ingest(json.dumps(envelope("one")).encode())
    with Control(store, mine, ingest):
        yield mine
    ingest.close()
    store.close()


def test_a_load_goes_through_the_server_that_holds_the_store(served: Knowledge, tmp_path: Path) -> None:
    file = envelopes_file(tmp_path / "two.jsonl", [envelope("two"), envelope("three", accountCode=[])])
    given = {"files": [(file, file)], "source": None, "record_graphs": True, "in_stages": False}
    counted: list[int] = []
    told = at_store(served, "load", given, progress=counted.append)
    assert told["outcomes"] == {"stored": 1, "quarantined": 1}
    assert counted == [2]
    assert ["records stored from customer-account", 2] in at_store(served, "stats", {})["held"]
    (kept,) = at_store(served, "quarantine-list", {})
    assert kept["document"] == f"{BASE}limber/CustomerAccount/three"


def test_errors_come_back_as_they_were_raised(served: Knowledge) -> None:
    with pytest.raises(CallError, match="names no quarantined record") as caught:
        at_store(served, "quarantine-show", {"record": "nothing"})
    assert caught.value.hint == "`graphmap quarantine list` shows them"
    with pytest.raises(CallError, match="no operation"):
        at_store(served, "unheard-of", {})


def test_erasing_through_the_server_leaves_it_working(served: Knowledge) -> None:
    erased = at_store(served, "erase", {"iri": f"{BASE}limber/CustomerAccount#one"})
    assert erased["quads"] > 10
    assert at_store(served, "history", {"iri": f"{BASE}limber/CustomerAccount#one"}) == []
    assert at_store(served, "verify", {}) == []


def test_files_are_verified_while_a_server_holds_them(served: Knowledge) -> None:
    assert at_store(served, "verify-files", {}) == []
    at_store(served, "optimize", {})
    (place,) = {table.parent for table in served.workspace.store.glob("*.sst")}
    assert at_store(served, "verify-files", {}) == []
    table = max(place.glob("*.sst"), key=lambda file: file.stat().st_size)
    data = bytearray(table.read_bytes())
    data[len(data) // 3] ^= 1
    table.write_bytes(data)
    assert [file for file, _ in at_store(served, "verify-files", {})] == [str(table)]
    data[len(data) // 3] ^= 1
    table.write_bytes(data)  # the server goes on and ends


def test_readers_get_checkpoints_from_the_server(served: Knowledge, tmp_path: Path) -> None:
    with readable_store(served.workspace) as store:
        assert isinstance(store, RunningStore)
        store.checkpoint(tmp_path / "copy")
    copy = EmbeddedStore(tmp_path / "copy")
    assert f"<{BASE}limber/CustomerAccount/one>" in copy.named_graphs()
    copy.close()


def test_all_of_a_store_is_read_beside_the_server_and_nothing_is_left(served: Knowledge) -> None:
    path = served.workspace.store
    with reading_store(served.workspace) as store:
        assert f"<{BASE}limber/CustomerAccount/one>" in store.named_graphs()
    assert list(path.parent.glob(".checkpoints-*")) == []


def test_a_store_that_is_held_by_something_else_is_an_error(knowledge: Knowledge, tmp_path: Path) -> None:
    mine = replace(knowledge, workspace=replace(knowledge.workspace, store=tmp_path / "held"))
    store = EmbeddedStore(mine.workspace.store)
    with pytest.raises(StoreError, match="open in another process"):
        at_store(mine, "stats", {})
    store.close()
