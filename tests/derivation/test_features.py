"""Each feature of LinkML, from schema to verdicts: shapes and mapping agree, and the ledger says what is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphmap.rules import ELEMENTS
from tests.derivation.features import FEATURES, Feature
from tests.derivation.worlds import HEAD, world

_COVERED_ELSEWHERE = frozenset({"annotations", "version", "imports", "prefixes", "default_prefix", "slot_definitions"})


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_records_break_the_rules_that_they_should_and_no_other(feature: Feature, tmp_path: Path) -> None:
    made = world(tmp_path, HEAD + feature.schema)
    assert made.broken(feature.good) == set()
    for records, slugs in feature.bad:
        assert made.broken(records) == slugs
    entries = made.entries()
    for subject, statement in feature.lost:
        (entry,) = [each for each in entries if each.subject == subject and statement in each.statement]
        fates = (entry.fates.ontology, entry.fates.shapes, entry.fates.mapping)
        assert any(re.match(r"(dropped|approximated): \w", fate) for fate in fates)


@pytest.mark.parametrize("kind", ["a class", "a slot", "a slot expression", "a type", "an enumeration", "a rule"])
def test_every_key_that_is_read_has_a_case(kind: str) -> None:
    text = HEAD + "".join(feature.schema for feature in FEATURES)
    missing = {key for key in ELEMENTS[kind].read if not re.search(rf"\b{key}:", text)}
    assert missing - _COVERED_ELSEWHERE == set()


def test_there_are_sixty_cases_with_names_of_their_own() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES) >= 60
