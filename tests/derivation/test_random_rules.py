"""Random rule books: derive never fails, shapes and mapping agree, and exactly the rule that is broken is reported."""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.derivation.book_runs import report_on, written
from tests.derivation.random_books import Broken, random_book

FEATURES = {
    "a class without slots",
    "a key: identifier",
    "a key: key",
    "a key: one",
    "a key: several",
    "a link",
    "a link to the same class",
    *(f"a rule: {name}" for name in ("present", "least", "absent", "always", "else", "both ways")),
    "an iterator",
    "imports",
    "inlined_as_list",
    "internal",
    "is_a",
    "mixins",
    "objects in objects",
    "one name in two schemas",
    "objects without a key",
    "slot_usage",
    "slots",
    "unique_keys of 1",
    "unique_keys of 2",
}
FULL = range(1000, 1500)


def kind_of(slug: str, kinds: set[str]) -> str:
    """The kind of a rule, as docs/rules.md names it; a rule of a class ends with its own name."""
    return slug.rpartition(".")[2] if slug.rpartition(".")[2] in kinds else "across"


def checked(seed: int, oddness: float) -> tuple[frozenset[str], list[str]]:
    """Check one random rule book; its features, and the slugs of the rules that were broken."""
    book = random_book(seed, oddness=oddness)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "world"
        report = report_on(written(book, root), root)
    expected = sorted(book.sources["main"].broken, key=lambda each: (each.slug, each.row))
    found = [
        Broken(slug=each.rule or each.message, row=each.row or 0, pointer=each.pointer) for each in report.findings
    ]
    found.sort(key=lambda each: (each.slug, each.row))
    anywhere = {(each.slug, each.row) for each in expected if each.pointer is None}
    placed = [
        Broken(slug=each.slug, row=each.row, pointer=None) if (each.slug, each.row) in anywhere else each
        for each in found
    ]
    assert placed == expected, f"random_book({seed}, oddness={oddness})"
    return book.features, [each.slug for each in expected]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("oddness", [0.0, 0.8], ids=["plain names", "odd names"])
def test_exactly_the_broken_rule_is_reported_at_its_place(seed: int, oddness: float) -> None:
    checked(seed, oddness)


@pytest.mark.parametrize("oddness", [0.0, 0.8], ids=["plain names", "odd names"])
def test_a_fresh_seed_does_as_well(oddness: float) -> None:
    checked(random.SystemRandom().randrange(1 << 32), oddness)


@pytest.mark.slow
def test_every_kind_of_rule_is_broken_fifty_times(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guide = (root / "docs" / "rules.md").read_text(encoding="utf-8")
    table = guide.partition("## Kinds of rules")[2].partition("The annotation")[0]
    kinds = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
    counts = Counter(dict.fromkeys(kinds, 0))
    features: Counter[str] = Counter()
    for seed in FULL:
        made, slugs = checked(seed, oddness=seed % 2 * 0.8)
        features.update(made)
        counts.update(kind_of(slug, kinds) for slug in slugs)
    broken = ", ".join(f"{kind} {count}" for kind, count in counts.most_common())
    tried = ", ".join(f"{name} {count}" for name, count in features.most_common())
    with capsys.disabled():
        print(f"\n{len(FULL)} rule books; rules broken: {broken}; books with {tried}")  # noqa: T201  # for the log
    assert min(counts.values()) >= 50, counts
    assert set(features) == FEATURES
