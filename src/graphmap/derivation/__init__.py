"""Rules -> ontology, shapes and mappings, as files that people can read."""

from graphmap.derivation.artifacts import BASE, derive, stale, write

__all__ = ["BASE", "derive", "stale", "write"]
