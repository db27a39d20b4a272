"""Lifted text in the syntax that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from graphmap.errors import CallError

__all__ = ["in_syntax"]

_OUTPUTS = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
_LINES = ("nquads", "ntriples")


def in_syntax(texts: Iterable[bytes | memoryview], syntax: str) -> Iterable[bytes | memoryview]:
    """N-Quads text in another syntax; all but N-Quads and N-Triples are put together in memory first.

    Raises:
        CallError: where the syntax is unknown.
    """
    if syntax in _LINES:
        return texts
    if syntax not in _OUTPUTS:
        raise CallError(f"{syntax!r} is no syntax", hint=f"use {', '.join((*_LINES, *_OUTPUTS))}")
    form = _OUTPUTS[syntax]
    quads = list(dict.fromkeys(ox.parse(b"".join(texts), ox.RdfFormat.N_QUADS)))
    items = quads if form.supports_datasets else [quad.triple for quad in quads]
    return [ox.serialize(items, format=form) or b""]
