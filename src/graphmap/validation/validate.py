"""The shortest way: data and shapes in, a report out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyoxigraph

from graphmap.errors import CallError
from graphmap.rdf import Graph, Token, Triple, parse_rdf, parse_triples, read_rdf, with_present_names
from graphmap.validation.engine import Engine
from graphmap.validation.inference import unexecuted
from graphmap.validation.report import (
    Coverage,
    Covered,
    FindingLog,
    Report,
    absent_terms,
    finding_of,
    guides,
    label_of,
    measurements,
)
from graphmap.validation.shapes import Shapes, load_shapes, read_shapes, sh
from graphmap.validation.sparql import Delegate

__all__ = ["Data", "failures_of", "notes_of", "nothing_looked_at", "unsupported_in_data", "validate"]

Data: TypeAlias = str | Path | Iterable[tuple[Token, Token, Token]]
"""Turtle text, the path of an RDF file of any syntax, or triples of N-Triples tokens."""

_SHAPE = sh("shape")
_LIKE_A_PATH = re.compile(r"""[^\s<>"'@#()\[\]{};]+""")


def validate(
    data: Data,
    shapes: Data,
    *,
    fail_on: str = "Violation",
    deadline_s: float = 10.0,
    strict: bool = False,
    allow_no_targets: bool = False,
) -> Report:
    """Validate one graph against a shapes graph.

    Args:
        data: the data graph; the sub-class statements that count are those in it.
        shapes: the shapes graph.
        fail_on: severity from which on the outcome is `violates`: `Violation`, `Warning` or `Info`.
        deadline_s: time for each query of the shapes graph, in seconds.
        strict: refuse a shapes graph that holds an ill-formed shape; otherwise the others run, and the outcome is
            `failed`.
        allow_no_targets: a validation that looks at nothing may conform; otherwise its outcome is `failed`.

    Returns:
        The report; `report.outcome` is `failed` where something could not be evaluated.

    Raises:
        CallError: where a text is no Turtle but the name of a file, which must come as a `Path`.
        ShapesError: where the shapes do not parse, or are ill-formed and `strict`.
        DataError: where the data does not parse.
        SourceError: where a file cannot be read.

    >>> shapes = '''
    ... @prefix sh: <http://www.w3.org/ns/shacl#> .
    ... @prefix e: <http://example.org/> .
    ... e:Person a sh:NodeShape ; sh:targetClass e:Human ; sh:property [ sh:path e:name ; sh:minCount 1 ] .
    ... '''
    >>> report = validate("@prefix e: <http://example.org/> . e:ada a e:Human .", shapes)
    >>> report.conforms, report.outcome, [finding.message for finding in report.findings]
    (False, 'violates', ['There must be at least 1 value'])
    >>> report.findings[0].as_dict()["focusNode"]
    'http://example.org/ada'
    >>> validate('@prefix e: <http://example.org/> . e:ada a e:Human ; e:name "Ada" .', shapes).conforms
    True
    """
    loaded = _shapes(shapes, strict=strict)
    engine = Engine(loaded, delegate=Delegate.of(loaded, deadline_s=deadline_s))
    coverage = Coverage.of(engine.shapes)
    source = str(data) if isinstance(data, Path) else None
    graph = Graph(_triples(data))
    results = engine.validate(graph, coverage)
    findings = FindingLog()
    findings.extend(finding_of(each, source=source, label=label_of(graph, each.focus_node)) for each in results)
    coverage.fault(findings)
    return Report(
        records=1,
        findings=findings,
        coverage=Covered.of(coverage),
        failures=(
            *failures_of(engine),
            *unsupported_in_data(graph),
            *(() if allow_no_targets else nothing_looked_at(engine, coverage)),
        ),
        notes=(*notes_of(engine), *unexecuted(engine.shapes), *absent_terms(engine.shapes, graph)),
        fail_on=fail_on,
        measurements=tuple(measurements(coverage, {})),
        guides=guides(engine.shapes),
    )


def failures_of(engine: Engine) -> tuple[str, ...]:
    """List what could not be evaluated so far, a sentence each."""
    return tuple(f"{each.shape}: {each.reason}" for each in engine.unevaluable)


def notes_of(engine: Engine) -> tuple[str, ...]:
    """Notes on the shapes for a reader of the report, a sentence each."""
    return tuple(dict.fromkeys(f"{each.shape}: {each.text}" for each in engine.notes))


def nothing_looked_at(engine: Engine, coverage: Coverage) -> tuple[str, ...]:
    """The reason why a verdict would mean nothing, where no shape has a target or no target has a focus node."""
    if not engine.shapes.targeted():
        found = (
            f"none of the {len(engine.shapes.by_node)} shapes has a target" if engine.shapes.by_node else "no shapes"
        )
        return (f"nothing was validated: {found} (--allow-no-targets accepts that)",)
    if not coverage.targets.total():
        return ("nothing was validated: no target has a focus node (--allow-no-targets accepts that)",)
    return ()


def unsupported_in_data(graph: Graph) -> tuple[str, ...]:
    """Statements of a data graph that ask for a validation which is not supported: `sh:shape` of the 1.2 drafts."""
    asking = next((node for node, properties in graph.forward.items() if _SHAPE in properties), None)
    if asking is None:
        return ()
    return (f"the data asks for a shape of {asking} by sh:shape, of a draft of SHACL 1.2, which is not supported",)


def _triples(data: Data) -> Iterable[tuple[Token, Token, Token]]:
    if isinstance(data, Path):
        return read_rdf(data)
    if isinstance(data, str):
        return parse_rdf(_turtle(data).encode(), pyoxigraph.RdfFormat.TURTLE, source="data")
    return data


def _shapes(shapes: Data, *, strict: bool) -> Shapes:
    if isinstance(shapes, Path):
        return load_shapes([shapes], strict=strict)
    if isinstance(shapes, str):
        return read_shapes(Graph(parse_triples(with_present_names(_turtle(shapes)), source="shapes")), strict=strict)
    return read_shapes(Graph(Triple(*triple) for triple in shapes), strict=strict)


def _turtle(text: str) -> str:
    if _LIKE_A_PATH.fullmatch(text):
        raise CallError(f"{text!r} is not Turtle", hint="give the name of a file as a pathlib.Path")
    return text
