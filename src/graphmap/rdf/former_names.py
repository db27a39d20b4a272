"""Former IRIs of the project's vocabulary, which files and stores of before may have in them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from graphmap.rdf.terms import GRAPHMAP

__all__ = ["FORMER", "with_present_names"]

Text = TypeVar("Text", str, bytes)

FORMER: Mapping[str, str] = MappingProxyType({"https://schema.limbergraph.com/graphmap#": GRAPHMAP})
"""Former namespace to the present one."""


def with_present_names(text: Text) -> Text:
    """The text of a mapping, of shapes, an ontology or a query, with the present names of the vocabulary.

    >>> with_present_names(b"PREFIX g: <https://w3id.org/graphmap#>")
    b'PREFIX g: <https://w3id.org/graphmap#>'
    """
    for former, present in FORMER.items():
        if isinstance(text, str):
            text = text.replace(former, present)
        else:
            text = text.replace(former.encode(), present.encode())
    return text
