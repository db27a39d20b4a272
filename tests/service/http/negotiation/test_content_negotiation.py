from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from graphmap.service.http.negotiation.content_negotiation import (
    DESCRIPTIONS,
    GRAPHS,
    TABLES,
    Offer,
    choose,
    links,
    negotiated,
    without_suffix,
)

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


def asking(query: str, accept: str | None) -> Request:
    headers = [] if accept is None else [(b"accept", accept.encode())]
    return Request({"type": "http", "query_string": query.encode(), "headers": headers})


# what SPARQLWrapper 2.0.0 sends for each of its formats: the parameters that it repeats, and its Accept header
WRAPPED = [
    (TABLES, "json", "application/sparql-results+json,application/json,text/javascript,application/javascript", "json"),
    (TABLES, "xml", "application/sparql-results+xml", "xml"),
    (TABLES, "csv", "text/csv", "csv"),
    (TABLES, "tsv|text/tab-separated-values", "text/tab-separated-values", "tsv"),
    (TABLES, "turtle", "*/*", "json"),
    (TABLES, "rdf%2Bxml|", "*/*", "json"),
    (GRAPHS, "xml", "application/rdf+xml", "rdfxml"),
    (GRAPHS, "turtle", "application/turtle,text/turtle", "turtle"),
    (GRAPHS, "n3", "application/turtle,text/turtle,text/rdf+n3,application/n-triples,application/n3", "turtle"),
    (GRAPHS, "rdf", "*/*", "rdfxml"),
    (GRAPHS, "rdf%2Bxml|application/rdf%2Bxml", "application/rdf+xml", "rdfxml"),
    (GRAPHS, "json-ld|application/ld%2Bjson%2Capplication/x-json%2Bld", "application/ld+json", "jsonld"),
    (GRAPHS, "json", "*/*", "jsonld"),
    (GRAPHS, "csv", "*/*", "turtle"),
]


@pytest.mark.parametrize(("offers", "values", "accept", "name"), WRAPPED)
def test_all_that_a_client_sends_at_once_leads_to_one_format(
    offers: tuple[Offer, ...], values: str, accept: str, name: str
) -> None:
    pairs = [f"{key}={value}" for key in ("format", "output", "results") for value in values.split("|")]
    assert negotiated(asking("&".join(pairs), accept), offers).name == name


@pytest.mark.parametrize(
    ("offers", "asked", "name"),
    [
        (TABLES, "application/sparql-results%2Bjson", "json"),
        (TABLES, "application/sparql-results+json", "json"),
        (TABLES, "application/sparql-results%2Bjson;charset%3Dutf-8", "json"),
        (TABLES, "sparql", "xml"),
        (TABLES, "text/x-html%2Btr", "html"),
        (TABLES, "JSON", "json"),
        (GRAPHS, "RDF/XML", "rdfxml"),
        (GRAPHS, "text/rdf%2Bn3", "turtle"),
        (GRAPHS, "application/x-trig", "trig"),
        (GRAPHS, "application/n-triples", "ntriples"),
        (GRAPHS, "nt", "ntriples"),
        (GRAPHS, "text", "turtle"),
        (GRAPHS, "text/x-nquads", "nquads"),
        (GRAPHS, "application/x-json%2Bld", "jsonld"),
        (DESCRIPTIONS, 'application/ld%2Bjson;profile="http://www.w3.org/ns/json-ld%23expanded"', "expanded"),
        (DESCRIPTIONS, "framed", "framed"),
    ],
)
def test_a_parameter_may_be_a_media_type_or_a_name_that_others_use(
    offers: tuple[Offer, ...], asked: str, name: str
) -> None:
    assert negotiated(asking(f"format={asked}", None), offers).name == name
    assert negotiated(asking(f"output={asked}", "image/png"), offers).name == name
    assert negotiated(asking(f"results=nonsense&results={asked}", None), offers).name == name


def test_our_own_parameter_is_stronger_than_those_of_others() -> None:
    assert negotiated(asking("results=csv&output=tsv&format=xml", "text/csv"), TABLES).name == "xml"
    assert negotiated(asking("results=csv&output=tsv&format=auto", "text/html"), TABLES).name == "tsv"


def test_an_unknown_name_does_not_stand_in_the_way_of_a_header() -> None:
    assert negotiated(asking("format=nonsense", "text/csv"), TABLES).name == "csv"
    assert negotiated(asking("format=text/turtle", "*/*"), TABLES).name == "json"


@pytest.mark.parametrize("accept", [None, "image/png", "text/csv;q=0"])
def test_neither_a_known_name_nor_a_header_that_fits_is_refused_with_what_there_is(accept: str | None) -> None:
    with pytest.raises(HTTPException) as caught:
        negotiated(asking("format=nonsense", accept), TABLES)
    assert caught.value.status_code == 406
    assert {"format": "csv", "mediaType": "text/csv; charset=utf-8"} in caught.value.detail["available"]  # type: ignore[index,operator]  # members


def test_the_end_of_a_path_is_part_of_the_address_and_is_not_passed_over() -> None:
    with pytest.raises(HTTPException):
        negotiated(asking("", "text/turtle"), GRAPHS, suffix="csv")
    assert negotiated(asking("format=nonsense", "text/turtle"), GRAPHS, suffix="ntriples").name == "ntriples"
    assert negotiated(asking("format=n3", None), GRAPHS, suffix="ntriples").name == "turtle"


def test_a_header_too_long_to_be_read_leads_to_nothing() -> None:
    assert choose("text/turtle," * 700, (A,)) is None
    assert choose("text/turtle," * 600, (A,)) is A
