"""XPath references and iterators, compiled once.

Source: XPath 1.0; RML-IO, XPath reference formulation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from graphmap.lifting.path_text import PathError
from graphmap.lifting.paths import Known, Node, Segment
from graphmap.records.elements import Element

__all__ = ["XPath", "parse_xpath"]


@dataclass(frozen=True, slots=True)
class XPath:
    """A compiled XPath; it has no segments and no member names, so that nothing is read in its place."""

    text: str
    namespaces: tuple[tuple[str, str], ...]
    _query: Callable[[Any], Any] = field(compare=False, repr=False)
    lax: bool = False

    @property
    def segments(self) -> tuple[Segment, ...]:
        """None."""
        return ()

    @property
    def names(self) -> None:
        """None."""
        return

    def values(self, root: Any) -> list[Any]:
        """The elements and texts that the path selects below an element, in document order."""
        return root.select(self._query) if isinstance(root, Element) else []

    def nodes(self, root: Node, known: Known | None = None) -> list[Node]:  # noqa: ARG002  # as other paths take it
        """The same with their places: the path and the number of each find, counted from 0."""
        return [Node(value, (*root.place, self.text, at)) for at, value in enumerate(self.values(root.value))]


def parse_xpath(text: str, namespaces: tuple[tuple[str, str], ...]) -> XPath:
    """Compile an XPath.

    Raises:
        PathError: where the text is none, or uses a prefix that has no namespace.
    """
    try:
        query = etree.XPath(text, namespaces=dict(namespaces) or None)
    except etree.XPathSyntaxError as error:
        raise PathError(str(error), 0) from error
    return XPath(text, namespaces, query)
