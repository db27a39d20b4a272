"""Rule files with faults of any kind: a message with a place, or files that parse; never a traceback."""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest

from graphmap.derivation import derive
from graphmap.errors import RulesError
from graphmap.rules import load_rules
from tests.derivation.features import FEATURES
from tests.derivation.worlds import HEAD

SIGNS = "{}[]:,'\"*&!|>%@`#- \n\t0xé\\<"
NODES = ("[]", "{}", "7", "null", "[a, b]", "x")


def mutated(text: str, dice: random.Random) -> str:
    """A text with one fault: a line gone or twice, a sign or a word replaced, a mapping replaced, a piece cut out."""
    lines, at = text.splitlines(keepends=True), dice.randrange(len(text))
    number = dice.randrange(len(lines))
    words = re.findall(r"[A-Za-z_]\w*", text)
    mappings = list(re.finditer(r"\{[^{}]*\}", text))
    faults = [
        "".join(lines[:number] + lines[number + 1 :]),
        "".join([*lines[:number], dice.choice(lines), *lines[number:]]),
        text[:at] + dice.choice(SIGNS) + text[at + 1 :],
        re.sub(rf"\b{dice.choice(words)}\b", dice.choice(words), text, count=1),
        text[:at] + text[at + dice.randint(1, 30) :],
    ]
    if mappings:
        hit = dice.choice(mappings)
        faults.append(text[: hit.start()] + dice.choice(NODES) + text[hit.end() :])
    return dice.choice(faults)


def outcome(text: str) -> str:
    """`derived` or `refused`."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "world.yaml").write_text(text, encoding="utf-8")
        try:
            files = derive(load_rules(Path(folder)), "https://x.example/")
        except RulesError as error:
            return "refused" if error.where.source or "faults" in error.what else f"no place: {error}"
        for path, content in files.items():
            if path.endswith(".ttl"):
                list(ox.parse(content.encode(), format=ox.RdfFormat.TURTLE))
        return "derived"


def sweep(seeds: range) -> set[str]:
    outcomes = set()
    for seed in seeds:
        dice = random.Random(seed)
        text = HEAD + dice.choice(FEATURES).schema
        for _ in range(dice.randint(1, 2)):
            text = mutated(text, dice)
        outcomes.add(outcome(text))
    return outcomes


def test_a_faulty_rule_file_is_refused_with_its_place_or_derived_whole() -> None:
    assert sweep(range(150)) == {"derived", "refused"}


@pytest.mark.slow
def test_thousands_of_faulty_rule_files_are_refused_with_their_place_or_derived_whole() -> None:
    assert sweep(range(10_000, 11_000)) == {"derived", "refused"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: " + "[" * 80, "lists and mappings are nested deeper than 64"),
        (
            "a: &a [x, x]\n"
            + "".join(
                f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]\n" for p, n in zip("abcdefghij", "bcdefghijk", strict=True)
            ),
            "aliases (*) repeat more than a schema can hold",
        ),
        ("a: &a [*a]", "aliases (*) repeat more than a schema can hold"),
    ],
)
def test_yaml_that_would_take_all_memory_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    (problem,) = load_rules(tmp_path).problems
    assert problem.what == message


def test_a_merge_key_takes_in_what_it_names(tmp_path: Path) -> None:
    slots = "{id: {identifier: true}, b: {<<: *x, range: date}}"
    text = f"name: a\nx: &x {{required: true}}\nclasses: {{T: {{attributes: {slots}}}}}\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    book = load_rules(tmp_path)
    assert [problem.what for problem in book.problems] == ["unknown key 'x' in a schema"]
    assert [(field.name, field.minimum_count) for field in book.schemas["a"].classes["T"].induced] == [
        ("id", 1),
        ("b", 1),
    ]
