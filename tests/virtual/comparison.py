"""Answers as bags, and their comparison with those of the loaded store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pyoxigraph

from graphmap.virtual import Answer, VirtualGraph
from tests.virtual.random_queries import Made

Bag = Counter[object]


def bag(answer: Answer) -> tuple[str, Bag]:
    """The form of an answer and its rows, as often as they come, or its triples."""
    if answer.boolean is not None:
        return "ASK", Counter([answer.boolean])
    if answer.triples is not None:
        return "triples", Counter(set(answer.triples.decode().splitlines()))
    return "rows", Counter(tuple(zip(answer.variables, row, strict=True)) for row in answer.rows)


def expected(store: pyoxigraph.Store, text: str) -> tuple[str, Bag]:
    """The same of the loaded store."""
    found = store.query(text)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return "ASK", Counter([bool(found)])
    if isinstance(found, pyoxigraph.QueryTriples):
        return "triples", Counter({f"{triple} ." for triple in found})
    names = [each.value for each in found.variables]
    return "rows", Counter(
        tuple((name, None if row[name] is None else str(row[name])) for name in names) for row in found
    )


def _in_order(
    store: pyoxigraph.Store, made: Made, names: Sequence[str], rows: Sequence[tuple[str | None, ...]]
) -> bool:
    """Whether the terms by which the rows are ordered come as in the loaded store."""
    found = store.query(made.text)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    wanted = [None if row[made.order] is None else str(row[made.order]) for row in found]
    at = names.index(str(made.order))
    return [row[at] for row in rows] == wanted


def difference(graph: VirtualGraph, store: pyoxigraph.Store, made: Made) -> str | None:
    """What differs; `None` where the answers are equal.

    Of a limited answer the size counts, and that its rows are some of all rows.
    """
    answer = graph.query(made.text)
    rows = list(answer.rows)
    form, found = bag(replace(answer, rows=rows))
    known, wanted = expected(store, made.text)
    if made.order is not None and not _in_order(store, made, answer.variables, rows):
        return f"{made.text}\norder differs\nway {graph.explain(made.text)}"
    if made.unlimited is not None:
        _, all_rows = expected(store, made.unlimited)
        if found.total() == wanted.total() and not found - all_rows:
            return None
    elif form == known and found == wanted:
        return None
    missing, extra = list((wanted - found).items())[:3], list((found - wanted).items())[:3]
    return f"{made.text}\nmissing {missing}\nextra {extra}\nway {graph.explain(made.text)}"
