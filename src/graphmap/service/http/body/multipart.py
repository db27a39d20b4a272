"""Bodies of several parts, taken apart in one pass.

The reader of the standard library takes quadratic time for the parameters of a header, recurses into its comments, and
reads all parts before anybody can count them; so the few rules that count here are written out.
Source: RFC 2046, section 5.1 (multipart); RFC 7578, section 4 (multipart/form-data).
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from starlette.exceptions import HTTPException

__all__ = ["Part", "parts"]

_BOUNDARY = re.compile(r';[ \t]*+boundary=(?:"([^"\r\n]{1,70})"|([^\s";]{1,70}))', re.IGNORECASE).search
_BLANK = re.compile(rb"\r?\n\r?\n").search
_FOLD = re.compile(rb"\r?\n[ \t]++")
_LONGEST = 8192
"""Bytes of the headers of one part."""


class Part(NamedTuple):
    """One part of a multipart body."""

    media_type: str
    body: bytes


def _plain(body: bytes) -> bytes:
    return body


_ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        **dict.fromkeys(("7bit", "8bit", "binary"), _plain),
        "base64": base64.b64decode,
        "quoted-printable": quopri.decodestring,
    }
)


def parts(body: bytes, content_type: str, *, most: int) -> Iterator[Part]:
    """Read a multipart body, part by part.

    Args:
        body: all of it.
        content_type: the request's header, with the boundary.
        most: so many parts are allowed.

    Raises:
        HTTPException: 400 where it is none, or has no end; 413 where it has too many parts; 415 where one is encoded in
            a way that is not known.

    >>> [part.body for part in parts(b"--x\\r\\n\\r\\none\\r\\n--x--", "multipart/form-data; boundary=x", most=1)]
    [b'one']
    """
    named = _BOUNDARY(content_type)
    if named is None:
        raise HTTPException(400, detail="the multipart body has no parts: its media type names no boundary")
    boundary = re.escape((named[1] or named[2]).rstrip().encode("latin-1"))
    lines = re.compile(rb"(?:\A|\r?\n)--" + boundary + rb"(--)?[ \t]*+(?=\r?\n|\Z)")
    begin, number = None, 0
    for line in lines.finditer(body):
        if begin is not None:
            number += 1
            if number > most:
                raise HTTPException(413, detail=f"a body may have {most} parts, and this one has more")
            yield _part(body[begin : line.start()])
        if line[1]:
            break
        begin = line.end()
    else:
        raise HTTPException(400, detail="the multipart body has no parts, or ends before its last boundary")


def _part(text: bytes) -> Part:
    """Read a part that begins with the end of its boundary's line."""
    blank = _BLANK(text)
    if blank is None or blank.start() > _LONGEST:
        raise HTTPException(400, detail="a part of the body has no blank line after its headers, or long ones")
    headers = dict(_headers(text[: blank.start()]))
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = headers.get("content-transfer-encoding", "binary").strip().lower()
    if encoding not in _ENCODINGS:
        raise HTTPException(415, detail=f"a part of the body is encoded in a way that is not known: {encoding[:40]}")
    try:
        return Part(kind or "text/plain", _ENCODINGS[encoding](text[blank.end() :]))
    except binascii.Error as error:
        raise HTTPException(400, detail=f"a part of the body is not base64: {error}") from error


def _headers(text: bytes) -> Iterator[tuple[str, str]]:
    for line in _FOLD.sub(b" ", text).splitlines():
        name, _, value = line.decode("latin-1").partition(":")
        yield name.strip().lower(), value
