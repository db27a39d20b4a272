"""Queries of the quarantine pages."""

from __future__ import annotations

from graphmap.rdf import GRAPHMAP, literal_token
from graphmap.store import Layout

__all__ = ["aside_query", "findings_query", "list_query", "totals_query"]

_SH = "http://www.w3.org/ns/shacl#"
_MOMENT = "<http://www.w3.org/ns/prov#generatedAtTime>"
_ASIDE = f"a <{GRAPHMAP}SetAsideRecord>"


def list_query(layout: Layout, outcome: str | None, limit: int, offset: int) -> str:
    """A page of the records that are set aside, the latest first, each with the number of its findings."""
    only = "" if outcome is None else f"FILTER(?outcome = {literal_token(outcome)})"
    said = f"{_ASIDE} ; <{GRAPHMAP}outcome> ?outcome ; <{GRAPHMAP}source> ?source ; {_MOMENT} ?moment"
    page = f"ORDER BY DESC(?moment) ?source ?node LIMIT {limit} OFFSET {offset}"
    inner = f"SELECT ?node ?outcome ?source ?moment {{ ?node {said} {only} }} {page}"
    return f"""SELECT ?node ?outcome ?source ?moment ?row ?document (COUNT(?f) AS ?n) (SAMPLE(?m) AS ?message)
{{ GRAPH {layout.reports} {{ {{ {inner} }}
  OPTIONAL {{ ?node <{GRAPHMAP}row> ?row }} OPTIONAL {{ ?node <{GRAPHMAP}document> ?document }}
  OPTIONAL {{ ?node <{GRAPHMAP}finding> ?f . ?f <{_SH}resultMessage> ?m }}
}} }} GROUP BY ?node ?outcome ?source ?moment ?row ?document ORDER BY DESC(?moment) ?source ?row ?node"""


def totals_query(layout: Layout) -> str:
    """Count quarantined records by outcome."""
    pattern = f"GRAPH {layout.reports} {{ ?node {_ASIDE} ; <{GRAPHMAP}outcome> ?outcome }}"
    return f"SELECT ?outcome (COUNT(?node) AS ?n) {{ {pattern} }} GROUP BY ?outcome ORDER BY ?outcome"


def aside_query(layout: Layout, identifier: str) -> str:
    """All about one record that is set aside, but for its findings."""
    node = f"<{layout.base}quarantine/{identifier}>"
    return f"""SELECT ?outcome ?source ?kind ?row ?document ?moment ?payload {{ GRAPH {layout.reports} {{
  {node} <{GRAPHMAP}outcome> ?outcome ; <{GRAPHMAP}source> ?source ; {_MOMENT} ?moment ; <{GRAPHMAP}payload> ?payload .
  OPTIONAL {{ {node} <{GRAPHMAP}kind> ?kind }} OPTIONAL {{ {node} <{GRAPHMAP}row> ?row }}
  OPTIONAL {{ {node} <{GRAPHMAP}document> ?document }}
}} }} LIMIT 1"""


def findings_query(layout: Layout, identifier: str) -> str:
    """The findings of one record that is set aside."""
    node = f"<{layout.base}quarantine/{identifier}>"
    optional = {
        "rule": f"<{GRAPHMAP}rule>",
        "severity": f"<{_SH}resultSeverity>",
        "message": f"<{_SH}resultMessage>",
        "focus": f"<{_SH}focusNode>",
        "path": f"<{_SH}resultPath>",
        "value": f"<{_SH}value>",
        "component": f"<{_SH}sourceConstraintComponent>",
        "pointer": f"<{GRAPHMAP}pointer>",
    }
    names = " ".join(f"?{name}" for name in optional)
    patterns = " ".join(f"OPTIONAL {{ ?f {iri} ?{name} }}" for name, iri in optional.items())
    return f"""SELECT ?f ({node} AS ?aside) {names} {{ GRAPH {layout.reports} {{
  {node} <{GRAPHMAP}finding> ?f . {patterns}
}} }} ORDER BY ?f LIMIT 500"""
