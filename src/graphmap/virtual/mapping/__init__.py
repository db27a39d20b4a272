"""The mapping as assertions: subject, predicate and object term maps, the terms that they make, and their inversion."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.virtual.mapping.assertions import Assertion, Rows, TermRule, assertions_of
    from graphmap.virtual.mapping.inversion import (
        inverted,
        is_injective,
        may_meet,
        of_template,
        plain_template,
        templates_meet,
    )
    from graphmap.virtual.mapping.term_makers import Maker, column_of, columns_of, term_maker

__all__ = [
    "Assertion",
    "Maker",
    "Rows",
    "TermRule",
    "assertions_of",
    "column_of",
    "columns_of",
    "inverted",
    "is_injective",
    "may_meet",
    "of_template",
    "plain_template",
    "templates_meet",
    "term_maker",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.virtual.mapping",
        {
            "assertions": "Assertion Rows TermRule assertions_of",
            "inversion": "inverted is_injective may_meet of_template plain_template templates_meet",
            "term_makers": "Maker column_of columns_of term_maker",
        },
    )
