"""Which properties can be searched: those whose own name says that they hold a name, a key or a code."""

from __future__ import annotations

import re
from functools import lru_cache

from graphmap.rdf.terms import RDFS, local_name

__all__ = ["LABELS", "LONGEST", "is_searched"]

LABELS = (
    f"{RDFS}label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://xmlns.com/foaf/0.1/name",
    "https://schema.org/name",
    "http://purl.org/dc/terms/title",
)
"""Properties whose values are what people call a thing, the best first."""
LONGEST = 300
"""Characters of a text that are looked at."""

_ENDS = re.compile(r"(name|label|title|code|number|key|id|identifier|notation|text|email|mail)$", re.IGNORECASE).search


@lru_cache(maxsize=4096)
def is_searched(predicate: str) -> bool:
    """Whether the values of a property can be searched for.

    >>> is_searched("https://schema.limbergraph.com/limber/accountCode"), is_searched("urn:x#comment")
    (True, False)
    """
    return predicate in LABELS or _ENDS(local_name(predicate) or predicate) is not None
