"""The report as the standard's RDF, in Turtle, with the place in the source beside each result.

Source: SHACL, section 3.6 (validation report).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from graphmap.rdf.terms import RDF, RDF_TYPE, XSD, Token, Triple, literal_token
from graphmap.validation.report.finding import SEVERITIES, Finding
from graphmap.validation.report.quality import DQV, measurement_triples
from graphmap.validation.report.report import Report
from graphmap.validation.shapes.property_paths import Path, PathKind
from graphmap.validation.shapes.vocabulary import GRAPHMAP, SH, component_token, sh

__all__ = ["Block", "blocks", "finding_triples", "path_triples", "totals", "write_turtle"]


class Block(NamedTuple):
    """A node that the report points to, by its properties."""

    predicate: Token
    properties: tuple[tuple[Token, Token], ...]


def totals(report: Report) -> Iterator[tuple[Token, Token]]:
    """Numbers of the report itself."""
    yield f"<{GRAPHMAP}subjectsWithoutShape>", _number(report.coverage.unseen)
    if report.baseline is not None:
        yield f"<{GRAPHMAP}known>", _number(report.baseline.known)
        yield f"<{GRAPHMAP}resolved>", _number(report.baseline.resolved)


def blocks(report: Report) -> Iterator[Block]:
    """Coverage of each shape, time of each shape where it was taken, then the quality of each field."""
    seconds = report.seconds or {}
    for shape, count in report.coverage.targets.items():
        found = [(f"<{GRAPHMAP}shape>", _node(shape)), (f"<{GRAPHMAP}focusNodes>", _number(count))]
        if shape in seconds:
            found.append((f"<{GRAPHMAP}seconds>", literal_token(f"{seconds[shape]:.6f}", datatype=XSD + "decimal")))
        yield Block(f"<{GRAPHMAP}coverage>", tuple(found))
    for measurement in report.measurements:
        for _, triples in measurement_triples(measurement, "_:m"):
            yield Block(f"<{DQV}hasQualityMeasurement>", tuple((t.predicate, t.object) for t in triples))


def _node(name: str) -> Token:
    return name if name.startswith("_:") else f"<{name}>"


def _number(number: int) -> Token:
    return literal_token(str(number), datatype=XSD + "integer")


_PREFIXES = {"sh": SH, "graphmap": GRAPHMAP, "dqv": DQV, "xsd": XSD, "rdf": RDF}
_FIRST, _REST, _NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
_UNARY = {
    PathKind.INVERSE: sh("inversePath"),
    PathKind.ZERO_OR_MORE: sh("zeroOrMorePath"),
    PathKind.ONE_OR_MORE: sh("oneOrMorePath"),
    PathKind.ZERO_OR_ONE: sh("zeroOrOnePath"),
}

Fresh = Callable[[], Token]
"""Gives a new blank node at each call."""


def finding_triples(finding: Finding, node: Token, fresh: Fresh) -> Iterator[Triple]:
    """A finding as a validation result.

    Args:
        finding: any finding.
        node: what the result is called.
        fresh: gives blank nodes for paths.

    Yields:
        The triples of the result; `sh:focusNode` is left out where a record has no subject.
    """
    yield Triple(node, RDF_TYPE, sh("ValidationResult"))
    for predicate, value in _properties(finding):
        if value is not None:
            yield Triple(node, predicate, value)
    yield from (Triple(node, sh("resultMessage"), message) for message in _messages(finding))
    if finding.result_path is not None:
        head, triples = path_triples(finding.result_path, fresh)
        yield Triple(node, sh("resultPath"), head)
        yield from triples


def _messages(finding: Finding) -> tuple[Token, ...]:
    return finding.messages or (literal_token(finding.message),)


def _properties(finding: Finding) -> Iterator[tuple[Token, Token | None]]:
    severity = finding.severity
    yield sh("resultSeverity"), sh(severity) if severity in SEVERITIES else f"<{severity}>"
    yield sh("focusNode"), finding.focus_node
    yield sh("value"), finding.value
    yield sh("sourceShape"), finding.source_shape
    yield sh("sourceConstraintComponent"), None if finding.component is None else component_token(finding.component)
    yield f"<{GRAPHMAP}rule>", _text(finding.rule)
    yield f"<{GRAPHMAP}source>", _text(finding.source)
    yield f"<{GRAPHMAP}row>", None if finding.row is None else f'"{finding.row}"^^<{XSD}integer>'
    yield f"<{GRAPHMAP}pointer>", _text(finding.pointer)
    yield f"<{GRAPHMAP}valueAsReceived>", _text(finding.received)


def _text(text: str | None) -> Token | None:
    return None if text is None else literal_token(text)


def path_triples(path: Path, fresh: Fresh) -> tuple[Token, list[Triple]]:
    """A path as nodes of a graph.

    Args:
        path: any path.
        fresh: gives blank nodes.

    Returns:
        The node that stands for the path, and the triples about it.
    """
    if path.kind is PathKind.PREDICATE:
        return path.predicate, []
    inner = [path_triples(part, fresh) for part in path.parts]
    triples = [triple for _, found in inner for triple in found]
    if path.kind in _UNARY:
        node = fresh()
        return node, [Triple(node, _UNARY[path.kind], inner[0][0]), *triples]
    head = _NIL
    for member, _ in reversed(inner):
        cell = fresh()
        triples += [Triple(cell, _FIRST, member), Triple(cell, _REST, head)]
        head = cell
    if path.kind is PathKind.ALTERNATIVE:
        node = fresh()
        return node, [Triple(node, sh("alternativePath"), head), *triples]
    return head, triples


def write_turtle(report: Report) -> Iterator[str]:
    """The report in Turtle.

    Args:
        report: any report.

    Yields:
        Pieces of the document; blank nodes are numbered, so that two runs write the same bytes.
    """
    yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _PREFIXES.items())
    yield (
        f"\n[] a sh:ValidationReport ;\n  sh:conforms {str(report.conforms).lower()} ;\n"
        f'  graphmap:outcome "{report.outcome}" ;\n  graphmap:records {report.records}'
    )
    for reason in report.failures:
        yield f" ;\n  graphmap:failure {literal_token(reason)}"
    for predicate, value in totals(report):
        yield f" ;\n  {_short(predicate)} {value}"
    for block in blocks(report):
        properties = " ; ".join(f"{_short(predicate)} {_short(value)}" for predicate, value in block.properties)
        yield f" ;\n  {_short(block.predicate)} [ {properties} ]"
    for finding in report.findings:
        yield f" ;\n  sh:result [\n{_block(finding)}  ]"
    yield " .\n"


def _block(finding: Finding) -> str:
    lines = ["    a sh:ValidationResult"]
    lines += [f"    {_short(name)} {_short(value)}" for name, value in _properties(finding) if value is not None]
    if finding.result_path is not None:
        lines.append(f"    sh:resultPath {_path(finding.result_path)}")
    lines += [f"    sh:resultMessage {message}" for message in _messages(finding)]
    return " ;\n".join(lines) + "\n"


def _path(path: Path) -> str:
    if path.kind is PathKind.PREDICATE:
        return path.predicate
    parts = " ".join(_path(part) for part in path.parts)
    if path.kind is PathKind.SEQUENCE:
        return f"( {parts} )"
    if path.kind is PathKind.ALTERNATIVE:
        return f"[ sh:alternativePath ( {parts} ) ]"
    return f"[ {_short(_UNARY[path.kind])} {parts} ]"


def _short(token: Token) -> str:
    """A term of SHACL or of ours by its prefix, anything else as it is."""
    for name in ("sh", "graphmap", "dqv"):
        tail = token.removeprefix(f"<{_PREFIXES[name]}").removesuffix(">")
        if token.startswith(f"<{_PREFIXES[name]}") and tail.isalnum():
            return f"{name}:{tail}"
    return token
