"""References to other records: `sh:class` of a value that its own record says nothing of.

Such a value is looked for among the records of the input, or in the store, when all of them are known; what is not
there is a finding until it comes.
Source: SHACL, section 4.1.1 (sh:class).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from graphmap.lifting.plan import Constant, Plan
from graphmap.rdf import RDF_TYPE, Graph, Token
from graphmap.store import Store
from graphmap.validation.engine import Engine
from graphmap.validation.report import Finding, Result
from graphmap.validation.shapes import sh

__all__ = ["Typed", "dangling", "embedded_classes", "has_references", "is_reference", "typed_nodes", "types_in"]

_CLASS = sh("ClassConstraintComponent")
_COMPONENT = "ClassConstraintComponent"
_TOGETHER = 500
_TYPED = re.compile(rf"^(<[^>]*>) {re.escape(RDF_TYPE)} (<[^>]*>) \.$", re.MULTILINE).findall

Typed = Callable[[AbstractSet[Token]], Mapping[Token, AbstractSet[Token]]]
"""The classes of some nodes, of those that are there."""


def has_references(engine: Engine) -> bool:
    """Return whether a property shape asks for the class of its values."""
    return bool(wanted_classes(engine))


def wanted_classes(engine: Engine) -> frozenset[Token]:
    """The classes that property shapes ask for, and those below them."""
    tops = (
        top for each in engine.shapes.by_node.values() if each.path is not None for top in _wanted(each.node, engine)
    )
    return frozenset(lower for top in tops for lower in engine.subclasses(top))


def embedded_classes(plan: Plan, superclasses: Mapping[Token, AbstractSet[Token]]) -> AbstractSet[Token] | None:
    """The classes of nodes that records hold beside their own; `None` where the data names them."""
    root, found = plan.root, set[Token]()
    for triples_map in plan.triples_maps:
        if root is not None and triples_map.subject.expression == root.expression:
            continue
        for pair in triples_map.predicate_objects:
            if all(
                isinstance(each.expression, Constant) and each.expression.token != RDF_TYPE for each in pair.predicates
            ):
                continue
            for each in pair.objects:
                if not isinstance(each.expression, Constant):
                    return None
                found |= {each.expression.token, *superclasses.get(each.expression.token, ())}
    return found


def is_reference(result: Result, graph: Graph, engine: Engine, embedded: AbstractSet[Token] | None) -> bool:
    """Return whether a result is about a value that its record says nothing of, and that need not be in the record.

    Args:
        result: what the engine reports.
        graph: of the record.
        engine: the shapes.
        embedded: classes that records hold nodes of: a value of such a class must be in the record itself.
    """
    value = result.value
    other = result.component != _CLASS or result.path is None or value is None or value[0] != "<"
    if other or value in graph.forward or embedded is None:
        return False
    return embedded.isdisjoint(_wanted(result.source_shape, engine))


def typed_nodes(lines: str) -> list[tuple[Token, Token]]:
    """The nodes of N-Triples text with each of their classes."""
    return _TYPED(lines)


def types_in(store: Store) -> Typed:
    """Looks classes up in the default graph of a store."""

    def typed(nodes: AbstractSet[Token]) -> Mapping[Token, AbstractSet[Token]]:
        found: dict[Token, set[Token]] = {}
        query = f"SELECT ?node ?class {{ VALUES ?node {{ {' '.join(sorted(nodes))} }} ?node {RDF_TYPE} ?class }}"
        for node, of in store.select(query) if nodes else ():
            if node and of:
                found.setdefault(node, set()).add(of)
        return found

    return typed


def dangling(references: Iterable[Finding], engine: Engine, typed: Typed) -> Iterator[Finding]:
    """The findings of references whose target is not there, or is of no class that is asked for; in order.

    Args:
        references: what their findings are.
        engine: the shapes that they come from.
        typed: where targets are looked for.
    """
    rest = iter(references)
    while some := list(islice(rest, _TOGETHER)):
        found = typed({each.value for each in some if each.value})
        for each in some:
            accepted = (engine.subclasses(top) for top in _wanted(each.source_shape, engine))
            there = found.get(each.value or "", frozenset())
            if not all(not classes.isdisjoint(there) for classes in accepted):
                yield each


def _wanted(shape: Token | None, engine: Engine) -> list[Token]:
    """The classes that a shape asks for."""
    known = engine.shapes.by_node.get(shape or "")
    return [each.terms[0] for each in known.constraints if each.component == _COMPONENT] if known is not None else []
