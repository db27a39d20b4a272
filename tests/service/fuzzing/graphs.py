"""Graphs in each syntax, changed at random, and documents that are large or deep for what they say."""

from __future__ import annotations

from random import Random

from tests.service.fuzzing.inputs import Input, encoded, request, whole
from tests.service.fuzzing.mutation import mutated, odd_text

__all__ = ["deep_graphs", "graph_requests", "graph_writes"]

_XML = (
    b'<?xml version="1.0"?>%s<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#">'
    b'<rdf:Description rdf:about="urn:a" xml:lang="en"><e:p rdf:parseType="Collection"><e:C rdf:ID="x"/></e:p>'
    b'<e:q rdf:datatype="urn:t">%s</e:q></rdf:Description></rdf:RDF>'
)
_DOCTYPES = (
    b"", b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE r SYSTEM "file:///etc/passwd">',
    b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b'<!doctype r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>', b"<?x ?>",
    b"<!-- <!DOCTYPE r> -->", b"<!\nDOCTYPE r>",
)  # fmt: skip
_SYNTAXES = (
    ("text/turtle",
    b'@prefix e: <urn:e#> .\n@base <urn:x/> .\n<a> e:p "x"@en, """y\n"""^^e:t, 1.5e3, true ; e:q [ e:r ( 2 [] ) ] .'),

    ("application/trig", b'@prefix e: <urn:e#> .\ne:g { e:a e:p "x" } GRAPH e:h { e:a e:p _:b }'),
    ("application/n-triples",
    b'<urn:a> <urn:p> "x\\u00e9\\U0001F600"@en .\n_:b <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'),
    ("application/n-quads", b'<urn:a> <urn:p> <urn:b> <urn:g> .\n<urn:a> <urn:p> "x" .\n'),
    ("text/plain", b"<urn:a> <urn:p> <urn:b> .\n"),
    ("application/ld+json",
    b'{"@context": {"e": "urn:e#", "p": {"@id": "e:p", "@container": "@list"}}, "p": ["urn:b"], "e:q": {"@value": 1}}'),

)  # fmt: skip
_CONTEXTS = (
    b'{"@context": "http://127.0.0.1:9/x"}', b'{"@context": ["http://127.0.0.1:9/x", {}]}',
    b'{"@context": {"@import": "http://127.0.0.1:9/x"}}',
    b'{"@context": {"a": "b", "b": "a"}, "a": 1}', b'{"@context": {"@vocab": ""}, "a": {"@reverse": {"b": 1}}}',
    b'{"@context": {"t": {"@id": "urn:t", "@context": "file:///etc/passwd"}}}',
    b'{"@id": null}', b'{"@graph": [[[]]]}', b'{"@list": [{"@list": [1]}]}', b"null", b"[]", b"1",
    b'{"@context": {"@version": 1.1, "@protected": true}}',
    b'{"@context": {"p": {"@id": "urn:p", "@type": "@json"}}, "p": {"b": 1e400}}', b'{"@type": {"@default": []}}',
    b'{"@included": 5}',
)  # fmt: skip
_ROUTES = (
    "/graphs",
    "/graphs/",
    "/graphs/graphs/x",
    "/graphs/../x",
    "/graphs//x",
    "/graphs/%2e%2e/x",
    "/graphs/a%20b",
    "/graphs/" + "a" * 9000,
)


def graph_writes(chance: Random) -> Input:
    """A graph put or posted, whole or changed."""
    kind, body = chance.choice(
        (*_SYNTAXES, ("application/rdf+xml", b""), ("application/ld+json", chance.choice(_CONTEXTS)))
    )
    if kind == "application/rdf+xml":
        body = _XML % (
            chance.choice(_DOCTYPES),
            chance.choice((b"x", b"&a;", b"&#0;", b"&b;", b"<![CDATA[x]]>", b"&#xD800;")),
        )
    if chance.random() < 0.6:
        body = mutated(chance, body)
    if chance.random() < 0.05:
        kind = chance.choice(
            (
                "application/rdf+xml",
                "text/n3",
                "application/x-turtle",
                "text/turtle;charset=utf-16",
                "",
                "application/json",
            )
        )
    method = chance.choice(("PUT", "PUT", "POST"))
    return whole("graph", method, _place(chance), [("Content-Type", kind)], body)


def deep_graphs(chance: Random) -> Input:
    """A document of 100 KB to 2 MB that is deep, long in one term, or made of many small things."""
    size = chance.choice((100_000, 100_000, 2_000_000))
    kind, start, unit, end = chance.choice(
        (("text/turtle", b"<urn:a> <urn:p> ", b"[ <urn:p> ", b""), ("text/turtle", b"<urn:a> <urn:p> ", b"( ", b""),
        ("text/turtle", b"<urn:a> <urn:p> <urn:", b"a", b"> ."),
         ("text/turtle", b'<urn:a> <urn:p> "', b"\\u0041", b'" .'), ("text/turtle", b"", b"@prefix a: <urn:a> .\n",
         b""), ("text/turtle", b"<urn:a> <urn:p> ", b"<< ", b""),
         ("text/turtle", b"<urn:a> <urn:p> ", b"9", b" ."), ("application/trig", b"", b"<urn:g> {} ", b""),
         ("application/n-triples", b"", b"#\n", b""), ("application/n-triples", b"", b"<urn:a> <urn:p> _:b .\n", b""),
         ("application/rdf+xml", b"", b"<a>", b""), ("application/rdf+xml", b"<a ", b'b="c" ', b"/>"),
         ("application/rdf+xml", b"", b"<a xmlns='urn:a'><b>", b""),
         ("application/ld+json", b'{"@context": {', b'"a": "urn:a", ', b'"b": "urn:b"}}'), ("application/ld+json",
         b"[", b"{},", b"{}]"), ("application/ld+json", b"", b'{"urn:p":', b""),
         ("application/ld+json", b'{"@context": [', b'{"@base": "x/"},', b"{}]}"), ("text/turtle", b"", b"\n", b""),
         ("text/turtle", b"@base <urn:a/> . ", b"<../a> <b> <c> .\n", b""))
    )  # fmt: skip
    body = start + unit * (size // len(unit)) + end
    return whole("deep graph", "PUT", _place(chance), [("Content-Type", kind)], body, costly=True)


def graph_requests(chance: Random) -> Input:
    """Graphs read, dropped or named in odd ways."""
    method = chance.choice(("GET", "GET", "HEAD", "DELETE", "PUT", "PATCH", "OPTIONS"))
    name = chance.choice(
        (odd_text(chance, longest=3000), "urn:fuzz:1", "", "https://schema.limbergraph.com/graph/provenance")
    )
    query = chance.choice(
        (
            f"graph={encoded(name, chance)}",
            "default",
            "default&graph=urn:a",
            "graph=urn:a&graph=urn:b",
            "",
            "x=y",
            "default=1&default=2",
        )
    )
    target = chance.choice(_ROUTES) + (f"?{query}" if chance.random() < 0.8 else "")
    headers = [("Accept", chance.choice(("text/turtle", "application/ld+json", "text/html", "*/*", "image/png")))]
    if method == "DELETE" and chance.random() < 0.5:
        return Input(kind="graph request", data=request(method, target, headers, b"x"), methods=(method,))
    return whole("graph request", method, target, headers, b"<urn:a> <urn:p> 1 ." if method == "PUT" else b"")


def _place(chance: Random) -> str:
    if chance.random() < 0.9:
        return f"/graphs?graph=urn%3Afuzz%3A{chance.randrange(40)}"
    return chance.choice(
        (
            "/graphs?default",
            "/graphs?graph=https%3A%2F%2Fschema.limbergraph.com%2Fgraph%2Fprovenance",
            "/graphs?graph=",
            *_ROUTES,
        )
    )
