"""Links from IRIs to pages."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["link"]


def link(iri: str) -> str:
    """The path of the page about an IRI on this service.

    >>> link("urn:x#y")
    '/resource?iri=urn%3Ax%23y'
    """
    return f"/resource?iri={quote(iri, safe='')}"
