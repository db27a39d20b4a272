"""What holds people's data is for its owner alone, also where the umask would let others read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.ingest.builders import envelope, envelopes_file


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_stores_backups_dumps_and_reports_are_private(workspace: Path, call: Call) -> None:
    file = envelopes_file(workspace / "some.jsonl", [envelope("one")])
    assert call("load", file).status == 0
    assert call("load", file, "--in-stages").status == 0
    assert call("store", "backup", "copy").status == 0
    assert call("store", "dump", "-o", "all.nq").status == 0
    assert call("validate", file, "--report", "report.json").status == 0
    assert call("lift", file, "--report", "lifted.json", "-o", "lifted.nq").status == 0
    folders = ("store", ".store-beside", "copy", "copy/data")
    assert {name: mode(workspace / name) for name in folders} == dict.fromkeys(folders, 0o700)
    files = ("all.nq", "report.json", "lifted.json", "lifted.nq", "copy/manifest.json")
    assert {name: mode(workspace / name) for name in files} == dict.fromkeys(files, 0o600)
    assert {mode(each) for each in (workspace / "copy" / "data").iterdir()} == {0o600}


def test_a_restored_store_and_a_store_written_anew_are_private(workspace: Path, call: Call) -> None:
    assert call("load", envelopes_file(workspace / "some.jsonl", [envelope("one")])).status == 0
    assert call("store", "backup", "copy").status == 0
    assert call("store", "restore", "copy", "--force").status == 0
    assert mode(workspace / "store") == 0o700
    assert call("erase", "https://schema.limbergraph.com/limber/CustomerAccount#one").status == 0
    assert mode(workspace / "store") == 0o700
