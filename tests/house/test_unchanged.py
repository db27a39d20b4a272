"""What users see of the samples and of generated records is what it was when `reference.json` was written.

Where it changes on purpose: `python -m tests.house.reference_dump > tests/house/reference.json`, and the changelog says
what changed; `python -m tests.house.reference_dump FOLDER` before and after shows the lines.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.house.reference_dump import checksums, parts

REFERENCE: dict[str, dict[str, int | str]] = json.loads(
    Path(__file__).with_name("reference.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def dumped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int | str]]:
    return checksums(dict(parts(tmp_path_factory.mktemp("dump"))))


@pytest.mark.parametrize("name", list(REFERENCE))
def test_a_part_of_the_dump_is_what_it_was(dumped: dict[str, dict[str, int | str]], name: str) -> None:
    assert dumped[name] == REFERENCE[name]


def test_the_reference_names_every_part_of_the_dump(dumped: dict[str, dict[str, int | str]]) -> None:
    assert list(dumped) == list(REFERENCE)
