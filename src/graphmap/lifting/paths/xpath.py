"""XPath references and iterators, compiled once.

Source: XPath 1.0; RML-IO, XPath reference formulation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from graphmap.errors import Locator, MappingError
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
_PREFIXED = re.compile(rf"({_NAME}):(?:{_NAME}|\*)(?![\w(])").finditer
_FUNCTIONS = frozenset(
    """boolean ceiling comment concat contains count false floor id lang last local-name name namespace-uri node
    normalize-space not number position processing-instruction round starts-with string string-length substring
    substring-after substring-before sum text translate true and or div mod""".split()  # noqa: SIM905  # a list would take a line a name
)
"""Names that may stand before a bracket: functions of XPath 1.0, section 4, tests of nodes, operators."""


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
        parts = [step.rpartition(":") for step in self.text[1:].split("/")]
        if any(prefix and prefix not in urls for prefix, _, _ in parts):  # the document says what it means
            return None
        return tuple(f"{{{urls[prefix]}}}{name}" if prefix else name for prefix, _, name in parts)

    @property
    def stays_below(self) -> bool:
        """Tell whether it selects nothing outside of the element that it starts from."""
        return not (".." in self.text or "::" in self.text or _ABSOLUTE(self.text))

    def values(self, root: Any) -> list[Any]:
        """The elements and texts that the path selects below an element, in document order."""
        return root.select(self._query) if isinstance(root, Element) else []

    def nodes(self, root: Node, known: Known | None = None) -> list[Node]:  # noqa: ARG002  # as other paths take it
        """The same with their places: the path and the number of each find, counted from 0."""
        if self.text == _SELF:
            return [root]
        return [Node(value, (*root.place, self.text, at)) for at, value in enumerate(self.values(root.value))]


class _OfDocument:
    """A query with prefixes that the mapping does not declare: each document says what they mean.

    Args:
        text: of the query.
        own: prefixes of the mapping, with their namespaces.
        late: those that a document has to declare.
    """

    __slots__ = ("_known", "_late", "_own", "_text")

    def __init__(self, text: str, own: Mapping[str, str], late: tuple[str, ...]) -> None:
        self._text = text
        self._own = own
        self._late = late
        self._known: tuple[Any, Callable[[Any], Any]] | None = None

    def __call__(self, node: Any) -> Any:
        """Ask a node.

        Raises:
            MappingError: where its document does not declare a prefix.
        """
        tree = node if isinstance(node, etree._ElementTree) else node.getroottree()  # noqa: SLF001  # it has no public name
        root = tree.getroot()
        if self._known is None or self._known[0] is not root:
            self._known = root, etree.XPath(self._text, namespaces={**self._declared(root), **self._own})
        return self._known[1](node)

    def _declared(self, root: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for prefix in self._late:
            url = next((each.nsmap[prefix] for each in root.iter(etree.Element) if prefix in each.nsmap), None)
            if url is None:
                what = (
                    f"the XPath {self._text!r} uses the prefix {prefix!r}, which neither mapping nor document declares"
                )
                raise MappingError(
                    what, where=Locator(), hint="declare it with rml:namespace at the reference formulation"
                )
            found[prefix] = url
        return found


def itself() -> XPath:
    """The path to where it starts."""
    return parse_xpath(_SELF, ())


def parse_xpath(text: str, namespaces: tuple[tuple[str, str], ...]) -> XPath:
    """Compile an XPath.

    Raises:
        PathError: where the text is none; a prefix without a namespace is one of the document.
    """
    own = dict(namespaces)
    late = sorted({found[1] for found in _PREFIXED(_QUOTED("", text))} - own.keys() - {"xml"})
    query: Callable[[Any], Any]
    try:
        query = etree.XPath(text, namespaces={**dict.fromkeys(late, "urn:x-late"), **own} or None)
        query(etree.Element("x"))  # a function that nobody knows comes out only when it is used
    except etree.XPathError as error:
        raise PathError(str(error), 0) from error
    if late:
        query = _OfDocument(text, own, tuple(late))
    unknown = next((match for match in _CALLED(_QUOTED("", text)) if match[1] not in _FUNCTIONS), None)
    if unknown is not None:
        raise PathError(f"XPath 1.0 has no function {unknown[1]}", max(0, text.find(unknown[1])))
    return XPath(text, namespaces, query)
