"""Names of files from names of any kind: no separators, nothing too long, two names never one file."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

__all__ = ["file_part"]

_LONGEST = 100
"""Bytes; a file name of two parts and an ending has room in the 255 of common file systems."""


def file_part(name: str) -> str:
    """A name as a part of a file name, between dots: letters and digits of any script stay, all else is encoded.

    Args:
        name: of a class, a source and the like.

    >>> file_part("order_line"), file_part("../a.b"), file_part("größe")
    ('order_line', '%2E%2E%2Fa%2Eb', 'größe')
    """
    part = "".join(
        sign if sign.isalnum() or sign in "_-" else quote(sign, safe="").replace(".", "%2E") for sign in name
    )
    encoded = part.encode()
    if len(encoded) <= _LONGEST:
        return part
    return encoded[: _LONGEST - 17].decode(errors="ignore") + "~" + hashlib.sha256(encoded).hexdigest()[:16]
