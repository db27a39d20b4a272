"""A disk that is full: a clear error, exit status 3, and what was there before stays."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Call
from tests.ingest.builders import envelope, envelopes_file, row, rows_file


def limited(*arguments: str, largest: int) -> subprocess.CompletedProcess[str]:
    """Call the command in a process whose files may have so many bytes and no more, as on a disk that fills up."""
    script = "import sys; from graphmap.cli import main; main(sys.argv[1:])"
    return subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),  # no threads
    )


def test_a_load_that_fills_the_disk_says_so_and_leaves_the_store_as_it_was(workspace: Path, call: Call) -> None:
    first = envelopes_file(workspace / "first.jsonl", [envelope("one")])
    assert call("load", first).status == 0
    rows = rows_file(workspace / "rows.csv", [row(number, city="x" * 300) for number in range(1, 3000)])
    ended = limited("load", rows, largest=300_000)
    assert ended.returncode == 3, ended.stderr
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("graphmap: ")]
    assert "the disk is full" in line
    assert "Traceback" not in ended.stderr
    assert call("store", "verify").out == "no faults found\n"
    assert call("load", first).out == "1 unchanged\n"
