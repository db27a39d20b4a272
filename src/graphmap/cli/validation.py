"""`validate`: what does not fit, where, and by which rule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import FailOn, Source, WorkspaceFolder, workspace_of
from graphmap.cli.printing import counting, error_lines, note, summarise, write_result
from graphmap.errors import CallError
from graphmap.ingest import Gathering, check_files, check_graphs, check_store, is_rdf, load_knowledge
from graphmap.store import EmbeddedStore
from graphmap.validation.findings import SEVERITIES
from graphmap.validation.formats import REPORT_FORMATS, write_report
from graphmap.validation.report import Report

__all__ = ["validate"]

_UNREADABLE = 3
_NOT_FIT = 1


def validate(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Files of any source, or RDF; - is standard input.")
    ] = None,
    *,
    source: Source = None,
    shapes: Annotated[
        list[Path] | None, typer.Option("--shapes", metavar="FILE", help="Shapes in place of the workspace's own.")
    ] = None,
    whole_store: Annotated[bool, typer.Option("--store", help="Validate the records that the store holds.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT", help="File for the report; - is standard output.")
    ] = None,
    report_format: Annotated[
        str | None, typer.Option("--report-format", metavar="NAME", help="turtle, jsonld, json, csv, html or junit.")
    ] = None,
    fail_on: FailOn = "violation",
    workspace: WorkspaceFolder = None,
) -> None:
    """Check records against the shapes, and say what does not fit, where, and by which rule.

    Nothing is stored. Without --report a summary is printed.
    """
    if bool(files) == whole_store:
        raise CallError("say what to validate", hint="name files, or use --store alone")
    form = _report_format(report, report_format)
    knowledge = load_knowledge(workspace_of(workspace), shapes=shapes)
    gathering = Gathering(knowledge, fail_on=_severity(fail_on))
    with counting("checking") as count:
        if whole_store:
            check_store(EmbeddedStore(knowledge.workspace.store), knowledge, gathering, progress=count)
        check_graphs([name for name in files or [] if is_rdf(name)], knowledge, gathering)
        records = [name for name in files or [] if not is_rdf(name)]
        found = check_files(records, knowledge, gathering, source=source, progress=count)
    if form is not None:
        write_result(write_report(found, form), None if report in (None, Path("-")) else report)
    summarise(found, to_output=form is None)
    for line in error_lines(refusal.error for refusal in gathering.refused):
        note(line)
    raise typer.Exit(_verdict(found, refused=bool(gathering.refused)))


def _severity(name: str) -> str:
    found = next((each for each in SEVERITIES if each.lower() == name.lower()), None)
    if found is None:
        raise CallError(f"{name!r} is no severity", hint="use violation, warning or info")
    return found


def _report_format(report: Path | None, name: str | None) -> str | None:
    suffixes = {".ttl": "turtle", ".jsonld": "jsonld", ".json": "json", ".csv": "csv", ".html": "html", ".xml": "junit"}
    form = name or (suffixes.get(report.suffix, "json") if report is not None else None)
    if form is not None and form not in REPORT_FORMATS:
        raise CallError(f"{form!r} is no report format", hint=f"use {', '.join(REPORT_FORMATS)}")
    return form


def _verdict(report: Report, *, refused: bool) -> int:
    if report.outcome == "failed" or refused:
        return _UNREADABLE
    return _NOT_FIT if report.outcome == "violates" else 0
