"""Good requests with header fields that are odd, long, many or doubled."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.service.fuzzing.inputs import Input, broken, request, whole
from tests.service.fuzzing.mutation import mutated, odd_text

__all__ = ["endless_heads", "negotiated", "odd_fields", "odd_names"]

_NAMES = (
    "Accept", "Host", "Origin", "Cookie", "Content-Type", "Content-Encoding", "If-None-Match", "If-Match",
    "If-Modified-Since", "Authorization", "Range", "If-Range", "traceparent", "tracestate", "X-Request-Id",
    "Accept-Encoding", "Accept-Language", "Accept-Charset", "Referer", "User-Agent", "X-Forwarded-For",
    "X-Forwarded-Proto", "Forwarded", "Sec-Fetch-Site", "Access-Control-Request-Method", "Prefer", "Accept-Profile",
    "Connection", "Keep-Alive", "TE", "Via", "Cache-Control", "Date", "X-HTTP-Method-Override",
)  # fmt: skip
_VALUES = (
    "*", "*/*", "*/*;q=0", "text/html", "text/html;q=1.001", "application/*;q=.5", ",,,,", ";;;;", "a/b;c", '"', '"a',
    "a/",
    "/", 'text/html;q="1"', "text/turtle, text/turtle;q=0", "bytes=0-0", "bytes=-1", "bytes=0-,0-,0-", "bytes=5-1",
    'W/"', 'W/"a", "b"', '"*"', "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1",
    "evil.example", "127.0.0.1", "127.0.0.1:99999", "localhost:", "[::1]", "[::1]:80", "[", "user@127.0.0.1",
    "Bearer", "Bearer ", "Bearer a.b.c", "Bearer \xff", "Basic Og==", "bearer  x  y", 'Digest x="',
    "00-00000000000000000000000000000000-0000000000000000-00",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", "gzip", "br, zstd", "GZIP", "identity", "gzip, gzip",
    "close", "keep-alive", "close, keep-alive", "trailers", "application/json; charset=utf-7",
    "text/turtle; charset=\xe9",
    "Wed, 21 Oct 2099 07:28:00 GMT", "cross-site", "for=unknown;proto=https", "multipart/form-data",
    "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-16",
)  # fmt: skip
_PLACES = (
    "/", "/healthz", "/sparql?query=ASK%7B%7D", "/sparql", "/search?q=a", "/queries", "/reports", "/quarantine",
    "/metrics",
    "/ontology", "/shapes", "/.well-known/void", "/openapi.json", "/context.jsonld", "/check", "/words.json",
    "/queries/accounts-by-status", "/resource?iri=https%3A%2F%2Fschema.limbergraph.com%2Flimber%2FCustomerAccount",
    "/sparql?query=CONSTRUCT%20WHERE%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203", "/graphs?graph=urn%3Afuzz%3A1",
)  # fmt: skip
_PATTERNS = ("a", ",", ";", "a/b,", "a/b;q=0.1,", "*/*;q=0.", ' ;a="', '"\\', '"a\\",', "(", "text/html;a=b;", "=",
    "-",
             'W/"a",', "a=b; ", " ", "\t", "0-1,", "\xff", "%41", "..", "text/html;level=1,*/*;",
             'a/b; c = "d\\\\')  # fmt: skip


def odd_fields(chance: Random) -> Input:
    """One to three fields with short odd values."""
    fields = [(chance.choice(_NAMES), _value(chance)) for _ in range(chance.randint(1, 3))]
    return _asked(chance, "header values", fields)


def negotiated(chance: Random) -> Input:
    """A field of 8 KB to 2 MB made of one pattern, and seldom of many fields of one name."""
    name = chance.choice(("Accept", "Accept", *_NAMES))
    pattern = chance.choice(_PATTERNS)
    size = chance.choice((8_000, 32_000, 32_000, 64_000, 64_000, 200_000, 2_000_000))
    value = (chance.choice(("", "text/html,", "a")) + pattern * (size // len(pattern))).strip(" \t")
    fields = [(name, value)]
    if chance.random() < 0.2:
        pieces = max(1, size // 1000)
        fields = [(name, value[at * 1000 : at * 1000 + 1000].strip(" \t")) for at in range(min(pieces, 1000))]
    return _asked(chance, "long headers", fields)


def odd_names(chance: Random) -> Input:
    """Fields whose names or line ends are not those of the grammar; the head is broken, or odd at the least."""
    line = chance.choice(
        (b"A B: c", b": empty", b"no colon", b"Name\0: x", b"A: b\rc", b"A: b\nc", b" folded: x", b"A: x\r\n folded",
        b"A : b",
         b"\xff: b", b"Host: a", b"Host: 127.0.0.1\r\nHost: evil.example", b"A" * 70_000 + b": b", b"A: \0", b"A: \x7f",
         b"(): x", b"Content-Length", b"A: x\r\r\n", b"\r\nB: x")
    )  # fmt: skip
    if chance.random() < 0.3:
        line = mutated(chance, line[:300])
    data = request("GET", "/healthz").replace(b"\r\nConnection", b"\r\n" + line + b"\r\nConnection", 1)
    return broken("header names", data, ("GET", "GET"))


def endless_heads(chance: Random) -> Input:
    """A head of 24 MB: a server that keeps it all can be filled up without a token."""
    one = chance.choice((b"A: " + b"b" * 2000 + b"\r\n", b"A:b\r\n", b"b" * 5000))
    start = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nB: "
    data = start + one * (24_000_000 // len(one))
    return Input(kind="endless head", data=data, whole=False, large=True, refused=True)


def _value(chance: Random) -> str:
    text = chance.choice(_VALUES) if chance.random() < 0.75 else odd_text(chance)
    return "".join(
        each for each in text if each == "\t" or "\x20" <= each <= "\x7e" or "\x80" <= each <= "\xff"
    ).strip()


def _asked(chance: Random, kind: str, fields: list[tuple[str, str]]) -> Input:
    names = {name for name, _ in fields}
    if names & {"Content-Type", "Content-Encoding"} and chance.random() < 0.6:
        target = chance.choice(("/validate", "/check", "/sparql", "/records", "/graphs?graph=urn%3Afuzz%3A2"))
        return whole(kind, "POST", target, fields, b"{}")
    asked = whole(kind, chance.choice(("GET", "GET", "GET", "HEAD", "OPTIONS")), chance.choice(_PLACES), fields)
    if "Connection" in names:  # it may well be kept open, and no end tells when everything is there
        return replace(asked, keeps=True)
    return asked
