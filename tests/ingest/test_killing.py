"""A kill at any moment loses nothing that was acknowledged and leaves nothing half."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_store_survives_kills_at_random_moments(root: Path) -> None:
    arguments = [sys.executable, "-m", "tests.ingest.killing", "--rounds", "8", "--seed", "20"]
    run = subprocess.run(arguments, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.startswith("8 rounds")
