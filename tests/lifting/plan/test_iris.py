"""IRIs from data, whatever the data holds."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import TermError
from graphmap.lifting.plan import TermType, iri_from
from graphmap.rdf import iri_of, is_absolute

_BASES = (
    "http://h",
    "http://h/",
    "http://h/a/b",
    "http://h/a#",
    "http://h?q=",
    "http://h:80",
    "urn:",
    "urn:x:",
    "http:",
)
_HOSTILE = st.text(alphabet="/.:@?#[]h1%a\\ ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("base", "text", "iri"),
    [
        ("http://onto.org/parts#", "7", "http://onto.org/parts#7"),
        ("http://h/a", "b", "http://h/ab"),
        ("http://h/a/", "../b", "http://h/a/../b"),
        ("http://h/a/", "//evil/x", "http://h/a///evil/x"),
        ("http://h/a/?q=", "/b", "http://h/a/?q=/b"),
        ("http://h", "/b", "http://h/b"),
        ("urn:x:", "7", "urn:x:7"),
        ("http://h/", "mailto:a@b", "mailto:a@b"),
    ],
)
def test_the_base_stands_before_what_is_relative(base: str, text: str, iri: str) -> None:
    assert iri_of(iri_from(text, base)) == iri


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("http://h", ".evil.example"),
        ("http://h", "@evil"),
        ("http://h:80", "80/x"),
        ("urn:", "//evil"),
        ("http:", "//e/"),
    ],
)
def test_no_text_changes_the_host_of_the_base(base: str, text: str) -> None:
    with pytest.raises(TermError, match="would change its host"):
        iri_from(text, base)


@pytest.mark.parametrize("kind", [kind for kind in TermType if kind.names])
@given(text=_HOSTILE, base=st.sampled_from(_BASES))
def test_whatever_is_made_begins_with_the_base_and_has_its_host(kind: TermType, text: str, base: str) -> None:
    if is_absolute(text):
        return  # it needs no base
    try:
        iri = iri_of(iri_from(text, base, kind))
        host = urlsplit(iri).netloc
    except (TermError, ValueError):
        return
    assert iri.startswith(base)
    assert host == urlsplit(base).netloc


@pytest.mark.parametrize("text", ["7", "../b", "//h/x", "a b"])
def test_a_relative_iri_without_a_base_is_a_fault_that_says_what_to_give(text: str) -> None:
    with pytest.raises(TermError, match="no base IRI: give --base"):
        iri_from(text, "")
