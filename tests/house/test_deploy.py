"""What `deploy/` holds fits the command that it starts."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SYSTEMD_ANALYZE = shutil.which("systemd-analyze")


def options(command: str) -> set[str]:
    """The options of a command of ours, as its help has them."""
    program = str(Path(sys.executable).parent / "graphmap")
    environment = os.environ | {"NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(  # noqa: S603  # our own command
        [program, command, "--help"], capture_output=True, text=True, check=True, env=environment
    )
    return set(re.findall(r"--[a-z-]+", done.stdout))


def parts(line: str) -> tuple[str, list[str]]:
    """Name and options of a command line after the program."""
    name, *rest = shlex.split(line)
    return name, [each for each in rest if each.startswith("--")]


def test_the_unit_starts_a_command_that_there_is(root: Path) -> None:
    unit = (root / "deploy" / "graphmap.service").read_text(encoding="utf-8")
    found = re.search(r"^ExecStart=\S+/graphmap (.+)$", unit, re.MULTILINE)
    assert found is not None
    name, given = parts(found[1])
    assert given
    assert set(given) <= options(name)


def test_the_image_starts_a_command_that_there_is(root: Path) -> None:
    file = (root / "deploy" / "Containerfile").read_text(encoding="utf-8")
    found = re.search(r"^CMD (\[.+\])$", file, re.MULTILINE)
    assert found is not None
    name, given = parts(shlex.join(json.loads(found[1])))
    assert given
    assert set(given) <= options(name)
    assert "USER graphmap" in file


@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="systemd-analyze is not installed: nothing else reads units")
def test_systemd_understands_every_line_of_the_unit(root: Path, tmp_path: Path) -> None:
    unit = (root / "deploy" / "graphmap.service").read_text(encoding="utf-8")
    copy = tmp_path / "graphmap.service"  # the program of the original is not installed here
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.MULTILINE), encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # a tool of the system
        [SYSTEMD_ANALYZE or "", "verify", str(copy)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
