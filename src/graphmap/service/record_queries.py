"""What the page about a thing asks the store: a few queries, each bound to the thing and bounded in what it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphmap.store import Layout
from graphmap.terms import RDFS, Token, iri_of

__all__ = ["BOUND", "SAMPLE", "count_query", "incoming_query", "page_queries", "record_query", "sample_query"]

BOUND = 3000
"""Statements of a record that a page looks at."""
SAMPLE = 50
"""Values of one property, or links of one property, on a page."""
_LABEL = f"<{RDFS}label>"
_SH = "http://www.w3.org/ns/shacl#"
_GM = "https://schema.limbergraph.com/graphmap#"
_PROV = "http://www.w3.org/ns/prov#"
_SHOWN = f"OPTIONAL {{ ?o {_LABEL} ?l }}"
_FINDING = {
    "rule": f"<{_GM}rule>",
    "severity": f"<{_SH}resultSeverity>",
    "message": f"<{_SH}resultMessage>",
    "focus": f"<{_SH}focusNode>",
    "path": f"<{_SH}resultPath>",
    "value": f"<{_SH}value>",
    "component": f"<{_SH}sourceConstraintComponent>",
}


def page_queries(subject: Token, layout: Layout) -> Mapping[str, str]:
    """The queries behind a page, by the name under which `record_view.read_record` wants their JSON answers.

    Args:
        subject: the thing.
        layout: names of graphs.
    """
    document = f"<{layout.document(iri_of(subject))}>"
    names = " ".join(f"?{name}" for name in _FINDING)
    optional = " ".join(f"OPTIONAL {{ ?f {iri} ?{name} }}" for name, iri in _FINDING.items())
    aside = f"OPTIONAL {{ ?aside <{_GM}finding> ?f }}"
    return {
        "record": f"SELECT ?s ?p ?o ?l {{ GRAPH {document} {{ ?s ?p ?o }} {_SHOWN} }} LIMIT {BOUND}",
        "known": f"""SELECT ?p ?o ?l {{
  {{ {subject} ?p ?o }} UNION {{ GRAPH {layout.ontology} {{ {subject} ?p ?o }} }} {_SHOWN}
}} LIMIT {BOUND}""",
        "links": f"SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p {subject} }} GROUP BY ?p ORDER BY ?p",
        "findings": f"""SELECT ?f ?aside {names} {{ GRAPH {layout.reports} {{
  ?f <{_GM}document> {document} ; a <{_SH}ValidationResult> . {optional} {aside}
}} }} ORDER BY ?f LIMIT {BOUND}""",
        "events": f"""SELECT ?node ?p ?o {{
  {{ GRAPH {layout.provenance} {{ {document} ?p ?o BIND({document} AS ?node) }} }}
  UNION {{ GRAPH {layout.provenance} {{ ?node <{_PROV}alternateOf> {document} ; ?p ?o }} }}
  UNION {{ GRAPH {layout.reports} {{ ?node a <{_GM}SetAsideRecord> ; <{_GM}document> {document} ; ?p ?o
    FILTER(?p NOT IN (<{_GM}payload>, <{_GM}finding>)) }} }}
}} LIMIT {BOUND}""",
    }


def record_query(subject: Token, layout: Layout) -> str:
    """CONSTRUCT what a record says, or, of a thing without a record, what is known of it."""
    document = f"<{layout.document(iri_of(subject))}>"
    return f"""CONSTRUCT {{ ?s ?p ?o }} {{
  {{ GRAPH {document} {{ ?s ?p ?o }} }} UNION {{ {subject} ?p ?o BIND({subject} AS ?s)
    FILTER NOT EXISTS {{ GRAPH {document} {{ ?any ?link ?thing }} }} }}
}} LIMIT {BOUND}"""


def count_query(subject: Token) -> str:
    """How many values a thing has, by property."""
    return f"SELECT ?p (COUNT(*) AS ?n) {{ {subject} ?p ?o }} GROUP BY ?p ORDER BY ?p"


def sample_query(subject: Token, properties: Iterable[Token]) -> str:
    """A few values of each property, for a thing that has more than a page can look at."""
    parts = (
        f"{{ SELECT ?p ?o {{ {subject} ?p ?o FILTER(?p = {each}) }} LIMIT {SAMPLE} }}"
        for each in list(properties)[:100]
    )
    return f"SELECT ?p ?o ?l {{ {{ {' UNION '.join(parts)} }} {_SHOWN} }}"


def incoming_query(subject: Token, link: Token, *, offset: int) -> str:
    """What points to a thing by one property, a page of it."""
    inner = f"SELECT ?s {{ ?s {link} {subject} }} LIMIT {SAMPLE} OFFSET {offset}"
    return f"SELECT ?s ?l {{ {{ {inner} }} OPTIONAL {{ ?s {_LABEL} ?l }} }}"
