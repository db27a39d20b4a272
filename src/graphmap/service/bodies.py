"""Request bodies, read only as far as they may go, packed or not."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from graphmap.service.services import ServiceLimits

__all__ = ["Part", "check_depth", "check_markup", "form", "media_type_of", "parts", "read_body"]

_ESCAPED = re.compile(rb"\\[^\n]")
_STRING = re.compile(rb'"[^"\n]*"')  # a string ends with its line, whatever a line before it left open
_OTHERS = bytes(each for each in range(256) if each not in b'[]{}"\n')
_BRACKETS = bytes.maketrans(b"[]{}", b"()()")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Part(NamedTuple):
    """One part of a multipart body."""

    media_type: str
    body: bytes


async def read_body(request: Request, limits: ServiceLimits) -> bytes:
    """Read a request's body.

    Raises:
        HTTPException: 413 where it is longer than allowed, packed or unpacked, before more of it is read; 415 where it
            is packed in a way that is not known; 400 where it is damaged.
    """
    packing = request.headers.get("content-encoding", "identity").lower()
    if packing not in ("identity", "gzip", "deflate"):
        headers = {"Accept-Encoding": "gzip, deflate"}
        raise HTTPException(415, detail="bodies may come as they are, or packed by gzip or deflate", headers=headers)
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limits.body_bytes:
        raise _too_long(limits.body_bytes)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limits.body_bytes:
            raise _too_long(limits.body_bytes)
        chunks.append(chunk)
    body = b"".join(chunks)
    return body if packing == "identity" else _unpacked(body, limits.unpacked_bytes)


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


def parts(body: bytes, content_type: str, *, most: int) -> Iterator[Part]:
    """Read a multipart body.

    Args:
        body: all of it.
        content_type: the request's header, with the boundary.
        most: so many parts are allowed.

    Raises:
        HTTPException: 400 where it is none, 413 where it has too many parts.
    """
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body
    )
    if not message.is_multipart():
        raise HTTPException(400, detail="the multipart body has no parts")
    for number, part in enumerate(message.iter_parts(), start=1):
        if number > most:
            raise HTTPException(413, detail=f"a body may have {most} parts, and this one has more")
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield Part(part.get_content_type().lower(), payload)


def check_depth(body: bytes, limit: int) -> None:
    """Refuse JSON that is nested too deep, before any parser recurses into it.

    Raises:
        HTTPException: 400.
    """
    plain = _ESCAPED.sub(b"", body) if b"\\" in body else body
    quoted = plain.translate(None, _OTHERS).replace(b'""', b"")  # of most strings nothing is left by now
    brackets = _STRING.sub(b"", quoted).translate(_BRACKETS, b'"\n')
    levels = 0
    while levels < limit and b"()" in brackets:  # each round takes the innermost level away
        brackets = brackets.replace(b"()", b"")
        levels += 1
    if levels + brackets.count(b"(") > limit:
        raise HTTPException(400, detail=f"the JSON is nested deeper than {limit}")


def check_markup(body: bytes) -> None:
    """Refuse XML that declares entities: a few hundred bytes of them can fill any memory.

    Raises:
        HTTPException: 400.
    """
    if _DOCTYPE.search(body) or body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:8]:
        raise HTTPException(400, detail="XML with a document type, or in another encoding than UTF-8, is refused")


def _unpacked(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # tells gzip and zlib apart by itself
    try:
        out = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise HTTPException(400, detail=f"the packed body is damaged: {error}") from error
    if len(out) > limit:
        raise _too_long(limit)
    if not unpacker.eof:
        raise HTTPException(400, detail="the packed body ends too early")
    return out


def _too_long(limit: int) -> HTTPException:
    return HTTPException(413, detail=f"a body may have {limit} bytes, and this one has more")
