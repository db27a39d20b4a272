"""SPARQL that is deep, long, costly or wrong: queries, updates, and the protocol's parameters.

Source: SPARQL 1.1 Query Language, section 19.8 (grammar); SPARQL 1.1 Protocol, sections 2.1 and 2.2.
"""

from __future__ import annotations

from random import Random

from tests.service.fuzzing.inputs import Headers, Input, encoded, request, whole
from tests.service.fuzzing.mutation import mutated, odd_number, odd_text

__all__ = ["costly_queries", "hung_up", "large_queries", "protocol", "queries", "updates"]

_L = "https://schema.limbergraph.com/limber/"
_QUERIES = (
    "SELECT * { ?s ?p ?o } LIMIT 5", "ASK { ?s a ?c }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 5",
    "DESCRIBE <urn:a>", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    f"PREFIX l: <{_L}> SELECT ?a {{ ?a a l:CustomerAccount ; l:accountCode ?c . FILTER(STRLEN(?c) > 1) }} ORDER BY ?c",

    "SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING (COUNT(*) > 1)",
    "SELECT * { VALUES ?x { 1 2 UNDEF } BIND(?x + 1 AS ?y) } ORDER BY DESC(?y)",
    "SELECT * { ?s ?p ?o MINUS { ?s a ?c } OPTIONAL { ?o ?q ?r } FILTER EXISTS { ?s ?p ?z } } LIMIT 2",
    "SELECT * { SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }",
    "SELECT * FROM <http://127.0.0.1:9/x> FROM NAMED <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT (NOW() AS ?t) (RAND() AS ?r) (UUID() AS ?u) {}", "SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }",
    'SELECT * { BIND(REPLACE("aaa", "(a*)*", "$9") AS ?x) }',
    'SELECT * { BIND(STRDT("x", <urn:t>) AS ?x) BIND(IRI("::") AS ?y) }', "BASE <urn:> PREFIX : <#> ASK { :a :b :c }",
    'SELECT * { BIND(1/0 AS ?x) BIND("9999-99-99"^^<http://www.w3.org/2001/XMLSchema#date> AS ?y) }',
    "SELECT * { BIND(99999999999999999999999999999 * 9e999 AS ?x) }", "SELECT ?x { } BINDINGS ?x { }",
    "SELECT * { << <urn:a> <urn:b> <urn:c> >> ?p ?o }",
    "SELECT (GROUP_CONCAT(?o; separator='\\u0000') AS ?g) { ?s ?p ?o } GROUP BY ?s LIMIT 1",
    "ASK { ?s ?p ?o } # comment", "SELECT * { ?s <urn:\\u0020> ?o }",
)  # fmt: skip
_CROSS = "?a1 ?b1 ?c1 . ?a2 ?b2 ?c2 . ?a3 ?b3 ?c3 . ?a4 ?b4 ?c4"
_COSTLY = (
    f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}", f"SELECT * {{ {_CROSS} }}",
    f"SELECT DISTINCT ?a1 ?a2 ?a3 ?a4 {{ {_CROSS} }}", f"SELECT * {{ {_CROSS} }} ORDER BY ?c4 ?c1",
    f"CONSTRUCT {{ ?a1 ?b2 ?c3 }} WHERE {{ {_CROSS} }}", f"ASK {{ {_CROSS} FILTER(?c1 = ?nothing) }}",
    "SELECT * { ?s (!<urn:x>)* ?o }", "SELECT * { ?s (!<urn:x>|^!<urn:x>)+ ?o . ?o (!<urn:x>)* ?z }",
    "DESCRIBE ?s { ?s ?p ?o }",
    'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "^(([a-z])+.)+[A-Z]([a-z])+$")) }',
    'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "(a|aa)+$") || REGEX(STR(?s), "((((.*)*)*)*)*x")) }',
    "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?f)) AS ?x) }",
    "SELECT ?a (COUNT(DISTINCT ?z) AS ?n) { ?a ?b ?c . ?x ?y ?z . ?u ?v ?w } GROUP BY ?a ORDER BY DESC(?n)",
    "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?f } OPTIONAL { ?g ?h ?i } OPTIONAL { ?j ?k ?l } }",
    "SELECT * { ?a ?b ?c MINUS { ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?i) } }",
    "SELECT * { { ?a ?b ?c } UNION { ?d ?e ?f } { ?g ?h ?i } UNION { ?j ?k ?l } . ?m ?n ?o }",
    'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "(x{1,1000}){1,1000}")) }',
    'SELECT (REPLACE(CONCAT(STR(?a), STR(?c)), ".", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") AS ?x) { ?a ?b ?c . ?d ?e ?f }',

)  # fmt: skip
_UPDATES = (
    "INSERT DATA { GRAPH <urn:fuzz:%d> { <urn:s> <urn:p> %d } }", "DELETE WHERE { GRAPH <urn:fuzz:%d> { ?s ?p %d } }",
    "CLEAR GRAPH <urn:fuzz:%d> # %d", "CLEAR ALL # %d %d", "DROP ALL # %d %d", "DROP NAMED # %d %d",
    "INSERT { ?s ?p ?o } WHERE { GRAPH <urn:fuzz:%d> { ?s ?p ?o } } # %d",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } # %d %d",
    "WITH <urn:fuzz:%d> INSERT { ?s <urn:p> %d } WHERE { ?s ?p ?o }", "LOAD <file:///etc/passwd> # %d %d",
    "LOAD SILENT <http://127.0.0.1:9/x> INTO GRAPH <urn:fuzz:%d> # %d",
    "INSERT { GRAPH ?g { <urn:a> <urn:b> 1 } } WHERE { GRAPH ?g { } } # %d %d", "COPY DEFAULT TO <urn:fuzz:%d> # %d",
    "MOVE <urn:fuzz:%d> TO <urn:fuzz:%d>", "ADD <urn:fuzz:%d> TO DEFAULT # %d",
    "INSERT DATA { <urn:s%d> <urn:p> %d }",
    "DELETE DATA { GRAPH <https://schema.limbergraph.com/graph/provenance> { <urn:%d> <urn:p> %d } }",
    "CREATE GRAPH <urn:fuzz:%d> ; DROP GRAPH <urn:fuzz:%d>", ";;; # %d %d",
    "PREFIX g: <https://schema.limbergraph.com/graph/> CLEAR GRAPH g:provenance # %d %d",
    "BASE <https://schema.limbergraph.com/> DROP GRAPH <graph/provenance> # %d %d",
    "DROP GRAPH <https://schema.limbergraph.com/\\u0067raph/provenance> # %d %d",
    "INSERT { GRAPH <urn:fuzz:%d> { ?s ?p ?o } } WHERE { ?s ?p ?o } LIMIT %d",
    "DELETE { GRAPH ?g { ?s ?p ?o } } USING <urn:fuzz:%d> WHERE { GRAPH ?g { ?s ?p ?o } } # %d",
    "DROP GRAPH <https://schema.limbergraph.com/x/../graph/provenance> # %d %d",
)  # fmt: skip
_FIELDS = (
    "default-graph-uri",
    "named-graph-uri",
    "using-graph-uri",
    "using-named-graph-uri",
    "timeout",
    "format",
    "query",
    "update",
    "explain",
    "edit",
    "limit",
    "offset",
    "",
)
_ACCEPTS = (
    *(["*/*"] * 6),
    *(["text/html"] * 3),
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/turtle",
    "application/x-ndjson",
    "application/rdf+xml",
    "image/png",
)


def queries(chance: Random) -> Input:
    """A query, half of them changed at random, in one of the three ways of the protocol."""
    text = chance.choice(_QUERIES)
    return _sent(chance, "query", text if chance.random() < 0.4 else _damaged(chance, text))


def costly_queries(chance: Random) -> Input:
    """A query that would run far beyond its deadline."""
    headers = [("Accept", chance.choice(_ACCEPTS))]
    return whole("costly query", "GET", f"/sparql?query={encoded(chance.choice(_COSTLY))}", headers, costly=True)


def hung_up(chance: Random) -> Input:
    """A request whose client leaves before, or while, it is answered."""
    text = chance.choice((*_COSTLY[:6], "ASK {}", "SELECT * { ?s ?p ?o }"))
    data = request("GET", f"/sparql?query={encoded(text)}", last=False) * chance.choice((1, 1, 3))
    data = data[: chance.choice((len(data), len(data), len(data) // 2))]
    return Input(kind="hung up", data=data, whole=False, costly=True, hangs_up=True)


def large_queries(chance: Random) -> Input:
    """A query of 100 KB to 4 MB that is deep, or long in one part."""
    size = chance.choice((20_000, 100_000, 100_000, 1_000_000, 4_000_000))
    start, unit, end = chance.choice(
        (("SELECT * ", "{", ""), ("SELECT * { FILTER ", "(", ""), ("SELECT * { ?s <urn:", "a", "> ?o }"),
        ("SELECT * { VALUES ?x { ", "1 ", "} }"), ("SELECT * { ", "{} UNION ", "{} }"), ("", "PREFIX a: <urn:a> ",
        "ASK {}"),
         ("SELECT * { ?s ", "(", ""), ("SELECT * { ?s ", "^", "a ?o }"), ("SELECT * { ", "?s ?p ?o . ", "}"),
         ("ASK { ", "OPTIONAL { ?s ?p ?o } ", "}"), ("SELECT * { FILTER(", "!", "true) }"), ("SELECT * { FILTER(1 ",
         "+ 1 ", "= 1) }"),
         ("# ", "x", "\nASK {}"), ("ASK {} ", "#\n", ""), ("SELECT * { ?s ?p '", "\\n", "' }"),
         ("SELECT * { ?s ?p '''", "''", "''' }"), ('SELECT * { ?s ?p "', "\\u0041", '" }'), ("SELECT ", "?x ",
         "{}"), ("SELECT ", "(1 AS ?x) ", "{}"),
         ("SELECT * { ?s ?p [", " a [", ""), ("SELECT * { ?s ?p ", "( ", ""), ("SELECT * { ?s a/", "a/", "a ?o }"),
         ("SELECT * { ?s (a|", "a|", "a) ?o }"), ("SELECT * { BIND(", "STR(", ""), ("SELECT * { ", "SELECT * { ", ""),
         ("", " ", ""), ("", '"', ""),
         ("", "<", ""), ("", "'''", ""), ("", "\\", ""), ("ASK { ?s ?p ?o FILTER(?o IN (", "1,", "1)) }"),
         ("SELECT * {", "<a", ""), ("", "INSERT DATA {} ; ", ""), ("SELECT * { ", "{ ?s ?p ?o } ", "}"), ("", "_:a ",
         ""), ("", "a:", ""), ("", "1.", ""), ("", "1e", ""))
    )  # fmt: skip
    text = start + unit * (size // len(unit)) + end
    kind = "application/sparql-update" if "INSERT" in unit else "application/sparql-query"
    return whole("large query", "POST", "/sparql", [("Content-Type", kind)], text.encode(), costly=True)


def updates(chance: Random) -> Input:
    """An update; those that would reach what ingest keeps have to be refused."""
    text = chance.choice(_UPDATES) % (chance.randrange(40), chance.randrange(40))
    if chance.random() < 0.3:
        text = _damaged(chance, text)
    if chance.random() < 0.3:
        return whole("update", "POST", "/sparql", _FORM, f"update={encoded(text)}{_extra(chance)}".encode())
    return whole(
        "update", "POST", f"/sparql?{_extra(chance)}", [("Content-Type", "application/sparql-update")], _bytes(text)
    )


def protocol(chance: Random) -> Input:
    """Parameters of the protocol, doubled, odd or missing."""
    fields = "".join(_extra(chance) for _ in range(chance.choice((1, 2, 5, 250))))
    target = f"/sparql?query={encoded('ASK {}')}{fields}" if chance.random() < 0.8 else f"/sparql?{fields}"
    method = chance.choice(("GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"))
    return whole("protocol", method, target, [("Accept", chance.choice(_ACCEPTS))])


_FORM: Headers = (("Content-Type", "application/x-www-form-urlencoded"),)


def _sent(chance: Random, kind: str, text: str) -> Input:
    headers = [("Accept", chance.choice(_ACCEPTS))]
    way = chance.random()
    if way < 0.4 and len(text) < 20_000:
        return whole(kind, "GET", f"/sparql?query={encoded(text, chance)}{_extra(chance)}", headers)
    if way < 0.7:
        return whole(
            kind, "POST", "/sparql", [*headers, *_FORM], f"query={encoded(text, chance)}{_extra(chance)}".encode()
        )
    return whole(kind, "POST", "/sparql", [*headers, ("Content-Type", "application/sparql-query")], _bytes(text))


def _extra(chance: Random) -> str:
    if chance.random() < 0.5:
        return ""
    value = odd_number(chance) if chance.random() < 0.5 else odd_text(chance, longest=300)
    return f"&{chance.choice(_FIELDS)}={encoded(value, chance)}"


def _damaged(chance: Random, text: str) -> str:
    return mutated(chance, text.encode("utf-8"), most=2).decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
