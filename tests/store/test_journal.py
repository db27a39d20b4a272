"""What a journal promises: what was appended is there after any end, once, in order, and nothing half."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.errors import StoreError
from graphmap.store.journal import Journal


def contents(path: Path, after: int = 0) -> list[tuple[int, bytes]]:
    journal = Journal(path)
    found = list(journal.after(after))
    journal.close()
    return found


def test_entries_come_back_in_order_with_their_positions(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    assert journal.append([b"one", b"two"]) == 1
    assert journal.append([b"three"]) == 3
    journal.close()
    assert contents(tmp_path / "journal") == [(1, b"one"), (2, b"two"), (3, b"three")]
    assert contents(tmp_path / "journal", after=2) == [(3, b"three")]


def test_positions_go_on_when_a_journal_begins_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append([b"one", b"two"])
    journal.clear()
    assert journal.append([b"three"]) == 3
    journal.close()
    assert contents(tmp_path / "journal") == [(3, b"three")]


def test_a_new_journal_goes_on_after_the_position_of_the_database(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", position=7)
    assert journal.append([b"eight"]) == 8
    journal.close()


@settings(deadline=None)  # a disk may take its time to sync
@given(payloads=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5), data=st.data())
def test_a_torn_end_of_what_was_never_acknowledged_costs_nothing(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("torn") / "journal"
    journal = Journal(path)
    journal.append(payloads)
    before = path.read_bytes()
    journal.append([b"never acknowledged"])
    entry = path.read_bytes()[len(before) :]
    journal.close()
    whole = path.with_name("whole")
    journal = Journal(whole)
    journal.append(payloads)
    journal.close()
    with whole.open("ab") as file:
        file.write(entry[: data.draw(st.integers(0, len(entry) - 1))])
    assert [payload for _, payload in contents(whole)] == payloads


@settings(deadline=None)
@given(payloads=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5), data=st.data())
def test_a_journal_without_its_last_acknowledged_entries_is_refused(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "journal"
    journal = Journal(path)
    ends = [journal.size]
    for payload in payloads:
        journal.append([payload])
        ends.append(journal.size)
    journal.close()
    cut = data.draw(st.integers(ends[0], ends[-1] - 1))
    os.truncate(path, cut)
    lacking = sum(end > cut for end in ends)
    with pytest.raises(StoreError, match=f"its last {lacking} acknowledged entries are missing"):
        Journal(path)


def test_damage_before_the_last_entry_is_an_error_that_says_where(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.append([b"first entry", b"second entry"])
    journal.close()
    damaged = bytearray(path.read_bytes())
    damaged[26] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match="damaged at byte 16"):
        Journal(path)


def test_threads_that_append_together_lose_nothing_and_share_no_position(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    firsts: list[int] = []

    def write(name: int) -> None:
        firsts.extend(journal.append([b"%d/%d" % (name, number)]) for number in range(20))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    assert sorted(firsts) == list(range(1, 81))
    assert len({payload for _, payload in contents(tmp_path / "journal")}) == 80


def test_a_full_disk_is_told_and_nothing_of_the_entry_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append([b"kept"])
    real = os.write

    def full(file: int, data: bytes) -> int:
        real(file, data[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="the disk is full"):
        journal.append([b"lost"])
    monkeypatch.undo()
    assert journal.append([b"next"]) == 2
    journal.close()
    assert contents(tmp_path / "journal") == [(1, b"kept"), (2, b"next")]


@settings(deadline=None)  # a disk may take its time to sync
@given(before=st.integers(0, 4), after=st.integers(0, 4))
def test_what_is_forgotten_is_gone_and_what_came_after_it_stays(
    tmp_path_factory: pytest.TempPathFactory, before: int, after: int
) -> None:
    path = tmp_path_factory.mktemp("forgetful") / "journal"
    journal = Journal(path)
    for number in range(1, before + after + 1):
        journal.append([b"entry %d" % number])
    journal.forget(before)
    assert journal.append([b"the last"]) == before + after + 1
    assert (journal.start, journal.position) == (before, before + after + 1)
    journal.close()
    kept = [(number, b"entry %d" % number) for number in range(before + 1, before + after + 1)]
    assert contents(path) == [*kept, (before + after + 1, b"the last")]


def test_entries_that_come_while_others_are_forgotten_are_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    firsts: list[int] = []

    def append() -> None:
        firsts.extend(journal.append([b"x" * 100]) for _ in range(50))

    threads = [threading.Thread(target=append) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        journal.forget(journal.position)
    for thread in threads:
        thread.join()
    journal.forget(100)
    journal.close()
    assert sorted(firsts) == list(range(1, 151))
    last = [number for number, _ in contents(tmp_path / "journal")]
    assert last == list(range(151 - len(last), 151))
