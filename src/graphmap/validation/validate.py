"""The shortest way: data and shapes in, a report out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyoxigraph

from graphmap.errors import CallError
from graphmap.rdf import Graph, Token, Triple, parse_rdf, parse_triples, read_rdf
from graphmap.validation.engine import Engine
from graphmap.validation.reference import Delegate
from graphmap.validation.report import Coverage, Covered, FindingLog, Report, finding_of, guides, measurements
from graphmap.validation.shapes import Shapes, load_shapes, read_shapes

__all__ = ["Data", "failures_of", "validate"]

Data: TypeAlias = str | Path | Iterable[tuple[Token, Token, Token]]
"""Turtle text, the path of an RDF file of any syntax, or triples of N-Triples tokens."""

_LIKE_A_PATH = re.compile(r"""[^\s<>"'@#()\[\]{};]+""")


def validate(data: Data, shapes: Data, *, fail_on: str = "Violation", deadline_s: float = 10.0) -> Report:
    """Validate one graph against a shapes graph.

    Args:
        data: the data graph; the sub-class statements that count are those in it.
        shapes: the shapes graph.
        fail_on: severity from which on the outcome is `violates`: `Violation`, `Warning` or `Info`.
        deadline_s: time for each shape that holds more than SHACL Core, in seconds.

    Returns:
        The report; `report.outcome` is `failed` where something could not be evaluated.

    Raises:
        CallError: where a text is not Turtle but the name of a file, which must come as a `Path`.
        ShapesError: where the shapes do not parse, are ill-formed, or refer to themselves.
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
    loaded = _shapes(shapes)
    engine = Engine(loaded, delegate=Delegate.of(loaded, deadline_s=deadline_s))
    coverage = Coverage.of(engine.shapes)
    source = str(data) if isinstance(data, Path) else None
    results = engine.validate(Graph(_triples(data)), coverage)
    findings = FindingLog()
    findings.extend(finding_of(result, source=source) for result in results)
    coverage.fault(findings)
    return Report(
        records=1,
        findings=findings,
        coverage=Covered.of(coverage),
        failures=failures_of(engine),
        fail_on=fail_on,
        measurements=tuple(measurements(coverage, {})),
        guides=guides(engine.shapes),
    )


def failures_of(engine: Engine) -> tuple[str, ...]:
    """List what could not be evaluated so far, a sentence each."""
    return tuple(f"{each.shape}: {each.reason}" for each in engine.unevaluable)


def _triples(data: Data) -> Iterable[tuple[Token, Token, Token]]:
    if isinstance(data, Path):
        return read_rdf(data)
    if isinstance(data, str):
        return parse_rdf(_turtle(data).encode(), pyoxigraph.RdfFormat.TURTLE, source="data")
    return data


def _shapes(shapes: Data) -> Shapes:
    if isinstance(shapes, Path):
        return load_shapes([shapes])
    if isinstance(shapes, str):
        return read_shapes(Graph(parse_triples(_turtle(shapes), source="shapes")))
    return read_shapes(Graph(Triple(*triple) for triple in shapes))


def _turtle(text: str) -> str:
    if _LIKE_A_PATH.fullmatch(text):
        raise CallError(f"{text!r} is not Turtle", hint="give the name of a file as a pathlib.Path")
    return text
