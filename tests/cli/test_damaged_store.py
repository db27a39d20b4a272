"""A store that is damaged, missing, or without room or descriptors, as an operator meets it."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_disk import limited
from tests.ingest.builders import envelope, envelopes_file

READING = (
    ("store", "stats"),
    ("store", "dump"),
    ("store", "verify", "--deep"),
    ("quarantine", "list"),
    ("query", "-q", "SELECT * { ?s ?p ?o }"),
)


@pytest.fixture
def loaded(workspace: Path, call: Call) -> Path:
    assert call("load", envelopes_file(workspace / "some.jsonl", [envelope("one")])).status == 0
    return workspace


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "store").iterdir())


@pytest.mark.parametrize("command", [*READING, ("load", "some.jsonl"), ("serve", "--port", "18103")])
def test_every_command_refuses_a_store_without_current(loaded: Path, call: Call, command: tuple[str, ...]) -> None:
    (loaded / "store" / "CURRENT").unlink()
    before = names(loaded)
    for _ in (1, 2):
        called = call(*command)
        assert (called.status, called.out) == (3, "")
        assert called.err.count("\n") == 1
        assert "its file CURRENT is missing" in called.err
        assert "graphmap store restore" in called.err
        assert names(loaded) == before


@pytest.mark.parametrize("command", READING)
def test_reading_makes_no_store_and_says_that_there_is_none(
    workspace: Path, call: Call, command: tuple[str, ...]
) -> None:
    called = call(*command)
    assert called.status == 0
    assert "there is no store yet; `graphmap load FILE` makes one" in called.err
    assert not {"store", ".store-beside"} & {entry.name for entry in workspace.iterdir()}


def test_there_is_no_backup_of_no_store(workspace: Path, call: Call) -> None:
    called = call("store", "backup", "copy")
    assert called.status == 2
    assert "there is no store yet" in called.err
    assert not (workspace / "copy").exists()


def test_a_flipped_byte_is_told_with_its_file(loaded: Path, call: Call) -> None:
    table = max((loaded / "store").glob("*.sst"), key=lambda file: file.stat().st_size)
    data = bytearray(table.read_bytes())
    data[len(data) // 3] ^= 1
    table.write_bytes(data)
    called = call("store", "verify", "--deep")
    assert called.status == 3
    assert table.name in called.out
    assert "restore a backup" in called.err


@pytest.mark.parametrize("command", [each for each in READING if each != ("store", "dump")])
def test_reading_goes_on_where_nothing_can_be_written(loaded: Path, command: tuple[str, ...]) -> None:
    before = names(loaded)
    ended = limited(*command, largest=0)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
    assert ended.stdout
    assert names(loaded) == before


def test_what_has_to_be_written_on_a_full_disk_says_so(loaded: Path) -> None:
    for command in (("store", "dump"), ("store", "dump", "-o", "all.nq"), ("store", "backup", "copy")):
        ended = limited(*command, largest=0)
        assert ended.returncode == 3
        assert ended.stderr.count("\n") == 1, ended.stderr
        assert "make room" in ended.stderr or "the space that is left" in ended.stderr
    assert not (loaded / "all.nq").exists()
    assert not (loaded / "copy").exists()


def test_too_few_descriptors_are_told_with_what_to_do(loaded: Path) -> None:
    script = "import sys; from graphmap.cli import main; main(['store', 'stats'])"
    ended = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=loaded,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    )
    assert ended.returncode == 3
    assert ended.stderr.count("\n") == 1
    assert "ulimit -n" in ended.stderr
