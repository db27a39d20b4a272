"""graphmap turns documents that say what fields mean into a validated, queryable knowledge graph."""

from importlib.metadata import version

from graphmap.lifting.lift import lift, lift_to_bytes, lift_to_file
from graphmap.validation.report import Report
from graphmap.validation.validate import validate

__all__ = ["Report", "__version__", "lift", "lift_to_bytes", "lift_to_file", "validate"]

__version__ = version("graphmap")
