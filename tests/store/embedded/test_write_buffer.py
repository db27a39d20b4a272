"""Additions that are written later: together, in their order, at once where somebody waits, lost by no failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from graphmap.errors import StoreError
from graphmap.store.embedded.write_buffer import WriteBuffer

PORTION = 24 << 20


class Disk:
    """Takes writes when it may, and keeps them."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.full = False
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        assert self.open.wait(60)
        if self.full:
            raise StoreError("no space left on the disk", hint="make room")
        self.written.append(data)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def later(disk: Disk) -> Iterator[WriteBuffer]:
    later = WriteBuffer(disk.write)
    yield later
    disk.open.set()
    later.close()


def test_what_comes_within_a_moment_is_one_write_in_order(disk: Disk, later: WriteBuffer) -> None:
    disk.open.clear()
    added = [later.add(text) for text in (b"a", b"b", b"c")]
    assert not any(each.done() for each in added)
    disk.open.set()
    later.wait()
    assert b"".join(disk.written) == b"abc"
    assert len(disk.written) < 3
    assert all(each.done() for each in added)


def test_who_does_not_hurry_waits_until_it_is_there_all_the_same(disk: Disk, later: WriteBuffer) -> None:
    later.add(b"a")
    later.wait(hurry=False)
    assert disk.written == [b"a"]


def test_nothing_waits_where_nothing_was_added(disk: Disk, later: WriteBuffer) -> None:
    disk.open.clear()
    later.wait()
    assert disk.written == []


def test_what_cannot_be_written_is_kept_told_and_written_when_it_can_be(disk: Disk, later: WriteBuffer) -> None:
    disk.full = True
    written = later.add(b"a")
    for _ in range(2):
        with pytest.raises(StoreError, match="no space left"):
            later.wait()
    with pytest.raises(StoreError, match="no space left"):
        later.add(b"b")
    assert not written.done()
    disk.full = False
    later.add(b"c")
    later.wait()
    assert (disk.written, written.done()) == ([b"a", b"c"], True)


def test_what_comes_too_fast_waits_for_room(disk: Disk, later: WriteBuffer) -> None:
    disk.open.clear()
    large = bytes(PORTION)
    later.add(large)
    second = threading.Thread(target=later.add, args=(large,))
    second.start()
    second.join(0.3)
    assert second.is_alive()
    disk.open.set()
    second.join(60)
    assert not second.is_alive()
    later.wait()
    assert disk.written == [large] * 2


def test_while_others_read_much_is_written_before_it_is_promised(disk: Disk, later: WriteBuffer) -> None:
    later.wait(for_readers=True)
    disk.open.clear()
    assert not later.add(b"little").done()
    much = threading.Thread(target=later.add, args=(bytes(2 << 20),))
    much.start()
    much.join(0.3)
    assert much.is_alive()
    disk.open.set()
    much.join(60)
    assert len(b"".join(disk.written)) == 6 + (2 << 20)


def test_what_fails_before_it_is_promised_is_not_written_afterwards(disk: Disk, later: WriteBuffer) -> None:
    later.wait(for_readers=True)
    disk.full = True
    with pytest.raises(StoreError, match="no space left"):
        later.add(bytes(2 << 20))
    disk.full = False
    later.add(b"a")
    later.wait()
    assert disk.written == [b"a"]


def test_a_reader_does_not_wait_for_what_nobody_was_promised(disk: Disk, later: WriteBuffer) -> None:
    later.wait(for_readers=True)
    disk.open.clear()
    much = threading.Thread(target=later.add, args=(bytes(2 << 20),))
    much.start()
    much.join(0.1)
    later.wait(for_readers=True)
    assert disk.written == []
    disk.open.set()
    much.join(60)


def test_the_end_writes_what_waits_and_gives_up_what_cannot_be(disk: Disk) -> None:
    for full, written in ((False, [b"a"]), (True, [b"a"])):
        disk.full = full
        later = WriteBuffer(disk.write)
        later.add(b"a")
        later.close()
        assert disk.written == written
        with pytest.raises(StoreError, match="closed"):
            later.add(b"b")


def test_a_write_that_fails_in_an_unforeseen_way_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[bytes] = []

    def write(data: bytes) -> None:
        if not texts:
            texts.append(data)
            raise RuntimeError("unforeseen")
        texts.append(data)

    later = WriteBuffer(write)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    later.add(b"a")
    with pytest.raises(StoreError, match="could not be written"):
        later.wait()
    later.wait()
    assert texts == [b"a", b"a"]
    later.close()
