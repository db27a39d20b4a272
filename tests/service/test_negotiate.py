from __future__ import annotations

import pytest

from graphmap.service.negotiate import DESCRIPTIONS, TABLES, Offer, choose

A = Offer(name="a", media_type="text/turtle")
B = Offer(name="b", media_type="text/html")
C = Offer(name="c", media_type="application/ld+json")


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "a"),
        ("", "a"),
        ("*/*", "a"),
        ("text/*", "a"),
        ("application/*", "c"),
        ("text/html, text/turtle", "a"),
        ("text/html;q=0.9, text/turtle;q=0.8", "b"),
        ("TEXT/HTML", "b"),
        ("text/html; charset=utf-8 ; q=0.5, */*;q=0.1", "b"),
        ("*/*;q=0.9, text/turtle;q=0.1, text/html;q=0", "c"),
        ("text/*;q=0.3, text/html;q=0.7, application/ld+json;q=0.5", "b"),
        ("nonsense, application/ld+json", "c"),
    ],
)
def test_the_best_offer_is_the_one_of_highest_quality_by_its_most_specific_range(accept: str, name: str) -> None:
    chosen = choose(accept, (A, B, C))
    assert chosen is not None
    assert chosen.name == name


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0, text/html;q=0.000, application/*;q=0", "rubbish"])
def test_nothing_is_chosen_where_nothing_is_acceptable(accept: str) -> None:
    assert choose(accept, (A, B, C)) is None


def test_a_browser_gets_a_page() -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    for offers in (DESCRIPTIONS, TABLES):
        chosen = choose(browser, offers)
        assert chosen is not None
        assert chosen.name == "html"
