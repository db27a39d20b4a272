"""Queries of the page of a thing, each bound to the thing and limited in its result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from graphmap.rdf import GRAPHMAP, RDFS, Token, iri_of
from graphmap.store import Layout

__all__ = [
    "BOUND",
    "FINDING",
    "SAMPLE",
    "count_query",
    "incoming_query",
    "label_query",
    "message_query",
    "page_query",
    "record_query",
    "sample_query",
]

BOUND = 3000
"""Statements of a record that a page looks at."""
SAMPLE = 50
"""Values of one property, or links of one property, on a page."""
_LABEL = f"<{RDFS}label>"
_SH = "http://www.w3.org/ns/shacl#"
_PAYLOAD = f"<{GRAPHMAP}payload>"
_PROV = "http://www.w3.org/ns/prov#"
_SHOWN = f"OPTIONAL {{ ?o {_LABEL} ?l }}"
FINDING: Mapping[str, str] = MappingProxyType(
    {
        "rule": f"{GRAPHMAP}rule",
        "severity": f"{_SH}resultSeverity",
        "message": f"{_SH}resultMessage",
        "focus": f"{_SH}focusNode",
        "path": f"{_SH}resultPath",
        "value": f"{_SH}value",
        "component": f"{_SH}sourceConstraintComponent",
    }
)
"""Values of a finding, and their properties."""


def page_query(subject: Token, layout: Layout) -> str:
    """All that a page needs, in one query: each row says in `?part` what it belongs to.

    `record` and `known` are statements with the labels of their objects, `links` are properties with numbers and one
    of the things, `findings` and `events` are statements, and `aside` is a finding with the set-aside record that has
    it.

    Args:
        subject: the thing.
        layout: names of graphs.
    """
    document = f"<{layout.document(iri_of(subject))}>"
    finding = f"?s <{GRAPHMAP}document> {document} ; a <{_SH}ValidationResult>"
    state = f"?s a <{GRAPHMAP}SetAsideRecord> ; <{GRAPHMAP}document> {document} ; ?p ?o"
    other = f"FILTER(?p != {_PAYLOAD})"
    one = "(SAMPLE(IF(isIRI(?from), ?from, 1/0)) AS ?s)"
    parts = {
        "record": f"GRAPH {document} {{ ?s ?p ?o }} {_SHOWN}",
        "known": f"{{ {subject} ?p ?o }} UNION {{ GRAPH {layout.ontology} {{ {subject} ?p ?o }} }} {_SHOWN}",
        "links": f"{{ SELECT ?p (COUNT(*) AS ?o) {one} {{ ?from ?p {subject} }} GROUP BY ?p ORDER BY ?p }}",
        "findings": f"GRAPH {layout.reports} {{ {finding} ; ?p ?o }}",
        "aside": f"GRAPH {layout.reports} {{ {finding} . ?o <{GRAPHMAP}finding> ?s }}",
        "events": f"""{{ GRAPH {layout.provenance} {{ {document} ?p ?o {other} BIND({document} AS ?s) }} }}
  UNION {{ GRAPH {layout.provenance} {{ ?s <{_PROV}alternateOf> {document} ; ?p ?o }} }}
  UNION {{ GRAPH {layout.reports} {{ {state} FILTER(?p NOT IN ({_PAYLOAD}, <{GRAPHMAP}finding>)) }} }}""",
    }
    selects = (
        f'{{ SELECT ?part ?s ?p ?o ?l {{ {pattern} BIND("{name}" AS ?part) }} LIMIT {BOUND} }}'
        for name, pattern in parts.items()
    )
    return f"SELECT ?part ?s ?p ?o ?l {{ {' UNION '.join(selects)} }}"


def label_query(things: Iterable[Token]) -> str:
    """SELECT the labels of a few things."""
    return f"SELECT ?s ?l {{ VALUES ?s {{ {' '.join(things)} }} ?s {_LABEL} ?l }}"


def message_query(subject: Token, layout: Layout) -> str:
    """SELECT the message that a record was made of."""
    document = f"<{layout.document(iri_of(subject))}>"
    return f"SELECT ?message {{ GRAPH {layout.provenance} {{ {document} {_PAYLOAD} ?message }} }}"


def record_query(subject: Token, layout: Layout) -> str:
    """CONSTRUCT what a record says, or, of a thing without a record, what is known of it."""
    document = f"<{layout.document(iri_of(subject))}>"
    return f"""CONSTRUCT {{ ?s ?p ?o }} {{
  {{ GRAPH {document} {{ ?s ?p ?o }} }} UNION {{ {subject} ?p ?o BIND({subject} AS ?s)
    FILTER NOT EXISTS {{ GRAPH {document} {{ ?any ?link ?thing }} }} }}
}} LIMIT {BOUND}"""


def count_query(subject: Token) -> str:
    """Count the values of a thing by property."""
    return f"SELECT ?p (COUNT(*) AS ?n) {{ {subject} ?p ?o }} GROUP BY ?p ORDER BY ?p"


def sample_query(subject: Token, properties: Iterable[Token]) -> str:
    """A few values of each property, for a thing that has more than a page can look at."""
    parts = (
        f"{{ SELECT ?p ?o {{ {subject} ?p ?o FILTER(?p = {each}) }} LIMIT {SAMPLE} }}"
        for each in list(properties)[:100]
    )
    return f"SELECT ?p ?o ?l {{ {{ {' UNION '.join(parts)} }} {_SHOWN} }}"


def incoming_query(subject: Token, link: Token, *, offset: int) -> str:
    """List the things that link to a thing by one property, a page at a time."""
    inner = f"SELECT ?s {{ ?s {link} {subject} }} LIMIT {SAMPLE} OFFSET {offset}"
    return f"SELECT ?s ?l {{ {{ {inner} }} OPTIONAL {{ ?s {_LABEL} ?l }} }}"
