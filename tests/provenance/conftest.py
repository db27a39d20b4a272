"""Fixtures of `tests.ingest.conftest`, which these tests share."""

from tests.ingest.conftest import knowledge, store

__all__ = ["knowledge", "store"]
