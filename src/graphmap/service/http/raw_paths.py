"""Paths of requests as the IRIs that they stand for, matched as they came."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from graphmap.rdf import iri_safe

__all__ = ["document_iri"]

_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def document_iri(base: str, raw_path: bytes) -> str:
    """The IRI of the document at a path.

    What a browser encodes but an IRI holds as it is comes back as it is; `%2F`, `%3A` and their like stay encoded.

    Args:
        base: the base IRI.
        raw_path: the request's path as it came, not decoded.

    >>> document_iri("https://example.org/", b"/shop/Customer/M%C3%BCnchen%2f%41")
    'https://example.org/shop/Customer/München%2FA'
    """
    path = raw_path.decode("ascii", "replace").partition("?")[0]
    return base + _ENCODED.sub(_as_iri, path.lstrip("/"))


def _as_iri(match: re.Match[str]) -> str:
    try:
        return iri_safe(unquote_to_bytes(match[0]).decode("utf-8"))
    except UnicodeDecodeError:
        return match[0].upper()
