"""The document about a record: its IRI, its version, the hash of what it says, and its provenance.

Source: PROV-O (prov:Entity, prov:specializationOf, prov:generatedAtTime, prov:invalidatedAtTime), Dublin Core terms.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from graphmap.provenance.graph_digest import SEAL
from graphmap.provenance.revisions import CONTENT_HASH, GENERATED, INVALIDATED, PAYLOAD, SOURCE, SPECIALIZATION, VERSION
from graphmap.rdf import GRAPHMAP, RDF, RDF_TYPE, XSD, Token, compare, iri_safe, literal_token, ordered
from graphmap.records import Envelope, Raw
from graphmap.records.readers import encode_json
from graphmap.workspace import SourceSettings

__all__ = ["CONTENT_HASH", "VERSION", "Provenance", "content_hash", "is_equal", "is_older", "now", "version_of"]

_DCTERMS = "http://purl.org/dc/terms/"
_PROV = "http://www.w3.org/ns/prov#"
_CELL_END = "\x1f"


def now() -> Token:
    """The present moment in UTC, to the second."""
    moment = datetime.datetime.now(datetime.UTC).replace(microsecond=0, tzinfo=None)
    return literal_token(f"{moment.isoformat()}Z", datatype=XSD + "dateTime")


def content_hash(raw: Raw, fingerprint: bytes, *, header: bool = False) -> Token:
    """A hash of what a record says, as a literal.

    Args:
        raw: a row, or a decoded document; of an envelope, subject, data and action count.
        fingerprint: of mappings, shapes and ontology, so that a record lifted by other rules is another content.
        header: whether it is a message, of which only some members count.
    """
    if isinstance(raw, list):
        text = _CELL_END.join(raw)
    elif not header or not isinstance(raw, dict):
        text = encode_json(raw)
    else:
        text = encode_json([raw.get(member) for member in ("dataId", "data", "dataAction", "mode")])
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=fingerprint)
    return f'"{digest.hexdigest()}"'


def version_of(
    source: SourceSettings, header: tuple[str, ...] | None, raw: Raw, envelope: Envelope | None
) -> Token | None:
    """The version of a record: that of an envelope, of a row's column, of a document's member; `None` without one."""
    if envelope is not None:
        return None if envelope.version is None else f'"{envelope.version}"^^<{XSD}integer>'
    text = _version_text(source, header, raw)
    if not text or text in source.forms.nulls:
        return None
    for datatype in (XSD + "integer", XSD + "dateTime", XSD + "date"):
        form = source.forms.read(datatype, text)
        if form is not None:
            return f'"{form}"^^<{datatype}>'
    return None


def _version_text(source: SourceSettings, header: tuple[str, ...] | None, raw: Raw) -> str:
    if header is not None:
        return str(raw[header.index(source.version)]) if source.version in header else ""
    value = raw.get(source.version) if isinstance(raw, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def is_older(version: Token | None, stored: Token | None) -> bool:
    """Return whether a version is older than what is stored; versions that cannot be compared are not."""
    difference = _difference(version, stored)
    return difference is not None and difference < 0


def is_equal(version: Token | None, stored: Token | None) -> bool:
    """Return whether a version is the one that is stored."""
    return _difference(version, stored) == 0


def _difference(version: Token | None, stored: Token | None) -> int | None:
    return None if version is None or stored is None else compare(ordered(version), ordered(stored))


class DocumentDescription(Protocol):
    """A record, as far as its provenance says something of it."""

    subject: Token
    envelope: Envelope | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Origin of a document.

    Args:
        source: name of the source.
        moment: token of the time.
        graph: token of the provenance graph.
    """

    source: str
    moment: Token
    graph: Token

    def lines(
        self,
        document: str,
        validated: DocumentDescription,
        version: Token | None,
        digest: Token,
        *,
        seal: Token,
        message: str | None = None,
    ) -> str:
        """N-Quads about a document that was stored; `message` is the JSON text that it was made of."""
        pairs = [*self._stored(validated, version, digest), (SEAL, seal)]
        if message is not None:
            pairs.append((PAYLOAD, literal_token(message, datatype=RDF + "JSON")))
        return self._text(document, pairs)

    def tombstone(self, document: str, validated: DocumentDescription, version: Token | None, digest: Token) -> str:
        """N-Quads about a document that was deleted."""
        pairs = [*self._stored(validated, version, digest), (INVALIDATED, self.moment)]
        return self._text(document, pairs)

    def pairs(
        self, validated: DocumentDescription, version: Token | None, digest: Token
    ) -> Iterator[tuple[Token, Token]]:
        """Predicate and object of what is said of a document that is stored."""
        return self._stored(validated, version, digest)

    def _text(self, document: str, pairs: Iterable[tuple[Token, Token]]) -> str:
        return "".join(f"<{document}> {predicate} {value} {self.graph} .\n" for predicate, value in pairs)

    def _stored(
        self, validated: DocumentDescription, version: Token | None, digest: Token
    ) -> Iterator[tuple[Token, Token]]:
        yield RDF_TYPE, f"<{_PROV}Entity>"
        yield SPECIALIZATION, validated.subject
        yield GENERATED, self.moment
        yield SOURCE, literal_token(self.source)
        yield CONTENT_HASH, digest
        if version is not None:
            yield VERSION, version
        if validated.envelope is not None:
            yield from _of_envelope(validated.envelope)


def _of_envelope(envelope: Envelope) -> Iterator[tuple[Token, Token]]:
    texts = (
        (f"<{_DCTERMS}identifier>", envelope.correlation_id),
        (f"<{GRAPHMAP}schemaVersion>", envelope.schema_version),
        (f"<{GRAPHMAP}dataAction>", envelope.action),
        (f"<{GRAPHMAP}mode>", envelope.mode),
        *((f"<{GRAPHMAP}{iri_safe(name)}>", text) for name, text in envelope.further),
    )
    yield from ((predicate, literal_token(text)) for predicate, text in texts if text is not None)
