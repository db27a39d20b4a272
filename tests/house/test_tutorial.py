"""The tutorial: its files are written as they stand, its commands run, and they print what it shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

_BLOCK = re.compile(r"^```(\S+)(?: (\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_tutorial_runs_as_it_is_written(root: Path, tmp_path: Path) -> None:
    blocks = _BLOCK.findall((root / "docs" / "tutorial.md").read_text(encoding="utf-8"))
    commands = 0
    for kind, name, body in blocks:
        if name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(body, encoding="utf-8")
        elif kind == "console":
            for line, *shown in _sessions(body):
                commands += 1
                printed = _run(line, tmp_path)
                assert [each for each in shown if each not in printed] == [], printed
    assert commands == 5


def _sessions(body: str) -> list[list[str]]:
    """Each command with the lines that it prints."""
    return [session.splitlines() for session in body.removeprefix("$ ").split("\n$ ")]


def _run(line: str, folder: Path) -> str:
    program, *words = shlex.split(line)
    command = [str(Path(sys.executable).parent / program), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr
