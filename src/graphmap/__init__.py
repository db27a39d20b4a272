"""graphmap turns documents that say what fields mean into a validated, queryable knowledge graph."""

from importlib.metadata import version

from graphmap.validation.report import Report
from graphmap.validation.validate import validate

__all__ = ["Report", "__version__", "validate"]

__version__ = version("graphmap")
