from __future__ import annotations

from itertools import pairwise

from graphmap.service.pages.charts import Bar, Neighbour, bars, columns, neighbourhood


def test_the_longest_bar_fills_its_track_and_a_small_one_stays_visible() -> None:
    drawn = bars([Bar(label="many", number=10_000), Bar(label="one", number=1), Bar(label="none", number=0)])
    assert [bar.share for bar in drawn] == [100.0, 0.5, 0.0]


def test_no_bars_are_no_fault() -> None:
    assert bars([]) == ()
    assert columns([]).parts == ()


def test_the_parts_of_a_column_stand_upon_each_other_within_the_chart() -> None:
    chart = columns([("Monday", {"Violation": 3, "Warning": 1}), ("Tuesday", {"Violation": 2})])
    first, second, third = chart.parts
    assert (first.x, second.y + second.height) == (second.x, first.y)
    assert third.y + third.height == chart.floor
    assert all(part.y >= 0 and part.x + part.width <= chart.width for part in chart.parts)


def test_many_columns_do_not_write_over_each_other() -> None:
    chart = columns([(f"2026-01-{day:02}", {"Violation": day}) for day in range(1, 31)])
    texts = [mark for mark in chart.marks if mark.anchor == "middle"]
    assert len(texts) <= 8


def test_everything_around_a_thing_stays_inside_the_picture_and_apart() -> None:
    many = [Neighbour(text="y" * 90, href="/a", link="z" * 90)] * 12
    picture = neighbourhood("x" * 500, many, many[:3])
    assert len(picture.nodes) == 16
    assert all(node.x >= 0 and node.x + node.width <= picture.width for node in picture.nodes)
    assert all(node.y >= 12 and node.y + 30 <= picture.height for node in picture.nodes)
    assert all(len(node.text) <= 25 for node in picture.nodes)
    left = sorted(node.y for node in picture.nodes if node.x < 100)
    assert all(below - above > 45 for above, below in pairwise(left))


def test_a_thing_alone_is_a_picture_too() -> None:
    (only,) = neighbourhood("alone", [], []).nodes
    assert only.focus
