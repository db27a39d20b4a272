"""Requests that were found outside, with their right answers, against `graphmap serve`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.service.test_clients import served  # noqa: F401  # a fixture

CASES = Path(os.environ.get("GRAPHMAP_CASES", Path(__file__).parents[3] / "shared" / "cases")) / "http"

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not beside the checkout: {CASES}"),
]


def test_every_request_gets_its_right_answer(served: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    cases = [entry for entry in CASES.iterdir() if entry.is_dir()]
    ran = subprocess.run(["bash", str(CASES / "run.sh"), *served], capture_output=True, text=True, check=False)  # noqa: S603, S607  # the cases' own runner
    with capsys.disabled():
        print(f"\ncases/http: {ran.stdout.strip().splitlines()[-1]}")  # noqa: T201  # CI is to show how many ran
    assert ran.stdout.count("PASS") == len(cases) > 0, ran.stdout
    assert ran.returncode == 0
