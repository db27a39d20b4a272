"""Elements of an XML document, as records hold them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Element"]


class Element:
    """An element or the document itself; its text is all text in it, as the string value of XPath has it.

    Args:
        node: of the XML library.
    """

    __slots__ = ("_node",)

    def __init__(self, node: Any) -> None:
        self._node = node

    @property
    def text(self) -> str:
        """The string value.

        Source: XPath 1.0, section 5.2.
        """
        return str(self._node.xpath("string()"))

    def select(self, query: Callable[[Any], Any]) -> list[Any]:
        """The elements and texts that a compiled query gives, in document order."""
        found = query(self._node)
        return [_value(each) for each in (found if isinstance(found, list) else [found])]


def _value(found: Any) -> Any:
    if isinstance(found, bool):
        return found
    if isinstance(found, float):
        return int(found) if found.is_integer() else str(found)
    return str(found) if isinstance(found, str) else Element(found)
