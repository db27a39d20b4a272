"""Each feature of LinkML, from schema to verdicts: shapes and mapping agree, and the ledger says what is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.derivation.features import FEATURES, Feature
from tests.derivation.worlds import HEAD, world


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


def test_there_are_sixty_cases_with_names_of_their_own() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES) >= 60
