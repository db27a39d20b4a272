"""The plan of a mapping: logical sources, triples maps, term maps and functions, as values."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.plan.functions import CONDITION, FUNCTIONS, OLD_PARAMETERS, PRINTED, SAME, Function, Values
    from graphmap.lifting.plan.iris import PLAIN_IRI, always_iri, iri_from, is_iri
    from graphmap.lifting.plan.logical_sources import Formulation, LogicalSource
    from graphmap.lifting.plan.natural_mapping import (
        RDF_JSON,
        blank_token,
        in_graph,
        is_natural,
        language_tag,
        scalar,
        typed_text,
    )
    from graphmap.lifting.plan.row_conditions import (
        All,
        Any,
        Check,
        Count,
        Extra,
        Holds,
        Longest,
        Member,
        Never,
        Not,
        Present,
    )
    from graphmap.lifting.plan.triples_maps import (
        Call,
        Constant,
        Embedded,
        Expression,
        Fresh,
        Gather,
        Iteration,
        Join,
        Plan,
        Position,
        PredicateObject,
        Reference,
        Step,
        Target,
        Template,
        TermMap,
        TermType,
        TriplesMap,
        ViewJoin,
        all_references,
        has_graph_maps,
        key_level,
        references,
        step_references,
        term_maps,
        within,
    )
    from graphmap.lifting.plan.vocabulary import in_new_terms, rml

__all__ = [
    "CONDITION",
    "FUNCTIONS",
    "OLD_PARAMETERS",
    "PLAIN_IRI",
    "PRINTED",
    "RDF_JSON",
    "SAME",
    "All",
    "Any",
    "Call",
    "Check",
    "Constant",
    "Count",
    "Embedded",
    "Expression",
    "Extra",
    "Formulation",
    "Fresh",
    "Function",
    "Gather",
    "Holds",
    "Iteration",
    "Join",
    "LogicalSource",
    "Longest",
    "Member",
    "Never",
    "Not",
    "Plan",
    "Position",
    "PredicateObject",
    "Present",
    "Reference",
    "Step",
    "Target",
    "Template",
    "TermMap",
    "TermType",
    "TriplesMap",
    "Values",
    "ViewJoin",
    "all_references",
    "always_iri",
    "blank_token",
    "has_graph_maps",
    "in_graph",
    "in_new_terms",
    "iri_from",
    "is_iri",
    "is_natural",
    "key_level",
    "language_tag",
    "references",
    "rml",
    "scalar",
    "step_references",
    "term_maps",
    "typed_text",
    "within",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.plan",
        {
            "functions": "CONDITION FUNCTIONS Function OLD_PARAMETERS PRINTED SAME Values",
            "iris": "PLAIN_IRI always_iri iri_from is_iri",
            "logical_sources": "Formulation LogicalSource",
            "natural_mapping": "RDF_JSON blank_token in_graph is_natural language_tag scalar typed_text",
            "row_conditions": "All Any Check Count Extra Holds Longest Member Never Not Present",
            "triples_maps": (
                "Call Constant Embedded Expression Fresh Gather Iteration Join Plan Position PredicateObject "
                "Reference Step Target Template TermMap TermType TriplesMap ViewJoin all_references "
                "has_graph_maps key_level references step_references term_maps within"
            ),
            "vocabulary": "in_new_terms rml",
        },
    )
