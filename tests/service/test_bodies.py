"""Nesting of JSON is told without parsing it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from graphmap.service.bodies import check_depth

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


def is_allowed(body: bytes, limit: int) -> bool:
    try:
        check_depth(body, limit)
    except HTTPException:
        return False
    return True


@given(value=VALUES, indent=st.sampled_from([None, 1]))
def test_json_may_be_as_deep_as_the_limit_and_no_deeper(value: Any, indent: int | None) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=False).encode()
    deep = depth(value)
    assert is_allowed(body, deep)
    assert deep == 0 or not is_allowed(body, deep - 1)


@pytest.mark.parametrize("before", [b"", b'"\n', b'"\\\n', b'{"a": "\n', b"]]]]\n"])
def test_a_broken_line_hides_no_depth_in_the_next(before: bytes) -> None:
    assert not is_allowed(before + b"[" * 101 + b'"', 100)
    assert not is_allowed(before + b"[" * 101 + b'"x"' + b"]" * 101, 100)
