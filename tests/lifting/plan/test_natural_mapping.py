"""Values, their forms, IRIs and blank nodes."""

from __future__ import annotations

from typing import Any

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphmap.errors import TermError
from graphmap.lifting.plan.iris import PLAIN_IRI, always_iri, iri_from, is_iri
from graphmap.lifting.plan.natural_mapping import blank_token, scalar
from graphmap.lifting.plan.triples_maps import TermType
from graphmap.rdf.terms import XSD, iri_safe
from graphmap.records import Number
from graphmap.records.value_forms import ValueForms, zoned_timestamp

_BASE = "https://schema.limbergraph.com/"
_PIECES = [
    *"abZ09:/?#[]@!$&'()*+,;=%-._~|\\^`{} \"<>",
    "é",
    "\ue000",
    "\ufffe",
    "😀",
    "%20",
    "%zz",
    "//",
    "::1",
    "v1.a",
]
_STARTS = ["http://", "https://a/", "urn:", "x:", "http://u@", "http://a:", "http:", "x:/", "http://[", "", "/a", "a:b"]


def _oxigraph_takes(text: str) -> bool:
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True


@settings(max_examples=1500)
@given(st.sampled_from(_STARTS), st.lists(st.sampled_from(_PIECES), max_size=6))
@example("http://[", ["b", "a", "d"])
@example("http://", ["a", "/", "%zz"])
@example("http://user@@host", [])
@example("http://a/", ["\ue000"])
@example("http://[", ["::1", "]", ":", "0", "9"])
def test_an_iri_is_what_the_store_takes_for_one(start: str, pieces: list[str]) -> None:
    text = start + "".join(pieces)
    assert is_iri(text) == _oxigraph_takes(text)
    assert is_iri(text) or not PLAIN_IRI(text)


@given(
    st.lists(st.sampled_from(["http://a/", "b", "#", "?", "%4", "urn:x:", "http://", "é", ":", "/", None]), max_size=4)
)
def test_a_template_that_always_makes_an_iri_makes_one_of_any_value(texts: list[str | None]) -> None:
    if always_iri(texts):
        for value in ("", "x", "7", "a b/c:d@e", "[", "%", "é\ue000", "😀\\"):
            assert _oxigraph_takes("".join(iri_safe(value) if text is None else text for text in texts))


def test_a_relative_reference_is_resolved_against_the_base() -> None:
    assert iri_from("limber/Country#NZ", _BASE) == f"<{_BASE}limber/Country#NZ>"
    assert iri_from("urn:x", _BASE) == "<urn:x>"


@pytest.mark.parametrize("text", ["", "http://[bad", "http://a/%zz", "http://a/\ue000", "http://user@@host", "a b"])
def test_a_text_that_makes_no_iri_is_refused(text: str) -> None:
    with pytest.raises(TermError):
        iri_from(text, _BASE)


def test_an_unsafe_iri_is_taken_unless_it_breaks_its_line() -> None:
    assert iri_from("http://a/b c", _BASE, TermType.UNSAFE_IRI) == "<http://a/b c>"
    with pytest.raises(TermError):
        iri_from("http://a/> .\n<http://b", _BASE, TermType.UNSAFE_IRI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-10 05:15:30+00", "2025-01-10T05:15:30Z"),
        ("2025-01-10 05:15:30.120+02", "2025-01-10T05:15:30.120+02:00"),
        ("2025-01-10 05:15:30-0330", "2025-01-10T05:15:30-03:30"),
        ("2025-01-10 05:15:30", "2025-01-10T05:15:30"),
        ("2025-01-10T05:15:30Z", "2025-01-10T05:15:30Z"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_timestamp_of_postgresql_is_read(text: str, expected: str) -> None:
    assert zoned_timestamp(text) == expected


def test_a_form_of_the_source_is_read_after_the_forms_of_the_datatype() -> None:
    forms = ValueForms(booleans={"t": "true", "f": "false"}, timestamps=zoned_timestamp)
    assert forms.read(XSD + "boolean", "t") == "true"
    assert forms.read(XSD + "boolean", "1") == "true"
    assert forms.read(XSD + "boolean", "yes") is None
    assert forms.read(XSD + "dateTime", "2025-01-10 05:15:30+00") == "2025-01-10T05:15:30Z"
    assert ValueForms().read(XSD + "dateTime", "2025-01-10 05:15:30+00") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x", ("x", None)),
        (7, ("7", XSD + "integer")),
        (True, ("true", XSD + "boolean")),
        (Number("1.10"), ("1.1E0", XSD + "double")),
        ({}, None),
        ([], None),
    ],
)
def test_a_value_has_the_datatype_that_it_comes_with(value: Any, expected: tuple[str, str | None] | None) -> None:
    assert scalar(value) == expected


@given(st.text(max_size=6), st.text(max_size=6))
def test_blank_nodes_are_the_same_just_where_their_texts_are(left: str, right: str) -> None:
    tokens = [blank_token(text) for text in (left, right)]
    assert (tokens[0] == tokens[1]) == (left == right)
    for token in tokens:
        assert pyoxigraph.BlankNode(token[2:]).value
