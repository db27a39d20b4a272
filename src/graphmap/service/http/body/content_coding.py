"""Content codings of request bodies: gzip, deflate and zstd, decoded in small pieces and within a limit.

Source: RFC 9110, section 8.4.1; RFC 1952, section 2.2 (members); RFC 8878, section 3 (frames).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Protocol

import zstandard

__all__ = ["CODINGS", "CodingError", "decoded"]

_SLICE_BYTES = 512
"""Bytes that one step reads: they bound what one step can write, which for zstd is 32,000 times as much."""
_PIECE_BYTES = 64 * 1024
_MOST_MEMBERS = 10_000
_WINDOW_BYTES = 8 * 1024 * 1024
_GZIP, _ZLIB = zlib.MAX_WBITS | 16, zlib.MAX_WBITS


class CodingError(ValueError):
    """The body is not what its Content-Encoding says."""


class _Member(Protocol):
    """A decoder of one member, stream or frame."""

    @property
    def eof(self) -> bool:
        """Return whether its end was read."""

    @property
    def unused_data(self) -> bytes:
        """Bytes after its end."""

    def decompress(self, data: bytes, /) -> bytes:
        """Decode bytes."""


def _zstd_frame() -> _Member:
    return zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).decompressobj()


CODINGS: MappingProxyType[str, tuple[Callable[[], _Member], bool]] = MappingProxyType(
    {
        "gzip": (lambda: zlib.decompressobj(wbits=_GZIP), True),
        "x-gzip": (lambda: zlib.decompressobj(wbits=_GZIP), True),
        "deflate": (lambda: zlib.decompressobj(wbits=_ZLIB), False),
        "zstd": (_zstd_frame, True),
    }
)
"""Coding to the decoder of a member, and whether a body may have several of them."""


def decoded(body: bytes, coding: str) -> Iterator[bytes]:
    """Decode a body, lazily.

    Args:
        body: as it was sent.
        coding: a key of `CODINGS`.

    Yields:
        Pieces of some 64 KiB, none of more than twice that.

    Raises:
        CodingError: where the body is damaged, ends too early, or goes on after its end; what was given before is then
            no body.
    """
    begin, repeats = CODINGS[coding]
    held: list[bytes] = []
    size = 0
    for part in _parts(body, begin, repeats=repeats):
        for place in range(0, len(part), _PIECE_BYTES):
            piece = part[place : place + _PIECE_BYTES]
            held.append(piece)
            size += len(piece)
            if size >= _PIECE_BYTES:
                yield b"".join(held)
                held, size = [], 0
    yield b"".join(held)


def _parts(body: bytes, begin: Callable[[], _Member], *, repeats: bool) -> Iterator[bytes]:
    view, place, members = memoryview(body), 0, 0
    member: _Member | None = None
    while place < len(body):
        if member is None:
            members += 1
            _check_count(members, repeats=repeats)
            member = begin()
        data = bytes(view[place : place + _SLICE_BYTES])
        try:
            yield member.decompress(data)
        except (zlib.error, zstandard.ZstdError) as error:
            what = "goes on after its end with what is none of it" if members > 1 else f"is damaged: {error}"
            raise CodingError(f"the packed body {what}") from error
        place += len(data)
        if member.eof:
            place -= len(member.unused_data)
            member = None
    if member is not None or not members:
        raise CodingError("the packed body ends too early")


def _check_count(members: int, *, repeats: bool) -> None:
    if members > 1 and not repeats:
        raise CodingError("the packed body goes on after its end")
    if members > _MOST_MEMBERS:
        raise CodingError(f"the packed body has more than {_MOST_MEMBERS} members")
