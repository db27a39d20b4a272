from __future__ import annotations

import pytest

from graphmap.service.negotiate import DESCRIPTIONS, GRAPHS, TABLES, Offer, choose, links, without_suffix

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


SENT = {
    "jena select": "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
    "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1",
    "jena graph": "text/turtle, application/n-triples;q=0.9, application/ld+json;q=0.8, "
    "application/rdf+xml;q=0.7, */*;q=0.3",
    "rdf4j select": "application/x-binary-rdf-results-table;q=0.8, application/sparql-results+json;q=0.8, "
    "application/json;q=0.8, application/sparql-results+xml;q=0.8, application/xml;q=0.8, text/csv;q=0.8",
    "rdf4j graph": "application/rdf+xml;q=0.5, application/n-triples, text/plain;q=0.7, text/turtle;q=0.8, "
    "application/x-turtle;q=0.8, application/trig;q=0.8, application/x-binary-rdf;q=0.8, application/ld+json;q=0.6",
    "comunica": "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7,text/turtle;q=0.6",
    "comunica links": "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/html;q=0.2,*/*;q=0.1",
    "rdflib store": "application/sparql-results+xml, application/rdf+xml",
    "rdflib parse": "text/turtle,application/rdf+xml;q=0.9,application/ld+json;q=0.9,*/*;q=0.1",
    "curl": "*/*",
    "firefox": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "chrome": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7",
    "safari": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
}


@pytest.mark.parametrize(
    ("client", "offers", "name"),
    [
        ("jena select", TABLES, "json"),
        ("jena graph", GRAPHS, "turtle"),
        ("rdf4j select", TABLES, "json"),
        ("rdf4j graph", GRAPHS, "ntriples"),
        ("comunica", TABLES, "json"),
        ("comunica links", DESCRIPTIONS, "jsonld"),
        ("comunica links", GRAPHS, "nquads"),
        ("rdflib store", TABLES, "xml"),
        ("rdflib store", GRAPHS, "rdfxml"),
        ("rdflib parse", DESCRIPTIONS, "turtle"),
        ("curl", TABLES, "json"),
        ("curl", DESCRIPTIONS, "turtle"),
        ("firefox", TABLES, "html"),
        ("chrome", DESCRIPTIONS, "html"),
        ("safari", DESCRIPTIONS, "html"),
    ],
)
def test_clients_get_what_they_like_best_by_the_header_that_they_send(
    client: str, offers: tuple[Offer, ...], name: str
) -> None:
    chosen = choose(SENT[client], offers)
    assert chosen is not None
    assert chosen.name == name


@pytest.mark.parametrize(
    ("accept", "profile"),
    [
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', "expanded"),
        ('application/ld+json; profile="http://www.w3.org/ns/json-ld#framed", text/turtle;q=0.1', "framed"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', ""),
        ("application/ld+json", ""),
        ('application/ld+json;profile="urn:a,b";q=0.9, text/turtle;q=0.2', ""),
    ],
)
def test_a_profile_chooses_among_the_forms_of_json_ld(accept: str, profile: str) -> None:
    chosen = choose(accept, DESCRIPTIONS)
    assert chosen is not None
    assert (chosen.media_type, chosen.profile) == ("application/ld+json", profile)


@pytest.mark.parametrize("quality", ["1.5", "2", "-1", "0.1234", "x", ""])
def test_a_quality_that_is_none_makes_its_range_count_for_nothing(quality: str) -> None:
    assert choose(f"text/turtle;q={quality}", (A,)) is None


def test_other_formats_are_linked_once_each() -> None:
    (chosen,) = [offer for offer in DESCRIPTIONS if offer.name == "turtle"]
    found = links("/resource?iri=urn%3Ax", DESCRIPTIONS, chosen)
    assert '</resource?iri=urn%3Ax&format=html>; rel="alternate"; type="text/html"' in found
    assert len(found) == len({offer.name for offer in DESCRIPTIONS}) - 1


def test_only_a_known_ending_is_a_suffix() -> None:
    assert without_suffix("a/b.ttl") == ("a/b", "turtle")
    assert without_suffix("a/.ttl") == ("a/.ttl", None)
    assert without_suffix("a.b/c") == ("a.b/c", None)
