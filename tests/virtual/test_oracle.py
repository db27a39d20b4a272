"""Answers over tables in place equal those of the same records in the loaded store."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.virtual import VirtualGraph
from tests.virtual.comparison import difference
from tests.virtual.random_queries import random_query
from tests.virtual.worlds import loaded, rail_duckdb, rail_mapping

_EVERYDAY, _MANY = 30, 300


def _differences(folder: Path, seed: int, count: int) -> list[str]:
    mapping, url = rail_mapping(folder), rail_duckdb(folder, seed=seed)
    store = loaded(mapping, {"database": url})
    print(f"seeds {seed}/0 to {seed}/{count - 1}")  # noqa: T201  # pytest shows it where the test fails
    with VirtualGraph([mapping], bind={"database": url}) as graph:
        found = (difference(graph, store, random_query(f"{seed}/{number}")) for number in range(count))
        return [each for each in found if each is not None]


def test_random_queries_over_duckdb_are_answered_as_by_the_loaded_store(tmp_path: Path) -> None:
    assert _differences(tmp_path, 1, _EVERYDAY) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_many_random_queries_over_duckdb_are_answered_as_by_the_loaded_store(tmp_path: Path, seed: int) -> None:
    assert _differences(tmp_path, seed, _MANY) == []
