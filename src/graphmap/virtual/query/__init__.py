"""SPARQL queries in a small frozen algebra, read by way of two parsers."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.virtual.query.algebra import (
        Aggregate,
        Distinct,
        Expression,
        Extend,
        Filter,
        Function,
        Group,
        Join,
        LeftJoin,
        Order,
        Pattern,
        Project,
        Read,
        Select,
        Slice,
        Term,
        Triple,
        Union,
        UnplannedError,
        Variable,
    )
    from graphmap.virtual.query.sparql_reader import read_algebra

__all__ = [
    "Aggregate",
    "Distinct",
    "Expression",
    "Extend",
    "Filter",
    "Function",
    "Group",
    "Join",
    "LeftJoin",
    "Order",
    "Pattern",
    "Project",
    "Read",
    "Select",
    "Slice",
    "Term",
    "Triple",
    "Union",
    "UnplannedError",
    "Variable",
    "read_algebra",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.virtual.query",
        {
            "algebra": (
                "Aggregate Distinct Expression Extend Filter Function Group Join LeftJoin Order "
                "Pattern Project Read Select Slice Term Triple Union UnplannedError Variable"
            ),
            "sparql_reader": "read_algebra",
        },
    )
