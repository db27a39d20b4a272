"""The syntaxes in which a query's answer can be written, by the names that `graphmap query --format` knows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyoxigraph as ox

__all__ = ["GRAPHS", "TABLES", "media_type"]

TABLES: Mapping[str, ox.QueryResultsFormat] = MappingProxyType(
    {
        "json": ox.QueryResultsFormat.JSON,
        "xml": ox.QueryResultsFormat.XML,
        "csv": ox.QueryResultsFormat.CSV,
        "tsv": ox.QueryResultsFormat.TSV,
    }
)
"""Syntaxes for SELECT and ASK; CSV and TSV are defined for SELECT alone."""

GRAPHS: Mapping[str, ox.RdfFormat] = MappingProxyType(
    {
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "nquads": ox.RdfFormat.N_QUADS,
        "trig": ox.RdfFormat.TRIG,
        "rdfxml": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
)
"""Syntaxes for CONSTRUCT and DESCRIBE."""


def media_type(syntax: str) -> str:
    """The media type of a syntax, with its character set where it has no fixed one.

    >>> media_type("turtle"), media_type("csv")
    ('text/turtle; charset=utf-8', 'text/csv; charset=utf-8')
    """
    full = TABLES[syntax].media_type if syntax in TABLES else GRAPHS[syntax].media_type
    known = full.partition(";")[0]  # Oxigraph names the character set of some
    return f"{known}; charset=utf-8" if known.startswith("text/") else known
