"""XPath references and iterators, compiled once.

Source: XPath 1.0; RML-IO, XPath reference formulation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from graphmap.lifting.paths.jsonpath_parser import PathError
from graphmap.lifting.paths.model import Known, Node, Segment
from graphmap.records.readers import Element

__all__ = ["XPath", "itself", "parse_xpath"]


_SELF = "."
_NAME = r"[^\W\d][\w.-]*"
_FROM_ROOT = re.compile(rf"(?:/(?:{_NAME}:)?{_NAME}){{2,}}").fullmatch
_ABSOLUTE = re.compile(r"(?:^|[^\w\]).*/-])\s*/").search  # a slash that follows no step

_QUOTED = re.compile("'[^']*'|\"[^\"]*\"").sub
_CALLED = re.compile(r"(?:[a-z-]+::)?([\w.:-]+)\s*\(").finditer
_FUNCTIONS = frozenset(
    """boolean ceiling comment concat contains count false floor id lang last local-name name namespace-uri node
    normalize-space not number position processing-instruction round starts-with string string-length substring
    substring-after substring-before sum text translate true and or div mod""".split()  # noqa: SIM905  # a list would take a line a name
)
"""Names that may precede a bracket: functions of XPath 1.0, section 4, tests of nodes, operators."""


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

    @property
    def element_names(self) -> tuple[str, ...] | None:
        """The names of elements from the root on, with their namespaces in braces, where it goes by those alone."""
        if not _FROM_ROOT(self.text):
            return None
        urls = dict(self.namespaces)
        parts = (step.rpartition(":") for step in self.text[1:].split("/"))
        return tuple(f"{{{urls[prefix]}}}{name}" if prefix else name for prefix, _, name in parts)

    @property
    def stays_below(self) -> bool:
        """Return whether it selects nothing outside of the element that it starts from."""
        return not (".." in self.text or "::" in self.text or _ABSOLUTE(self.text))

    def values(self, root: Any) -> list[Any]:
        """The elements and texts that the path selects below an element, in document order."""
        return root.select(self._query) if isinstance(root, Element) else []

    def nodes(self, root: Node, known: Known | None = None) -> list[Node]:  # noqa: ARG002  # as other paths take it
        """The same with their places: the path and the number of each find, counted from 0."""
        if self.text == _SELF:
            return [root]
        return [Node(value, (*root.place, self.text, at)) for at, value in enumerate(self.values(root.value))]


def itself() -> XPath:
    """The path to where it starts."""
    return parse_xpath(_SELF, ())


def parse_xpath(text: str, namespaces: tuple[tuple[str, str], ...]) -> XPath:
    """Compile an XPath.

    Raises:
        PathError: where the text is none, or uses a prefix that has no namespace.
    """
    try:
        query = etree.XPath(text, namespaces=dict(namespaces) or None)
        query(etree.Element("x"))  # a prefix that nobody knows comes out only when it is used
    except etree.XPathError as error:
        raise PathError(str(error), 0) from error
    unknown = next((match for match in _CALLED(_QUOTED("", text)) if match[1] not in _FUNCTIONS), None)
    if unknown is not None:
        raise PathError(f"XPath 1.0 has no function {unknown[1]}", max(0, text.find(unknown[1])))
    return XPath(text, namespaces, query)
