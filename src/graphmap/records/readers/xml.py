"""XML documents, one a file, whole or element by element.

A document type declaration is refused: entities are how XML bombs are made.

Source: XML 1.0, section 2.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from graphmap.errors import Locator, SourceError
from graphmap.files import open_bytes, reading

__all__ = ["Element", "WholeXml", "XmlElements", "parse_xml"]


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


_DECLARATION = b"<!DOCTYPE"
_HARDENED: Mapping[str, bool] = MappingProxyType(
    {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
)


class WholeXml:
    """One input as one XML document.

    Args:
        name: a path, or `-` for standard input.
        stream: the opened input, where the caller has it already.

    Raises:
        SourceError: where the input cannot be opened.
    """

    header = None

    def __init__(self, name: str, *, stream: BinaryIO | None = None) -> None:
        self.name = name
        self._stream = stream or open_bytes(name)

    def close(self) -> None:
        """Close the input; done already where it was read to its end."""
        self._stream.close()

    def __iter__(self) -> Iterator[tuple[int, Element]]:
        """Yield the document, as number 1.

        Raises:
            SourceError: where the input cannot be read, is not XML or declares a document type.
        """
        with self._stream, reading(self.name):
            content = self._stream.read()
        yield 1, parse_xml(content, self.name)


class XmlElements:
    """Numbered elements of one XML document that stand at one place, each let go of when the next is asked for.

    Args:
        name: a path, or `-` for standard input.
        names: of the elements from the root to those that are records, with their namespaces in braces.
        stream: the opened input, where the caller has it already.

    Raises:
        SourceError: where the input cannot be opened.
    """

    header = None

    def __init__(self, name: str, names: tuple[str, ...], *, stream: BinaryIO | None = None) -> None:
        self.name = name
        self._names = names
        self._stream = stream or open_bytes(name)

    def close(self) -> None:
        """Close the input; done already where it was read to its end."""
        self._stream.close()

    def __iter__(self) -> Iterator[tuple[int, Element]]:
        """Yield element number (from 1) and element; it holds what is in it, and of what is around it the attributes.

        Raises:
            SourceError: where the input is not XML or declares a document type; the elements before were yielded.
        """
        number, around = 0, list(reversed(self._names[:-1]))
        with self._stream, reading(self.name):
            for event, node in self._events():
                if event == "start":
                    self._check(node)
                elif [each.tag for each in node.iterancestors()] == around and node.tag == self._names[-1]:
                    number += 1
                    yield number, Element(node)
                    _let_go(node)

    def _events(self) -> Iterator[tuple[str, Any]]:
        ends = {self._names[0], self._names[-1]}
        events = etree.iterparse(self._stream, events=("start", "end"), tag=tuple(ends), **_HARDENED)
        number = 0
        try:
            for event, node in events:
                number += event == "end" and node.tag == self._names[-1]
                yield event, node
            self._check(events.root)  # it may have another name than the records' own
        except etree.XMLSyntaxError as error:
            place = Locator(source=self.name, line=error.lineno, column=error.offset)
            raise SourceError(f"is not XML: {error.msg}", where=place, hint=f"{number} elements came before") from error

    def _check(self, node: Any) -> None:
        if node.getparent() is None and node.getroottree().docinfo.internalDTD is not None:
            where = Locator(source=self.name)
            raise SourceError("declares a document type", where=where, hint="take the DOCTYPE out")


def _let_go(node: Any) -> None:
    """Drop an element and all that stands before it."""
    node.clear()
    while node is not None:
        parent = node.getparent()
        while node.getprevious() is not None:
            del parent[0]
        node = parent


def parse_xml(content: bytes, name: str) -> Element:
    """Parse a document.

    Args:
        content: all of it.
        name: what it is called in errors.

    Raises:
        SourceError: where it is no XML or declares a document type.
    """
    where = Locator(source=name)
    if _DECLARATION in content.replace(b"\0", b""):  # the NUL bytes are those of UTF-16
        raise SourceError("declares a document type", where=where, hint="take the DOCTYPE out")
    parser = etree.XMLParser(**_HARDENED)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        place = Locator(source=name, line=error.lineno, column=error.offset)
        raise SourceError(f"is not XML: {error.msg}", where=place, hint="correct the file") from error
    return Element(root.getroottree())
