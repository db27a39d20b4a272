"""The keys of a join's parent among documents, by generated code.

A parent with one condition is lifted like a triples map whose only object is its key.
Source: RML-Core, join conditions.
"""

from __future__ import annotations

from collections.abc import Callable

from graphmap.lifting.compiler.record_lifter import compile_plan
from graphmap.lifting.compiler.runtime import UnusualRecord
from graphmap.lifting.plan import Constant, Join, Plan, PredicateObject, TermMap, TermType, TriplesMap
from graphmap.lifting.run_state import Key
from graphmap.rdf import Token, literal_parts
from graphmap.records import Raw, ValueForms

__all__ = ["document_keys"]

_KEY = "<urn:x-graphmap:key>"
_BETWEEN = f" {_KEY} "


def document_keys(join: Join, forms: ValueForms, base: str) -> Callable[[Raw], list[tuple[Token, Key]]] | None:
    """A function from a document to the subjects of a parent, each with the text of its condition.

    Returns:
        `None` where the interpreter has to do it. The function raises `UnusualRecord` for an unusual document.
    """
    if len(join.conditions) != 1:
        return None
    (_, parent), *_ = join.conditions
    predicate = TermMap(expression=Constant(token=_KEY), term_type=TermType.IRI, name=_KEY)
    pair = PredicateObject(predicates=(predicate,), objects=(parent,))
    keys = TriplesMap(
        name=_KEY, iteration=join.parent, subject=join.subject, subject_graphs=(), predicate_objects=(pair,)
    )
    compiled = compile_plan(Plan(triples_maps=(keys,), base=base), forms=forms)
    if compiled.handed_over:
        return None
    lift = compiled.lift

    def pairs(raw: Raw) -> list[tuple[Token, Key]]:
        found = lift(raw)
        if found is None:
            raise UnusualRecord
        lines = (line.split(_BETWEEN, 1) for line in found[1].split("\n")[:-1])
        return [(subject, (literal_parts(key.removesuffix(" .")).lexical,)) for subject, key in lines]

    return pairs
