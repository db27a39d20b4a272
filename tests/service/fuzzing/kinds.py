"""All kinds of input with their shares, and input so-and-so of a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.service.fuzzing import documents, framing, graphs, headers, multiparts, packings, pages, sparql
from tests.service.fuzzing.inputs import Input

__all__ = ["input_of"]

_MAKERS: tuple[tuple[Callable[[Random], Input], float], ...] = (
    (framing.request_lines, 40), (framing.mangled, 40), (framing.lengths, 40), (framing.smuggled, 40),
    (framing.chunked, 20), (framing.broken_chunks, 30), (framing.pipelined, 20),
    (framing.poisoned_pipeline, 20), (framing.upgrades, 20), (framing.expecting, 10), (framing.other_protocols, 20),
    (headers.odd_fields, 60), (headers.negotiated, 30), (headers.odd_names, 30), (headers.endless_heads, 0.5),
    (packings.packed, 40), (packings.bombs, 2), (multiparts.multiparts, 30), (multiparts.large_multiparts, 3),
    (documents.json_bodies, 40), (documents.large_json, 3), (documents.envelope_posts, 60), (documents.good_envelopes,
    20), (documents.tables, 30),
    (graphs.graph_writes, 60), (graphs.deep_graphs, 5), (graphs.graph_requests, 30),
    (sparql.queries, 60), (sparql.costly_queries, 4), (sparql.large_queries, 6), (sparql.updates, 30),
    (sparql.protocol, 20), (sparql.hung_up, 2),
    (pages.query_strings, 60), (pages.searches, 40), (pages.saved, 40), (pages.odd_paths, 40), (pages.forms, 20),
)  # fmt: skip
"""What makes inputs of a kind, and its share of all; what costs seconds or megabytes has a small one."""


def input_of(seed: int, number: int) -> Input:
    """An input, which depends on nothing else.

    Args:
        seed: of a run.
        number: counted from 0.
    """
    chance = Random(f"{seed}/{number}")  # a text as seed is hashed by SHA-512, the same in every process
    makers, shares = zip(*_MAKERS, strict=True)
    (make,) = chance.choices(makers, shares)
    made: Input = make(chance)
    if len(made.data) < 100_000 and not made.splits and chance.random() < 0.1:
        places = {chance.randint(1, max(1, len(made.data))) for _ in range(4)}
        return replace(made, splits=tuple(sorted(places)))
    return made
