"""`init`, `rules` and `derive`: workspaces, rule files, and the files derived from them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from graphmap import derivation
from graphmap import rules as rule_files
from graphmap.cli.options import WorkspaceFolder, workspace_of
from graphmap.cli.output import write_result
from graphmap.cli.terminal import note, table
from graphmap.errors import CallError, GraphmapError, Locator, RulesError, counted
from graphmap.rules import Patch, Remark, patch_of, read_schemaspy_xml
from graphmap.starter import starter_files

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    app.command()(derive)
    group = typer.Typer(
        help="Check and show the rules, and what is kept of them.\n\nExample: graphmap rules show warehouse",
        no_args_is_help=True,
    )
    group.command()(check)
    group.command()(show)
    group.command()(ledger)
    group.command("import")(import_rules)
    app.add_typer(group, name="rules")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; it must be new or empty.")],
) -> None:
    """Make a new workspace from the example: rules, derived files, queries and samples.

    Example: graphmap init customers
    """
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
        bool,
        typer.Option("--check", help="Write nothing; show what has changed, and end with status 1 if anything has."),
    ] = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Derive ontology, shapes, mappings and context from the rules.

    Example: graphmap derive --check
    """
    settings = workspace_of(workspace)
    readings = {
        source.record_class: derivation.Reading(kind=source.kind, iterator=source.iterator or "$")
        for source in settings.sources.values()
        if source.record_class and source.kind != "envelope"
    }
    artifacts = derivation.derive(rule_files.load_rules(settings.root / "rules"), settings.base, readings)
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
    """Find contradictions in the rules, each with its file and line.

    Example: graphmap rules check
    """
    book = rule_files.load_rules(workspace_of(workspace).root / "rules")
    problems = rule_files.check(book)
    for problem in problems:
        print(problem)
    count = sum(1 for schema in book.schemas.values() for _ in rule_files.rules_of(schema))
    note(
        ", ".join(
            (counted(len(book.schemas), "schema"), counted(count, "rule"), counted(len(problems), "contradiction"))
        )
    )
    raise typer.Exit(2 if problems else 0)


def show(
    schema: Annotated[str, typer.Argument(metavar="SCHEMA", help="Name of a schema, such as shop.")],
    workspace: WorkspaceFolder = None,
) -> None:
    """Print the rules of a schema as tables.

    Example: graphmap rules show warehouse
    """
    book = rule_files.load_rules(workspace_of(workspace).root / "rules")
    rule_files.refuse(book)
    if schema not in book.schemas:
        raise CallError(f"there is no schema {schema!r}", hint=f"known: {', '.join(book.schemas)}")
    for each in rule_files.tables_of(book.schemas[schema]):
        title = f"{each.title}: {each.caption}" if each.caption else each.title
        table(each.header, each.rows, title=title)
        print()


def ledger(
    schema: Annotated[str | None, typer.Argument(metavar="[SCHEMA]", help="One schema alone, such as shop.")] = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Print what becomes of each statement of the rules in ontology, shapes and mapping, as Markdown.

    Example: graphmap rules ledger shop > ledger.md
    """
    book = rule_files.load_rules(workspace_of(workspace).root / "rules")
    if schema is not None and schema not in book.schemas:
        raise CallError(f"there is no schema {schema!r}", hint=f"known: {', '.join(book.schemas)}")
    entries = rule_files.ledger(book)
    print(rule_files.ledger_markdown(each for each in entries if schema in (None, each.schema)), end="")


def import_rules(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="XML that SchemaSpy writes beside its pages.")],
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write the rule file; without it the change is shown.")
    ] = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Show what a SchemaSpy catalog changes in the rules, and what stays open.

    Ends with status 1 where a part of the catalog was not read.

    Example: graphmap rules import catalog.xml --write
    """
    settings = workspace_of(workspace)
    stated = read_schemaspy_xml(file)
    target = settings.root / "rules" / f"{stated.name}.yaml"
    if target.parent != (settings.root / "rules") or not stated.name.replace("_", "").replace("-", "").isalnum():
        raise CallError(f"the schema name {stated.name!r} is no file name", hint="rename the schema in the XML")
    try:
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        patch = patch_of(stated, before=before, base=settings.base)
    except UnicodeDecodeError as error:
        where = Locator(source=str(target))
        raise CallError("the rule file is not UTF-8", where=where, hint="save it as UTF-8, or move it away") from error
    except RulesError as error:
        raise error.moved(replace(error.where, source=str(target))) from error
    print(patch.diff(f"rules/{target.name}"), end="")
    _remarks("Sources", stated.source, patch.sources)
    _remarks("Not read", stated.source, stated.unread)
    _remarks("Open questions", stated.source, patch.questions)
    if write:
        _write(patch, target)
    raise typer.Exit(1 if stated.unread else 0)


def _remarks(title: str, source: str, remarks: tuple[Remark, ...]) -> None:
    if remarks:
        print(f"\n{title}:")
    for each in remarks:
        print(f"  {Locator(source=source, line=each.line) if each.line else 'rule file'}: {each.text}")


def _write(patch: Patch, target: Path) -> None:
    if patch.lost_comments:
        lost = counted(patch.lost_comments, "comment line")
        raise CallError(
            f"writing would lose {lost}",
            where=Locator(source=str(target)),
            hint="apply the diff by hand, or move the comments into comments: or description:",
        )
    write_result([patch.after], target)
    note(f"wrote {target}; next: graphmap rules check && graphmap derive")
