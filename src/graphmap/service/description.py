"""What a document about a thing says, and the queries that ask for it.

Each query binds the thing's IRI, keeps one OPTIONAL a property and bounds what it samples, as the planner likes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphmap.service.tables import Cell, cells_by_name, read_table
from graphmap.store import Layout
from graphmap.terms import RDF_TYPE, RDFS, Token, iri_of, local_name

__all__ = ["Outgoing", "View", "description_query", "exists_query", "read_view", "view_queries"]

_LABEL = f"<{RDFS}label>"
_TOPIC = "<http://xmlns.com/foaf/0.1/primaryTopic>"
_INCOMING = "<https://schema.limbergraph.com/graphmap#incomingLinks>"
_SAMPLE = 50
_VALUES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A property of a thing with its values, as cells; a value that is a thing shows its label."""

    property: Cell
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page about a thing shows.

    Args:
        iri: the thing.
        label: its label, or the end of its IRI.
        types: its classes.
        outgoing: its properties, in the order of their names.
        incoming: a sample of what points to it: property and thing.
        incoming_total: how many links point to it.
        provenance: property and value of its document.
    """

    iri: str
    label: str
    types: tuple[Cell, ...]
    outgoing: tuple[Outgoing, ...]
    incoming: tuple[tuple[Cell, Cell], ...]
    incoming_total: int
    provenance: tuple[tuple[Cell, Cell], ...]


def exists_query(subject: Token, layout: Layout) -> str:
    """ASK whether anything is known about a thing."""
    return f"ASK {{ {{ {subject} ?p ?o }} UNION {{ ?s ?q {subject} }} UNION {_in(layout.ontology, subject)} }}"


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
  UNION {{ GRAPH {layout.provenance} {{ {document} ?dp ?do }} }}
}}"""


def view_queries(subject: Token, layout: Layout) -> Mapping[str, str]:
    """The SELECT queries behind `read_view`, by the name under which it wants their JSON answers."""
    document = f"<{layout.document(iri_of(subject))}>"
    property_label = f"OPTIONAL {{ GRAPH {layout.ontology} {{ ?p {_LABEL} ?pl }} }}"
    return {
        "outgoing": f"""SELECT ?p ?pl ?o ?l {{
  {{ {subject} ?p ?o }} UNION {_in(layout.ontology, subject)}
  {property_label} OPTIONAL {{ ?o {_LABEL} ?l }}
}} ORDER BY ?p ?o LIMIT {_VALUES}""",
        "incoming": f"""SELECT ?p ?pl ?s ?l {{
  {{ SELECT ?s ?p {{ ?s ?p {subject} }} LIMIT {_SAMPLE} }}
  {property_label} OPTIONAL {{ ?s {_LABEL} ?l }}
}} ORDER BY ?p ?s""",
        "total": f"SELECT (COUNT(*) AS ?n) {{ ?s ?p {subject} }}",
        "provenance": f"SELECT ?p ?o {{ GRAPH {layout.provenance} {{ {document} ?p ?o }} }} ORDER BY ?p ?o",
    }


def read_view(iri: str, answers: Mapping[str, bytes]) -> View:
    """Put the answers to `view_queries` together.

    Args:
        iri: the thing.
        answers: JSON answers by name.
    """
    tables = {name: cells_by_name(read_table(body, rows=_VALUES)) for name, body in answers.items()}
    groups: dict[str, list[dict[str, Cell]]] = {}
    for row in tables["outgoing"]:
        groups.setdefault(row["p"].text, []).append(row)
    labels = [row["o"].text for row in groups.get(iri_of(_LABEL), ())]
    return View(
        iri=iri,
        label=labels[0] if labels else local_name(iri) or iri,
        types=tuple(dict.fromkeys(_shown(row["o"], row["l"]) for row in groups.get(iri_of(RDF_TYPE), ()))),
        outgoing=tuple(_outgoing(rows) for name, rows in groups.items() if name != iri_of(RDF_TYPE)),
        incoming=tuple((_shown(row["p"], row["pl"]), _shown(row["s"], row["l"])) for row in tables["incoming"]),
        incoming_total=int(tables["total"][0]["n"].text),
        provenance=tuple((_shown(row["p"], Cell()), row["o"]) for row in tables["provenance"]),
    )


def _outgoing(rows: list[dict[str, Cell]]) -> Outgoing:
    values = dict.fromkeys(_shown(row["o"], row["l"]) for row in rows)
    return Outgoing(property=_shown(rows[0]["p"], rows[0]["pl"]), values=tuple(values))


def _shown(term: Cell, label: Cell) -> Cell:
    if term.iri is None:
        return term
    return Cell(text=label.text or local_name(term.iri) or term.iri, iri=term.iri)


def _in(graph: Token, subject: Token) -> str:
    return f"{{ GRAPH {graph} {{ {subject} ?p ?o }} }}"
