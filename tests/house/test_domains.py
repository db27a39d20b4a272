"""The engine knows no domain: no file of it has a word of the example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_WORDS = re.compile(
    r"limber|customeraccount|dim_customer|datareference|internalreference|uniquetext|integrationkey|studioprefix",
    re.IGNORECASE,
)
_FORMER = Path("rdf/former_names.py")
"""The table of former IRIs of the vocabulary."""
_BINARY = (".pyc", ".png", ".ico", ".woff2")


def words_of(text: str) -> list[str]:
    """Lines with a word of the example."""
    return [line for line in text.splitlines() if _WORDS.search(line)]


def texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Each file below `src`, by its path in the package."""
    package = root / "src" / "graphmap"
    for file in sorted((root / "src").rglob("*")):
        if file.is_file() and file.suffix not in _BINARY:
            yield file.relative_to(package), file.read_text(encoding="utf-8")


def test_no_file_of_the_engine_has_a_word_of_the_example(root: Path) -> None:
    found = {path: words_of(text) for path, text in texts(root)}
    assert len(found) > 400
    assert {path: lines for path, lines in found.items() if lines and path != _FORMER} == {}
    assert [line for line in found[_FORMER] if "graphmap#" not in line] == []


def test_a_planted_word_is_found() -> None:
    for planted in ("limber:account", "a CustomerAccount", 'row["uniqueText"]', "https://schema.limbergraph.com/x"):
        assert words_of(f"one line\n{planted}\n") == [planted]
