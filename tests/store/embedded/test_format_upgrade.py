"""Stores of the first format."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from graphmap.errors import CallError, StoreError
from graphmap.rdf import FORMER, GRAPHMAP
from graphmap.store import EmbeddedStore, backup, restore
from graphmap.store.embedded.format_upgrade import upgrade

(_FORMER,) = FORMER
_OWN, _DATA = "<urn:own>", "<urn:data>"
_LINES = (
    f'<urn:s> <{_FORMER}outcome> "stored" <urn:own> .\n_:b <{_FORMER}kind> <{_FORMER}Revision> <urn:own> .\n'
    f'_:b <urn:p> "{_FORMER}text" <urn:own> .\n<urn:s> <{_FORMER}accountOf> _:b <urn:data> .\n'
    f"<urn:s> <{_FORMER}accountOf> <urn:o> .\n"
)


def of_first_format(path: Path, format_file: str | None) -> None:
    store = EmbeddedStore(path)
    store.load(_LINES.encode())
    store.close()
    (path / "graphmap-format").unlink()
    if format_file is not None:
        (path / "graphmap-format").write_text(format_file)


@pytest.fixture(params=["graphmap store 1\n", None], ids=["with its number", "without a number"])
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    of_first_format(tmp_path / "db", request.param)
    return tmp_path / "db"


def upgraded(path: Path) -> int:
    return upgrade(path, is_own=lambda graph: graph == _OWN, seen=lambda _: None)


def test_a_store_of_the_first_format_is_refused_with_the_command_to_run(old: Path) -> None:
    with pytest.raises(StoreError, match="format 1, of an earlier version") as caught:
        EmbeddedStore(old)
    assert "graphmap store upgrade" in str(caught.value.hint)


def test_an_upgrade_renames_the_vocabulary_in_graphs_of_its_own_and_nowhere_else(old: Path) -> None:
    assert upgraded(old) == 5
    store = EmbeddedStore(old)
    own = {(p, o) for _, p, o in store.graph(_OWN)}
    assert (f"<{GRAPHMAP}outcome>", '"stored"') in own
    assert (f"<{GRAPHMAP}kind>", f"<{GRAPHMAP}Revision>") in own
    assert ("<urn:p>", f'"{_FORMER}text"') in own
    ((_, predicate, blank),) = store.graph(_DATA)
    assert predicate == f"<{_FORMER}accountOf>"
    assert {s for s, _, _ in store.graph(_OWN)} == {"<urn:s>", blank}
    assert store.count() == 1
    store.close()
    assert upgraded(old) == 0
    assert not (old.parent / ".db-beside" / "staging").exists()


def test_an_upgrade_without_space_leaves_the_store_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(old)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StoreError, match="needs") as caught:
        upgraded(old)
    assert "the store is as it was" in str(caught.value.hint)
    monkeypatch.undo()
    assert upgraded(old) == 5


def test_a_backup_of_the_first_format_is_restored_and_then_upgraded(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "db")
    store.load(_LINES.encode())
    backup(store, tmp_path / "copy")
    store.close()
    file, manifest = tmp_path / "copy" / "data" / "graphmap-format", tmp_path / "copy" / "manifest.json"
    file.write_text("graphmap store 1\n")
    made = json.loads(manifest.read_text())
    made["files"][file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(made))
    restore(tmp_path / "other", tmp_path / "copy")
    with pytest.raises(StoreError, match="format 1"):
        EmbeddedStore(tmp_path / "other")
    assert upgraded(tmp_path / "other") == 5


def test_where_there_is_no_store_nothing_is_upgraded(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no store yet"):
        upgraded(tmp_path / "none")
    assert not (tmp_path / "none").exists()
