"""Portions of N-Quads reach the store, each whole, whatever their sizes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import StoreError
from graphmap.ingest.write.bulk_writer import BulkLoad
from graphmap.store import EmbeddedStore


class Shelf:
    """A store as far as a bulk load needs one."""

    def __init__(self, portion_bytes: int | None) -> None:
        self.portion_bytes = portion_bytes
        self.portions: list[bytes] = []

    def bulk_load(self, portion: bytes) -> None:
        self.portions.append(portion)


@given(
    pieces=st.lists(st.lists(st.binary(max_size=9), max_size=3), max_size=8),
    portion=st.integers(1, 30),
    limit=st.none() | st.integers(1, 30),
)
def test_everything_arrives_in_order_and_what_came_together_is_not_cut(
    pieces: list[list[bytes]], portion: int, limit: int | None
) -> None:
    shelf = Shelf(limit)
    with BulkLoad(shelf, portion_bytes=portion) as bulk:  # type: ignore[arg-type]  # all that is needed of a store
        for some in pieces:
            bulk.add(*some)
    assert b"".join(shelf.portions) == b"".join(b"".join(some) for some in pieces)
    ends = {sum(len(piece) for some in pieces[:at] for piece in some) for at in range(len(pieces) + 1)}
    assert set(sums(shelf.portions)) <= ends
    most = min(portion, limit or portion) + 27
    assert all(0 < len(each) < most for each in shelf.portions)


def sums(portions: Iterable[bytes]) -> Iterable[int]:
    at = 0
    for portion in portions:
        at += len(portion)
        yield at


@given(
    records=st.lists(st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"_:d\n"]), max_size=4), max_size=8),
    portion=st.integers(1, 12),
)
def test_of_what_records_have_in_common_every_line_arrives(records: list[list[bytes]], portion: int) -> None:
    shelf = Shelf(None)
    with BulkLoad(shelf, portion_bytes=portion) as bulk:  # type: ignore[arg-type]  # all that is needed of a store
        for lines in records:
            bulk.add(b"x\n", common=b"".join(lines))
    arrived = b"".join(shelf.portions).splitlines(keepends=True)
    assert set(arrived) == {line for lines in records for line in lines} | ({b"x\n"} if records else set())
    assert arrived.count(b"x\n") == len(records)
    if not any(b"_:d\n" in lines for lines in records):
        assert all(arrived.count(line) <= 1 for line in (b"a\n", b"b\n", b"c\n"))


def load(store: EmbeddedStore, lines: Iterable[bytes]) -> None:
    with BulkLoad(store, portion_bytes=1) as bulk:
        for line in lines:
            bulk.add(line)


def test_a_line_that_is_no_statement_ends_the_load_with_an_error(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "db")
    lines = [b"<urn:a> <urn:b> <urn:c> .\n", b"no statement\n", b"<urn:d> <urn:e> <urn:f> .\n"]
    with pytest.raises(StoreError):
        load(store, lines)
    assert store.count() == 1
    store.close()
