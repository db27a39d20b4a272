"""A copy takes the place of the database as a whole, whatever ends the process in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.errors import StoreError
from graphmap.store import EmbeddedStore

A, B = b'<urn:s> <urn:p> "a" .\n', b'<urn:s> <urn:p> "b" .\n'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "db")
    opened.load(A)
    yield opened
    opened.close()


def values(store: EmbeddedStore) -> frozenset[str]:
    return store.objects("<urn:s>", "<urn:p>")


def reopened(store: EmbeddedStore) -> EmbeddedStore:
    store.close()
    return EmbeddedStore(store.path)


def test_readers_see_a_staged_copy_only_when_it_has_taken_the_place(store: EmbeddedStore) -> None:
    before = store.generation
    with store.staged() as copy:
        copy.load(B)
        assert values(store) == {'"a"'}
        assert values(copy) == {'"a"', '"b"'}
    assert values(store) == {'"a"', '"b"'}
    assert store.generation > before


def test_an_error_while_staging_leaves_the_store_as_it_was(store: EmbeddedStore) -> None:
    with pytest.raises(StoreError, match="does not parse"), store.staged() as copy:
        copy.bulk_load(B + b"oops")
    assert values(store) == {'"a"'}
    store.load(B)
    assert values(store) == {'"a"', '"b"'}
    assert not store.place.staging.exists()


def test_an_unfinished_copy_is_removed_when_the_store_is_opened(store: EmbeddedStore) -> None:
    store.checkpoint(store.place.staging)
    again = reopened(store)
    assert not again.place.staging.exists()
    assert values(again) == {'"a"'}
    again.close()


@pytest.mark.parametrize("first_renamed", [False, True])
def test_an_exchange_that_was_cut_off_is_finished_when_the_store_is_opened(
    store: EmbeddedStore, *, first_renamed: bool
) -> None:
    other = EmbeddedStore(store.path.parent / "other")
    other.load(B)
    other.close()
    store.close()
    other.path.rename(store.place.beside / "next")
    if first_renamed:
        store.path.rename(store.place.beside / "before")
    again = EmbeddedStore(store.path)
    assert values(again) == {'"b"'}
    assert sorted(each.name for each in store.place.beside.iterdir()) == ["lock", "made"]
    again.close()


def test_a_place_has_one_holder_at_a_time(store: EmbeddedStore) -> None:
    with pytest.raises(StoreError, match=r"open in another process, number [0-9]+"):
        EmbeddedStore(store.path)
    store.close()
    EmbeddedStore(store.path).close()


def test_a_staged_store_is_whole_after_opening_again(store: EmbeddedStore) -> None:
    with store.staged() as copy:
        copy.bulk_load(B)
    again = reopened(store)
    assert values(again) == {'"a"', '"b"'}
    again.close()
