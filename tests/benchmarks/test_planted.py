"""Every planted error is reported with its row and rule, and nothing else is."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("graphmap.cli") is None, reason="there is no command line yet"),
]

_GRAPHMAP = str(Path(sys.executable).parent / "graphmap")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "workspace"
    subprocess.run([_GRAPHMAP, "init", str(folder)], check=True, capture_output=True)  # noqa: S603  # our own command
    return folder


def _planted(root: Path, kind: str, count: int, records: Path) -> set[tuple[int, str, str]]:
    notes = records.with_name("planted.jsonl")
    command = [sys.executable, "-m", "benchmarks.generate", kind, str(count), "--seed", "21", "--errors", "0.1"]
    with records.open("wb") as out:
        subprocess.run([*command, "--planted", str(notes)], cwd=root, stdout=out, check=True)  # noqa: S603  # our own
    lines = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    return {(note["row"], note["rule"], note["severity"]) for note in lines}


def _report(workspace: Path, records: Path) -> dict[str, Any]:
    report = records.with_name("report.json")
    command = [_GRAPHMAP, "validate", str(records), "--report", str(report), "--report-format", "json"]
    run = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    assert run.returncode == 1, run.stderr
    return dict(json.loads(report.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("kind", "count", "name"), [("rows", 10_000, "dim_customer.csv"), ("envelopes", 1_000, "envelopes.jsonl")]
)
def test_what_was_planted_is_reported_and_nothing_else(
    root: Path, workspace: Path, tmp_path: Path, kind: str, count: int, name: str
) -> None:
    records = tmp_path / name
    planted = _planted(root, kind, count, records)
    report = _report(workspace, records)
    found = {(each["row"], each["rule"], each["severity"]) for each in report["findings"]}
    assert report["records"] == count
    assert len(planted) > 50
    assert found == planted
