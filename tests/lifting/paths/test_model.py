"""Paths into a record, strict and lax."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.lifting.paths.jsonpath_parser import PathError, parse_path
from graphmap.lifting.paths.model import Node, column_path

_DOCUMENT = {
    "a": {"b": 1, "c d": 2, "x-y": 3},
    "list": [{"n": 1, "t": "p"}, {"n": 2, "t": "q"}, {"n": 3, "t": "p", "deep": {"n": 4, "t": "p"}}],
    "one": {"n": 9, "t": "p"},
    "quote's": 5,
    "@type": "T",
    "nothing": None,
}


def _values(text: str, *, lax: bool = False, document: Any = None) -> list[Any]:
    return parse_path(text, lax=lax).values(_DOCUMENT if document is None else document)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$.a.b", [1]),
        ("a.b", [1]),
        ("$['a']['c d']", [2]),
        ('$["a"]["c d"]', [2]),
        ("$.a.x-y", [3]),
        ("$['quote\\'s']", [5]),
        ("$['@type']", ["T"]),
        ("@type", ["T"]),
        ("$.nothing", [None]),
        ("$.missing.b", []),
        ("$.a.b.c", []),
        ("$.list[0].n", [1]),
        ("$.list[-1].n", [3]),
        ("$.list[7].n", []),
        ("$.list[*].n", [1, 2, 3]),
        ("$.a[*]", [1, 2, 3]),
        ("$.a['b','x-y']", [1, 3]),
        ("$.list[0,2].n", [1, 3]),
        ("$.list[?@.t == 'p'].n", [1, 3]),
        ("$.list[?(@.t == 'p' && @.n != 1)].n", [3]),
        ("$.list[?@.t == 'q' || @.n == 1].n", [1, 2]),
        ("$.list[?!@.deep].n", [1, 2]),
        ("$.list[?@.deep].n", [3]),
        ("$.list[?@.n == '1'].n", []),
        ("$.list[?@.missing == null].n", []),
        ("$.list.n", []),
        ("$", [_DOCUMENT]),
    ],
)
def test_a_strict_path_selects(text: str, expected: list[Any]) -> None:
    assert _values(text) == expected


def test_descendants_are_found_at_every_depth() -> None:
    assert sorted(_values("$..n")) == [1, 2, 3, 4, 9]
    assert sorted(value["n"] for value in _values("$..[?@.t == 'p']")) == [1, 3, 4, 9]
    assert len(_values("$.list..*")) == 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$.list.n", [1, 2, 3]),
        ("$.one[*].n", [9]),
        ("$.list[*].n", [1, 2, 3]),
        ("$.one[0].n", [9]),
        ("$.one[?@.t == 'p'].n", [9]),
        ("$.one[?@.t == 'q'].n", []),
        ("$.a.b[*]", [1]),
    ],
)
def test_a_lax_path_takes_one_value_and_an_array_of_values_alike(text: str, expected: list[Any]) -> None:
    assert _values(text, lax=True) == expected


@pytest.mark.parametrize(
    ("text", "offset"),
    [("$.a[", 4), ("$.a..", 5), ("$.a b", 3), ("$[?@.a = 1]", 7), ("$['a'", 5), ("$[?", 3), ("$.", 1), ("$[true]", 6)],
)
def test_a_text_that_is_no_path_says_where(text: str, offset: int) -> None:
    with pytest.raises(PathError) as caught:
        parse_path(text)
    assert caught.value.offset == offset


def test_a_column_is_a_name_whatever_stands_in_it() -> None:
    assert column_path("a.b[0] {x}").values({"a.b[0] {x}": "1"}) == ["1"]


def test_paths_that_select_the_same_are_equal_however_they_are_written() -> None:
    assert parse_path("$.a['b']") == parse_path("a.b")
    assert parse_path("$.a.b") != parse_path("$.a.b", lax=True)


def test_nodes_know_the_keys_that_lead_to_them() -> None:
    places = [node.place for node in parse_path("$.list[?@.t == 'p'].n").nodes(Node(_DOCUMENT, ()))]
    assert places == [("list", 0, "n"), ("list", 2, "n")]


def test_the_names_of_a_path_of_names_are_known_and_of_others_not() -> None:
    assert parse_path("$.a.b").names == ("a", "b")
    assert parse_path("$.a.b[*]", lax=True).names == ("a", "b")
    assert parse_path("$.a.b[*]").names is None
    assert parse_path("$..a").names is None


_VALUES = st.recursive(
    st.none() | st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
_TEXTS = st.lists(st.sampled_from([".a", ".b", "[*]", "[0]", "..a", "..[?@.a == 1]", "['a','b']"]), max_size=3)


@given(_VALUES, _TEXTS, st.booleans())
def test_values_are_those_of_the_nodes_and_each_stands_at_its_place(document: Any, parts: list[str], lax: bool) -> None:  # noqa: FBT001  # given by the test
    path = parse_path("$" + "".join(parts), lax=lax)
    nodes = path.nodes(Node(document, ()))
    assert path.values(document) == [node.value for node in nodes]
    for node in nodes:
        at = document
        for key in node.place:
            at = at[key]
        assert at is node.value
