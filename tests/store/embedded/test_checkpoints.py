"""Readers get another checkpoint when the store has changed, and when its files are merged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.store import Compaction, EmbeddedStore, Pool, Workers, parse_query
from graphmap.store.embedded.checkpoints import Checkpoints

ALL = parse_query("SELECT ?o { ?s ?p ?o }")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedStore]:
    """A store with a file that counts as waiting, and that the database leaves as it is until it is told."""
    monkeypatch.setattr("graphmap.store.compaction._TRIGGER", 1)
    monkeypatch.setattr("graphmap.store.embedded.checkpoints._LOOK_S", 0.0)
    opened = EmbeddedStore(tmp_path / "db")
    opened.load(b'<urn:s> <urn:p> "a" .\n')
    opened.flush()
    assert not opened.compaction.state.is_done
    yield opened
    opened.close()


def test_a_checkpoint_is_due_again_when_the_files_are_merged(store: EmbeddedStore, tmp_path: Path) -> None:
    checkpoints = Checkpoints(store, tmp_path / "readers")
    before, generation = checkpoints.newest(1), store.generation
    assert checkpoints.newest(1) == before
    store.optimize()
    assert checkpoints.due
    after = checkpoints.newest(1)
    assert after != before
    assert checkpoints.newest(1) == after
    assert not Compaction(after).state.waiting_files
    assert store.generation == generation


def test_a_checkpoint_of_merged_files_stays_while_nothing_is_written(store: EmbeddedStore, tmp_path: Path) -> None:
    store.optimize()
    checkpoints = Checkpoints(store, tmp_path / "readers")
    before = checkpoints.newest(1)
    store.optimize()
    assert not checkpoints.due
    assert checkpoints.newest(1) == before


def test_a_checkpoint_that_another_reader_has_stays_when_the_files_are_merged(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    checkpoints = Checkpoints(store, tmp_path / "readers")
    before = checkpoints.newest(1)
    store.optimize()
    checkpoints.newest(2)
    copy = EmbeddedStore(before)
    assert copy.count() == 1
    copy.close()
    checkpoints.newest(1)
    assert not before.exists()


def test_each_worker_reads_the_merged_files_and_the_state_of_the_data_stays(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    workers = Workers(Pool(store=store, folder=tmp_path / "readers", size=2))
    try:
        for _ in range(2):  # the workers take turns
            workers.answer(ALL, syntax="json")
        state = workers.pool.state
        store.optimize()
        answers = [workers.answer(ALL, syntax="json") for _ in range(2)]
        assert [len(json.loads(answer.body)["results"]["bindings"]) for answer in answers] == [1, 1]
        assert workers.pool.state == state
        (left,) = (tmp_path / "readers").iterdir()  # nobody reads the one before any more
        assert not Compaction(left).state.waiting_files
    finally:
        workers.close()
