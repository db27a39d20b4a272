"""Request bodies, read only as far as they may go, packed or not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from graphmap.service.dependencies import ServiceLimits
from graphmap.service.http.body.content_coding import CODINGS, CodingError, decoded
from graphmap.service.http.body.json_nesting import JsonNesting

__all__ = ["check_markup", "form", "media_type_of", "read_body", "read_json"]

_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


async def read_body(request: Request, limits: ServiceLimits) -> bytes:
    """Read a request's body.

    Raises:
        HTTPException: 413 where it is longer than allowed, packed or unpacked, before more of it is read; 415 where it
            is packed in a way that is not known; 400 where it is damaged.
    """
    return b"".join([piece async for piece in _pieces(request, limits)])


async def read_json(request: Request, limits: ServiceLimits) -> bytes:
    """Read a body of JSON or JSON Lines, and measure its nesting on the way.

    Raises:
        HTTPException: as `read_body` does; 400 where it is nested too deep.
    """
    nesting, pieces = JsonNesting(limits.body_depth), []
    async for piece in _pieces(request, limits):
        nesting.feed(piece)
        pieces.append(piece)
    return b"".join(pieces)


def media_type_of(request: Request) -> str:
    """The media type of a request's body, in lower case and without parameters; empty where it states none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def form(body: bytes) -> dict[str, list[str]]:
    """Read an `application/x-www-form-urlencoded` body.

    Raises:
        HTTPException: 400 where it is none.
    """
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise HTTPException(400, detail=f"the form does not parse: {error}") from error


def check_markup(body: bytes) -> None:
    """Refuse XML that declares entities: a few hundred bytes of them can fill any memory.

    Raises:
        HTTPException: 400.
    """
    if _DOCTYPE.search(body) or body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:8]:
        raise HTTPException(400, detail="XML with a document type, or in another encoding than UTF-8, is refused")


async def _pieces(request: Request, limits: ServiceLimits) -> AsyncIterator[bytes]:
    """The body as it is meant, piece by piece; others are served between two of them."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        async for chunk in _received(request, limits):
            yield chunk
        return
    if coding not in CODINGS:
        headers = {"Accept-Encoding": "gzip, deflate, zstd"}
        raise HTTPException(
            415, detail="bodies may come as they are, or packed by gzip, deflate or zstd", headers=headers
        )
    packed, size = b"".join([chunk async for chunk in _received(request, limits)]), 0
    try:
        for piece in decoded(packed, coding):
            size += len(piece)
            if size > limits.unpacked_bytes:
                raise _too_long(limits.unpacked_bytes)
            yield piece
            await asyncio.sleep(0)
    except CodingError as error:
        raise HTTPException(400, detail=str(error)) from error


async def _received(request: Request, limits: ServiceLimits) -> AsyncIterator[bytes]:
    """The bytes that arrive, held against the length that was declared, whatever the server's parser did."""
    declared = request.headers.get("content-length")
    expected = int(declared) if declared and declared.isascii() and declared.isdigit() else None
    if expected is not None and expected > limits.body_bytes:
        raise _too_long(limits.body_bytes)
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limits.body_bytes:
                raise _too_long(limits.body_bytes)
            yield chunk
    except ClientDisconnect:
        raise HTTPException(400, detail="the client went away before the body was whole") from None
    if expected is not None and size != expected:
        raise HTTPException(400, detail=f"the body has {size} bytes, and Content-Length says {declared}")


def _too_long(limit: int) -> HTTPException:
    return HTTPException(413, detail=f"a body may have {limit} bytes, and this one has more")
