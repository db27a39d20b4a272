"""XML documents, one a file. A document type declaration is refused: entities are how XML bombs are made.

Source: XML 1.0, section 2.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from graphmap.errors import Locator, SourceError
from graphmap.records.elements import Element
from graphmap.records.streams import open_bytes, reading

__all__ = ["WholeXml", "parse_xml"]

_DECLARATION = b"<!DOCTYPE"


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
            SourceError: where the input cannot be read, is no XML or declares a document type.
        """
        with self._stream, reading(self.name):
            content = self._stream.read()
        yield 1, parse_xml(content, self.name)


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
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        place = Locator(source=name, line=error.lineno, column=error.offset)
        raise SourceError(f"is no XML: {error.msg}", where=place, hint="mend the file") from error
    return Element(root.getroottree())
