"""Queries of the conformance pages: findings by severity, rule, source and load, and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from graphmap.rdf import GRAPHMAP, RDF_TYPE, XSD, literal_token
from graphmap.service.http import Cell
from graphmap.store import Layout

__all__ = ["MEMBERS", "SEVERITIES", "Selection", "by_day", "count_query", "findings_query", "tally_query"]

SEVERITIES = ("Violation", "Warning", "Info")
_SH = "http://www.w3.org/ns/shacl#"
_MOMENT = "<http://www.w3.org/ns/prov#generatedAtTime>"
_COLUMNS = 31
MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        "focusNode": f"<{_SH}focusNode>",
        "resultPath": f"<{_SH}resultPath>",
        "value": f"<{_SH}value>",
        "sourceShape": f"<{_SH}sourceShape>",
        "rule": f"<{GRAPHMAP}rule>",
        "component": f"<{_SH}sourceConstraintComponent>",
        "severity": f"<{_SH}resultSeverity>",
        "message": f"<{_SH}resultMessage>",
        "source": f"<{GRAPHMAP}source>",
        "row": f"<{GRAPHMAP}row>",
        "pointer": f"<{GRAPHMAP}pointer>",
        "document": f"<{GRAPHMAP}document>",
    }
)
"""Member of the JSON report to property in the graph of findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Selection of findings; `None` selects all.

    Args:
        severity: Violation, Warning or Info.
        rule: slug.
        source: name of the input.
        load: lexical form of the moment at which a load stored or set aside.
        limit: findings of a page.
        offset: findings before it.
    """

    severity: str | None = None
    rule: str | None = None
    source: str | None = None
    load: str | None = None
    limit: int = 100
    offset: int = 0

    @property
    def given(self) -> Mapping[str, str]:
        """Selected values by name of the parameter."""
        asked = {"severity": self.severity, "rule": self.rule, "source": self.source, "load": self.load}
        return {name: value for name, value in asked.items() if value is not None}

    def query(self) -> str:
        """Query string of another page, without its offset."""
        return urlencode({**self.given, "limit": self.limit})

    def without(self, name: str) -> str:
        """The parameters without one of them."""
        return urlencode({each: value for each, value in self.given.items() if each != name})

    def pattern(self, layout: Layout) -> str:
        """The pattern of the findings that are asked for: `?finding` and its `?severity`."""
        lines = [f"?finding {RDF_TYPE} <{_SH}ValidationResult> ; {MEMBERS['severity']} ?severity ."]
        if self.severity is not None:
            lines.append(f"FILTER(?severity = <{_SH}{self.severity}>)")
        for name, value in (("rule", self.rule), ("source", self.source)):
            if value is not None:
                lines.append(f"?finding {MEMBERS[name]} {literal_token(value)} .")
        when = "" if self.load is None else _at(literal_token(self.load, datatype=f"{XSD}dateTime"), layout)
        return f"GRAPH {layout.reports} {{ {' '.join(lines)} }} {when}"


def _at(moment: str, layout: Layout) -> str:
    """When a finding was made: with the message that was set aside, or with the document that was stored."""
    aside = f"GRAPH {layout.reports} {{ ?aside <{GRAPHMAP}finding> ?finding ; {_MOMENT} {moment} }}"
    alone = f"FILTER NOT EXISTS {{ ?any <{GRAPHMAP}finding> ?finding }}"
    told = f"GRAPH {layout.reports} {{ ?finding {MEMBERS['document']} ?document {alone} }}"
    stored = f"GRAPH {layout.provenance} {{ ?document {_MOMENT} {moment} }}"
    return f"{{ {aside} }} UNION {{ {told} {stored} }}"


def findings_query(selection: Selection, layout: Layout) -> str:
    """A page of findings with all that is said of them."""
    optional = " ".join(
        f"OPTIONAL {{ GRAPH {layout.reports} {{ ?finding {iri} ?{name} }} }}"
        for name, iri in MEMBERS.items()
        if name != "severity"
    )
    inner = (
        f"SELECT ?finding ?severity {{ {selection.pattern(layout)} }} "
        f"ORDER BY ?severity ?finding LIMIT {selection.limit} OFFSET {selection.offset}"
    )
    names = " ".join(f"?{name}" for name in MEMBERS)
    return f"SELECT ?finding {names} {{ {{ {inner} }} {optional} }} ORDER BY ?severity ?finding"


def count_query(selection: Selection, layout: Layout) -> str:
    """Count findings by severity."""
    return f"SELECT ?severity (COUNT(?finding) AS ?n) {{ {selection.pattern(layout)} }} GROUP BY ?severity"


def tally_query(selection: Selection, layout: Layout, by: str) -> str:
    """Count findings by a property.

    Args:
        selection: of these.
        layout: names of graphs.
        by: `rule`, `source` or `value`, with the severity; or `load`, the moment at which they were made.
    """
    key = _at("?key", layout) if by == "load" else f"GRAPH {layout.reports} {{ ?finding {MEMBERS[by]} ?key }}"
    key += " FILTER(!isIRI(?key))" if by == "value" else ""  # the thing itself is no value that was received
    order = "DESC(?key)" if by == "load" else "DESC(?n) ?key"
    return (
        f"SELECT ?key ?severity (COUNT(?finding) AS ?n) {{ {selection.pattern(layout)} {key} }} "
        f"GROUP BY ?key ?severity ORDER BY {order} LIMIT 1000"
    )


def by_day(rows: Iterable[tuple[Cell, ...]]) -> list[tuple[str, dict[str, int]]]:
    """Findings by load as columns of a chart: load by load, or, of many loads, by hour or by day; the oldest first."""
    counted = [(row[0].text, row[1].text.rpartition("#")[2], int(row[2].text)) for row in rows]
    moments = {moment for moment, _, _ in counted}
    length = next((each for each in (16, 13, 10, 7) if len({moment[:each] for moment in moments}) <= _COLUMNS), 4)
    found: dict[str, dict[str, int]] = {}
    for moment, severity, number in sorted(counted):
        column = found.setdefault(moment[:length].replace("T", " "), dict.fromkeys(SEVERITIES, 0))
        column[severity] = column.get(severity, 0) + number
    return list(found.items())
