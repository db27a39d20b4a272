"""Queries for the document of a thing.

Each query binds the thing's IRI, keeps one OPTIONAL a property and bounds what it samples, as the planner likes it.
"""

from __future__ import annotations

from graphmap.rdf import GRAPHMAP, RDF_TYPE, RDFS, Token, iri_of
from graphmap.store import Layout

__all__ = ["PAGE", "aside_query", "description_query", "exists_query", "known_query", "members_query"]

_LABEL = f"<{RDFS}label>"
_TOPIC = "<http://xmlns.com/foaf/0.1/primaryTopic>"
_INCOMING = f"<{GRAPHMAP}incomingLinks>"
_DOCUMENT = f"<{GRAPHMAP}document>"
_PAYLOAD = f"<{GRAPHMAP}payload>"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_SAMPLE = 50
PAGE = 50
"""Things of a class on one page."""


def exists_query(subject: Token, layout: Layout) -> str:
    """ASK whether anything is known about a thing."""
    return f"ASK {{ {{ {subject} ?p ?o }} UNION {{ ?s ?q {subject} }} UNION {_in(layout.ontology, subject)} }}"


def aside_query(subject: Token, layout: Layout) -> str:
    """ASK whether a message about a thing was set aside."""
    document = f"<{layout.document(iri_of(subject))}>"
    return f"ASK {{ GRAPH {layout.reports} {{ ?aside {_DOCUMENT} {document} }} }}"


def description_query(subject: Token, layout: Layout) -> str:
    """CONSTRUCT the description of a thing: its properties, labels, a sample of what points to it, provenance."""
    document = f"<{layout.document(iri_of(subject))}>"
    return f"""CONSTRUCT {{
  {subject} ?p ?o . ?o {_LABEL} ?l . ?s ?q {subject} . {document} ?dp ?do .
  {document} {_TOPIC} {subject} ; {_INCOMING} ?n .
}} WHERE {{
  {{ {subject} ?p ?o OPTIONAL {{ ?o {_LABEL} ?l }} }}
  UNION {_in(layout.ontology, subject)}
  UNION {{ SELECT ?s ?q {{ ?s ?q {subject} }} LIMIT {_SAMPLE} }}
  UNION {{ SELECT (COUNT(*) AS ?n) {{ ?any ?link {subject} }} }}
  UNION {{ GRAPH {layout.provenance} {{ {document} ?dp ?do FILTER(?dp != {_PAYLOAD}) }} }}
}}"""


def known_query(subject: Token, layout: Layout) -> str:
    """SELECT what is known of a thing, with labels."""
    return f"""SELECT ?property ?value ?label {{
  {{ {subject} ?property ?value }} UNION {{ GRAPH {layout.ontology} {{ {subject} ?property ?value }} }}
  OPTIONAL {{ ?value {_LABEL} ?label }}
}} ORDER BY ?property ?value"""


def members_query(subject: Token, *, offset: int, total: int, following: str | None) -> str:
    """CONSTRUCT a page of the things of a class, with their labels and their number.

    Source: Hydra Core Vocabulary, section 4.5 (collections in pages).
    """
    inner = f"SELECT ?s {{ ?s {RDF_TYPE} {subject} }} LIMIT {PAGE} OFFSET {offset}"
    next_page = f"{subject} <{_HYDRA}next> <{following}> ." if following else ""
    return f"""CONSTRUCT {{
  {subject} <{_HYDRA}totalItems> {total} ; <{_HYDRA}member> ?s . ?s {_LABEL} ?l . {next_page}
}} WHERE {{ {{ {inner} }} OPTIONAL {{ ?s {_LABEL} ?l }} }}"""


def _in(graph: Token, subject: Token) -> str:
    return f"{{ GRAPH {graph} {{ {subject} ?p ?o }} }}"
