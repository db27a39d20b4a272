from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from benchmarks.measure import CommandError, Measure, StoppedError, measured
from benchmarks.table import Line, table


def test_time_and_memory_of_a_process_are_measured(tmp_path: Path) -> None:
    program = "import time; held = bytearray(50_000_000); time.sleep(0.3)"
    measure = measured([sys.executable, "-c", program], cwd=tmp_path)
    assert 0.3 <= measure.seconds < 10
    assert measure.peak_mb > 50


def test_memory_of_children_counts_too(tmp_path: Path) -> None:
    child = "import time; held = bytearray(60_000_000); time.sleep(0.4)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert measured([sys.executable, "-c", program], cwd=tmp_path).peak_mb > 60


def test_a_failed_command_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing to lift"):
        measured([sys.executable, "-c", "raise SystemExit('nothing to lift')"], cwd=tmp_path)


def _is_gone(status: Path) -> bool:
    try:
        return status.read_text().split()[2] in "ZX"
    except OSError:
        return True


def test_a_command_is_ended_at_its_deadline_with_all_that_it_started(tmp_path: Path) -> None:
    child = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with pytest.raises(StoppedError, match="ended after 2 s"):
        measured([sys.executable, "-c", program], cwd=tmp_path, deadline_s=2)
    status = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    patience = time.monotonic() + 20  # a killed process ends when the machine gets round to it
    while not _is_gone(status):
        assert time.monotonic() < patience
        time.sleep(0.01)


def test_standard_output_can_go_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    measured([sys.executable, "-c", "print('seven')"], cwd=tmp_path, output=out)
    assert out.read_text() == "seven\n"


def test_a_table_aligns_names_to_the_left_and_numbers_to_the_right() -> None:
    measure = Measure(seconds=2.0, peak_mb=50.4)
    text = table([Line(work="lift", engine="graphmap", records=1_000, triples=24_000, measure=measure)])
    assert text == (
        "work  engine    records  seconds  records/s  triples/s  peak MB\n"
        "lift  graphmap    1,000     2.00        500     12,000       50\n"
    )
