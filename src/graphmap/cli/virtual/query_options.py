"""The virtual graph and the query that the options of a command name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphmap.cli.options import pairs
from graphmap.errors import CallError, Locator, SourceError

if TYPE_CHECKING:
    from graphmap.virtual import VirtualGraph
    from graphmap.workspace import SourceSettings, Workspace

__all__ = ["graph_of", "query_text"]


def graph_of(
    settings: Workspace | None,
    source: str | None,
    mapping: list[Path] | None,
    bind: list[str] | None,
    *,
    timeout: float = 60,
    most: int = 1_000_000,
) -> VirtualGraph:
    """The virtual graph of mappings, or of a workspace's source.

    Raises:
        CallError: where the options do not fit together.
        MappingError: where a mapping cannot be answered from tables in place.
    """
    try:
        from graphmap.virtual import Limits, VirtualGraph  # noqa: PLC0415  # an extra, and slow to import
    except ImportError as error:
        raise CallError(f"tables in place need the package {error.name}", hint="install graphmap[virtual]") from error

    bound, limits = pairs(bind or [], "--bind NAME=VALUE"), Limits(triples=most, seconds=timeout)
    if settings is None:
        if source is not None:
            raise CallError("--source is of a workspace", hint="leave it or --mapping out")
        return VirtualGraph(mapping or [], bind=bound, limits=limits)
    from graphmap.reasoning import Saturation, close_files  # noqa: PLC0415  # for workspaces alone

    asked = _table_source(settings, source)
    saturation = Saturation.of(close_files(settings.ontology(), cache=settings.cache))
    return VirtualGraph(
        asked.mappings, bind=bound, saturation=saturation, forms=asked.forms, limits=limits, base=settings.base
    )


def _table_source(settings: Workspace, source: str | None) -> SourceSettings:
    tables = {name: each for name, each in settings.sources.items() if each.kind == "table"}
    if source is not None and source not in tables:
        raise CallError(f"{source!r} is no table source", hint=f"use {', '.join(tables) or '--mapping FILE'}")
    if source is None and len(tables) != 1:
        what = f"the workspace has {len(tables)} table sources"
        raise CallError(what, hint="name one with --source, or use --mapping")
    return tables[source or next(iter(tables))]


def query_text(settings: Workspace | None, name: str | None, text: str | None, values: dict[str, str]) -> str:
    """The text of a query that is given, saved or in a file.

    Raises:
        CallError: where there is none, or too many.
        SourceError: where its file cannot be read.
    """
    if text is not None:
        if name is not None or values:
            raise CallError("-q takes the whole query", hint="leave out the name and the parameters")
        return text
    if name is None:
        raise CallError("there is no query", hint="name a file, or give one with -q")
    from graphmap.saved_queries import bind, load_queries, read_query  # noqa: PLC0415  # for queries in files alone

    saved = load_queries(settings.queries) if settings is not None else {}
    if name in saved:
        return bind(saved[name], values)
    file = Path(name)
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", where=Locator(source=name), hint="check the path") from error
    return bind(read_query(content, name=file.stem, source=name), values) if values else content
