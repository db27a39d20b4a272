"""The steps of .ci/run stay within their time, and CONTRIBUTING.md says what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

MOST_MINUTES = 60
_STEP = re.compile(r'^ *step "([^"]+)" (\d+) ', re.MULTILINE)
_ROW = re.compile(r"^\| ([^|`]+) \| (\d+) \| ", re.MULTILINE)
_PATH = re.compile(r"`((?:src|tests|docs|benchmarks)/[\w/.]*)`")


def minutes(script: str) -> dict[str, int]:
    """The minutes of each step."""
    return {name: int(number) for name, number in _STEP.findall(script)}


@pytest.fixture(scope="module")
def script(root: Path) -> str:
    return (root / ".ci" / "run").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "CONTRIBUTING.md").read_text(encoding="utf-8")


def step(root: Path, limit: str, command: str) -> subprocess.CompletedProcess[str]:
    """A step as .ci/run makes it, and what would come after it."""
    program = (
        f'source .ci/run; wait_long() {{ sleep 30; }}; export -f wait_long; step "one" {limit} {command}; echo after'
    )
    return subprocess.run(["bash", "-c", program], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603, S607  # ours


def test_the_steps_take_less_than_an_hour_together(script: str) -> None:
    steps = minutes(script)
    assert len(steps) == script.count('\n  step "')
    assert len(steps) > 10
    assert sum(steps.values()) < MOST_MINUTES


def test_every_step_is_in_the_table_with_its_minutes(script: str, page: str) -> None:
    assert {name: int(number) for name, number in _ROW.findall(page)} == minutes(script)


def test_a_step_that_takes_too_long_is_killed_and_ends_the_run(root: Path) -> None:
    done = step(root, "0.01", "wait_long")
    assert done.returncode == 124
    assert "one was stopped: it took longer than 0.01 min" in done.stderr
    assert "after" not in done.stdout


def test_a_step_that_fails_ends_the_run_with_its_status(root: Path) -> None:
    done = step(root, "1", "bash -c 'exit 3'")
    assert done.returncode == 3
    assert "after" not in done.stdout


def test_a_step_that_succeeds_lets_the_run_go_on(root: Path) -> None:
    done = step(root, "1", "echo 'two words'")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line and "====" not in line] == ["two words", "after"]


def test_every_target_of_the_makefile_is_in_the_table(root: Path, page: str) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.* ## ", makefile, re.MULTILINE)) - {"help"}
    assert set(re.findall(r"^\| `make (\w+)` \|", page, re.MULTILINE)) == targets


def test_every_path_that_the_page_names_exists(root: Path, page: str) -> None:
    named = _PATH.findall(page)
    assert len(named) > 20
    assert [name for name in named if not (root / name).exists()] == []
