"""`lift`: records in, triples and what became of the records out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from graphmap import ingest
from graphmap.cli.options import Source, WorkspaceFolder, inputs_of, pairs, workspace_of
from graphmap.cli.output import check_target, write_result
from graphmap.cli.terminal import counting, error_lines, note
from graphmap.errors import CallError, GraphmapError
from graphmap.files import deduplicated
from graphmap.ingest.lift import LiftRun, functions_of, groups_statements, in_syntax, lift_files, lift_mapping
from graphmap.lifting.plan import references
from graphmap.lifting.run_state import (
    EXECUTION_REPORT_FORMS,
    ExecutionReport,
    execution_report_schema,
    write_execution_report,
)

__all__ = ["add_to"]

_UNREADABLE = 3
_NOT_FIT = 1
_MOST = 10
_MEGABYTE = 1 << 20
_SYNTAXES: Mapping[str, str] = MappingProxyType(
    {".nt": "ntriples", ".trig": "trig", ".ttl": "turtle", ".jsonld": "jsonld"}
)

_Files = Annotated[list[str] | None, typer.Argument(metavar="FILE...", help="Files of a source; - is standard input.")]
_Mapping = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="Lift through this RML instead of a source's own.")
]
_Base = Annotated[
    str | None,
    typer.Option("--base", metavar="IRI", help="What stands before relative IRIs, with --mapping; faults without it."),
]
_Bind = Annotated[
    list[str] | None,
    typer.Option(
        "--bind",
        metavar="NAME=VALUE",
        help="Read a source of the mapping from this file or URL, or fill in a name in ${}; may be repeated.",
    ),
]
_Functions = Annotated[
    Path | None,
    typer.Option("--functions", metavar="FILE.py", help="Python with FUNCTIONS that the mapping may call; it is run."),
]
_Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="OUT", help="File to write; - is standard output.")
]
_Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="nquads, ntriples, trig, turtle or jsonld; by default from the ending of OUT, else nquads.",
    ),
]
_Infer = Annotated[bool, typer.Option("--infer", help="Write what the ontology entails, too.")]
_Distinct = Annotated[bool, typer.Option("--distinct", help="Write each statement once over all records.")]
_Memory = Annotated[
    int,
    typer.Option(
        "--memory",
        metavar="MB",
        min=0,
        help="Memory for the index of a join and for --distinct; beyond it they use the disk.",
    ),
]
_Processes = Annotated[
    int | None,
    typer.Option("--processes", metavar="N", min=1, help="Number of processes; by default one for each processor."),
]
_Strict = Annotated[
    bool | None,
    typer.Option("--strict/--best-effort", help="Stop at the first record that cannot be lifted, or leave it out."),
]
_Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="OUT", help="File for the execution report; - is standard output."),
]
_ReportFormat = Annotated[str | None, typer.Option("--report-format", metavar="NAME", help="json or turtle.")]
_ReportSchema = Annotated[
    bool, typer.Option("--report-schema", help="Print the JSON Schema of the JSON report and stop.")
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(lift)


def lift(  # noqa: PLR0913  # each argument is an option of the command
    files: _Files = None,
    *,
    source: Source = None,
    mapping: _Mapping = None,
    base: _Base = None,
    bind: _Bind = None,
    functions: _Functions = None,
    output: _Output = None,
    syntax: _Format = None,
    infer: _Infer = False,
    distinct: _Distinct = False,
    memory: _Memory = 256,
    processes: _Processes = None,
    strict: _Strict = None,
    report: _Report = None,
    report_format: _ReportFormat = None,
    print_schema: _ReportSchema = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Lift records into RDF.

    Without --mapping the records belong to a source of the workspace, and records that cannot be lifted are left out
    unless --strict is given. With --mapping any RML mapping is used. It names its own sources, relative to its folder,
    unless FILE or --bind replaces them; --strict is then the default. --report names references without any value.

    Example: graphmap lift customers.csv -o customers.nq
    """
    if print_schema:
        write_result([execution_report_schema()], None)
        return
    if mapping is None and not files and source is None:
        raise CallError("there is nothing to lift", hint="name files, or - for standard input")
    output = None if output == Path("-") else output
    syntax = syntax or _syntax_of(output)
    with _reporting(report, report_format, output) as told:
        lifting = LiftRun(
            strict=mapping is not None if strict is None else strict,
            infer=infer and mapping is None,
            distinct=distinct,
            together=groups_statements(syntax),
            memory=memory * _MEGABYTE,
            report=told,
        )
        if mapping is not None:
            bound = pairs(bind or [], "--bind NAME=VALUE")
            texts = lift_mapping(
                mapping,
                files or [],
                lifting,
                base=base,
                bind=bound,
                environment=os.environ,
                functions=functions_of(functions),
                graphs=syntax not in ("ntriples", "turtle"),
                processes=processes,
            )
        else:
            mappings = ingest.load_mappings(workspace_of(workspace), infer=infer)
            texts = lift_files(
                inputs_of(files, source, mappings.workspace), mappings, lifting, source=source, processes=processes
            )
        with closing(texts):  # where writing fails, files of targets are to go now, and not sometime
            _write(texts, lifting, syntax, output)
    _tell(lifting, of_ones_own=mapping is not None)


def _syntax_of(output: Path | None) -> str:
    return "nquads" if output is None else _SYNTAXES.get(output.suffix, "nquads")


def _write(texts: Iterable[bytes | memoryview], lifting: LiftRun, syntax: str, output: Path | None) -> None:
    with counting("lifting") as count:
        counted: Iterable[bytes | memoryview] = _counted(texts, lifting, count)
        if lifting.distinct:
            counted = deduplicated(counted, memory=lifting.memory)
        write_result(in_syntax(counted, syntax), output)


def _tell(lifting: LiftRun, *, of_ones_own: bool) -> None:
    for line in error_lines(lifting.first, count=lifting.set_aside):
        note(line)
    note(f"{lifting.records - lifting.set_aside} records lifted, {lifting.set_aside} left out")
    if of_ones_own and lifting.report is not None:
        _tell_silent(lifting.report)
    raise typer.Exit(_UNREADABLE if lifting.unreadable else _NOT_FIT if lifting.set_aside else 0)


def _tell_silent(report: ExecutionReport) -> None:
    """Name the references that gave nothing in any record, as misspelt ones do."""
    silent = list(report.silent())
    for each in silent[:_MOST]:
        names = " and ".join(dict.fromkeys(repr(reference.text) for reference in references(each)))
        note(f"{each.written}: no record gave a term, from {names}; is this spelt as in the data?")
    if len(silent) > _MOST:
        note(f"and {len(silent) - _MOST} more; the report has them as term maps without terms")


def _counted(
    texts: Iterable[bytes | memoryview], lifting: LiftRun, count: Callable[[int], None]
) -> Iterator[bytes | memoryview]:
    for text in texts:
        count(lifting.records)
        yield text


@contextmanager
def _reporting(out: Path | None, name: str | None, output: Path | None) -> Iterator[ExecutionReport | None]:
    """A report that is written at the end, and where the work failed too; `None` where nobody asks for one."""
    if out is None:
        yield None
        return
    form = name or ("turtle" if out.suffix == ".ttl" else "json")
    if form not in EXECUTION_REPORT_FORMS:
        raise CallError(f"{form!r} is not a report format", hint=f"use {' or '.join(EXECUTION_REPORT_FORMS)}")
    if out == Path("-") and output is None:
        raise CallError("statements and report both go to standard output", hint="name a file with --output")
    if not out.parent.is_dir():
        raise CallError(f"the folder of {out} is not there", hint="make it first")
    if out != Path("-"):
        check_target(out)
    with closing(ExecutionReport()) as report:
        try:
            yield report
        except GraphmapError as error:
            if error.exit_status == _UNREADABLE:
                report.failed(error)
                write_result(write_execution_report(report, form), None if out == Path("-") else out)
            raise
        write_result(write_execution_report(report, form), None if out == Path("-") else out)
