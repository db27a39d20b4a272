"""What waits to be merged, by planted and real files; who waits for it, and for how long."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from graphmap.store.compaction import Compaction, CompactionState, UnmergedLoads
from tests.store.manifests import added, log_of, manifest, removed, varint


def load(database: ox.Store, merging: UnmergedLoads, number: int) -> None:
    text = "".join(f"<urn:s{number}-{at}> <urn:p> <urn:o{number}-{at}> <urn:g> .\n" for at in range(4_000))
    database.bulk_load(text.encode(), format=ox.RdfFormat.N_QUADS)
    merging.note()


def loaded(path: Path, times: int) -> tuple[ox.Store, UnmergedLoads]:
    database, merging = ox.Store(path), UnmergedLoads(path)
    for number in range(times):
        load(database, merging, number)
    return database, merging


def test_a_bulk_load_counts_until_its_files_are_merged(tmp_path: Path) -> None:
    database, merging = loaded(tmp_path, 1)
    assert merging.unmerged == 1
    load(database, merging, 2)
    database.optimize()
    assert merging.unmerged == 0


def test_what_came_by_transactions_does_not_count(tmp_path: Path) -> None:
    database, merging = loaded(tmp_path, 0)
    database.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.NamedNode("urn:o")))
    database.flush()
    merging.note()
    assert merging.unmerged == 0


def test_who_loads_more_waits_until_enough_is_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, merging = loaded(tmp_path, 1)
    monkeypatch.setattr("graphmap.store.compaction._MOST_LOADS", 1)
    waiting = threading.Thread(target=merging.wait)
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    load(database, UnmergedLoads(tmp_path), 1)
    database.optimize()
    waiting.join(20)
    assert not waiting.is_alive()


def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphmap.store.compaction._MOST_LOADS", 1)
    monkeypatch.setattr("graphmap.store.compaction._LONGEST_S", 0.1)
    _, merging = loaded(tmp_path, 1)
    begun = time.monotonic()
    merging.wait()
    assert time.monotonic() - begun >= 0.1
    assert merging.unmerged == 1


def test_files_wait_where_those_of_an_order_overlap(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 300), (0, 11, 200), (6, 12, 7_000)), added(2, (0, 13, 40), (6, 14, 60)))
    state = Compaction(tmp_path).state
    assert state == CompactionState(files=5, bytes=7_600, waiting_files=2, waiting_bytes=500)
    assert not state.is_done
    assert state.is_compacted, "500 bytes are read fast, merged or not"


def test_a_store_is_not_compacted_while_much_waits(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 40 << 20), (0, 11, 40 << 20)))
    assert not Compaction(tmp_path).state.is_compacted


def test_nothing_waits_where_one_file_of_an_order_is_left(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 300), (6, 12, 7_000)), added(2, (0, 13, 40)))
    assert Compaction(tmp_path).state.is_done


def test_what_cannot_be_read_is_not_called_compacted(tmp_path: Path) -> None:
    manifest(tmp_path, varint(999))
    assert not Compaction(tmp_path).state.known


@pytest.fixture
def nothing_is_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphmap.store.compaction._LITTLE_BYTES", 0)


def test_nobody_waits_for_little(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 300), (0, 11, 200)))
    told: list[int] = []
    Compaction(tmp_path).wait(longest_s=3_600, stop=threading.Event(), begin=lambda state: told.append(state.files))
    assert told == []


@pytest.mark.usefixtures("nothing_is_little")
def test_nobody_waits_where_nothing_is_merged_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphmap.store.compaction._STILL_S", 0.1)
    manifest(tmp_path, added(1, (0, 10, 300), (0, 11, 200)))
    Compaction(tmp_path).wait(longest_s=3_600, stop=threading.Event(), begin=lambda _: None)


@pytest.mark.usefixtures("nothing_is_little")
def test_who_waits_is_told_once_what_waits_and_waits_no_longer_than_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphmap.store.compaction._SILENT_S", 0.0)
    manifest(tmp_path, added(1, (0, 10, 300), (0, 11, 200)))
    told: list[int] = []
    Compaction(tmp_path).wait(
        longest_s=0.2, stop=threading.Event(), begin=lambda state: told.append(state.waiting_files)
    )
    assert told == [2]


@pytest.mark.usefixtures("nothing_is_little")
def test_who_waits_is_let_go_when_told_to_stop(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 300), (0, 11, 200)))
    stop = threading.Event()
    stop.set()
    Compaction(tmp_path).wait(longest_s=3_600, stop=stop, begin=lambda _: None)


@pytest.mark.usefixtures("nothing_is_little")
def test_who_waits_goes_on_when_the_files_are_merged(tmp_path: Path) -> None:
    file = manifest(tmp_path, added(1, (0, 10, 300), (0, 11, 200)))
    compaction = Compaction(tmp_path)
    waiting = threading.Thread(
        target=compaction.wait, kwargs={"longest_s": 3_600, "stop": threading.Event(), "begin": lambda _: None}
    )
    waiting.start()
    with file.open("ab") as more:
        more.write(log_of(removed(1, (0, 10), (0, 11)) + added(1, (6, 12, 500))))
    waiting.join(20)
    assert not waiting.is_alive()
