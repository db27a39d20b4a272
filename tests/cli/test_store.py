"""Commands that look after the store, as an operator calls them."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.cli.terminal import note
from graphmap.store import Compaction
from tests.cli.conftest import Call
from tests.ingest.builders import BASE, envelope, envelopes_file

ONE = f"{BASE}limber/CustomerAccount#one"


@pytest.fixture
def loaded(workspace: Path, call: Call) -> Path:
    file = envelopes_file(workspace / "some.jsonl", [envelope("one"), envelope("two", accountCode=[])])
    ended = call("load", file)
    assert (ended.status, ended.out) == (1, "1 stored, 1 quarantined\n")
    return workspace


def test_a_record_has_a_history_until_it_is_erased(loaded: Path, call: Call) -> None:
    assert loaded.is_dir()
    assert "stored" in call("store", "history", ONE).out
    assert call("store", "verify").out == "no faults found\n"
    assert "removed" in call("erase", ONE).out
    for command in (("store", "history"), ("erase",)):
        again = call(*command, ONE)
        assert (again.status, again.out) == (1, "")
        assert f"nothing is known of {ONE}" in again.err
        assert "graphmap query -q" in again.err


def test_a_store_is_read_where_the_mappings_cannot_be(loaded: Path, call: Call) -> None:
    for mapping in (loaded / "mappings").rglob("*.ttl"):
        mapping.unlink()
        mapping.write_text("no Turtle", encoding="utf-8")
    assert call("store", "verify").status == 2
    assert "records quarantined" in call("store", "stats").out
    assert "stored" in call("store", "history", ONE).out
    assert call("store", "dump", "-o", "all.nq").status == 0
    assert call("store", "backup", "copy").status == 0


def test_a_set_aside_record_is_listed_shown_judged_again_and_dropped(loaded: Path, call: Call) -> None:
    assert loaded.is_dir()
    listed = call("quarantine", "list")
    assert "CustomerAccount/two" in listed.out
    identifier = next(line.split()[0] for line in listed.out.splitlines() if "quarantined" in line)
    shown = call("quarantine", "show", identifier)
    assert '"uniqueText":"two"' in shown.out
    assert "accountCode" in shown.err
    tried = call("quarantine", "retry", "--all")
    assert (tried.status, tried.out) == (1, "1 quarantined\n")
    assert call("quarantine", "retry").status == 2
    assert call("quarantine", "drop", identifier).out == "1 dropped\n"
    assert call("quarantine", "retry", "--all").out == "the quarantine is empty\n"


def test_a_backup_is_restored_and_a_dump_loads_into_an_empty_store(loaded: Path, call: Call) -> None:
    assert call("store", "backup", "copy").status == 0
    assert call("store", "dump", "-o", "all.nq").status == 0
    assert call("load", "all.nq").status == 2
    assert call("store", "restore", "copy").status == 2
    assert "as of" in call("store", "restore", "copy", "--force").out
    assert call("store", "verify").out == "no faults found\n"
    dump = (loaded / "all.nq").read_text()
    assert call("init", loaded / "other").status == 0
    assert "statements loaded" in call("load", loaded / "all.nq", "-w", loaded / "other").err
    assert call("store", "dump", "-w", loaded / "other", "-o", "again.nq").status == 0
    assert sorted((loaded / "again.nq").read_text().splitlines()) == sorted(dump.splitlines())
    assert call("store", "optimize").status == 0


def test_a_line_that_is_no_line_of_a_dump_undoes_its_load(workspace: Path, call: Call) -> None:
    (workspace / "bad.nq").write_text("<urn:s> <urn:p> <urn:o> .\n<< <urn:s> <urn:p> <urn:o> >> <urn:p> <urn:o> .\n")
    ended = call("load", "bad.nq")
    assert ended.status == 3
    assert "bad.nq, line 2: this is not a line of a dump" in ended.err
    assert "quads in all graphs                  │ 0" in call("store", "stats").out


@pytest.mark.parametrize("command", [("store", "history"), ("erase",)])
def test_what_is_no_whole_iri_is_a_wrong_call(loaded: Path, call: Call, command: tuple[str, ...]) -> None:
    for given in ("nope", "https://e/<x>"):
        called = call(*command, given)
        assert called.status == 2
        assert "copy the whole IRI" in called.err
    assert loaded.is_dir()


def test_a_dump_that_cannot_be_written_is_told_with_its_file(loaded: Path, call: Call) -> None:
    for target in (loaded / "none" / "dump.nq", loaded / "samples"):
        called = call("store", "dump", "-o", target)
        assert called.status == 3
        assert f"{target}: cannot be written" in called.err
    assert not list(loaded.glob("graphmap-*"))


def test_a_dump_goes_into_a_pipe_with_a_name_and_leaves_it_there(loaded: Path, call: Call) -> None:
    pipe, read = loaded / "pipe.nq", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert call("store", "dump", "-o", pipe).status == 0
    reader.join(timeout=20)
    assert read[0].count(b"\n") > 100
    assert pipe.is_fifo()


def test_stats_say_that_a_load_left_the_store_compacted(loaded: Path, call: Call) -> None:
    assert Compaction(loaded / "store").state.is_compacted
    assert call("store", "stats").out.endswith("compacted: yes\n")


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt; a shell has what it runs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def waiting(workspace: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which a file waits to be merged, and the database leaves it as it is."""
    assert call("load", *sorted((workspace / "samples").iterdir())).status < 2
    for name, value in {"_TRIGGER": 1, "_SILENT_S": 0.0, "_LITTLE_BYTES": 0}.items():
        monkeypatch.setattr(f"graphmap.store.compaction.{name}", value)
    assert Compaction(workspace / "store").state.waiting_files
    return workspace


def test_stats_say_how_much_waits_to_be_merged(waiting: Path, call: Call) -> None:
    assert waiting.is_dir()
    last = call("store", "stats").out.splitlines()[-1]
    assert re.match(r"compacted: [1-9]\d* of \d+ files \(0\.0 of 0\.0 GB\) are not merged yet", last)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_a_compaction_that_is_cut_off_loses_nothing_and_keeps_the_status(
    waiting: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(line: str) -> None:
        note(line)
        if line.startswith("compacting"):
            signal.raise_signal(signal.SIGINT)  # to this thread, and at once

    monkeypatch.setattr("graphmap.cli.load.note", interrupted)
    monkeypatch.setattr("graphmap.cli.load._LEAST_COMPACTION_S", 3_600.0)
    (sample,) = (waiting / "samples").glob("*.csv")
    called = call("load", sample)
    assert "unchanged" in called.out
    assert called.status == 0
    assert "so that queries are fast; Ctrl-C ends this, and nothing is lost" in called.err
    assert "all records are stored" in called.err
    assert call("store", "verify").out == "no faults found\n"


def test_a_load_waits_no_longer_for_a_compaction_than_its_budget(
    waiting: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphmap.cli.load._LEAST_COMPACTION_S", 0.0)
    monkeypatch.setattr("graphmap.cli.load._COMPACTION_SHARE", 0.0)
    (sample,) = (waiting / "samples").glob("*.csv")
    assert call("load", sample).status == 0
    assert Compaction(waiting / "store").state.waiting_files
