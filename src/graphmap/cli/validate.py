"""Commands on RDF and records under shapes: `validate` says what does not fit, `infer` what follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import FailOn, Source, WorkspaceFolder, inputs_of, workspace_of
from graphmap.cli.output import check_target, write_result
from graphmap.cli.terminal import counting, error_lines, note, table
from graphmap.errors import CallError, ConfigurationError, counted
from graphmap.ingest import Knowledge, load_knowledge
from graphmap.ingest.admin import reading_store
from graphmap.ingest.check import InputCheck, check_files, check_graphs, check_store, engine_of, explain_sources, is_rdf
from graphmap.rdf import MAX_TRIPLES, Graph, iri_token, read_rdf
from graphmap.validation.engine import Engine, Profile, Selection
from graphmap.validation.formats import REPORT_FORMATS, report_schema, summary, write_report
from graphmap.validation.inference import RuleEngine
from graphmap.validation.reference import second_opinion
from graphmap.validation.report import SEVERITIES, Baseline, Report
from graphmap.workspace import find_workspace, read_workspace

__all__ = ["add_to"]

_UNREADABLE = 3
_NOT_FIT = 1
_LIFTED_FIRST = "or make RDF of it by a mapping of yours: `graphmap lift --mapping FILE -o data.nq`"
_ReportFile = Annotated[
    Path | None, typer.Option("--report", metavar="OUT", help="File for the report; - is standard output.")
]
_ReportForm = Annotated[
    str | None,
    typer.Option(
        "--report-format",
        metavar="NAME",
        help="turtle, jsonld, json, csv, html, junit or sarif; by default from the ending of OUT, else json.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """Options of reading shapes and running queries."""

    ontology: tuple[Path, ...]
    strict: bool
    deadline_s: float


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(validate)
    app.command()(infer)


def validate(  # noqa: PLR0913  # each argument is an option of the command
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Files of any source, or RDF; - is standard input.")
    ] = None,
    *,
    source: Source = None,
    shapes: Annotated[
        list[Path] | None,
        typer.Option("--shapes", metavar="FILE", help="Shapes in place of the workspace's own; may be repeated."),
    ] = None,
    whole_store: Annotated[bool, typer.Option("--store", help="Validate the records that the store holds.")] = False,
    graph: Annotated[
        list[str] | None,
        typer.Option("--graph", metavar="IRI", help="With --store, only this named graph; may be repeated."),
    ] = None,
    report: _ReportFile = None,
    report_format: _ReportForm = None,
    fail_on: FailOn = "violation",
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="REPORT", help="An earlier JSON report; only findings not in it count."),
    ] = None,
    redact: Annotated[bool, typer.Option("--redact", help="Leave the values out of the report.")] = False,
    ontology: Annotated[
        list[Path] | None,
        typer.Option(
            "--ontology",
            metavar="FILE",
            help="RDF that is used beside the data and not validated itself: classes, code lists; may be repeated.",
        ),
    ] = None,
    shape: Annotated[
        list[str] | None, typer.Option("--shape", metavar="IRI", help="Only this shape; may be repeated.")
    ] = None,
    focus: Annotated[
        list[str] | None, typer.Option("--focus", metavar="IRI", help="Only this focus node; may be repeated.")
    ] = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="Execute the rules of the shapes over RDF files before validating them.")
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", help="Seconds that one query of the shapes may take.")
    ] = 10.0,
    allow_no_targets: Annotated[
        bool, typer.Option("--allow-no-targets", help="Let a validation that looks at nothing conform.")
    ] = False,
    engine_name: Annotated[
        str, typer.Option("--engine", metavar="NAME", help="graphmap, or pyshacl for a second opinion on RDF files.")
    ] = "graphmap",
    strict_shapes: Annotated[
        bool, typer.Option("--strict-shapes", help="Refuse all shapes where one is ill-formed.")
    ] = False,
    profile: Annotated[bool, typer.Option("--profile", help="Show how long each shape took.")] = False,
    max_triples: Annotated[
        int, typer.Option("--max-triples", metavar="N", help="Most triples of an RDF file, some 250 bytes each.")
    ] = MAX_TRIPLES,
    explain: Annotated[
        bool, typer.Option("--explain", help="Validate nothing; show where each constraint is checked, and why.")
    ] = False,
    print_schema: Annotated[
        bool, typer.Option("--report-schema", help="Print the JSON Schema of the JSON report and stop.")
    ] = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Validate records or RDF against shapes, and report each finding with its place and rule.

    Nothing is stored. A summary is printed in any case. RDF files with --shapes need no workspace.

    Example: graphmap validate customers.csv --report report.html
    """
    if print_schema:
        write_result([report_schema()], None)
        return
    if explain:
        _explain(load_knowledge(workspace_of(workspace), shapes=shapes), source)
        return
    inputs = _inputs(files, source, graph, workspace, whole_store=whole_store)
    form = _report_format(report, report_format)
    place = None if report in (None, Path("-")) else report
    if place is not None:
        check_target(place)
    known = None if baseline is None else Baseline.read(baseline)
    rdf, records = _sorted(inputs)
    if engine_name != "graphmap":
        found = _second_opinion(engine_name, rdf, records, shapes, tuple(ontology or ()), _severity(fail_on), timeout)
        if form is not None:
            write_result(write_report(found, form), place)
        _summarise(found, to_output=form is None)
        raise typer.Exit(_verdict(found, refused=False))
    options = _Options(ontology=tuple(ontology or ()), strict=strict_shapes, deadline_s=timeout)
    knowledge, engine = _shapes(workspace, shapes, records, options, alone=not records and not whole_store)
    engine.profile = Profile() if profile else None
    engine.selection = _selection(engine, shape or (), focus or ())
    gathering = InputCheck(engine, fail_on=_severity(fail_on), allow_no_targets=allow_no_targets)
    gathering.rules = RuleEngine(engine, deadline_s=timeout) if rules else None
    check_graphs(rdf, gathering, max_triples=max_triples)
    if knowledge is not None:
        _check(knowledge, gathering, records, source=source, graphs=(graph or ()) if whole_store else None)
    found = gathering.report(baseline=known, redact=redact)
    _tell(found, gathering, form, place)
    raise typer.Exit(_verdict(found, refused=bool(gathering.refused)))


def infer(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="RDF files, taken as one graph.")],
    *,
    shapes: Annotated[list[Path], typer.Option("--shapes", metavar="FILE", help="Shapes with rules; may be repeated.")],
    ontology: Annotated[
        list[Path] | None, typer.Option("--ontology", metavar="FILE", help="RDF that is used beside the data.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="File for the triples, in N-Triples.")
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", metavar="S", help="Seconds that one query may take.")] = 10.0,
    max_rounds: Annotated[
        int, typer.Option("--max-rounds", metavar="N", help="How often all rules may be executed.")
    ] = 100,
) -> None:
    """Execute the rules of shapes over RDF files until nothing new comes, and print what was inferred.

    Example: graphmap infer data.ttl --shapes shapes.ttl -o new.nt
    """
    if output is not None:
        check_target(output)
    engine = engine_of(shapes, ontology=ontology or (), strict=False, deadline_s=timeout)
    graph = Graph(triple for file in (*files, *(ontology or ())) for triple in read_rdf(file, max_triples=MAX_TRIPLES))
    found = RuleEngine(engine, deadline_s=timeout, rounds=max_rounds).infer(graph)
    write_result((f"{s} {p} {o} .\n" for s, p, o in found.triples), output)
    note(f"{counted(len(found.triples), 'triple')} inferred in {counted(found.rounds, 'round')}")
    failures = (*found.failures, *(f"{each.shape}: {each.reason}" for each in engine.unevaluable))
    for failure in failures:
        note(f"failed: {failure}")
    if failures:
        raise typer.Exit(_UNREADABLE)


def _second_opinion(
    name: str,
    rdf: list[str],
    records: list[str],
    shapes: list[Path] | None,
    ontology: Iterable[Path],
    fail_on: str,
    timeout_s: float,
) -> Report:
    """The report of pySHACL on RDF files."""
    if name != "pyshacl":
        raise CallError(f"{name!r} is no engine", hint="use graphmap or pyshacl")
    if records or not rdf or not shapes:
        raise CallError("pySHACL validates RDF files against shapes that are named", hint="name both, with --shapes")
    return second_opinion(rdf, shapes, ontology=ontology, fail_on=fail_on, timeout_s=timeout_s)


def _tell(report: Report, gathering: InputCheck, form: str | None, place: Path | None) -> None:
    """Write a report where a form is asked for, and say what it says and what could not be read."""
    if form is not None:
        write_result(write_report(report, form), place)
    _summarise(report, to_output=form is None)
    for line in error_lines(refusal.error for refusal in gathering.refused):
        note(line)


def _summarise(report: Report, *, to_output: bool) -> None:
    """Print the summary of a report: as the result, or beside it on standard error."""
    for line in summary(report):
        if to_output:
            print(line)
        elif line:
            note(line)


def _check(
    knowledge: Knowledge,
    gathering: InputCheck,
    records: Iterable[str],
    *,
    source: str | None,
    graphs: Sequence[str] | None,
) -> None:
    """Check files of records, and graphs of the store unless they are `None`; without a name, all of them."""
    with counting("checking") as count:
        if graphs is not None:
            with reading_store(knowledge.workspace) as store:
                check_store(store, knowledge, gathering, graphs=graphs, progress=count)
        check_files(records, knowledge, gathering, source=source, progress=count)


def _inputs(
    files: list[str] | None, source: str | None, graph: list[str] | None, workspace: Path | None, *, whole_store: bool
) -> list[str]:
    """The files that are named, or the source that is, where the store is not what is validated."""
    if not files and source is not None and not whole_store:
        return inputs_of(files, source, workspace_of(workspace))
    if bool(files) == whole_store or (graph and not whole_store):
        raise CallError("say what to validate", hint="name files, or use --store, with --graph if need be")
    return files or []


def _sorted(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """RDF files, and files of records."""
    names = list(files)
    return [name for name in names if is_rdf(name)], [name for name in names if not is_rdf(name)]


def _shapes(
    workspace: Path | None, shapes: list[Path] | None, records: Sequence[str], options: _Options, *, alone: bool
) -> tuple[Knowledge | None, Engine]:
    """The knowledge of the workspace; none where RDF meets shapes that are named."""
    if alone and shapes and workspace is None:
        return None, engine_of(shapes, ontology=options.ontology, strict=options.strict, deadline_s=options.deadline_s)
    if options.ontology and not alone:
        raise CallError("--ontology goes with RDF files", hint="records go by the ontology of their workspace")
    try:
        root = find_workspace(workspace or Path.cwd())
    except ConfigurationError as error:
        if not records:
            raise
        what = f"{error.what}, and {records[0]} is not an RDF file: it takes the mappings of a workspace to read it"
        raise ConfigurationError(what, where=error.where, hint=f"{error.hint}; {_LIFTED_FIRST}") from error
    settings = read_workspace(root)
    if options.ontology:
        beside = (*settings.ontology(), *options.ontology)
        files = shapes or settings.shapes()
        return None, engine_of(files, ontology=beside, strict=options.strict, deadline_s=options.deadline_s)
    knowledge = load_knowledge(settings, shapes=shapes, strict=options.strict, deadline_s=options.deadline_s)
    return knowledge, knowledge.engine


def _selection(engine: Engine, shapes: Iterable[str], nodes: Iterable[str]) -> Selection | None:
    """The shapes and focus nodes to validate; `None` where all are."""
    chosen = Selection(shapes=frozenset(map(_token, shapes)), nodes=frozenset(map(_token, nodes)))
    chosen.check(engine.shapes)
    return chosen if chosen.shapes or chosen.nodes else None


def _token(name: str) -> str:
    return name if name.startswith("_:") else iri_token(name.removeprefix("<").removesuffix(">"))


def _explain(knowledge: Knowledge, source: str | None) -> None:
    rows = [(each.source, each.rule, each.component, each.where, each.why) for each in explain_sources(knowledge)]
    kept = [row for row in rows if source in (None, row[0])]
    table(("source", "rule", "component", "checked", "why"), kept)
    counts = {where: sum(row[3] == where for row in kept) for where in dict.fromkeys(row[3] for row in kept)}
    note(", ".join(f"{count} {where}" for where, count in counts.items()))


def _severity(name: str) -> str:
    found = next((each for each in SEVERITIES if each.lower() == name.lower()), None)
    if found is None:
        raise CallError(f"{name!r} is not a severity", hint="use violation, warning or info")
    return found


def _report_format(report: Path | None, name: str | None) -> str | None:
    suffixes = {
        ".ttl": "turtle",
        ".jsonld": "jsonld",
        ".json": "json",
        ".csv": "csv",
        ".html": "html",
        ".xml": "junit",
    } | {".sarif": "sarif"}
    form = name or (suffixes.get(report.suffix, "json") if report is not None else None)
    if form is not None and form not in REPORT_FORMATS:
        raise CallError(f"{form!r} is not a report format", hint=f"use {', '.join(REPORT_FORMATS)}")
    return form


def _verdict(report: Report, *, refused: bool) -> int:
    if report.outcome == "failed" or refused:
        return _UNREADABLE
    return _NOT_FIT if report.outcome == "violates" else 0
