"""Reads SPARQL queries and updates far enough to check and bind them."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.sparql.query import (
        Query,
        QueryForm,
        QueryLimits,
        SparqlToken,
        bind_terms,
        parse_query,
        tokenize,
    )
    from graphmap.store.sparql.update import ClosedGraphError, GraphAccess, operations, with_dataset

__all__ = [
    "ClosedGraphError",
    "GraphAccess",
    "Query",
    "QueryForm",
    "QueryLimits",
    "SparqlToken",
    "bind_terms",
    "operations",
    "parse_query",
    "tokenize",
    "with_dataset",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store.sparql",
        {
            "query": "Query QueryForm QueryLimits SparqlToken bind_terms parse_query tokenize",
            "update": "ClosedGraphError GraphAccess operations with_dataset",
        },
    )
