"""Logical sources and targets of a plan, as declared by the mapping.

Source: RML-IO, logical sources and logical targets.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from graphmap.records.readers import Database, Part, RowForm

__all__ = ["Formulation", "LogicalSource", "Target"]


class Formulation(enum.Enum):
    """Reference formulation: columns of a table or query result, JSONPath, XPath."""

    CSV = "CSV"
    SQL = "SQL"
    JSON_PATH = "JSONPath"
    LAX_JSON_PATH = "LaxJSONPath"
    XPATH = "XPath"

    @property
    def tabular(self) -> bool:
        """Return whether a reference is the name of a column."""
        return self in (Formulation.CSV, Formulation.SQL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalSource:
    """Logical source of records.

    Args:
        name: identifies it for binding.
        path: relative to the mapping's folder.
        nulls: texts that stand for no value.
        encoding: of its text, as the codec is called; `None` where the mapping does not say.
        delimiter: of a table; `None` where it is told from the header.
        database: where rows come from, for `query` to ask.
        query: SQL.
        namespaces: prefixes that paths into XML use, with their namespaces.
        from_working_directory: whether the path starts there, and not from the mapping's folder.
        dialect: how a table is written beside that; `None` where it is as most are.
        part: of each document, where its records are only that; `None` where they are the documents.
    """

    name: str
    path: str | None
    formulation: Formulation
    nulls: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    from_working_directory: bool = False
    database: Database | None = None
    query: str | None = None
    namespaces: tuple[tuple[str, str], ...] = ()
    dialect: RowForm | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file that statements go to.

    Args:
        path: relative to the mapping's folder, or to the working directory.
        from_working_directory: whether it is the latter.
        syntax: the usual ending of file names in that syntax.
        packing: `none`, `gzip`, `zip`, `targz` or `tarxz`.
        encoding: as the codec is called.
    """

    path: str
    from_working_directory: bool
    syntax: str
    packing: str
    encoding: str
