"""A seal over a record's graph: the same for the same triples in any order, before and after the database.

The database gives numbers and times back in its own canonical forms, so of typed literals the seal has only that there
is one; IRIs, strings and language tags count in full.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from graphmap.rdf import GRAPHMAP, Token

__all__ = ["SEAL", "digest_of_graph", "digest_of_lines"]

SEAL: Token = f"<{GRAPHMAP}graphSeal>"
_LINE_END = b"\n"
_TYPED = b'"^^<'


def digest_of_graph(triples: Iterable[tuple[Token, Token, Token]]) -> Token:
    """The seal of triples."""
    return digest_of_lines("".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode())


def digest_of_lines(lines: bytes) -> Token:
    """The seal of N-Triples lines, which may repeat."""
    kept = sorted({_kept(line) if _TYPED in line else line for line in lines.split(b"\n")})
    return f'"{hashlib.blake2b(_LINE_END.join(kept), digest_size=8).hexdigest()}"'


def _kept(line: bytes) -> bytes:
    """A line up to its literal."""
    return line.partition(b'"')[0]
