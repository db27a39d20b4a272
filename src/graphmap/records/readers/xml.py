"""XML documents, one a file, whole or element by element.

A document type is passed over, and nothing that it names is fetched. Entities are not expanded, as XML bombs are made
of them: a document that declares one, or refers to one, is refused.

Source: XML 1.0, sections 2.8 and 4.1.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from graphmap.errors import Locator, SourceError
from graphmap.files import open_bytes, reading
from graphmap.records.readers.json_arrays import Part

__all__ = ["Element", "WholeXml", "XmlDocuments", "XmlElements", "parse_xml"]

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


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

    def as_document(self) -> Element | None:
        """A copy as the root of a document; `None` where no element is in it."""
        node = self._node.getroot() if isinstance(self._node, etree._ElementTree) else self._node  # noqa: SLF001  # it has no public name
        return Element(etree.ElementTree(copy.deepcopy(node))) if len(node) else None

    def as_members(self) -> dict[str, Any]:
        """Its content as a JSON object has it; see `XmlDocuments`."""
        node = self._node.getroot() if isinstance(self._node, etree._ElementTree) else self._node  # noqa: SLF001  # it has no public name
        found = _members(node)
        return found if isinstance(found, dict) else {} if found is None else {"value": found}

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


def _members(node: Any) -> dict[str, Any] | str | None:
    """An element as a JSON value: a text where it holds text alone, else its attributes, elements and text."""
    if node.get(f"{_INSTANCE}nil") in ("true", "1"):
        return None
    found: dict[str, Any] = {}
    for name, value in node.attrib.items():
        if not name.startswith(_INSTANCE):
            _put(found, name, value)
    inside = [each for each in node if isinstance(each.tag, str)]
    for each in inside:
        _put(found, each.tag, _members(each))
    text = "".join([node.text or "", *(each.tail or "" for each in node)])
    if not found:
        return text or None
    if text.strip():
        _put(found, "value", text)
    return found


def _put(found: dict[str, Any], name: str, value: Any) -> None:
    """Add a member by its local name; what comes more than once is a list."""
    name = name.rpartition("}")[2]
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _is_called(tag: Any, name: str) -> bool:
    """Return whether a tag is a name, which may leave the namespace open, or all."""
    if name.startswith("{*}"):
        return isinstance(tag, str) and tag.rpartition("}")[2] == name[3:]
    return name == "*" or bool(tag == name)


_DECLARATION = b"<!DOCTYPE"
_MARKUP = re.compile(
    rb"(?P<start><!\[CDATA\[|<!--|<\?)|(?P<end>\]\]>|-->|\?>)|&(?!#|(?:lt|gt|amp|apos|quot);)(?P<entity>[^\s;&<>\"']+);"
)
_ENDS: Mapping[bytes, bytes] = MappingProxyType({b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"})
_LONGEST = 256
"""Bytes of a name or a mark that may be cut by the end of a block."""
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
            SourceError: where the input cannot be read, is not XML or has entities.
        """
        with self._stream, reading(self.name):
            content = self._stream.read()
        yield 1, parse_xml(content, self.name)


class XmlElements:
    """Numbered elements of one XML document that stand at one place, each let go of when the next is asked for.

    Args:
        name: a path, or `-` for standard input.
        names: of the elements from the root to those that are records, with their namespaces in braces; `*` there, or
            in place of a name, is for any.
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
            SourceError: where the input is not XML or has entities; the elements before were yielded.
        """
        number, around = 0, list(reversed(self._names[:-1]))
        with self._stream, reading(self.name):
            for event, node in self._events():
                if event == "start":
                    _check_entities(node, self.name)
                elif _is_called(node.tag, self._names[-1]) and _are_called(node.iterancestors(), around):
                    number += 1
                    yield number, Element(node)
                    _let_go(node)

    def _events(self) -> Iterator[tuple[str, Any]]:
        ends = {self._names[0], self._names[-1]}
        watched: Any = _Watched(self._stream, self.name)
        events = etree.iterparse(watched, events=("start", "end"), tag=tuple(ends), **_HARDENED)
        number = 0
        try:
            for event, node in events:
                number += event == "end" and _is_called(node.tag, self._names[-1])
                yield event, node
            _check_entities(events.root, self.name)  # it may have another name than the records' own
        except etree.XMLSyntaxError as error:
            place = Locator(source=self.name, line=error.lineno, column=error.offset)
            raise SourceError(f"is not XML: {error.msg}", where=place, hint=f"{number} elements came before") from error


def _are_called(nodes: Iterator[Any], names: list[str]) -> bool:
    tags = [each.tag for each in nodes]
    return len(tags) == len(names) and all(map(_is_called, tags, names))


class XmlDocuments:
    """Records of an XML document as JSON objects, so that one mapping reads both.

    An attribute or element is a member by its local name, a list where it comes more than once; an element with text
    alone is that text, an empty one null; text beside attributes or elements is the member `value`. The root is `$`.

    Args:
        name: a path, or `-` for standard input.
        part: place of the records below the root; `None` where the root is one.
        stream: the opened input.
    """

    header = None

    def __init__(self, name: str, part: Part | None, *, stream: BinaryIO) -> None:
        self.name = name
        inner = tuple(f"{{*}}{each}" for each in part.names) if part is not None else ()
        self._elements = (
            WholeXml(name, stream=stream)
            if part is None
            else XmlElements(name, ("*", *(inner or ("*",))), stream=stream)
        )

    def close(self) -> None:
        """Close the input; done already where it was read to its end."""
        self._elements.close()

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield number (from 1) and members.

        Raises:
            SourceError: where the input is not XML or has entities; the records before were yielded.
        """
        for number, element in self._elements:
            yield number, element.as_members()


class _Watched:
    """A stream of XML that breaks off at a reference to an entity.

    Args:
        stream: to be read.
        name: what it is called in errors.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._references = _References(name)

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            SourceError: where they refer to an entity.
        """
        block = self._stream.read(size)
        self._references.look_at(block)
        return block


class _References:
    """Looks for references to entities, block by block; without a document type there can be none.

    Args:
        name: what the document is called in errors.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._declared = False
        self._rest = b""
        self._until: bytes | None = None

    def look_at(self, block: bytes) -> None:
        """Look at the next bytes.

        Raises:
            SourceError: where they refer to an entity.
        """
        plain = self._rest + block.replace(b"\0", b"")  # the NUL bytes are those of UTF-16
        self._declared = self._declared or _DECLARATION in plain
        self._rest = plain[self._scan(plain, len(plain) - _LONGEST if block else len(plain)) :]

    def _scan(self, text: bytes, limit: int) -> int:
        """Look at what begins before a limit, and give where to go on: the rest may be cut short."""
        done = max(limit, 0)
        for found in _MARKUP.finditer(text) if self._declared else ():
            if found.start() >= limit:
                break
            done = max(done, found.end())
            if self._until is not None:
                self._until = None if found["end"] == self._until else self._until
            elif found["start"]:
                self._until = _ENDS[found["start"]]
            elif found["entity"]:
                what = f"refers to the entity &{found['entity'].decode(errors='replace')};"
                hint = "entities are not expanded here: write what it stands for"
                raise SourceError(what, where=Locator(source=self._name), hint=hint)
        return done


def _check_entities(root: Any, name: str) -> None:
    declared = root.getroottree().docinfo.internalDTD if root is not None and root.getparent() is None else None
    entity = next(declared.iterentities(), None) if declared is not None else None
    if entity is not None:
        what, hint = f"declares the entity {entity.name}", "entities are not expanded here: write what it stands for"
        raise SourceError(what, where=Locator(source=name), hint=hint)


def _let_go(node: Any) -> None:
    """Drop an element and all that stands before it."""
    node.clear()
    while (parent := node.getparent()) is not None:  # beside the root stand comments, which have no parent
        while node.getprevious() is not None:
            del parent[0]
        node = parent


def parse_xml(content: bytes, name: str) -> Element:
    """Parse a document.

    Args:
        content: all of it.
        name: what it is called in errors.

    Raises:
        SourceError: where it is no XML or has entities.
    """
    references = _References(name)
    for block in (content, b""):
        references.look_at(block)
    parser = etree.XMLParser(**_HARDENED)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        place = Locator(source=name, line=error.lineno, column=error.offset)
        raise SourceError(f"is not XML: {error.msg}", where=place, hint="correct the file") from error
    _check_entities(root, name)
    return Element(root.getroottree())
