"""Settings and inputs with random damage: each is read, or refused with a message; nothing else comes out."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from graphmap.errors import GraphmapError
from graphmap.ingest import Knowledge, load_knowledge
from graphmap.workspace import read_workspace
from tests.ingest.test_kinds_of_source import FILES, FORMS, VOYAGES, lifted, report_on, workspace

SEEDS = (11, 12, None)
"""`None` is a fresh seed each run, drawn in the test, so that all processes collect the same tests."""
EACH = 40
ODD = (*"\"'[]{}=,$\\#\n\r\0\ufeff\ud7ff", "null", "-1", "1e999", "é", "<a>", "&x;")


def _drawn(seed: int | None) -> int:
    return random.SystemRandom().randrange(10**6) if seed is None else seed


def damaged(text: str, chance: random.Random) -> str:
    """A text with one to three places changed."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        to = min(len(text), at + chance.randint(0, 12))
        kind = chance.randrange(5)
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind == 1:
            text = text[:at] + chance.choice(ODD) + text[at:]
        elif kind == 2:
            text = text[:at] + chance.choice(ODD) + text[to:]
        elif kind == 3:
            text = text[:to] + text[at:to] + text[to:]
        else:
            lines = text.split("\n")
            chance.shuffle(lines)
            text = "\n".join(lines)
    return text


def outcome_of(work: Callable[[], str], said: str) -> str:
    """What becomes of a damaged text: the outcome of the work, or that it was refused, with a message and a place."""
    try:
        return work()
    except GraphmapError as error:
        refusal = error
    except Exception as error:
        raise AssertionError(said) from error
    assert refusal.what, said
    assert refusal.where.source or refusal.hint, said
    return "refused"


def read(knowledge: Knowledge, path: Path) -> str:
    records = report_on(knowledge, str(path)).records
    lifted(knowledge, str(path))
    return "read" if records else "empty"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", ["ships.csv", "array", "lines", "one or many", "xml with attributes"])
def test_an_input_with_damage_is_read_or_refused(form: str, seed: int | None, tmp_path: Path) -> None:
    seed, fixed = _drawn(seed), seed is not None
    chance = random.Random(f"{seed} {form}")
    iterator, made = FORMS.get(form, ("", json.dumps))
    knowledge = workspace(tmp_path / "fleet", voyages=f'iterator = "{iterator}"' if iterator else "")
    path = tmp_path / form.replace(" ", "-")
    if form in FILES:
        FILES[form](path)
    else:
        path.write_text(made(VOYAGES), encoding="utf-8")
    whole, outcomes = path.read_text(encoding="utf-8"), Counter[str]()
    for _ in range(EACH):
        text = damaged(whole, chance)
        path.write_bytes(text.encode())
        outcomes[outcome_of(lambda: read(knowledge, path), f"seed {seed}: {text!r}")] += 1
    assert outcomes["read"] or not fixed, outcomes


def _taken(root: Path) -> str:
    load_knowledge(read_workspace(root, {}))
    return "taken"


@pytest.mark.parametrize("seed", SEEDS)
def test_settings_with_damage_are_taken_or_refused(seed: int | None, tmp_path: Path) -> None:
    seed, fixed = _drawn(seed), seed is not None
    chance = random.Random(seed)
    root = tmp_path / "fleet"
    workspace(
        root,
        ships='files = ["*.csv"]\ndelimiter = ";"\nnulls = ["-"]\ntimestamps = "iso"\nbooleans = { y = "true" }',
        voyages='iterator = "$.log.voyage[*]"\nversion = "left"',
    )
    settings = root / "graphmap.toml"
    whole, outcomes = settings.read_text(encoding="utf-8"), Counter[str]()
    for _ in range(EACH):
        text = damaged(whole, chance)
        settings.write_bytes(text.encode())
        outcomes[outcome_of(lambda: _taken(root), f"seed {seed}: {text!r}")] += 1
    assert not fixed or set(outcomes) == {"taken", "refused"}, outcomes
