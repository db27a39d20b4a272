"""XML documents, hardened against entities."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from graphmap.errors import SourceError
from graphmap.records.readers.xml import Element, WholeXml, XmlElements

if TYPE_CHECKING:
    from pathlib import Path

_BOMB = """<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>
<a>&y;</a>"""


def _read(folder: Path, content: bytes) -> Element:
    path = folder / "x.xml"
    path.write_bytes(content)
    ((number, document),) = WholeXml(str(path))
    assert number == 1
    return document


def test_a_query_gives_elements_texts_and_numbers_in_document_order(tmp_path: Path) -> None:
    document = _read(tmp_path, b"<a><b id='1'>x<c>y</c></b><b id='2'/></a>")
    first, second = document.select(lambda tree: tree.xpath("/a/b"))
    assert (first.text, second.text) == ("xy", "")
    assert document.select(lambda tree: tree.xpath("//b/@id")) == ["1", "2"]
    assert document.select(lambda tree: tree.xpath("count(//b)")) == [2]
    assert document.select(lambda tree: tree.xpath("count(//b) div 4")) == ["0.5"]
    assert document.select(lambda tree: tree.xpath("boolean(//c)")) == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_an_encoding_that_the_document_declares_is_read(tmp_path: Path, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?><a>Müßiggang</a>'.encode(encoding)
    assert _read(tmp_path, content).text == "Müßiggang"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_with_entities_is_refused_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(SourceError, match="the entity"):
        _read(tmp_path, _BOMB.encode(encoding))


def test_text_that_is_no_xml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not XML") as caught:
        _read(tmp_path, b"<a>\n<b></a>")
    assert caught.value.where.line == 2
    for content in (b"", b"<a>" * 10_000 + b"</a>" * 10_000):
        with pytest.raises(SourceError, match="is not XML"):
            _read(tmp_path, content)


def _elements(content: bytes, *names: str) -> list[tuple[int, str]]:
    return [(number, each.text) for number, each in XmlElements("x.xml", names, stream=io.BytesIO(content))]


def test_elements_at_one_place_are_records_and_others_of_their_name_are_not() -> None:
    content = b"<a><b>1</b><c><b>no</b></c><x/><b>2<b>in it</b></b><a><b>no</b></a></a>"
    assert _elements(content, "a", "b") == [(1, "1"), (2, "2in it")]
    assert _elements(content, "a", "c", "b") == [(1, "no")]
    assert _elements(content, "a", "a", "b") == [(1, "no")]
    assert _elements(content, "z", "b") == []


def test_names_of_elements_have_their_namespaces() -> None:
    content = b'<p:a xmlns:p="http://e/"><p:b>1</p:b><b>no</b><b xmlns="http://e/">2</b></p:a>'
    assert _elements(content, "{http://e/}a", "{http://e/}b") == [(1, "1"), (2, "2")]


def test_elements_before_a_fault_are_given_and_the_fault_tells_how_many() -> None:
    rows = iter(XmlElements("x.xml", ("a", "b"), stream=io.BytesIO(b"<a>\n<b>1</b>" + b" " * 100_000 + b"<b>2")))
    assert next(rows)[0] == 1
    with pytest.raises(SourceError, match=r"x\.xml, line 2.*is not XML: .*1 elements came before"):
        list(rows)
    for content in (b"", b"{}", b"<a>" * 10_000):
        with pytest.raises(SourceError, match="is not XML"):
            _elements(content, "a", "b")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("names", [("a", "b"), ("other", "b")])
def test_entities_are_refused_where_elements_are_read(encoding: str, names: tuple[str, ...]) -> None:
    with pytest.raises(SourceError, match="the entity"):
        _elements(_BOMB.replace("<a>", "<a><b/>").encode(encoding), *names)


_TYPED = {
    "a system identifier": ('<!DOCTYPE a SYSTEM "http://dtd.example/a.dtd">', "<b>1</b>"),
    "a public identifier": ('<!DOCTYPE a PUBLIC "-//E//DTD//EN" "file:///nowhere/a.dtd">', "<b>1</b>"),
    "declarations without entities": ("<!DOCTYPE a [<!ELEMENT a ANY><!ELEMENT b (#PCDATA)>]>", "<b>1</b>"),
    "the five entities of XML and numbers": ('<!DOCTYPE a SYSTEM "a.dtd">', "<b>&lt;&amp;&#49;&#x31;</b>"),
    "what looks like an entity in a comment": ('<!DOCTYPE a SYSTEM "a.dtd">', "<!-- &x; --><b>1</b>"),
    "what looks like an entity in character data": ('<!DOCTYPE a SYSTEM "a.dtd">', "<b><![CDATA[&x;]]></b>"),
}
_ENTITIES = {
    "in text": ('<!DOCTYPE a SYSTEM "a.dtd">', "<b>&nbsp;</b>"),
    "in an attribute": ('<!DOCTYPE a SYSTEM "a.dtd">', '<b c="&nbsp;"/>'),
    "declared and hidden by a comment in another": (
        """<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY z '<!--'>]>""",
        '<b c="&x;">&x;</b><!-- -->',
    ),
    "behind character data": ('<!DOCTYPE a SYSTEM "a.dtd">', "<b><![CDATA[ -->]]>&nbsp;</b>"),
    "far from the document type": ('<!DOCTYPE a SYSTEM "a.dtd">', "<b>" + "x" * 70_000 + "&nbsp;</b>"),
}


@pytest.mark.parametrize("case", list(_TYPED))
def test_a_document_type_is_passed_over_and_nothing_is_fetched(case: str) -> None:
    kind, body = _TYPED[case]
    content = f"{kind}<a>{body}</a>".encode()
    ((_, whole),) = WholeXml("x.xml", stream=io.BytesIO(content))
    (text,) = [element.text for _, element in XmlElements("x.xml", ("a", "b"), stream=io.BytesIO(content))]
    assert whole.text == text
    assert text in ("1", "<&11", "&x;")


@pytest.mark.parametrize("case", list(_ENTITIES))
def test_an_entity_is_never_left_out_in_silence(case: str) -> None:
    kind, body = _ENTITIES[case]
    content = f"{kind}<a>{body}</a>".encode()
    for read in (
        WholeXml("x.xml", stream=io.BytesIO(content)),
        XmlElements("x.xml", ("a", "b"), stream=io.BytesIO(content)),
    ):
        with pytest.raises(SourceError, match="entity"):
            list(read)


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_an_entity_is_found_wherever_blocks_end(cut: int) -> None:
    content = b'<!DOCTYPE a SYSTEM "a.dtd"><a><!-- &y; --><b><![CDATA[&z;]]></b><b>&name;</b></a>'

    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(cut)

    with pytest.raises(SourceError, match="refers to the entity &name;"):
        list(XmlElements("x.xml", ("a", "b"), stream=Slow(content)))


def test_elements_are_let_go_of() -> None:
    seen = []
    text = b"<a>" + b"<b><c/></b><d/>" * 20_000 + b"</a>"
    number = 0
    for number, (_, element) in enumerate(XmlElements("x.xml", ("a", "b"), stream=io.BytesIO(text)), 1):
        if number % 500 == 0:
            parent = element.select(lambda node: [node.getparent()])[0]
            seen.append(len(parent.select(lambda node: node.getchildren())))
    assert number == 20_000
    assert max(seen) < 10_000  # lxml reads ahead by some kilobytes
