"""Bulk loads count until the database has merged their files, and who loads more waits for that, but not for ever."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from graphmap.store.compaction import Merging


def load(database: ox.Store, merging: Merging, number: int) -> None:
    text = "".join(f"<urn:s{number}-{at}> <urn:p> <urn:o{number}-{at}> <urn:g> .\n" for at in range(4_000))
    database.bulk_load(text.encode(), format=ox.RdfFormat.N_QUADS)
    merging.note()


def loaded(path: Path, times: int) -> tuple[ox.Store, Merging]:
    database, merging = ox.Store(path), Merging(path)
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
    load(database, Merging(tmp_path), 1)
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
