"""docs/architecture.md names every package, and its walks follow the imports of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.imports import imported_files

_STEP = re.compile(r"^(?P<indent> *)(?:(?P<number>\d+)\.|-) `(?P<file>[\w/]+\.py)`")
_PARAGRAPH = re.compile(r"^\*\*`([\w/]+)`\*\* ", re.MULTILINE)
_NAMED = re.compile(r"`([\w/]+/[\w/]+\.(?:py|html|css|dot))`")


def misled(src: Path, page: str) -> list[str]:
    """The steps of walks that name no file, or one that the step before does not import."""
    return [
        f"{importer} -> {file}"
        for importer, file in _steps(page.partition("## Walks")[2].partition("## Glossary")[0])
        if not (src / file).is_file() or (importer and src / file not in _imported(src, src / importer))
    ]


def _imported(src: Path, file: Path) -> set[Path]:
    return imported_files(src, file) if file.is_file() else set()


def _steps(text: str) -> Iterator[tuple[str, str]]:
    """Each step with the one that has to import it: the number before, or the step that it is indented under."""
    above: list[tuple[int, str]] = []
    for found in filter(None, map(_STEP.match, text.splitlines())):
        indent, file = len(found["indent"]), found["file"]
        before = above[0][1] if above and indent == 0 else ""
        above = [(depth, name) for depth, name in above if depth < indent]
        importer = above[-1][1] if above else "" if found["number"] == "1" else before
        yield importer, file
        above.append((indent, file))


def not_described(src: Path, page: str) -> list[str]:
    """Packages without a paragraph, and paragraphs without a package."""
    packages = {str(file.parent.relative_to(src)) for file in src.rglob("__init__.py")} - {"."}
    return sorted(packages ^ set(_PARAGRAPH.findall(page)))


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def src(root: Path) -> Path:
    return root / "src" / "graphmap"


def test_every_package_has_a_paragraph(src: Path, page: str) -> None:
    assert not_described(src, page) == []


def test_a_package_without_a_paragraph_is_found(src: Path, page: str) -> None:
    assert not_described(src, page.replace("**`store/remote`**", "**`store/distant`**")) == [
        "store/distant",
        "store/remote",
    ]


def test_each_file_of_a_walk_imports_the_next(src: Path, page: str) -> None:
    steps = list(_steps(page.partition("## Walks")[2]))
    assert len(steps) > 60
    assert misled(src, page) == []


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("3. `ingest/admin/operations.py`", "3. `ingest/admin/inventory2.py`", "ingest/admin/inventory2.py"),
        ("2. `service/sparql/endpoint.py`", "2. `store/workers/pool.py`", "service/app.py -> store/workers/pool.py"),
        (
            "     - `records/readers/csv.py`",
            "     - `records/readers/excel.py`",
            "ingest/detect_input.py -> records/readers/excel.py",
        ),
        ("2. `store/workers/pool.py`", "2. `store/workers/worker.py`", "cli/serve.py -> store/workers/worker.py"),
    ],
)
def test_a_planted_wrong_step_is_found(src: Path, page: str, right: str, wrong: str, found: str) -> None:
    assert right in page
    assert any(found in fault for fault in misled(src, page.replace(right, wrong, 1)))


def test_every_file_that_the_page_names_exists(root: Path, src: Path, page: str) -> None:
    gone = [name for name in _NAMED.findall(page) if not (src / name).exists() and not (root / name).exists()]
    assert gone == []


def test_the_picture_names_the_packages_of_its_source(root: Path, src: Path) -> None:
    text = (root / "docs" / "architecture.dot").read_text(encoding="utf-8")
    drawn = set(re.findall(r'(\w+) \[label="[^"]+", class="package"\]', text))
    assert drawn <= {folder.name for folder in src.iterdir() if folder.is_dir()}
    assert len(drawn) > 8
    flow = (root / "docs" / "flow.dot").read_text(encoding="utf-8")
    steps = re.findall(r"^  (\w+) \[.*label=", flow, re.MULTILINE)
    assert [name for name in steps if f"<title>{name}</title>" not in (root / "docs" / "flow.svg").read_text()] == []
    svg = (root / "docs" / "architecture.svg").read_text(encoding="utf-8")
    assert [name for name in sorted(drawn) if f"<title>{name}</title>" not in svg] == []
    assert (root / "docs" / "architecture.css").read_text(encoding="utf-8") in svg
