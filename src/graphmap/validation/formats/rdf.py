"""The report as the standard's RDF, in Turtle, with the place in the source beside each result.

Source: SHACL, section 3.6 (validation report).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from graphmap.rdf import GRAPHMAP, RDF, RDF_TYPE, XSD, Token, Triple, iri_of, literal_parts, literal_token
from graphmap.validation.report import DQV, SEVERITIES, Finding, Report, measurement_triples
from graphmap.validation.shapes import SH, Path, PathKind, component_token, sh

__all__ = ["Block", "blocks", "finding_triples", "path_triples", "totals", "write_jsonld", "write_turtle"]


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
    lines += [f"    sh:detail [\n{_block(each)}    ]" for each in finding.details]
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


_JSONLD_UNARY = {
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
        "sh:resultPath": None if finding.result_path is None else _jsonld_path(finding.result_path),
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
        "sh:detail": [_result(each) for each in finding.details] or None,
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


def _jsonld_path(path: Path) -> dict[str, object]:
    if path.kind is PathKind.PREDICATE:
        return {"@id": iri_of(path.predicate)}
    if path.kind in _JSONLD_UNARY:
        return {_JSONLD_UNARY[path.kind]: _jsonld_path(path.parts[0])}
    members: dict[str, object] = {"@list": [_jsonld_path(part) for part in path.parts]}
    return members if path.kind is PathKind.SEQUENCE else {"sh:alternativePath": members}
