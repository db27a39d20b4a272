from __future__ import annotations

from collections.abc import Callable

import pytest

from graphmap.service.http.negotiation.content_negotiation import DESCRIPTIONS, _chosen
from graphmap.service.http.negotiation.media_ranges import LONGEST, MediaRange, media_ranges
from tests.growth import BOUND, TIMES, growth


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


@pytest.mark.parametrize(
    "make",
    [
        lambda size: "a/b;" + " " * size + "x",
        lambda size: "a/b;" + "; " * (size // 2) + "x",
        lambda size: "a/b" + ";a=b" * (size // 4) + ";",
        lambda size: "a/b;a=" + '"' * size,
        lambda size: 'a/b;a="' + '\\"' * (size // 2),
        lambda size: 'a/b;a="' + "\\" * size,
        lambda size: '"a,' * (size // 3),
        lambda size: "a/" + "a" * size + " ",
        lambda size: "a" * size,
        lambda size: "," * size,
        lambda size: "*/*," * (size // 4),
        lambda size: 'application/ld+json;profile="' + "a " * (size // 2) + '"',
        lambda size: "a/b;q=0." + "0" * size,
        lambda size: "text/turtle;q=1 " + "\t" * size + ",",
        lambda size: "a/b;a = " * (size // 8),
    ],
)
def test_the_work_for_a_hostile_header_grows_with_its_length_alone(make: Callable[[int], str]) -> None:
    def work(accept: str) -> None:
        _chosen.__wrapped__(accept, DESCRIPTIONS)  # what lies in the cache takes no time

    assert growth(work, make, LONGEST // TIMES - 50) < BOUND
