"""One hostile input: bytes for a connection, and what a server may make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, quote_from_bytes

__all__ = ["TOKEN", "Input", "broken", "encoded", "request", "whole"]

TOKEN = "fuzz-b7c1f0c2a95e4d3e8a6f"  # noqa: S105  # of a workspace that lives for one run
"""The bearer token that the server under test knows."""

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Bytes that go over one connection.

    Args:
        kind: of the generator.
        data: all of it.
        methods: of the requests that may be answered, in order.
        whole: it is well-formed HTTP, and each of its requests has to be answered.
        costly: it may take the query deadline.
        large: the server may answer and hang up before it has read all of it.
        hangs_up: the client leaves as soon as it has sent everything.
        splits: places where the bytes are cut into separate writes.
        stores: so many records may be stored by it.
        first: the status that its first request has to get, whatever follows; or 503 or 504.
        refused: the server must not take in all of it.
        keeps: the connection may stay open after the last answer.
    """

    kind: str
    data: bytes
    methods: tuple[str, ...] = ("GET",)
    whole: bool = True
    costly: bool = False
    large: bool = False
    hangs_up: bool = False
    splits: tuple[int, ...] = ()
    stores: int = 0
    first: int | None = None
    refused: bool = False
    keeps: bool = False


def request(
    method: str, target: str | bytes, headers: Headers = (), body: bytes = b"", *, last: bool = True, token: bool = True
) -> bytes:
    """A well-formed request of HTTP/1.1, as far as its arguments are.

    Args:
        method: a token.
        target: path and query.
        headers: beside Host, Content-Length, Authorization and Connection, which are added where they are not there.
        body: of the request.
        last: the connection is to be closed after it.
        token: it carries the token.
    """
    given = {name.lower() for name, _ in headers}
    extra = [("Host", "127.0.0.1"), *([("Authorization", f"Bearer {TOKEN}")] if token else [])]
    if body or method in ("POST", "PUT", "PATCH"):
        extra.append(("Content-Length", str(len(body))))
    if last:
        extra.append(("Connection", "close"))
    lines = [*(each for each in extra if each[0].lower() not in given), *headers]
    head = "".join(f"{name}: {value}\r\n" for name, value in lines)
    raw = target if isinstance(target, bytes) else target.encode("ascii")
    return method.encode() + b" " + raw + b" HTTP/1.1\r\n" + _raw(head) + b"\r\n" + body


def _raw(text: str) -> bytes:
    return text.encode("latin-1") if max(text, default="") <= "\xff" else text.encode("utf-8", "surrogatepass")


def whole(
    kind: str,
    method: str,
    target: str,
    headers: Headers = (),
    body: bytes = b"",
    *,
    costly: bool = False,
    stores: int = 0,
    token: bool = True,
) -> Input:
    """An input of one well-formed request."""
    data = request(method, target, headers, body, token=token)
    return Input(kind=kind, data=data, methods=(method,), costly=costly, large=len(data) > 1 << 16, stores=stores)


def broken(kind: str, data: bytes, methods: Sequence[str] = ("GET",), *, stores: int = 0) -> Input:
    """An input that is no well-formed HTTP; at most one answer for each of its methods may come."""
    return Input(kind=kind, data=data, methods=tuple(methods), whole=False, large=len(data) > 1 << 16, stores=stores)


def encoded(text: str | bytes, chance: Random | None = None) -> str:
    """Text as it goes into a query string; with a chance, some of it in ways that are rare."""
    if isinstance(text, bytes):
        return quote_from_bytes(text, safe="")
    plain = quote(text.encode("utf-8", "surrogatepass"), safe="")
    if chance is None or chance.random() < 0.8:
        return plain
    return plain.replace("%20", "+").lower() if chance.random() < 0.5 else plain.replace("%", "%25", 1)
