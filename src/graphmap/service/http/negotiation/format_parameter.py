"""The names by which clients ask for a format in a parameter, beside our own and beside media types.

Each client and server made up names of its own, and some clients send several of them at once. A name may stand for
another format where a table is asked for than where a graph is: `xml` is SPARQL results or RDF/XML.
Sources: SPARQLWrapper 2.0 (constants of return formats in `Wrapper.py`), Apache Jena Fuseki (short names of `output`),
RDF4J 5.1 (media types and extensions of `RDFFormat`, `TupleQueryResultFormat`), Virtuoso 7 (formats that its query form
lists). YASQE goes by the Accept header alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

__all__ = ["PARAMETERS", "names_of"]

PARAMETERS = ("format", "output", "results")
"""Parameters that ask for a format, the strongest first: ours and Virtuoso's, Fuseki's, and Joseki's."""

_MEANT: Mapping[str, Iterable[str]] = MappingProxyType(
    {
        "json": (
            *("json", "srj", "sparql-json", "sparql-results+json", "sparql-results-json", "application/json"),
            *("application/sparql-results+json", "application/x-sparql-results+json"),
            *("application/javascript", "text/javascript", "text/json"),
        ),
        "xml": (
            *("xml", "srx", "sparql", "sparql-xml", "sparql-results+xml", "sparql-results-xml", "application/xml"),
            *("application/sparql-results+xml", "application/x-sparql-results+xml", "text/xml"),
        ),
        "csv": ("csv", "text/csv", "application/csv"),
        "tsv": ("tsv", "text/tab-separated-values", "text/tsv"),
        "ndjson": ("ndjson", "jsonl", "application/x-ndjson", "application/ndjson", "application/jsonl"),
        "html": ("html", "htm", "xhtml", "text/html", "application/xhtml+xml", "text/x-html+tr", "text/x-html+ul"),
        "turtle": (
            *(
                "turtle",
                "ttl",
                "n3",
                "text",
                "text/rdf+ttl",
                "text/rdf+turtle",
                "text/turtle",
                "application/turtle",
                "application/x-turtle",
            ),
            *("text/n3", "text/rdf+n3", "application/n3", "application/rdf+n3", "application/x-nice-turtle"),
        ),
        "ntriples": (
            *(
                "ntriples",
                "n-triples",
                "nt",
                "application/n-triples",
                "application/ntriples",
                "text/ntriples",
                "text/rdf+nt",
            ),
            *("application/x-ntriples", "text/plain"),
        ),
        "rdfxml": (
            *(
                "rdfxml",
                "rdf",
                "rdf/xml",
                "rdf-xml",
                "rdf+xml",
                "owl",
                "rdfs",
                "xml",
                "application/rdf+xml",
                "text/rdf",
            ),
            *("text/rdf+xml", "application/xml", "text/xml"),
        ),
        "jsonld": (
            *("jsonld", "json-ld", "ld+json", "json", "application/ld+json", "application/x-json+ld"),
            *("application/x-ld+json", "application/json", "text/json"),
        ),
        "trig": ("trig", "application/trig", "application/x-trig"),
        "nquads": (
            *("nquads", "n-quads", "nq", "application/n-quads", "application/nquads", "text/nquads", "text/x-nquads"),
            *("application/x-nquads",),
        ),
    }
)


def names_of(asked: str) -> tuple[str, ...]:
    """Our names of the formats that a name can mean, the likeliest first.

    Args:
        asked: a name or a media type without parameters, in any case.

    >>> names_of("RDF/XML"), names_of("xml"), names_of("pdf")
    (('rdfxml',), ('xml', 'rdfxml'), ())
    """
    return tuple(name for name, others in _MEANT.items() if asked.lower() in others)
