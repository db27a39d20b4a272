"""Journal position of the store: a statement in the provenance graph, written with each record."""

from __future__ import annotations

from graphmap.rdf import GRAPHMAP, XSD, Token, literal_parts
from graphmap.store import Layout, Quad, Store

__all__ = ["position_line", "position_of", "settle_position"]

_POSITION = f"<{GRAPHMAP}journalPosition>"


def position_line(layout: Layout, position: int) -> bytes:
    """The statement that the store has all entries up to a position; the highest one counts."""
    graph = layout.provenance
    return f'{graph} {_POSITION} "{position}"^^<{XSD}integer> {graph} .\n'.encode()


def position_of(store: Store, layout: Layout) -> int:
    """Position of the last journal entry that the store has taken in; 0 where there is none."""
    return max(_positions(store, layout).values(), default=0)


def settle_position(store: Store, layout: Layout, position: int) -> None:
    """Note a position, and remove the statements of lower ones; entries that changed nothing left none."""
    positions = _positions(store, layout)
    graph = layout.provenance
    old = [Quad(graph, _POSITION, token, graph) for token, number in positions.items() if number != position]
    add = position_line(layout, position) if position and position not in positions.values() else b""
    store.replace(remove=old, add=add)


def _positions(store: Store, layout: Layout) -> dict[Token, int]:
    found = store.objects(layout.provenance, _POSITION, layout.provenance)
    return {token: int(literal_parts(token).lexical) for token in found}
