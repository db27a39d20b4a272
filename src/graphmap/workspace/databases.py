"""The database of a source: its address, with names in `${}` filled from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from graphmap.workspace.settings import DatabaseSettings
from graphmap.workspace.toml_table import Table

__all__ = ["database_of"]

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_FILE = re.compile(r"(?P<scheme>(?:jdbc:)?(?:sqlite|duckdb)):(?:///|//)?(?P<path>[^:].*)")


def database_of(source: Table, kind: str, root: Path, environment: Mapping[str, str]) -> DatabaseSettings | None:
    """The database of a source, where it names one.

    Args:
        source: its table in the file.
        kind: of the source.
        root: folder of the workspace, from which the path of a database file goes.
        environment: values of names in `${}`; one that is missing stays, and is refused when the database is opened.

    Raises:
        ConfigurationError: where the source is no table, or says not what to read.
    """
    if "database" not in source.values:
        return None
    if kind != "table":
        raise source.fault(f"a source of kind {kind!r} reads no database", "write kind = 'table'")
    table, query = source.text("table", ""), source.text("query", "")
    if bool(table) == bool(query):
        raise source.fault("a database needs a table or a query, one of them", "write table = 'NAME'")

    def filled(text: str, *, in_url: bool = False) -> str:
        def value(match: re.Match[str]) -> str:
            found = environment.get(match[1], match[0])
            return quote(found, safe="") if in_url and found != match[0] else found

        return _PLACEHOLDER.sub(value, text)

    url = source.text("database")
    file = _FILE.fullmatch(url)
    return DatabaseSettings(
        url=f"{file['scheme']}:{root / filled(file['path'])}" if file else filled(url, in_url=True),
        query=query or f"SELECT * FROM {table}",  # noqa: S608  # the owner's own file names it
        username=filled(source.text("username", "")) or None,
        password=filled(source.text("password", "")) or None,
    )
