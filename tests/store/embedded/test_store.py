from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graphmap.errors import StoreError
from graphmap.store import EmbeddedStore

S, P, G, H = "<urn:s>", "<urn:p>", "<urn:g>", "<urn:h>"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "db")
    yield opened
    opened.close()


def test_a_checkpoint_is_a_store_of_its_own(store: EmbeddedStore, tmp_path: Path) -> None:
    store.load(f'{S} {P} "a" .\n'.encode())
    store.checkpoint(tmp_path / "copy")
    store.load(f'{S} {P} "b" .\n'.encode())
    copy = EmbeddedStore(tmp_path / "copy")
    assert copy.count() == 1
    copy.close()


def tables(store: EmbeddedStore) -> set[str]:
    return {file.name for file in store.path.glob("*.sst")}


def test_a_flush_writes_what_came_by_transactions(store: EmbeddedStore) -> None:
    store.bulk_load(f'{S} {P} "a" .\n'.encode())
    loaded = tables(store)
    store.flush()
    assert loaded == tables(store) != set()
    store.load(f'{S} {P} "b" .\n'.encode())
    store.flush()
    assert loaded < tables(store)
    store.replace(remove=[], add=f'{S} {P} "c" .\n'.encode())
    before = tables(store)
    store.flush()
    assert tables(store) != before


def test_who_may_lag_does_not_wait_for_what_is_added_later(store: EmbeddedStore) -> None:
    query = "SELECT ?o { ?s ?p ?o }"
    with store.staged():  # nothing else can write meanwhile
        written = store.add_later(b'<urn:s> <urn:p> "a" .\n')
        assert store.select(query, lagging=True) == ()
        assert not written.done()
    assert store.select(query) == (('"a"',),)


def test_a_copy_has_what_was_to_be_added_later(store: EmbeddedStore, tmp_path: Path) -> None:
    store.add_later(b'<urn:s> <urn:p> "a" .\n')
    store.checkpoint(tmp_path / "copy")
    copy = EmbeddedStore(tmp_path / "copy")
    assert copy.count() == 1
    copy.close()


def test_stats_count_what_is_there(store: EmbeddedStore) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n{S} {P} "b" {H} .\n'.encode())
    store.flush()
    store.optimize()
    stats = store.stats()
    assert (stats.quads, stats.default_triples, stats.named_graphs) == (3, 1, 2)
    assert stats.disk_bytes


def test_a_store_that_another_process_holds_says_so(store: EmbeddedStore) -> None:
    script = (
        "import sys, pathlib\nfrom graphmap.errors import StoreError\nfrom graphmap.store import EmbeddedStore\n"
        "try:\n    EmbeddedStore(pathlib.Path(sys.argv[1]))\nexcept StoreError as error:\n    print(error)\n"
    )
    run = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", script, str(store.path)], capture_output=True, text=True, check=True
    )
    assert "open in another process" in run.stdout
    assert "stop that process" in run.stdout


def test_a_damaged_store_says_so(tmp_path: Path) -> None:
    EmbeddedStore(tmp_path / "db").close()
    (tmp_path / "db" / "CURRENT").write_text("MANIFEST-999999\n")
    with pytest.raises(StoreError, match="CURRENT names MANIFEST-999999, which is missing") as caught:
        EmbeddedStore(tmp_path / "db")
    assert "graphmap store restore DIR" in str(caught.value.hint)


def half_made(folder: Path, manifest_bytes: int) -> Path:
    """A database whose maker was killed when it had written so much of the MANIFEST, and nothing else since."""
    made = folder / "made"
    if not made.exists():
        ox.Store(str(made))
    half = folder / f"half-{manifest_bytes}"
    shutil.copytree(made, half)
    (manifest,) = half.glob("MANIFEST-*")
    manifest.write_bytes(manifest.read_bytes()[:manifest_bytes])
    for file in (*half.glob("*.sst"), *half.glob("*.log")):
        file.write_bytes(b"")
    return half


def test_a_database_whose_maker_was_killed_is_completed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Column family not found"):
        ox.Store.read_only(str(half_made(tmp_path, 420)))
    for written in range(120, 700, 112):  # another family of columns is the first that is missing
        opened = EmbeddedStore(half_made(tmp_path, written))
        opened.load(f'{S} {P} "a" .\n'.encode())
        assert opened.count() == 1
        opened.close()


def test_a_file_in_the_place_of_a_store_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("no folder")
    with pytest.raises(StoreError):
        EmbeddedStore(tmp_path / "db")
