"""Graph of reports: findings of each record, and quarantined records with their payload."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from graphmap.provenance.document import is_older
from graphmap.provenance.revisions import CONTENT_HASH, GENERATED, PAYLOAD, VERSION
from graphmap.rdf import GRAPHMAP, RDF, RDF_TYPE, XSD, Token, iri_of, literal_token
from graphmap.records import Raw
from graphmap.records.readers import encode_json
from graphmap.store import Layout, Quad, Store
from graphmap.validation.formats import finding_triples
from graphmap.validation.report import DQV, Finding, Measurement, measurement_triples

__all__ = [
    "DOCUMENT",
    "FINDING",
    "KIND",
    "ROW",
    "SET_ASIDE",
    "SOURCE_NAME",
    "RejectedRecord",
    "ReportGraph",
    "payload_of",
]

DOCUMENT = f"<{GRAPHMAP}document>"
FINDING = f"<{GRAPHMAP}finding>"
KIND = f"<{GRAPHMAP}sourceName>"
ROW = f"<{GRAPHMAP}row>"
SOURCE_NAME = f"<{GRAPHMAP}source>"
SET_ASIDE = f"<{GRAPHMAP}SetAsideRecord>"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRecord:
    """A record that was not stored.

    Args:
        outcome: `quarantined` or `rejected`.
        source: the input that it came from.
        row: data row or document, counted from 1; `None` where it came alone.
        payload: JSON text of the record, or the text as far as it could be read.
        is_json: whether the payload is JSON.
        document: IRI of the document that it would have become, where it has a subject.
        kind: name of the source whose mapping it was read with, where that is known.
        version: token of its version, where it has one.
        digest: token of the hash of its content, where it could be read.
    """

    outcome: str
    source: str
    row: int | None
    payload: str
    is_json: bool
    document: str | None
    kind: str | None = None
    version: Token | None = None
    digest: Token | None = None

    def about(self, moment: Token) -> Iterator[tuple[Token, Token]]:
        """Predicate and object of what is said of it, its findings apart."""
        datatype = RDF + "JSON" if self.is_json else None
        yield RDF_TYPE, SET_ASIDE
        yield f"<{GRAPHMAP}outcome>", literal_token(self.outcome)
        yield SOURCE_NAME, literal_token(self.source)
        yield PAYLOAD, literal_token(self.payload, datatype=datatype)
        yield GENERATED, moment
        if self.row is not None:
            yield ROW, f'"{self.row}"^^<{XSD}integer>'
        if self.document is not None:
            yield DOCUMENT, f"<{self.document}>"
        if self.kind is not None:
            yield KIND, literal_token(self.kind)
        if self.version is not None:
            yield VERSION, self.version
        if self.digest is not None:
            yield CONTENT_HASH, self.digest


def payload_of(raw: Raw, header: tuple[str, ...] | None) -> str:
    """A record as JSON text; a row by column."""
    return encode_json(raw if header is None else dict(zip(header, raw, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGraph:
    """Writes to and reads from the graph of reports."""

    layout: Layout

    def findings(self, findings: Iterable[Finding], document: str | None) -> str:
        """N-Quads of findings; each has an IRI made from what it says, so that saying it twice changes nothing."""
        triples = (triple for each in findings for triple in self._triples(each, document))
        return "".join(self._lines(f"{s} {p} {self._named(o)}" for s, p, o in triples))

    def node(self, record: RejectedRecord) -> Token:
        """IRI of a quarantined record: equal for equal payloads from the same place."""
        return self._node("quarantine", record.document, record.source, record.row, record.payload)

    def set_aside(self, record: RejectedRecord, findings: Iterable[Finding], moment: Token) -> tuple[Token, str]:
        """Write a quarantined record: its IRI, and N-Quads with its findings."""
        found = list(findings)
        node = self.node(record)
        pairs = list(record.about(moment))
        pairs += [(FINDING, self._finding_node(each, record.document)) for each in found]
        lines = self._lines(f"{node} {predicate} {value}" for predicate, value in pairs)
        return node, "".join(lines) + self.findings(found, record.document)

    def documents(self, store: Store) -> set[str]:
        """IRIs of the documents that the graph says something about."""
        rows = store.select(f"SELECT DISTINCT ?d WHERE {{ GRAPH {self.layout.reports} {{ ?s {DOCUMENT} ?d }} }}")
        return {iri_of(document) for (document,) in rows if document}

    def quality(self, measurements: Iterable[Measurement], moment: Token) -> str:
        """N-Quads of the quality of each field of one load, with its time, so that it can be followed."""
        triples = (triple for each in measurements for triple in self._of(each, moment))
        return "".join(self._lines(f"{s} {p} {self._named(o)}" for s, p, o in triples))

    def _of(self, measurement: Measurement, moment: Token) -> Iterator[tuple[Token, Token, Token]]:
        digest = hashlib.blake2b(f"{moment}\n{measurement.shape}\n{measurement.path}".encode(), digest_size=16)
        for node, triples in measurement_triples(measurement, f"<{self.layout.base}quality/{digest.hexdigest()}>"):
            yield from triples
            yield node, f"<{DQV}computedOn>", f"<{self.layout.base}>"
            yield node, GENERATED, moment

    def about(self, document: str, store: Store, *, version: Token | None = None) -> list[Quad]:
        """All that the graph says about a document's findings and set-aside states, but for states that are newer.

        Args:
            document: its IRI.
            store: where the graph is.
            version: what counts as the present version; without one, no state is newer.
        """
        inner = f"{{ ?s {DOCUMENT} <{document}> ; ?p ?o }}"
        found = self._quads(f"SELECT ?s ?p ?o WHERE {{ GRAPH {self.layout.reports} {inner} }}", store)
        newer = {quad.subject for quad in found if quad.predicate == VERSION and is_older(version, quad.object)}
        newer |= {quad.object for quad in found if quad.subject in newer and quad.predicate == FINDING}
        return self.with_paths([quad for quad in found if quad.subject not in newer], store)

    def record(self, node: Token, store: Store) -> list[Quad]:
        """All that the graph says of one set-aside record, and of its findings but for those that another has."""
        graph = self.layout.reports
        shared = f"FILTER NOT EXISTS {{ ?other {FINDING} ?s FILTER(?other != {node}) }}"
        inner = f"{{ {node} ?p ?o . BIND({node} AS ?s) }} UNION {{ {node} {FINDING} ?s . ?s ?p ?o {shared} }}"
        return self.with_paths(self._quads(f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ {inner} }} }}", store), store)

    def earlier(self, nodes: Iterable[Token], store: Store, *, lagging: bool = False) -> list[Quad]:
        """Statements about earlier states of quarantined records, to be replaced.

        Args:
            nodes: of the records.
            store: opened for reading.
            lagging: whether what the store is to add later has none of them.
        """
        wanted = " ".join(nodes)
        if not wanted:
            return []
        graph = self.layout.reports
        rows = store.select(
            f"SELECT ?node WHERE {{ VALUES ?node {{ {wanted} }} GRAPH {graph} {{ ?node a {SET_ASIDE} }} }}",
            lagging=lagging,
        )
        return [quad for (node,) in rows if node for quad in self.record(node, store)]

    def with_paths(self, found: list[Quad], store: Store) -> list[Quad]:
        """Quads of findings, and those of the property paths below them."""
        prefix = f"<{self.layout.base}finding/"
        inner_nodes = {quad.object for quad in found if quad.object.startswith(prefix) and "/path/" in quad.object}
        below = [quad for node in inner_nodes for quad in self._path_quads(node, store)]
        return found + (self.with_paths(below, store) if below else [])

    def _quads(self, query: str, store: Store) -> list[Quad]:
        return [Quad(s, p, o, self.layout.reports) for s, p, o in store.select(query) if s and p and o]

    def _path_quads(self, node: Token, store: Store) -> list[Quad]:
        """The nodes of a property path hang below their finding."""
        graph = self.layout.reports
        rows = store.select(f"SELECT ?p ?o WHERE {{ GRAPH {graph} {{ {node} ?p ?o }} }}")
        return [Quad(node, p, o, graph) for p, o in rows if p and o]

    def _triples(self, finding: Finding, document: str | None) -> Iterator[tuple[Token, Token, Token]]:
        node = self._finding_node(finding, document)
        yield from finding_triples(finding, node, _numbered(node))
        if document is not None:
            yield node, DOCUMENT, f"<{document}>"

    def _finding_node(self, finding: Finding, document: str | None) -> Token:
        said = (
            finding.rule,
            finding.source_shape,
            finding.focus_node,
            finding.pointer,
            finding.value,
            finding.received,
        )
        return self._node("finding", document, finding.source, finding.row, repr((said, finding.message)))

    def _node(self, kind: str, document: str | None, source: str | None, row: int | None, said: str) -> Token:
        place = document if document is not None else repr((source, row))
        digest = hashlib.blake2b(f"{place}\n{said}".encode("utf-8", "surrogatepass"), digest_size=16)
        return f"<{self.layout.base}{kind}/{digest.hexdigest()}>"

    def _named(self, token: Token) -> Token:
        """An IRI for a shape without one: what a blank node is in could never be removed by its name.

        Source: RDF 1.1 Concepts, section 3.5 (replacing blank nodes with IRIs).
        """
        return f"<{self.layout.base}.well-known/genid/{token[2:]}>" if token.startswith("_:") else token

    def _lines(self, triples: Iterable[str]) -> Iterator[str]:
        graph = self.layout.reports
        return (f"{triple} {graph} .\n" for triple in triples)


def _numbered(node: Token) -> Callable[[], Token]:
    numbers = iter(range(1, 1_000))
    return lambda: f"{node[:-1]}/path/{next(numbers)}>"
