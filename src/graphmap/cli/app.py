"""The `graphmap` command, its groups, and how it ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Annotated

import typer

from graphmap.cli.terminal import error_line, note
from graphmap.errors import GraphmapError

__all__ = ["main"]

_HELP = """Turn records into a knowledge graph, validate each one against your rules, and query the graph.

A workspace is a folder with graphmap.toml. Commands use the workspace of the current folder, or of one above it.

Example: graphmap init customers && cd customers && graphmap load samples/* && graphmap query accounts-by-status
"""


_MODULES = MappingProxyType(
    {
        "rules": ("init", "derive", "rules"),
        "lift": ("lift",),
        "validate": ("validate", "infer"),
        "load": ("load",),
        "query": ("query",),
        "virtual": ("virtual",),
        "serve": ("serve", "token"),
        "store": ("store", "erase"),
        "quarantine": ("quarantine",),
    }
)
"""Commands of each module, in the order of the help; a command imports only its own module."""


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer hands it over by position
    if wanted:
        print(f"graphmap {import_module('graphmap.version').__version__}")
        raise typer.Exit


def _wanted(arguments: Sequence[str]) -> Iterator[str]:
    """The module of the command that is called; all where that is not clear, since help and errors name them all."""
    called = arguments[0] if arguments else None
    if called == "--version":
        return
    found = [module for module, commands in _MODULES.items() if called in commands]
    yield from found or _MODULES


def _built(arguments: Sequence[str]) -> typer.Typer:
    """The command line, its modules put where the collector of garbage never looks: they stay to the end."""
    gc.disable()
    try:
        return _build(arguments)
    finally:
        gc.freeze()
        gc.enable()


def _build(arguments: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        name="graphmap",
        help=_HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def options(
        *,
        show_version: Annotated[
            bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
        ] = False,
    ) -> None:
        """Options of all commands."""

    for module in _wanted(arguments):
        import_module(f"graphmap.cli.{module}").add_to(app)
    return app


def main(arguments: list[str]) -> None:
    """Run the command line and end the process.

    Exit status: 0 done; 1 the data does not conform, a record was quarantined, or nothing has the name given; 2 the
    call or the configuration is wrong; 3 something could not be read or written.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # gives memory back, which Arrow's own allocator keeps
    try:
        _built(arguments)(args=arguments, prog_name="graphmap")
    except GraphmapError as error:
        note(error_line(error))
        sys.exit(error.exit_status)
