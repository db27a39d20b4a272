"""Request bodies, read only as far as they may go."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

__all__ = ["check_depth", "form", "media_type_of", "reader"]

_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def reader(limit_bytes: int) -> Callable[[Request], Coroutine[None, None, bytes]]:
    """Make a dependency that reads a body.

    Args:
        limit_bytes: a longer body is refused with status 413, before more of it is read.
    """

    async def body(request: Request) -> bytes:
        if request.headers.get("content-encoding", "identity") != "identity":
            raise HTTPException(415, detail="bodies are read as they are; send it without Content-Encoding")
        chunks, size = [], 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit_bytes:
                raise HTTPException(413, detail=f"a body may have {limit_bytes} bytes, and this one has more")
            chunks.append(chunk)
        return b"".join(chunks)

    return body


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


def check_depth(body: bytes, limit: int) -> None:
    """Refuse JSON that is nested too deep, before any parser recurses into it.

    Raises:
        HTTPException: 400.
    """
    depth = 0
    for match in _NESTING.finditer(body):
        sign = match[0][:1]
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > limit:
            raise HTTPException(400, detail=f"the JSON is nested deeper than {limit}")
