"""graphmap turns documents that say what fields mean into a validated, queryable knowledge graph."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("graphmap")
