"""Keys that a record of the store has already."""

from __future__ import annotations

from collections.abc import Sequence

from graphmap.ingest.check import KeyValue
from graphmap.ingest.workspace_model import Knowledge
from graphmap.ingest.write.arrival import Arrival
from graphmap.rdf import Graph, Token, iri_of
from graphmap.store import Store
from graphmap.validation.report import Finding, plain
from graphmap.validation.uniqueness import KeyConstraint, key_query

__all__ = ["add_collisions"]

_Waiting = list[tuple[Arrival, KeyValue]]
_NAMED = 3


def add_collisions(arrivals: Sequence[Arrival], store: Store, knowledge: Knowledge, *, lagging: bool = False) -> None:
    """Add a finding to each record that shares a key with another record of the store; one question for each key.

    Args:
        arrivals: records that share no key among themselves.
        store: opened for reading.
        knowledge: says which nodes count.
        lagging: whether what the store is to add later has none of their keys.
    """
    waiting = [(arrival, key) for arrival in arrivals for key in arrival.validated.keys if key.constraint.predicate]
    for constraint in {id(key.constraint): key.constraint for _, key in waiting}.values():
        mine = [(arrival, key) for arrival, key in waiting if key.constraint is constraint]
        taken = _taken(constraint, mine, store, knowledge, lagging=lagging)
        for arrival, key in mine:
            others = sorted(taken.get(key.value, set()) - {key.focus})
            if others:
                arrival.validated.findings += (_finding(arrival, key, others),)


def _taken(
    constraint: KeyConstraint, mine: _Waiting, store: Store, knowledge: Knowledge, *, lagging: bool
) -> dict[Token, set[Token]]:
    """Value to the nodes that have it."""
    query = key_query(constraint, dict.fromkeys(key.value for _, key in mine), knowledge.engine.shapes)
    taken: dict[Token, set[Token]] = {}
    for value, node in store.select(query.text, lagging=lagging):
        if value and node and (query.exact or _counts(constraint.condition, node, store, knowledge)):
            taken.setdefault(value, set()).add(node)
    return taken


def _counts(condition: Token | None, node: Token, store: Store, knowledge: Knowledge) -> bool:
    if condition is None:
        return True
    rows = store.select(f"SELECT ?p ?o WHERE {{ {node} ?p ?o }}")
    graph = Graph((node, p, o) for p, o in rows if p and o)
    return knowledge.engine.conforms(condition, graph, node)


def _finding(arrival: Arrival, key: KeyValue, others: list[Token]) -> Finding:
    constraint = key.constraint
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    named = ", ".join(iri_of(other) for other in others[:_NAMED]) + more
    return Finding(
        focus_node=key.focus,
        result_path=constraint.path,
        received=plain(key.value),
        source_shape=constraint.shape,
        rule=constraint.rule,
        component=constraint.component,
        severity=constraint.severity,
        message=f"{constraint.message}; already in the store: {named}",
        source=arrival.name,
        row=arrival.validated.row,
        pointer=key.pointer,
    )
