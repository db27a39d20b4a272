"""What a document about a thing says, and the queries that ask for it.

Each query binds the thing's IRI, keeps one OPTIONAL a property and bounds what it samples, as the planner likes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphmap.service.tables import Cell, cells_by_name, read_table
from graphmap.store import Layout
from graphmap.terms import RDF_TYPE, RDFS, Token, iri_of, local_name

__all__ = [
    "PAGE",
    "Outgoing",
    "View",
    "class_queries",
    "description_query",
    "exists_query",
    "members_query",
    "read_view",
    "view_queries",
]

_LABEL = f"<{RDFS}label>"
_TOPIC = "<http://xmlns.com/foaf/0.1/primaryTopic>"
_INCOMING = "<https://schema.limbergraph.com/graphmap#incomingLinks>"
_SH = "http://www.w3.org/ns/shacl#"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_SAMPLE = 50
PAGE = 50
"""Things of a class on one page."""
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
        links: how many links point to it, by property.
        incoming: what points to it by the one property that was asked for.
        incoming_by: that property.
        provenance: property and value of its document.
        members: of a class: a page of its things.
        rules: of a class: property, what is asked of it, severity.
    """

    iri: str
    label: str
    types: tuple[Cell, ...]
    outgoing: tuple[Outgoing, ...]
    links: tuple[tuple[Cell, int], ...]
    incoming: tuple[Cell, ...]
    incoming_by: Cell | None
    provenance: tuple[tuple[Cell, Cell], ...]
    members: tuple[Cell, ...] = ()
    rules: tuple[tuple[Cell, Cell, Cell], ...] = ()

    @property
    def links_total(self) -> int:
        """How many links point to it."""
        return sum(number for _, number in self.links)


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


def view_queries(subject: Token, layout: Layout, *, links: Token | None, offset: int) -> Mapping[str, str]:
    """The SELECT queries behind `read_view`, by the name under which it wants their JSON answers.

    Args:
        subject: the thing.
        layout: names of graphs.
        links: the property whose links to the thing are wanted; `None` leaves them at their number.
        offset: how many of them come before those wanted.
    """
    document = f"<{layout.document(iri_of(subject))}>"
    property_label = f"OPTIONAL {{ GRAPH {layout.ontology} {{ ?p {_LABEL} ?pl }} }}"
    page = f"LIMIT {_SAMPLE} OFFSET {offset}"
    queries = {
        "outgoing": f"""SELECT ?p ?pl ?o ?l {{
  {{ {subject} ?p ?o }} UNION {_in(layout.ontology, subject)}
  {property_label} OPTIONAL {{ ?o {_LABEL} ?l }}
}} ORDER BY ?p ?o LIMIT {_VALUES}""",
        "links": f"""SELECT ?p ?pl ?n {{
  {{ SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p {subject} }} GROUP BY ?p }} {property_label}
}} ORDER BY ?p""",
        "provenance": f"SELECT ?p ?o {{ GRAPH {layout.provenance} {{ {document} ?p ?o }} }} ORDER BY ?p ?o",
    }
    if links is not None:
        inner = f"SELECT ?s {{ ?s {links} {subject} }} {page}"
        queries["incoming"] = f"SELECT ?s ?l {{ {{ {inner} }} OPTIONAL {{ ?s {_LABEL} ?l }} }}"
    return queries


def class_queries(subject: Token, layout: Layout, *, offset: int) -> Mapping[str, str]:
    """What the document of a class says beside: a page of its things, in the store's order, and its rules.

    Args:
        subject: the class.
        layout: names of graphs.
        offset: how many of its things come before the page.
    """
    inner = f"SELECT ?s {{ ?s {RDF_TYPE} {subject} }} LIMIT {PAGE} OFFSET {offset}"
    return {
        "members": f"SELECT ?s ?l {{ {{ {inner} }} OPTIONAL {{ ?s {_LABEL} ?l }} }}",
        "rules": f"""SELECT ?p ?text ?severity {{ GRAPH {layout.shapes} {{
  ?shape <{_SH}targetClass> {subject} ; <{_SH}property> ?rule . ?rule <{_SH}path> ?path ; <{_SH}message> ?text .
  OPTIONAL {{ ?rule <{_SH}severity> ?severity }}
  BIND(IF(isBlank(?path) || CONTAINS(STR(?path), "/genid/"), ?rule, ?path) AS ?p)
}} }} ORDER BY ?p ?text LIMIT {_VALUES}""",
    }


def members_query(subject: Token, *, offset: int, total: int, following: str | None) -> str:
    """CONSTRUCT a page of the things of a class, with their labels and their number.

    Source: Hydra Core Vocabulary, section 4.5 (collections in pages).
    """
    inner = f"SELECT ?s {{ ?s {RDF_TYPE} {subject} }} LIMIT {PAGE} OFFSET {offset}"
    next_page = f"{subject} <{_HYDRA}next> <{following}> ." if following else ""
    return f"""CONSTRUCT {{
  {subject} <{_HYDRA}totalItems> {total} ; <{_HYDRA}member> ?s . ?s {_LABEL} ?l . {next_page}
}} WHERE {{ {{ {inner} }} OPTIONAL {{ ?s {_LABEL} ?l }} }}"""


def read_view(iri: str, answers: Mapping[str, bytes], *, links: str | None) -> View:
    """Put the answers to `view_queries` and `class_queries` together.

    Args:
        iri: the thing.
        answers: JSON answers by name.
        links: the property whose links were asked for.
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
        links=tuple((_shown(row["p"], row["pl"]), int(row["n"].text)) for row in tables["links"]),
        incoming=tuple(_shown(row["s"], row["l"]) for row in tables.get("incoming", ())),
        incoming_by=None if links is None else _shown(Cell(text=links, iri=links), Cell()),
        provenance=tuple((_shown(row["p"], Cell()), row["o"]) for row in tables["provenance"]),
        members=tuple(_shown(row["s"], row["l"]) for row in tables.get("members", ())),
        rules=tuple(
            (_shown(row["p"], Cell()), row["text"], _shown(row["severity"], Cell())) for row in tables.get("rules", ())
        ),
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
