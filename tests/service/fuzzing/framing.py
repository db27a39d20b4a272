"""Messages whose framing is wrong or seldom: request lines, lengths, chunks, pipelines, other protocols.

Source: RFC 9112, sections 2.2, 3, 6.3, 7.1, 9.3.2 and 11.2 (request smuggling).
"""

from __future__ import annotations

from random import Random

from tests.service.fuzzing.inputs import TOKEN, Input, broken, request, whole
from tests.service.fuzzing.mutation import mutated

__all__ = [
    "broken_chunks", "chunked", "expecting", "lengths", "mangled", "other_protocols", "pipelined", "poisoned_pipeline",
    "request_lines", "smuggled", "upgrades",
]  # fmt: skip

_ASK = "/sparql?query=ASK%7B%7D"
_METHODS = (
    "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "MKCOL", "PURGE",
    "QUERY", "get", "GE T", "", "G\0T", "A" * 5000, "M-SEARCH", "PRI", "SOURCE",
)  # fmt: skip
_VERSIONS = (
    "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/3", "HTTP/1.2", "HTTP/9.9", "http/1.1", "HTTP/1.1 ", "HTTP/1",
    "HTTP/11", "HTTQ/1.1", "RTSP/1.0", "ICE/1.0", "", "HTTP/1.1\t", "HTTP/-1.1",
)  # fmt: skip
_TARGETS = (
    "/", "/healthz", "*", "//", "/../", "/./healthz", "http://127.0.0.1/healthz", "http://other.example/",
    "HTTP://x:99999/",
    "http://", "127.0.0.1:80", "?", "#", "/a#b", "/ b", "/\\", "/%", "/%zz", "/%00", "/\x01", "/\x7f", "/\xff", "/é",
    "/healthz?\0", "healthz", "://", "/" + "a/" * 4000, "/" + "%41" * 20000, "/?" + "&" * 60000, "/;a=b", "/[", "/a//b",
    "/" + "../" * 500, "/http://[::1]:port/", "//evil.example/a", "/healthz/", "/HEALTHZ", "/sparql%2F", "/%73parql",
)  # fmt: skip


def request_lines(chance: Random) -> Input:
    """A request line with some part of it odd."""
    method = chance.choice(_METHODS) if chance.random() < 0.5 else "GET"
    target = chance.choice(_TARGETS) if chance.random() < 0.7 else "/healthz"
    version = chance.choice(_VERSIONS) if chance.random() < 0.5 else "HTTP/1.1"
    gap = chance.choice((" ", " ", " ", "  ", "\t", "", "\r"))
    end = chance.choice(("\r\n", "\r\n", "\r\n", "\n", "\r", "\n\r\n", "\r\n\r\n"))
    line = f"{method}{gap}{target}{gap}{version}{end}"
    return broken("request line", line.encode("latin-1", "replace") + _tail(), (method,))


def _tail() -> bytes:
    return f"Host: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n".encode()


def mangled(chance: Random) -> Input:
    """A good request with bytes of its head changed anywhere."""
    method = chance.choice(("GET", "HEAD", "POST", "PUT", "DELETE"))
    target = chance.choice(("/", "/healthz", _ASK, "/records", "/graphs?graph=urn:fuzz:1", "/quarantine"))
    return broken("mangled head", mutated(chance, request(method, target)), (method,) * 3)


def lengths(chance: Random) -> Input:
    """A Content-Length that lies, or that is not a number."""
    body = b'{"query": 1}'
    one = chance.choice(
        ("0", "5", "12", "13", "100", "-1", "+12", "12, 12", "12, 5", "0x0c", "1e1", "12 ", "", "abc", "٣", "9" * 30,
         "18446744073709551615", "18446744073709551616", "9223372036854775807", "012")
    )  # fmt: skip
    headers = [("Content-Type", "application/json"), ("Content-Length", one)]
    if chance.random() < 0.4:
        headers.append(("Content-Length", chance.choice(("12", "5", "0", one))))
    target = chance.choice(("/validate", "/records", "/sparql", "/healthz", "/check"))
    return broken("content length", request("POST", target, headers, body), ("POST", "POST"))


def smuggled(chance: Random) -> Input:
    """Two lengths for one message, so that a proxy and a server could see different requests.

    One answer at most may come: a server that goes by either has to hang up afterwards.
    """
    inner = request("GET", "/healthz?smuggled")
    coding = chance.choice(
        ("chunked", "Chunked", "chunked, chunked", "identity", "gzip, chunked", "chunked, gzip", "xchunked", " chunked",
         "chunked\x0b", "chunked;q=1", "\tchunked", "chunked,", "")
    )  # fmt: skip
    name = chance.choice(("Transfer-Encoding", "transfer-encoding", "Transfer_Encoding", "Transfer-Encoding "))
    body = b"0\r\n\r\n" + inner if chance.random() < 0.6 else b"5\r\nASK{}\r\n0\r\n\r\n" + inner
    length = chance.choice((str(len(body)), str(len(body)), "4", "0"))
    headers = [("Content-Type", "application/sparql-query"), ("Content-Length", length), (name, coding)]
    chance.shuffle(headers)
    if chance.random() < 0.2:
        headers.append(("Transfer-Encoding", "identity"))
    both = name in ("Transfer-Encoding", "transfer-encoding") and length == str(len(body))
    methods = ("POST",) if both else ("POST", "GET")
    return broken("smuggling", request("POST", "/sparql", headers, body, last=False), methods)


def chunked(chance: Random) -> Input:
    """A good chunked body, in chunks of odd sizes, with extensions and trailers."""
    text = b"SELECT * { ?s ?p ?o } LIMIT 3"
    body = bytearray()
    while text:
        size = chance.choice((1, 1, 2, 7, 64))
        extension = chance.choice((b"", b"", b";a=b", b';a="x"', b";" + b"e" * 200))
        body += b"%x" % len(text[:size]) + extension + b"\r\n" + text[:size] + b"\r\n"
        text = text[size:]
    trailers = chance.choice((b"", b"", b"X-T: 1\r\n", b"Host: evil.example\r\n" * 20))
    headers = [("Content-Type", "application/sparql-query"), ("Transfer-Encoding", "chunked")]
    head = request("POST", "/sparql", headers).replace(b"Content-Length: 0\r\n", b"")
    data = head + bytes(body) + b"0\r\n" + trailers + b"\r\n"
    return Input(kind="chunked", data=data, methods=("POST",), splits=_places(chance, data))


def broken_chunks(chance: Random) -> Input:
    """A chunked body that is cut, or whose sizes are none."""
    body = chance.choice(
        (b"5\r\nASK{", b"-5\r\nASK{}\r\n0\r\n\r\n", b"FFFFFFFFFFFFFFFFF\r\nASK{}\r\n0\r\n\r\n", b"g\r\n\r\n",
         b"5\r\nASK{}0\r\n\r\n", b"5\nASK{}\n0\n\n", b"0x5\r\nASK{}\r\n0\r\n\r\n", b"5 \r\nASK{}\r\n0\r\n\r\n",
         b"5\r\nASK{}\r\n0\r\nX", b"\r\n", b"7fffffffffffffff\r\nASK{}",
         b"00000000000000000000005\r\nASK{}\r\n0\r\n\r\n",
         b"5;" + b"x" * 100_000 + b"\r\nASK{}\r\n0\r\n\r\n", b"5\r\nASK{}\r\n0\r\n" + b"T: x\r\n" * 20_000 + b"\r\n",
         b"5;a\nb\r\nASK{}\r\n0\r\n\r\n", b"5\r\nASK{}\r\n0\r\nContent-Length: 3\r\n\r\n")
    )  # fmt: skip
    headers = [("Content-Type", "application/sparql-query"), ("Transfer-Encoding", "chunked")]
    head = request("POST", "/sparql", headers).replace(b"Content-Length: 0\r\n", b"")
    return broken("broken chunks", head + body, ("POST",))


def pipelined(chance: Random) -> Input:
    """Several good requests at once; each is answered, in order."""
    number = chance.randint(2, 12)
    wanted = [
        chance.choice((("GET", "/healthz"), ("HEAD", "/"), ("GET", _ASK), ("OPTIONS", "/sparql"), ("GET", "/x%00y")))
        for _ in range(number)
    ]
    data = b"".join(request(*each, last=at == number - 1) for at, each in enumerate(wanted))
    return Input(
        kind="pipelined", data=data, methods=tuple(method for method, _ in wanted), splits=_places(chance, data)
    )


def poisoned_pipeline(chance: Random) -> Input:
    """A good request, and garbage behind it: the good one keeps its answer."""
    first = chance.choice(
        (_ASK, "/healthz", "/", "/search?q=a", "/queries", "/sparql?query=CONSTRUCT%20WHERE%7B%3Fs%20%3Fp%20%3Fo%7D")
    )
    garbage = chance.choice((b"\0\1\2\r\n\r\n", b"BAD\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01", b"GET"))
    data = request("GET", first, last=False) + garbage
    return Input(kind="poisoned pipeline", data=data, methods=("GET", "GET"), whole=False, first=200)


def upgrades(chance: Random) -> Input:
    """A wish for another protocol; the server stays with this one and answers."""
    wished = chance.choice(("h2c", "websocket", "TLS/1.2", "h2c, websocket", "foo/2", "HTTP/2.0", ""))
    headers = [
        ("Upgrade", wished),
        ("Connection", chance.choice(("Upgrade", "upgrade, close", "Upgrade, HTTP2-Settings"))),
    ]
    headers += chance.sample(
        [("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
         ("Sec-WebSocket-Version", "13"), ("Origin", "http://127.0.0.1")],
        chance.randint(0, 4),
    )  # fmt: skip
    if chance.random() < 0.5:
        body = b"ASK{}"
        sent = [*headers, ("Content-Type", "application/sparql-query")]
        data, method = request("POST", "/sparql", sent, body), "POST"
    else:
        data, method = request("GET", chance.choice(("/healthz", _ASK, "/")), headers), "GET"
    return Input(kind="upgrade", data=data, methods=(method,), keeps=True)


def expecting(chance: Random) -> Input:
    """`Expect`, with the body sent at once."""
    expected = chance.choice(("100-continue", "100-Continue", "200-ok", "100-continue, x", "", "\xff"))
    headers = [("Expect", expected), ("Content-Type", chance.choice(("application/sparql-query", "text/none")))]
    return whole("expect", "POST", "/sparql", headers, chance.choice((b"ASK{}", b"", b"ASK" + b" " * 100_000 + b"{}")))


def other_protocols(chance: Random) -> Input:
    """What is no HTTP/1 at all."""
    data = chance.choice(
        (b"GET /healthz\r\n", b"GET /healthz\r\n\r\n", b"GET /healthz HTTP/1.0\r\n\r\n", b"\r\n" * 10_000,
         b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
         b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
         b"SSH-2.0-OpenSSH_9.6\r\n", b"*1\r\n$4\r\nPING\r\n", b"\0" * 70_000, b"\xff" * 1000, b"EHLO x\r\n", b"{}",
         b"<x/>",
         b"GET / HTTP/1.1\r\n" + b"A" * 300_000, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    )  # fmt: skip
    return broken("other protocols", mutated(chance, data) if chance.random() < 0.3 else data, ("GET",) * 3)


def _places(chance: Random, data: bytes) -> tuple[int, ...]:
    return tuple(sorted({chance.randint(1, len(data)) for _ in range(chance.randint(0, 5))}))
