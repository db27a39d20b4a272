from __future__ import annotations

import pytest

from graphmap.service.media_ranges import LONGEST, MediaRange, media_ranges


@pytest.mark.parametrize(
    ("accept", "ranges"),
    [
        ("a/b", [("a", "b", {}, 1.0)]),
        (" A/B ; Q=0.5 ,, c/*;q=0", [("a", "b", {}, 0.5), ("c", "*", {}, 0.0)]),
        ('a/b;p="x,y;z\\"\\\\";r=s;q=1.000', [("a", "b", {"p": 'x,y;z"\\', "r": "s"}, 1.0)]),
        ("a/b ; p = c;;", [("a", "b", {"p": "c"}, 1.0)]),
        ('a/b;p="never closed, c/d', []),
        ('a/b, c/d;p="never closed', [("a", "b", {}, 1.0)]),
        ("a, a/, /b, a/b/c, a b/c, a/b;p, a/b;p=, a/b;=p, é/ü", [("é", "ü", {}, 1.0)]),
        ("a/b;q=2, a/b;q=0.1234, a/b;q=nan", [("a", "b", {}, 0.0)] * 3),
        ("", []),
        (",;,;;\\,\\", []),
    ],
)
def test_ranges_are_read_as_the_grammar_has_them_and_others_left_out(
    accept: str, ranges: list[tuple[str, str, dict[str, str], float]]
) -> None:
    assert list(media_ranges(accept)) == [MediaRange(*each) for each in ranges]


def test_a_header_is_read_up_to_its_longest() -> None:
    assert len(list(media_ranges(("a/b," * LONGEST)[:LONGEST]))) == LONGEST // 4
    assert not list(media_ranges(("a/b," * LONGEST)[: LONGEST + 1]))
