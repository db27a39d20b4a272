"""Parts of a multipart body, found in time that grows with its length.

Source: RFC 7578, section 4; RFC 2046, section 5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from starlette.exceptions import HTTPException

__all__ = ["Part", "parts"]

_BOUNDARY = re.compile(r"""boundary=(?:"([^"\\]{1,70})"|([^\s";,]{1,70}))""", re.IGNORECASE)
_LONGEST_TYPE = 1024
_LONGEST_HEAD = 8 * 1024
_TYPE = b"content-type:"


class Part(NamedTuple):
    """One part of a multipart body."""

    media_type: str
    body: bytes


def parts(body: bytes, content_type: str, *, most: int) -> Iterator[Part]:
    """Read a multipart body.

    Args:
        body: all of it.
        content_type: the request's header, with the boundary.
        most: so many parts are allowed.

    Yields:
        Parts in their order; one without a Content-Type is `text/plain`.

    Raises:
        HTTPException: 400 where it is none or ends too early, 413 where it has too many parts.
    """
    found = _BOUNDARY.search(content_type) if len(content_type) <= _LONGEST_TYPE else None
    if found is None:
        raise HTTPException(400, detail="the multipart body names no boundary")
    delimiter = b"\r\n--" + (found[1] or found[2]).encode("latin-1")
    text = b"\r\n" + body
    start, number = text.find(delimiter), 0
    if start < 0:
        raise HTTPException(400, detail="the multipart body has no parts")
    while (start := _after(text, start + len(delimiter))) >= 0:
        number += 1
        if number > most:
            raise HTTPException(413, detail=f"a body may have {most} parts, and this one has more")
        end = text.find(delimiter, start - 2)
        if end < 0:
            raise HTTPException(400, detail="the multipart body ends too early")
        yield _part(text[start:end])
        start = end


def _after(text: bytes, place: int) -> int:
    """Where the part behind a delimiter begins; -1 behind the last one."""
    if text.startswith(b"--", place):
        return -1
    end = text.find(b"\r\n", place, place + 256)
    if end < 0 or text[place:end].strip(b" \t"):
        raise HTTPException(400, detail="a boundary of the multipart body is followed by something else")
    return end + 2


def _part(text: bytes) -> Part:
    if text.startswith(b"\r\n"):
        return Part("text/plain", text[2:])
    end = text.find(b"\r\n\r\n", 0, _LONGEST_HEAD)
    if end < 0:
        raise HTTPException(400, detail=f"the head of a part does not end within {_LONGEST_HEAD} bytes")
    lines = (line for line in text[:end].split(b"\r\n") if line[: len(_TYPE)].lower() == _TYPE)
    kind = next(lines, _TYPE + b"text/plain")[len(_TYPE) :].partition(b";")[0]
    return Part(kind.strip().lower().decode("latin-1"), text[end + 4 :])
