"""Lists and containers: what a gather map collects, and the statements that it makes.

What has no name is whole when its record is lifted. What has a name may go on in a later record; where that can be,
it is kept until the end.
Source: RML-CC, gather maps, strategies and well-formed named collections and containers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphmap.lifting.plan import in_graph
from graphmap.rdf import RDF, RDF_TYPE, Token

__all__ = ["NIL", "RDF_LIST", "Collection", "CollectionBuilder", "Used"]

RDF_LIST = f"<{RDF}List>"
NIL = f"<{RDF}nil>"
_FIRST, _REST = f"<{RDF}first>", f"<{RDF}rest>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Terms under one head.

    Args:
        head: the term that stands for all of it.
        kind: `rdf:List` or the class of a container.
        items: in order.
        named: whether the mapping names the head, so that others may add to it.
    """

    head: Token
    kind: Token
    items: tuple[Token, ...]
    named: bool


Used = tuple[Collection, Token | None]
"""A collection and a graph that it is used in, `None` for the default graph."""

_Key = tuple[Token, Token, Token | None]


class CollectionBuilder:
    """Collections that wait for their end, by head, kind and graph; held in memory.

    Args:
        numbers: for blank nodes between the cells of lists.
    """

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._items: dict[_Key, list[Token]] = {}

    def add(self, collections: Iterable[Used]) -> None:
        """Append to what has the same head, kind and graph."""
        for collection, graph in collections:
            self._items.setdefault((collection.head, collection.kind, graph), []).extend(collection.items)

    def statements(self) -> Iterator[tuple[Token, Token, Token, Token | None]]:
        """Subject, predicate, object and graph of all, in order of first appearance; nothing waits after that."""
        known, self._items = self._items, {}
        for (head, kind, graph), items in known.items():
            pairs = self._cells(head, items) if kind == RDF_LIST else _members(head, kind, items)
            for subject, predicate, value in pairs:
                yield in_graph(subject, graph), predicate, in_graph(value, graph), graph

    def _cells(self, head: Token, items: list[Token]) -> Iterator[tuple[Token, Token, Token]]:
        cell = head
        for at, item in enumerate(items):
            after = NIL if at + 1 == len(items) else f"_:n{next(self._numbers)}"
            yield cell, _FIRST, item
            yield cell, _REST, after
            cell = after


def _members(head: Token, kind: Token, items: list[Token]) -> Iterator[tuple[Token, Token, Token]]:
    yield head, RDF_TYPE, kind
    for number, item in enumerate(items, 1):
        yield head, f"<{RDF}_{number}>", item
