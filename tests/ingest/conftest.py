"""A workspace like the checkout's own, and a store to load into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.ingest import Knowledge, load_knowledge
from graphmap.store import EmbeddedStore
from graphmap.workspace import read_workspace


@pytest.fixture(scope="session")
def knowledge(root: Path) -> Knowledge:
    return load_knowledge(read_workspace(root))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "store")
    yield opened
    opened.close()
