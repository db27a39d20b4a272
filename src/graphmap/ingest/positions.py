"""How far the store has come in its journal: a statement in the graph of provenance, written with each record."""

from __future__ import annotations

from graphmap.lifting.functions import GRAPHMAP
from graphmap.store import Layout, Quad, Store
from graphmap.terms import XSD, Token, literal_parts

__all__ = ["forget_positions", "position_line", "position_of"]

_POSITION = f"<{GRAPHMAP}journalPosition>"


def position_line(layout: Layout, position: int) -> bytes:
    """The statement that the store has all entries up to a position; the highest one counts."""
    graph = layout.provenance
    return f'{graph} {_POSITION} "{position}"^^<{XSD}integer> {graph} .\n'.encode()


def position_of(store: Store, layout: Layout) -> int:
    """Position of the last journal entry that the store has taken in; 0 where there is none."""
    return max(_positions(store, layout).values(), default=0)


def forget_positions(store: Store, layout: Layout) -> None:
    """Remove the statements of all positions but the highest."""
    positions = _positions(store, layout)
    highest = max(positions.values(), default=0)
    graph = layout.provenance
    old = [Quad(graph, _POSITION, token, graph) for token, number in positions.items() if number != highest]
    store.replace(remove=old, add=b"")


def _positions(store: Store, layout: Layout) -> dict[Token, int]:
    found = store.objects(layout.provenance, _POSITION, layout.provenance)
    return {token: int(literal_parts(token).lexical) for token in found}
