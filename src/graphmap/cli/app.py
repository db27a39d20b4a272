"""The `graphmap` command, its groups, and how it ends."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from graphmap.cli import data, loading, quarantine, questions, rules, serving, store
from graphmap.cli.printing import error_line, note
from graphmap.errors import GraphmapError

__all__ = ["main"]

_HELP = """Turn documents that say what fields mean into a knowledge graph that can be checked and queried.

A workspace is a folder with graphmap.toml. Commands work in the workspace around the present folder.

First steps: graphmap init customers && cd customers && graphmap load samples/* && graphmap query accounts-by-status
"""


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer hands it over by position
    if wanted:
        print(f"graphmap {version('graphmap')}")
        raise typer.Exit


def _build() -> typer.Typer:
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

    rules.add_to(app)
    data.add_to(app)
    loading.add_to(app)
    questions.add_to(app)
    serving.add_to(app)
    store.add_to(app)
    quarantine.add_to(app)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process.

    Exit status: 0 done; 1 the data does not conform, or a record was set aside; 2 the call or the configuration is
    wrong; 3 something could not be read or written.
    """
    try:
        _build()(args=arguments, prog_name="graphmap")
    except GraphmapError as error:
        note(error_line(error))
        sys.exit(error.exit_status)
