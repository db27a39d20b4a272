"""Headers that every answer carries, and IRIs as headers can carry them."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["uri", "with_security"]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_RAW = tuple((name.lower().encode(), value.encode()) for name, value in _HEADERS.items())


def with_security(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add headers by which nothing is sniffed, framed, scripted or fetched from elsewhere; those that are there stay.

    Args:
        headers: of an answer.
    """
    sent = list(headers)
    named = {name.lower() for name, _ in sent}
    return sent + [header for header in _RAW if header[0] not in named]


def uri(iri: str) -> str:
    """Percent-encode what is not ASCII in an IRI.

    Source: RFC 3987, section 3.1.

    >>> uri("https://example.org/Country/Österreich")
    'https://example.org/Country/%C3%96sterreich'
    """
    return "".join(
        character if character.isascii() else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in iri
    )
