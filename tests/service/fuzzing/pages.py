"""Paths and query strings of the pages, odd in what they name."""

from __future__ import annotations

from random import Random

from tests.service.fuzzing.inputs import Input, encoded, whole
from tests.service.fuzzing.mutation import odd_number, odd_text

__all__ = ["forms", "odd_paths", "query_strings", "saved", "searches"]

_BASE = "https://schema.limbergraph.com/"
_IRIS = (
    f"{_BASE}limber/CustomerAccount", f"{_BASE}warehouse/dim_customer", f"{_BASE}limber/CustomerAccount#x", _BASE,
    f"{_BASE}graph/provenance", "urn:fuzz:1", "urn:a b", "a", "//x", "<", "urn:%",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{_BASE}limber/{'a' * 8000}", "urn:\u202e", "urn:\0",
    "urn:{}", "urn:" + "é" * 3000, "_:b", "?x", "urn:a> } DROP ALL #",
)  # fmt: skip
_PLACES = ("/resource", "/reports", "/quarantine", "/", "/queries", "/check", "/ontology", "/ontology.ttl", "/shapes",
    "/shapes.jsonld", "/.well-known/void", "/openapi.json", "/context.jsonld", "/metrics",
           "/words.json", "/readyz", "/style.css", "/editor/yasqe.min.js", "/editor/..%2f..%2fapp.py",
           "/quarantine/abcdef0123456789", "/limber/CustomerAccount", "/limber/CustomerAccount/x.ttl")  # fmt: skip
_FIELDS = (
    "iri",
    "q",
    "kind",
    "limit",
    "offset",
    "severity",
    "rule",
    "source",
    "load",
    "outcome",
    "format",
    "view",
    "links",
    "empty",
    "order",
    "sort",
    "filter",
    "page",
    "done",
    "edit",
    "property",
    "value",
    "graph",
)
_SAVED = (
    ("account-by-external-id", ("system", "number")), ("accounts-by-attribute", ("attribute",)),
    ("accounts-by-status", ()), ("contacts-in-country", ("country",)), ("findings-of-a-rule", ("rule",)),
    ("about", ("thing", "iri")), ("payer-of-account", ("account",)), ("codes-in-use", ()),
    ("changes-by-user-and-month", ()), ("accounts-of-sales-organisation", ("code", "organisation")), ("nothing", ("x",
    )),
)  # fmt: skip
_ACCEPTS = (
    *(["*/*"] * 5),
    *(["text/html"] * 5),
    *(["application/json"] * 3),
    "application/json",
    "text/csv",
    "text/turtle",
    "application/ld+json",
    "application/sparql-results+xml",
    "text/html;q=0.1, */*;q=0.2",
    "image/png",
    "application/x-ndjson",
)
_SUFFIXES = (*([""] * 20), ".csv", ".json", ".ttl", ".html", ".nt", ".", "..", ".csv.csv", "/", "%00", "%2F")


def query_strings(chance: Random) -> Input:
    """A page with odd parameters."""
    target = chance.choice(_PLACES)
    if chance.random() < 0.25:
        return _got(chance, "resource", f"/resource?iri={encoded(chance.choice(_IRIS), chance)}{_fields(chance, 2)}")
    return _got(chance, "page", f"{target}?{_fields(chance, 4)}")


def searches(chance: Random) -> Input:
    """A search for words that a full-text index might take for its own language."""
    words = " ".join(odd_text(chance, longest=80) for _ in range(chance.randint(1, 4)))
    if chance.random() < 0.2:
        words = chance.choice(
            (
                '"',
                '"a',
                "a*",
                "*",
                "NEAR(a b)",
                "a AND",
                "col: x",
                "^a",
                "-a",
                "{a b}: c",
                "a" * 200,
                "a" * 201,
                "a b " * 49,
                "%",
                "_",
                "'",
            )
        )
    return _got(chance, "search", f"/search?q={encoded(words, chance)}{_fields(chance, 2)}")


def saved(chance: Random) -> Input:
    """A saved query with odd values for its parameters."""
    name, parameters = chance.choice(_SAVED)
    values = "&".join(
        f"{each}={encoded(odd_text(chance, longest=500), chance)}" for each in parameters if chance.random() < 0.9
    )
    return _got(chance, "saved query", f"/queries/{name}{chance.choice(_SUFFIXES)}?{values}{_fields(chance, 2)}")


def odd_paths(chance: Random) -> Input:
    """A path of odd pieces, encoded."""
    pieces = "/".join(encoded(odd_text(chance, longest=700), chance) for _ in range(chance.randint(1, 5)))
    start = chance.choice(
        (
            "/",
            "/",
            "/limber/",
            "/limber/CustomerAccount/",
            "/graph/",
            "/queries/",
            "/quarantine/",
            "/editor/",
            "/ontology.",
            "/shapes.",
        )
    )
    method = chance.choice(("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"))
    return whole("path", method, f"{start}{pieces}{chance.choice(_SUFFIXES)}", [("Accept", chance.choice(_ACCEPTS))])


def forms(chance: Random) -> Input:
    """A form sent to where forms are taken, with odd fields in it."""
    target = chance.choice(
        (
            "/quarantine/abcdef0123456789/retry",
            "/quarantine/x/drop",
            "/quarantine/abcdef01/%00",
            "/check",
            "/sparql",
            "/records",
            "/quarantine",
        )
    )
    number = chance.choice((1, 2, 5, 201, 3000))
    names = ("token", "text", "query", "a", "")
    fields = "&".join(f"{chance.choice(names)}={encoded(odd_text(chance, longest=100), chance)}" for _ in range(number))
    headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", chance.choice(_ACCEPTS))]
    if chance.random() < 0.2:
        headers.append(("Origin", chance.choice(("null", "http://127.0.0.1", "http://[", "http://evil.example", "x"))))
    return whole("form", "POST", target, headers, fields.encode(), token=chance.random() < 0.7)


def _fields(chance: Random, most: int) -> str:
    given = []
    for _ in range(chance.randint(0, most)):
        value = chance.choice((odd_number, odd_text))(chance)
        given.append(f"&{chance.choice(_FIELDS)}={encoded(value[:3000], chance)}")
    return "".join(given)


def _got(chance: Random, kind: str, target: str) -> Input:
    method = chance.choice(("GET", "GET", "GET", "GET", "HEAD"))
    return whole(kind, method, target, [("Accept", chance.choice(_ACCEPTS))], token=chance.random() < 0.9)
