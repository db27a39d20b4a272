"""XML documents, hardened against entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphmap.errors import SourceError
from graphmap.records.elements import Element
from graphmap.records.xml import WholeXml

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
def test_a_document_type_is_refused_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(SourceError, match="declares a document type"):
        _read(tmp_path, _BOMB.encode(encoding))


def test_text_that_is_no_xml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no XML") as caught:
        _read(tmp_path, b"<a>\n<b></a>")
    assert caught.value.where.line == 2
    for content in (b"", b"<a>" * 10_000 + b"</a>" * 10_000):
        with pytest.raises(SourceError, match="is no XML"):
            _read(tmp_path, content)
