"""Commands in documents and in `--help` run as they are written."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from graphmap.cli import app
from tests.cli.servers import running

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^\s*Example: (graphmap .*)$", re.MULTILINE)
_BY_CI = ("make ", "python3.11 -m venv .venv", ". .venv/bin/activate", "pip install .")
"""`.ci/run` runs these: targets of make, and the wheel in an environment of its own."""
_ID = "3f2a9c"
"""Stands for the id of a quarantined record."""
_MAPPING = """
@prefix rml: <http://w3id.org/rml/> .
<#people> a rml:TriplesMap ;
  rml:logicalSource [ rml:source "people.csv" ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "http://example.com/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate <http://example.com/name> ; rml:objectMap [ rml:reference "name" ] ] .
"""
_SHOP = """id: https://example.org/shop
name: shop
prefixes: {linkml: "https://w3id.org/linkml/"}
imports: ["linkml:types"]
default_range: string
classes: {Customer: {attributes: {id: {identifier: true}}}}
"""
_CATALOG = """<database schema="stock"><tables><table name="maker" type="TABLE">
<column name="id" nullable="false" type="int"/><primaryKey column="id"/></table></tables></database>
"""
_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e/S> sh:targetClass <http://e/C> ; sh:property [ sh:path <http://e/p> ; sh:minCount 1 ] .
"""


def documents(root: Path) -> list[Path]:
    """The documents for users and developers; decisions and measurements are of their day."""
    pages = sorted((root / "docs").glob("*.md"))
    dated = ("decisions.md", "measured.md")
    return [root / "README.md", root / "CONTRIBUTING.md", *(page for page in pages if page.name not in dated)]


def commands_of(text: str) -> list[str]:
    """The commands of the shell blocks of a document, without comments."""
    blocks = (body for kind, body in _BLOCK.findall(text) if kind == "sh")
    lines = (re.sub(r"\s+# .*$", "", line).strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def unmarked(text: str) -> list[str]:
    """Commands in blocks that are not marked as shell, and so would not be run."""
    bodies = (body for kind, body in _BLOCK.findall(text) if kind not in ("sh", "console"))
    return [line for body in bodies for line in body.splitlines() if re.match(r"(\$ )?(graphmap|make) ", line)]


def leaves(command: Any, path: str = "graphmap") -> Iterator[tuple[str, Any]]:
    """Each command and group with its full name."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from leaves(inner, f"{path} {name}")


def _all_commands() -> dict[str, str]:
    return {name: command.help or "" for name, command in leaves(typer.main.get_command(app._build([])))}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder with files for examples and a workspace: its samples are loaded, and records are in quarantine."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "mapping.ttl").write_text(_MAPPING, encoding="utf-8")
    (folder / "people.csv").write_text("id,name\n1,Ann\n", encoding="utf-8")
    (folder / "shapes.ttl").write_text(_SHAPES, encoding="utf-8")
    (folder / "data.ttl").write_text('<http://e/1> a <http://e/C> ; <http://e/p> "x" .', encoding="utf-8")
    (folder / "classes.ttl").write_text("<http://e/D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/C> .")
    (folder / "catalog.xml").write_text(_CATALOG, encoding="utf-8")
    workspace = folder / "workspace"
    _run("graphmap init workspace", folder)
    for name in ("mapping.ttl", "people.csv", "shapes.ttl", "data.ttl", "classes.ttl", "catalog.xml"):
        shutil.copy(folder / name, workspace)
    faulty = (workspace / "samples" / "dim_customer.csv").read_text(encoding="utf-8").splitlines()[:2]
    (workspace / "customers.csv").write_text("\n".join(faulty) + "\n", encoding="utf-8")
    (workspace / "rules" / "shop.yaml").write_text(_SHOP, encoding="utf-8")
    status, _ = _run(f"graphmap load samples/* {root / 'tests' / 'data' / 'faulty' / 'rows.csv'}", workspace)
    assert status == 1
    return folder


def _run(line: str, folder: Path) -> tuple[int, str]:
    """Run one command as a shell would: words, and patterns of file names."""
    words = [
        match
        for word in shlex.split(line.partition(" > ")[0])
        for match in (sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word])
    ]
    program = [str(Path(sys.executable).parent / words[0]), *words[1:]]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    return done.returncode, done.stdout + done.stderr


def _quarantined(folder: Path) -> str:
    listed = _run("graphmap quarantine list", folder)[1]
    found = re.search(r"^([0-9a-f]{12}) ", listed, re.MULTILINE)
    assert found is not None, listed
    return found[1]


def _run_all(lines: list[str], start: Path, root: Path) -> list[str]:
    """Run commands one after another; those that ended otherwise than done, or with findings, with what they said."""
    folder, failed = start, []
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for line in lines:
        if line.startswith("cd "):
            folder /= line[3:]
        elif line.startswith("make "):
            assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE), line
        elif line.startswith("graphmap serve"):
            with running(folder) as client:
                assert client.get("/").status_code == 200
        elif not line.startswith(_BY_CI):
            written = line.replace(_ID, _quarantined(folder)) if _ID in line else line
            status, said = _run(written, folder)
            failed += [f"{line}: {status}\n{said}"] if status not in (0, 1) else []
    return failed


def test_every_command_has_an_example_of_itself() -> None:
    helps = _all_commands()
    assert len(helps) > 20
    missing = [
        name
        for name, text in helps.items()
        if not (found := _EXAMPLE.search(text)) or not found[1].startswith("graphmap" if " " not in name else name)
    ]
    assert missing == []


@pytest.mark.slow
def test_the_example_of_every_command_runs(loaded: Path, root: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded, tmp_path / "copy")
    examples = [found[1] for name, text in _all_commands().items() if " " in name and (found := _EXAMPLE.search(text))]
    assert len(set(examples)) > 15
    order = {"drop": 1, "retry": 2, "restore": 3, "erase": 4}
    ordered = sorted(set(examples), key=lambda line: next((order[word] for word in order if f" {word} " in line), 0))
    assert _run_all(ordered, tmp_path / "copy" / "workspace", root) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_commands_of_the_first_pages_run(name: str, root: Path, tmp_path: Path, loaded: Path) -> None:
    for file in ("mapping.ttl", "people.csv", "shapes.ttl", "data.ttl"):
        shutil.copy(loaded / file, tmp_path)
    blocks = [body for kind, body in _BLOCK.findall((root / name).read_text(encoding="utf-8")) if kind == "sh"]
    assert blocks
    for block in blocks:
        assert _run_all(commands_of(f"```sh\n{block}```"), tmp_path, root) == []


@pytest.mark.slow
def test_the_commands_of_the_other_pages_run(root: Path, tmp_path: Path, loaded: Path) -> None:
    shutil.copytree(loaded, tmp_path / "copy")
    lines = [line for page in documents(root)[2:] for line in commands_of(page.read_text(encoding="utf-8"))]
    assert len(lines) > 10
    lines.sort(key=lambda line: (" drop " in line) * 1 + (" retry " in line) * 2)
    assert _run_all(lines, tmp_path / "copy" / "workspace", root) == []


def test_no_command_hides_in_another_block(root: Path) -> None:
    assert {page.name: found for page in documents(root) if (found := unmarked(page.read_text(encoding="utf-8")))} == {}


def test_a_command_that_fails_is_found(tmp_path: Path, root: Path) -> None:
    assert _run_all(["graphmap lode x"], tmp_path, root) != []
    assert unmarked("```\ngraphmap load x\n```\n") == ["graphmap load x"]


@pytest.mark.slow
def test_the_demo_fits_sixty_lines(root: Path, tmp_path: Path) -> None:
    if not (root / ".venv" / "bin" / "graphmap").exists():
        pytest.skip("the demo runs from .venv, which `make` sets up")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    program = [str(root / "benchmarks" / "demo.sh")]
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=environment)  # noqa: S603  # ours
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) <= 58, "make adds two lines"
    assert "1,904 stored, 96 quarantined" in done.stdout
