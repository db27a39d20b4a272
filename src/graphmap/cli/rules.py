"""`init`, `rules` and `derive`: what fields mean, and the files that follow from it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from graphmap import derivation
from graphmap import rules as rule_files
from graphmap.cli.options import WorkspaceFolder, workspace_of
from graphmap.cli.terminal import note, table
from graphmap.errors import CallError, GraphmapError, Locator
from graphmap.starter import starter_files

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    app.command()(derive)
    group = typer.Typer(help="Look at the rules and check them.", no_args_is_help=True)
    group.command()(check)
    group.command()(show)
    app.add_typer(group, name="rules")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; it must be new or empty.")],
) -> None:
    """Make a workspace: rules, what is derived from them, queries, and samples to load."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError("there is something here already", where=Locator(source=str(folder)), hint="name a new folder")
    try:
        for relative, file in starter_files():
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    except OSError as error:
        hint = "check the folder above it and the space that is left"
        where = Locator(source=str(folder))
        raise GraphmapError(f"cannot be made: {error.strerror}", where=where, hint=hint) from error
    note(f"made a workspace in {folder}")
    note(f"next: cd {folder} && graphmap load samples/*")


def derive(
    *,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; show what is stale and end with status 1 if anything is.")
    ] = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Derive ontology, shapes, mappings and context from the rules."""
    settings = workspace_of(workspace)
    artifacts = derivation.derive(rule_files.load_rules(settings.root / "rules"), settings.base)
    if check_only:
        stale = list(derivation.stale(artifacts, settings.root))
        for line in stale:
            print(line, end="" if line.endswith("\n") else "\n")
        note(f"{len(artifacts)} derived files are {'stale: run graphmap derive' if stale else 'up to date'}")
        raise typer.Exit(1 if stale else 0)
    for path in derivation.outdated(artifacts, settings.root):
        note(f"removed {path}: no rule file gives it any more")
    changed = derivation.write(artifacts, settings.root)
    for path in changed:
        print(path)
    note(f"{len(artifacts)} derived files, {len(changed)} changed")


def check(workspace: WorkspaceFolder = None) -> None:
    """Look for contradictions in the rules: each with its file and line."""
    book = rule_files.load_rules(workspace_of(workspace).root / "rules")
    problems = rule_files.check(book)
    for problem in problems:
        print(problem)
    count = sum(1 for schema in book.schemas.values() for _ in rule_files.rules_of(schema))
    note(f"{len(book.schemas)} schemas, {count} rules, {len(problems)} contradictions")
    raise typer.Exit(2 if problems else 0)


def show(
    schema: Annotated[str, typer.Argument(metavar="SCHEMA", help="Name of a schema, such as limber.")],
    workspace: WorkspaceFolder = None,
) -> None:
    """Print the rules of a schema as tables."""
    book = rule_files.load_rules(workspace_of(workspace).root / "rules")
    rule_files.refuse(book)
    if schema not in book.schemas:
        raise CallError(f"there is no schema {schema!r}", hint=f"known: {', '.join(book.schemas)}")
    for each in rule_files.tables_of(book.schemas[schema]):
        title = f"{each.title}: {each.caption}" if each.caption else each.title
        table(each.header, each.rows, title=title)
        print()
