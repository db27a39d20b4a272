"""The report as SARIF, which code hosts show beside the lines that it speaks of.

Source: Static Analysis Results Interchange Format 2.1.0, sections 3.27 (result) and 3.49 (reportingDescriptor).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from graphmap.rdf import local_name
from graphmap.validation.formats.terminal import place_of, said
from graphmap.validation.report import Finding, Report, plain, tallies
from graphmap.version import __version__

__all__ = ["write_sarif"]

_LEVELS: Mapping[str, str] = MappingProxyType({"Violation": "error", "Warning": "warning", "Info": "note"})
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write_sarif(report: Report) -> Iterator[str]:
    """The report as SARIF 2.1.0.

    Args:
        report: any report.

    Yields:
        Pieces of one JSON object, a result a line.
    """
    rules = [
        {"id": tally.rule, "shortDescription": {"text": tally.guide.name or local_name(tally.rule) or tally.rule}}
        for tally in tallies(report, samples=1)
    ]
    unique = list({rule["id"]: rule for rule in rules}.values())
    driver = {"name": "graphmap", "version": __version__, "rules": unique}
    failures = [{"level": "error", "message": {"text": reason}} for reason in report.failures]
    notes = [{"level": "note", "message": {"text": note}} for note in report.notes]
    invocation = {"executionSuccessful": not failures, "toolExecutionNotifications": [*failures, *notes]}
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n'
    yield f'"tool": {_dump({"driver": driver})},\n"invocations": [{_dump(invocation)}],\n'
    yield '"columnKind": "unicodeCodePoints",\n'
    yield '"results": ['
    for number, finding in enumerate(report.findings):
        yield f"{',' if number else ''}\n{_dump(_result(finding))}"
    yield "]}]}\n"


def _result(finding: Finding) -> dict[str, object]:
    rule = finding.rule or (plain(finding.source_shape) if finding.source_shape else finding.message)
    found: dict[str, object] = {
        "ruleId": rule,
        "level": _LEVELS.get(finding.severity, "error"),
        "message": {"text": _text(finding)},
        "properties": {name: value for name, value in finding.as_dict().items() if value is not None},
    }
    location: dict[str, object] = {}
    if finding.source:
        location["physicalLocation"] = {"artifactLocation": {"uri": finding.source}} | _region(finding)
    if finding.focus_node:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(finding.focus_node)}]
    return found | ({"locations": [location]} if location else {})


def _text(finding: Finding) -> str:
    value = finding.as_dict()["value"]
    received = "" if value is None else f": received {value!r}"
    name = f", {finding.property}" if finding.property else ""
    return f"{place_of(finding)}{name}{received}; {said(finding)}"


def _region(finding: Finding) -> dict[str, object]:
    if finding.line is None:
        return {}
    return {"region": {"startLine": finding.line, "startColumn": finding.column or 1}}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
