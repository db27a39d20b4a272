"""The files of a database by level, as its MANIFEST has them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from graphmap.store.rocksdb_levels import Levels, TableFile
from tests.store.manifests import added, log_of, manifest, removed, text, varint


def by_level(levels: Levels) -> list[tuple[int, int, int]]:
    return sorted((file.family, file.level, file.bytes) for file in levels.files() or ())


def test_files_come_and_go_by_edits(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 300), (6, 11, 7_000)), added(2, (0, 12, 40)), removed(1, (0, 10)))
    assert by_level(Levels(tmp_path)) == [(1, 6, 7_000), (2, 0, 40)]


def test_a_file_that_goes_to_another_level_stays(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 300)), removed(1, (0, 10)) + added(1, (6, 10, 300)))
    assert Levels(tmp_path).files() == (TableFile(family=1, level=6, bytes=300),)


def test_what_is_written_later_is_taken_in_and_a_record_in_the_making_waits(tmp_path: Path) -> None:
    file, levels = manifest(tmp_path, added(1, (0, 10, 300))), Levels(tmp_path)
    assert by_level(levels) == [(1, 0, 300)]
    whole = log_of(added(1, (0, 10, 300)), added(1, (0, 11, 200)))
    file.write_bytes(whole[:-3])
    assert by_level(levels) == [(1, 0, 300)]
    file.write_bytes(whole)
    assert by_level(levels) == [(1, 0, 200), (1, 0, 300)]


def test_edits_may_be_larger_than_a_block_of_the_log(tmp_path: Path) -> None:
    many = [(0, number, number) for number in range(1, 5_001)]
    manifest(tmp_path, added(1, *many), removed(1, (0, 5_000)))
    assert len(by_level(Levels(tmp_path))) == 4_999


def test_another_manifest_begins_anew(tmp_path: Path) -> None:
    manifest(tmp_path, added(1, (0, 10, 300)))
    levels = Levels(tmp_path)
    assert by_level(levels) == [(1, 0, 300)]
    manifest(tmp_path, added(1, (6, 12, 500)), name="MANIFEST-000009")
    assert by_level(levels) == [(1, 6, 500)]


def test_edits_that_may_be_ignored_are(tmp_path: Path) -> None:
    later = b"".join(
        (varint(1 << 13 | 77), text(b"of a later version"), varint(3), varint(9), varint(1), text(b"order"))
    )
    manifest(tmp_path, later + added(1, (0, 10, 300)))
    assert by_level(Levels(tmp_path)) == [(1, 0, 300)]


@pytest.mark.parametrize("record", [varint(999), added(1, (0, 10, 300))[:-1]])
def test_what_cannot_be_read_is_not_known(tmp_path: Path, record: bytes) -> None:
    manifest(tmp_path, added(1, (0, 10, 300)), record)
    assert Levels(tmp_path).files() is None


def test_no_database_has_no_files(tmp_path: Path) -> None:
    assert Levels(tmp_path).files() == ()


def test_a_real_database_has_the_files_that_lie_in_its_folder(tmp_path: Path) -> None:
    store, levels = ox.Store(tmp_path), Levels(tmp_path)
    for number in range(3):
        quads = "".join(f"<urn:s{number}-{at}> <urn:p> <urn:o{at}> <urn:g> .\n" for at in range(2_000))
        store.bulk_load(quads.encode(), format=ox.RdfFormat.N_QUADS)
        assert levels.files()
    del store  # it merges no more, and what was merged is gone
    files = levels.files()
    assert files
    assert sorted(file.bytes for file in files) == sorted(path.stat().st_size for path in tmp_path.glob("*.sst"))
    assert {6} <= {file.level for file in files} <= set(range(7))
