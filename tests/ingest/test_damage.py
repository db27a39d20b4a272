"""Whatever happens to a file of a store: each acknowledged record is there, or the damage is told and nothing is done.

Each case damages one file of a store, opens it twice, looks at its folders, and restores a backup. What was
acknowledged after the backup is in the journal.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from graphmap.errors import StoreError
from graphmap.ingest import Ingestor, Knowledge, at_store, load_files, load_knowledge
from graphmap.ingest.admin.open_store import opened_store
from graphmap.provenance.document import now
from graphmap.store import backup, restore
from graphmap.store.embedded.format_upgrade import upgrade
from graphmap.workspace import read_workspace
from tests.ingest.builders import BASE, envelope, envelopes_file

ROOT = Path(__file__).parents[2]
LOADED, POSTED = ("one", "two"), ("three", "four", "five")
Damage = Callable[[Path], None]


def removed(file: Path) -> None:
    file.unlink()


def halved(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def emptied(file: Path) -> None:
    os.truncate(file, 0)


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    if data:
        data[len(data) // 2] ^= 0x15
    file.write_bytes(data)


DAMAGES = (removed, halved, emptied, flipped)
EVERYDAY = {
    ("killed", "MANIFEST", "halved"),
    ("killed", "CURRENT", "removed"),
    ("killed", "log", "removed"),
    ("killed", "journal", "flipped"),
    ("killed", "journal", "halved"),
    ("closed", "MANIFEST", "halved"),
    ("closed", "log", "flipped"),
    ("closed", "list", "flipped"),
    ("closed", "format", "emptied"),
}
"""Beside everything that is removed from a store that was closed; the others take long together."""
KINDS = {
    "CURRENT": "store/CURRENT",
    "MANIFEST": "store/MANIFEST-*",
    "log": "store/*.log",
    "table": "store/*.sst",
    "OPTIONS": "store/OPTIONS-*",
    "IDENTITY": "store/IDENTITY",
    "format": "store/graphmap-format",
    "list": "store/graphmap-files",
    "lock": ".store-beside/lock",
    "mark": ".store-beside/made",
    "journal": ".store-beside/journal",
    "mark of the journal": ".store-beside/journal-made",
}


def of(knowledge: Knowledge, folder: Path) -> Knowledge:
    return replace(knowledge, workspace=replace(knowledge.workspace, store=folder / "store"))


def work(folder: Path, *, killed: bool) -> None:
    """Fill a store, in a process of its own; a fork of one with threads could wait for ever."""
    mine = of(load_knowledge(read_workspace(ROOT)), folder)
    file = envelopes_file(folder / "some.jsonl", [envelope(key) for key in LOADED])
    with opened_store(mine) as store:
        load_files([file], mine, store, moment=now())
    with opened_store(mine) as store:
        ingest = Ingestor(store, mine, mine.workspace.sources["customer-account"])
        if killed:
            backup(store, folder / "backup")
        for key in POSTED:
            assert ingest(json.dumps(envelope(key)).encode()).outcome == "stored"
            if key == POSTED[0]:
                store.catch_up()  # the others are in the journal alone
        if killed:
            os._exit(0)
        ingest.close()
        backup(store, folder / "backup")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A store that was closed, and one whose process was killed behind acknowledged records."""
    folders = {}
    for how in ("closed", "killed"):
        folders[how] = tmp_path_factory.mktemp(how)
        process = multiprocessing.get_context("spawn").Process(
            target=work, args=(folders[how],), kwargs={"killed": how == "killed"}
        )
        process.start()
        process.join()
        assert process.exitcode == 0
    return folders


@pytest.fixture
def copied(left: Mapping[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    return lambda how: Path(shutil.copytree(left[how], tmp_path / how))


def cases() -> Iterator[pytest.ParameterSet]:
    for how in ("closed", "killed"):
        for kind in KINDS:
            for damage in DAMAGES:
                case = (how, kind, damage.__name__)
                if (kind, damage) == ("table", flipped):  # it has a test of its own
                    continue
                everyday = case in EVERYDAY or (how == "closed" and damage is removed)
                yield pytest.param(*case[:2], damage, marks=() if everyday else pytest.mark.slow, id="-".join(case))


def files(folder: Path) -> dict[str, int]:
    found = (file for part in ("store", ".store-beside") for file in (folder / part).rglob("*"))
    return {str(file.relative_to(folder)): file.stat().st_size for file in found if file.name != "lock"}


def records(mine: Knowledge) -> set[str]:
    with opened_store(mine) as store:
        return {key for key in (*LOADED, *POSTED) if store.graph(f"<{BASE}limber/CustomerAccount/{key}>")}


def refused(mine: Knowledge, folder: Path) -> StoreError:
    """What reading and opening say, who both make, change and remove nothing."""
    before = files(folder)
    with pytest.raises(StoreError) as caught:
        at_store(mine, "stats", {})
    assert files(folder) == before
    with pytest.raises(StoreError):
        records(mine)
    assert files(folder) == before
    assert caught.value.exit_status == 3
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    return caught.value


def is_told(mine: Knowledge) -> bool:
    try:
        at_store(mine, "stats", {})
    except StoreError:
        return True
    return False


@pytest.mark.parametrize(("how", "kind", "damage"), list(cases()))
def test_a_damaged_file_costs_no_record_or_is_told(
    knowledge: Knowledge, copied: Callable[[str], Path], how: str, kind: str, damage: Damage
) -> None:
    folder = copied(how)
    mine = of(knowledge, folder)
    file = max(folder.glob(KINDS[kind]), key=lambda each: each.stat().st_size)
    damage(file)
    if not is_told(mine):
        assert records(mine) == records(mine) == {*LOADED, *POSTED}
        return
    assert file.name in str(refused(mine, folder))
    of_journal = "journal" in kind
    restore(mine.workspace.store, folder / "backup", force=True, with_journal=not of_journal)
    assert records(mine) >= ({*LOADED} if of_journal else {*LOADED, *POSTED})


@pytest.mark.parametrize("number", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, 12))])
def test_a_flipped_byte_in_a_table_is_found_by_its_file(
    knowledge: Knowledge, copied: Callable[[str], Path], number: int
) -> None:
    folder = copied("closed")
    mine = of(knowledge, folder)
    assert at_store(mine, "verify-files", {}) == []
    tables = sorted(folder.glob(KINDS["table"]), key=lambda each: -each.stat().st_size)
    table = tables[number % len(tables)]
    flipped(table)
    before = files(folder)
    try:
        found = at_store(mine, "verify-files", {})
    except StoreError as error:  # in what the database reads when it is opened
        found = [(error.where.source, "")]
    assert [file for file, _ in found] == [str(table)]
    assert files(folder) == before
    restore(mine.workspace.store, folder / "backup", force=True)
    assert records(mine) == {*LOADED, *POSTED}


@pytest.mark.parametrize("summed", [True, False])
def test_a_backup_of_a_damaged_table_is_refused_by_its_file(
    knowledge: Knowledge, copied: Callable[[str], Path], *, summed: bool
) -> None:
    folder = copied("closed")
    mine = of(knowledge, folder)
    table = max(folder.glob(KINDS["table"]), key=lambda each: each.stat().st_size)
    flipped(table)
    if not summed:
        (folder / "store" / "graphmap-files").unlink()
        assert [file for file, _ in at_store(mine, "verify-files", {})] == [str(table)]
        return
    with pytest.raises(StoreError, match=f"{table.name} is not as it was written"):
        at_store(mine, "backup", {"target": str(folder / "another")})
    assert not (folder / "another").exists()


@pytest.mark.parametrize("name", ["CURRENT", "MANIFEST-*", "*.sst", "graphmap-format"])
@pytest.mark.parametrize("damage", [removed, *(pytest.param(each, marks=pytest.mark.slow) for each in DAMAGES[1:])])
def test_a_damaged_backup_is_named_and_the_store_stays(
    knowledge: Knowledge, copied: Callable[[str], Path], name: str, damage: Damage
) -> None:
    folder = copied("killed")
    mine = of(knowledge, folder)
    file = next((folder / "backup" / "data").glob(name))
    damage(file)
    before = files(folder)
    with pytest.raises(StoreError, match="the backup is damaged") as caught:
        restore(mine.workspace.store, folder / "backup", force=True)
    assert caught.value.where.source == str(file)
    assert files(folder) == before
    assert records(mine) == {*LOADED, *POSTED}


def test_a_store_whose_folder_is_gone_is_not_begun_anew(knowledge: Knowledge, copied: Callable[[str], Path]) -> None:
    folder = copied("killed")
    mine = of(knowledge, folder)
    shutil.rmtree(mine.workspace.store)
    assert "the store is gone" in refused(mine, folder).what
    mine.workspace.store.mkdir()
    assert "the store is gone" in refused(mine, folder).what
    restore(mine.workspace.store, folder / "backup")
    assert records(mine) == {*LOADED, *POSTED}


def test_a_journal_may_be_given_up_with_the_store_that_it_was_of(
    knowledge: Knowledge, copied: Callable[[str], Path]
) -> None:
    folder = copied("killed")
    mine = of(knowledge, folder)
    restore(mine.workspace.store, folder / "backup", force=True, with_journal=False)
    assert records(mine) == {*LOADED}


def test_a_backup_of_another_store_gets_all_of_the_journal(knowledge: Knowledge, copied: Callable[[str], Path]) -> None:
    folder, other = copied("killed"), of(knowledge, copied("closed"))
    with opened_store(other) as store:
        ingest = Ingestor(store, other, other.workspace.sources["customer-account"])
        for number in range(10):  # its positions are beyond those of the journal
            ingest(json.dumps(envelope(f"other-{number}")).encode())
        ingest.close()
        backup(store, folder / "foreign")
    mine = of(knowledge, folder)
    restore(mine.workspace.store, folder / "foreign", force=True)
    assert records(mine) == {*LOADED, *POSTED}
    with opened_store(mine) as store:
        assert store.graph(f"<{BASE}limber/CustomerAccount/other-9>")


@pytest.mark.parametrize("with_beside", [True, False])
def test_a_store_that_was_moved_is_opened_in_its_new_place(
    knowledge: Knowledge, copied: Callable[[str], Path], tmp_path: Path, *, with_beside: bool
) -> None:
    folder, there = copied("closed"), tmp_path / "elsewhere"
    there.mkdir()
    (folder / "store").rename(there / "store")
    if with_beside:
        (folder / ".store-beside").rename(there / ".store-beside")
    assert records(of(knowledge, there)) == {*LOADED, *POSTED}
    if not with_beside:
        assert "the store is gone" in refused(of(knowledge, folder), folder).what


def test_a_store_of_an_older_version_is_upgraded_with_all_that_was_acknowledged(
    knowledge: Knowledge, copied: Callable[[str], Path]
) -> None:
    folder = copied("closed")
    mine = of(knowledge, folder)
    for name in ("store/graphmap-format", "store/graphmap-files", ".store-beside/made", ".store-beside/journal-made"):
        (folder / name).unlink()
    error = refused(mine, folder)
    assert error.what == "the store has format 1, of an earlier version of graphmap"
    assert "graphmap store upgrade" in str(error.hint)
    assert upgrade(folder / "store", is_own=mine.workspace.layout.special.__contains__, seen=lambda _: None)
    assert records(mine) == {*LOADED, *POSTED}
    assert (folder / "store" / "graphmap-format").read_text() == "graphmap store 2\n"
    shutil.rmtree(folder / "store")
    assert "the store is gone" in refused(mine, folder).what


def test_a_format_that_is_not_known_is_refused(knowledge: Knowledge, copied: Callable[[str], Path]) -> None:
    folder = copied("closed")
    (folder / "store" / "graphmap-format").write_text("graphmap store 3\n")
    error = refused(of(knowledge, folder), folder)
    assert error.what == "the store has format 3, and this version of graphmap knows format 2"


def test_reading_makes_no_store(knowledge: Knowledge, tmp_path: Path) -> None:
    mine = of(knowledge, tmp_path)
    assert ["quads in all graphs", 0] in [list(each) for each in at_store(mine, "stats", {})["held"]]
    for name in ("verify", "verify-files", "quarantine-list"):
        assert at_store(mine, name, {}) == []
    assert list(tmp_path.iterdir()) == []


def test_a_store_whose_making_was_cut_off_is_made(knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "MANIFEST-000001").write_bytes(b"")
    assert records(of(knowledge, tmp_path)) == set()
