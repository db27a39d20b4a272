from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import graphmap
from graphmap.saved_queries import load_queries


def _tracked(root: Path) -> list[Path]:
    command = ["git", "ls-files"]
    listing = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603  # git, as found
    return [root / name for name in listing.stdout.splitlines()]


def test_the_package_knows_its_version(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert graphmap.__version__ == project["version"]


def test_every_dependency_has_bounds_and_a_reason(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (root / "docs" / "decisions.md").read_text(encoding="utf-8")
    for requirement in project["dependencies"]:
        name = requirement.partition(">")[0]
        assert ">=" in requirement
        assert f"**{name}**" in reasons


def test_every_target_of_the_makefile_says_what_it_does(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8").splitlines()
    phony = next(line for line in makefile if line.startswith(".PHONY:")).split()[1:]
    told = {line.partition(":")[0] for line in makefile if ": " in line and " ## " in line}
    assert set(phony) == told


def test_saved_queries_are_a_dozen_or_more_and_each_is_described(root: Path) -> None:
    queries = load_queries(root / "queries")
    assert len(queries) >= 12
    assert all(query.title and query.description for query in queries.values())
    assert all(parameter.meaning for query in queries.values() for parameter in query.parameters)


def test_tracked_files_are_small(root: Path) -> None:
    assert [path.name for path in _tracked(root) if path.is_file() and path.stat().st_size > 1_000_000] == []
