"""The report as the standard's RDF, in JSON-LD.

Source: SHACL, section 3.6 (validation report); JSON-LD 1.1, sections 4.2 (typed values) and 4.3 (lists).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphmap.rdf.terms import XSD, Token, iri_of, literal_parts, literal_token
from graphmap.validation.formats.rdf import blocks, totals
from graphmap.validation.report.finding import SEVERITIES, Finding
from graphmap.validation.report.quality import DQV
from graphmap.validation.report.report import Report
from graphmap.validation.shapes.property_paths import Path, PathKind
from graphmap.validation.shapes.vocabulary import GRAPHMAP, SH, component_token

__all__ = ["write_jsonld"]

_UNARY = {
    PathKind.INVERSE: "sh:inversePath",
    PathKind.ZERO_OR_MORE: "sh:zeroOrMorePath",
    PathKind.ONE_OR_MORE: "sh:oneOrMorePath",
    PathKind.ZERO_OR_ONE: "sh:zeroOrOnePath",
}


def write_jsonld(report: Report) -> Iterator[str]:
    """The report in JSON-LD.

    Args:
        report: any report.

    Yields:
        Pieces of one JSON object, a result a line.
    """
    head = {
        "@context": {"sh": SH, "graphmap": GRAPHMAP, "dqv": DQV, "xsd": XSD},
        "@type": "sh:ValidationReport",
        "sh:conforms": report.conforms,
        "graphmap:outcome": report.outcome,
        "graphmap:records": report.records,
        "graphmap:failure": list(report.failures),
    } | dict(_beside(report))
    yield "{\n" + "".join(f"  {_dump(key)}: {_dump(value)},\n" for key, value in head.items())
    yield '  "sh:result": ['
    for number, finding in enumerate(report.findings):
        yield f"{',' if number else ''}\n    {_dump(_result(finding))}"
    yield "\n  ]\n}\n" if report.findings else "]\n}\n"


def _beside(report: Report) -> Iterator[tuple[str, object]]:
    for predicate, value in totals(report):
        yield iri_of(predicate), _term(value)
    found: dict[str, list[object]] = {}
    for block in blocks(report):
        node = {iri_of(predicate): _term(value) for predicate, value in block.properties}
        found.setdefault(iri_of(block.predicate), []).append(node)
    yield from found.items()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _result(finding: Finding) -> dict[str, object]:
    severity = finding.severity
    found: dict[str, object] = {
        "@type": "sh:ValidationResult",
        "sh:resultSeverity": {"@id": f"sh:{severity}" if severity in SEVERITIES else severity},
        "sh:focusNode": _term(finding.focus_node),
        "sh:value": _term(finding.value),
        "sh:resultPath": None if finding.result_path is None else _path(finding.result_path),
        "sh:sourceShape": _term(finding.source_shape),
        "sh:sourceConstraintComponent": None
        if finding.component is None
        else _term(component_token(finding.component)),
        "sh:resultMessage": [_term(message) for message in finding.messages or (literal_token(finding.message),)],
        "graphmap:rule": finding.rule,
        "graphmap:source": finding.source,
        "graphmap:row": finding.row,
        "graphmap:pointer": finding.pointer,
        "graphmap:valueAsReceived": finding.received,
    }
    return {key: value for key, value in found.items() if value is not None}


def _term(token: Token | None) -> dict[str, str] | None:
    if token is None:
        return None
    if token[0] != '"':
        return {"@id": iri_of(token) if token[0] == "<" else token}
    parts = literal_parts(token)
    if parts.language is not None:
        return {"@value": parts.lexical, "@language": parts.language}
    return {"@value": parts.lexical} | ({} if parts.datatype == XSD + "string" else {"@type": parts.datatype})


def _path(path: Path) -> dict[str, object]:
    if path.kind is PathKind.PREDICATE:
        return {"@id": iri_of(path.predicate)}
    if path.kind in _UNARY:
        return {_UNARY[path.kind]: _path(path.parts[0])}
    members: dict[str, object] = {"@list": [_path(part) for part in path.parts]}
    return members if path.kind is PathKind.SEQUENCE else {"sh:alternativePath": members}
