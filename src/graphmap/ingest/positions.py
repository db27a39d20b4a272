"""How far the store has come in its journal: a statement in the graph of provenance, written with each record."""

from __future__ import annotations

from graphmap.lifting.functions import GRAPHMAP
from graphmap.store import Layout, Quad, Store
from graphmap.terms import XSD, literal_parts

__all__ = ["position_of", "position_quad"]

_POSITION = f"<{GRAPHMAP}journalPosition>"


def position_quad(layout: Layout, position: int) -> Quad:
    """The statement that the store has all entries up to a position."""
    return Quad(layout.provenance, _POSITION, f'"{position}"^^<{XSD}integer>', layout.provenance)


def position_of(store: Store, layout: Layout) -> int:
    """Position of the last journal entry that the store has taken in; 0 where there is none."""
    found = store.objects(layout.provenance, _POSITION, layout.provenance)
    return max((int(literal_parts(token).lexical) for token in found), default=0)
