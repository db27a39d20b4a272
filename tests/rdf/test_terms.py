"""Texts as they stand in quoted literals, long ones too."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.rdf import terms
from graphmap.rdf.terms import escape, unescape

_PIECES = st.sampled_from(["\\", '"', "\n", "\r", "\t", "\b", "\f", "\0", "\x1f", "\x7f", "n", "u0041", "a", "é", "😀"])
_TEXTS = st.lists(_PIECES, max_size=30).map("".join)
_WRITTEN = st.lists(
    st.sampled_from(
        [r"\\", r"\"", r"\n", r"\u005C", r"\u005c", r"\U0000005C", r"\u0000", r"\u00e9", "n", "u0041", "é"]
    ),
    max_size=30,
).map("".join)


@given(text=_TEXTS, short=st.booleans())
def test_a_text_comes_back_from_its_escaped_form_and_the_parser_reads_the_same(text: str, *, short: bool) -> None:
    text = text if short else text * (terms._LONG // max(len(text), 1) + 1)
    written = escape(text)
    assert not re.search(r"[\x00-\x1f\x7f]", written)
    assert unescape(written) == text
    (quad,) = pyoxigraph.parse(f'<urn:s> <urn:p> "{written}" .'.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, pyoxigraph.Literal)
    assert quad.object.value == text


@given(written=_WRITTEN)
def test_a_long_text_is_read_as_its_parts_are(written: str) -> None:
    times = terms._LONG // max(len(written), 1) + 1
    assert unescape(written * times) == unescape(written) * times


def test_a_long_text_of_many_different_escapes_is_read_like_a_short_one() -> None:
    codes = [f"\\u{code:04X}" for code in range(0x100, 0x100 + 3 * terms._DIFFERENT)]
    many = "".join(codes) * 20 + r"\\n"
    assert len(many) > terms._LONG
    assert unescape(many) == "".join(map(unescape, codes)) * 20 + "\\n"


@pytest.mark.parametrize("half", ["\ud800", r"\uD800", r"\U0000d800"])
def test_half_of_a_surrogate_pair_stays_what_it_is(half: str) -> None:
    assert unescape(half + r"\\" + "a" * terms._LONG) == "\ud800\\" + "a" * terms._LONG
