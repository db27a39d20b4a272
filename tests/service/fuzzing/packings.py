"""Bodies packed by gzip, deflate and others: bombs, several members, cut, damaged, packed twice.

Source: RFC 1952, section 2.2 (members); RFC 9110, section 8.4 (Content-Encoding).
"""

from __future__ import annotations

import gzip
import struct
import zlib
from random import Random

import zstandard

from tests.service.fuzzing.inputs import Input, whole
from tests.service.fuzzing.mutation import mutated

__all__ = ["bombs", "packed"]

_MB = 1 << 20
_PLACES = (
    ("/validate", "application/json", b'{"a": 1}'),
    ("/records", "application/x-ndjson", b'{"a": 1}\n{"b": 2}\n'),
    ("/sparql", "application/sparql-query", b"ASK {}"),
    ("/graphs?graph=urn%3Afuzz%3A3", "text/turtle", b"<urn:a> <urn:b> 1 ."),
    ("/check", "application/x-www-form-urlencoded", b"text=%7B%7D"),
)


def packed(chance: Random) -> Input:
    """A small packed body with something odd about its packing."""
    target, kind, text = chance.choice(_PLACES)
    once = gzip.compress(text, mtime=0)
    body = chance.choice(
        (once, once + once, once * 200, once + b"garbage", once[: len(once) // 2], once[:-1], once[:-4] + b"\0\0\0\0",
        b"",
         gzip.compress(once, mtime=0), zlib.compress(text), zlib.compress(text)[2:-4], text, b"\x1f\x8b", once[:10],
         zstandard.compress(text), mutated(chance, once), once + b"\0" * 1000)
    )  # fmt: skip
    coding = chance.choice(
        (
            "gzip",
            "gzip",
            "gzip",
            "deflate",
            "x-gzip",
            "GZIP",
            "gzip, gzip",
            "zstd",
            "br",
            "identity",
            "",
            "gzip;q=1",
            "compress",
        )
    )
    return whole("packed", "POST", target, [("Content-Type", kind), ("Content-Encoding", coding)], body, stores=300)


def bombs(chance: Random) -> Input:
    """A body that unpacks to far more than it is: 40 MB to 4 GB."""
    target, kind, _ = chance.choice(_PLACES)
    times = chance.choice((40, 60, 64, 65, 200, 4000))
    filling = chance.choice((b"\0", b" ", b"[", b"{", b"\n", b"(", b"<", b"ASK{} ", b"-", b"%", b"a=b&"))
    wbits = chance.choice((31, 31, 15))
    body = _bomb((filling * _MB)[:_MB], times, wbits)
    coding = "gzip" if wbits == 31 else "deflate"
    return whole("bomb", "POST", target, [("Content-Type", kind), ("Content-Encoding", coding)], body)


def _bomb(block: bytes, times: int, wbits: int) -> bytes:
    """A block so many times over, packed once: after a full flush the next block is packed to the same bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    body = piece * times + b"\x03\x00"
    check = 0 if wbits == 31 else 1
    for _ in range(times if times < 65 else 0):  # beyond the limit nobody gets as far as the checksum
        check = zlib.crc32(block, check) if wbits == 31 else zlib.adler32(block, check)
    if wbits == 31:
        return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + body + struct.pack("<II", check, times * len(block) & 0xFFFFFFFF)
    return b"\x78\x9c" + body + struct.pack(">I", check)
