"""Nesting of JSON is measured without parsing it, in pieces of any size."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from graphmap.service.http.body.json_nesting import JsonNesting

TEXTS = st.text(alphabet='ab"\\[]{}\n\u2028', max_size=6)
VALUES = st.recursive(
    st.none() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


def depth(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)


def is_allowed(body: bytes, limit: int, *, piece: int = 1 << 20) -> bool:
    nesting = JsonNesting(limit)
    try:
        for place in range(0, len(body), piece):
            nesting.feed(body[place : place + piece])
    except HTTPException:
        return False
    return True


@given(value=VALUES, indent=st.sampled_from([None, 1]), piece=st.integers(1, 20))
def test_json_may_be_as_deep_as_the_limit_and_no_deeper(value: Any, indent: int | None, piece: int) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=False).encode()
    deep = depth(value)
    assert is_allowed(body, deep, piece=piece)
    assert deep == 0 or not is_allowed(body, deep - 1, piece=piece)


@given(
    text=st.text(alphabet='"\\[]{}\n a', max_size=40).map(str.encode), cut=st.integers(0, 40), limit=st.integers(0, 4)
)
def test_where_a_body_is_cut_makes_no_difference(text: bytes, cut: int, limit: int) -> None:
    nesting = JsonNesting(limit)
    try:
        nesting.feed(text[:cut])
        nesting.feed(text[cut:])
    except HTTPException:
        assert not is_allowed(text, limit)
    else:
        assert is_allowed(text, limit)


@pytest.mark.parametrize("before", [b"", b'"\n', b'"\\\n', b'{"a": "\n', b"]]]]\n"])
def test_a_broken_line_hides_no_depth_in_the_next(before: bytes) -> None:
    assert not is_allowed(before + b"[" * 101 + b'"', 100)
    assert not is_allowed(before + b"[" * 101 + b'"x"' + b"]" * 101, 100)
