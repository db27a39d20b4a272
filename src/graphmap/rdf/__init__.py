"""RDF terms, XSD lexical forms, graphs, parsing and serialization."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.rdf.former_names import FORMER, with_present_names
    from graphmap.rdf.graph import NOTHING, Graph
    from graphmap.rdf.keys import KEY_SEPARATOR, join_key, key_part, key_sql, split_key
    from graphmap.rdf.literal_order import compare, ordered
    from graphmap.rdf.parsing import MAX_TRIPLES, parse_rdf, parse_triples, read_rdf, syntax_of
    from graphmap.rdf.syntaxes import GRAPHS, TABLES, media_type
    from graphmap.rdf.terms import (
        GRAPHMAP,
        RDF,
        RDF_TYPE,
        RDFS,
        XSD,
        Token,
        Triple,
        escape,
        has_lone_surrogate,
        iri_of,
        iri_safe,
        iri_token,
        is_absolute,
        literal_parts,
        literal_token,
        local_name,
        unescape,
    )
    from graphmap.rdf.turtle import Blank, Block, Items, Pairs, Term, document, literal, pairs, typed
    from graphmap.rdf.xpath_regex import compile_pattern, foreign_constructs
    from graphmap.rdf.xsd import CANONICAL, canonical

__all__ = [
    "CANONICAL",
    "FORMER",
    "GRAPHMAP",
    "GRAPHS",
    "KEY_SEPARATOR",
    "MAX_TRIPLES",
    "NOTHING",
    "RDF",
    "RDFS",
    "RDF_TYPE",
    "TABLES",
    "XSD",
    "Blank",
    "Block",
    "Graph",
    "Items",
    "Pairs",
    "Term",
    "Token",
    "Triple",
    "canonical",
    "compare",
    "compile_pattern",
    "document",
    "escape",
    "foreign_constructs",
    "has_lone_surrogate",
    "iri_of",
    "iri_safe",
    "iri_token",
    "is_absolute",
    "join_key",
    "key_part",
    "key_sql",
    "literal",
    "literal_parts",
    "literal_token",
    "local_name",
    "media_type",
    "ordered",
    "pairs",
    "parse_rdf",
    "parse_triples",
    "read_rdf",
    "split_key",
    "syntax_of",
    "typed",
    "unescape",
    "with_present_names",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.rdf",
        {
            "former_names": "FORMER with_present_names",
            "graph": "Graph NOTHING",
            "keys": "KEY_SEPARATOR join_key key_part key_sql split_key",
            "literal_order": "compare ordered",
            "parsing": "MAX_TRIPLES parse_rdf parse_triples read_rdf syntax_of",
            "syntaxes": "GRAPHS TABLES media_type",
            "terms": (
                "GRAPHMAP RDF RDFS RDF_TYPE Token Triple XSD escape has_lone_surrogate iri_of iri_safe iri_token "
                "is_absolute literal_parts literal_token local_name unescape"
            ),
            "turtle": "Blank Block Items Pairs Term document literal pairs typed",
            "xpath_regex": "compile_pattern foreign_constructs",
            "xsd": "CANONICAL canonical",
        },
    )
