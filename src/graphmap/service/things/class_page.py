"""The page about a class."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.responses import Response

from graphmap.errors import LimitError
from graphmap.rdf import RDF_TYPE, iri_token
from graphmap.service.catalog import Counts
from graphmap.service.dependencies import Services
from graphmap.service.http import read_rows
from graphmap.service.pages import Pages
from graphmap.service.things.class_view import (
    MOST_SORTED,
    PAGE,
    SORTS,
    Selection,
    by_field,
    columns_of,
    lists_of,
    ontology_picture,
    things_of,
)
from graphmap.store.sparql import parse_query

__all__ = ["class_page", "instances_query"]

_COUNT_TIMEOUT_S = 0.8
_PAGE_TIMEOUT_S = 5.0


def instances_query(selection: Selection, services: Services) -> str:
    """A page of the things of a class with their columns, as a table of its own."""
    return selection.page_query(columns_of(selection.kind, services.glossary))


async def class_page(
    services: Services, pages: Pages, counts: Counts, selection: Selection, *, total: int | None
) -> Response:
    """The page about a class.

    Args:
        services: collaborators.
        pages: writes HTML.
        counts: remembers how often values occur.
        selection: which of its things are asked for.
        total: how many things it has; `None` where that is not known.
    """
    glossary = services.glossary
    numbers, matching = await asyncio.gather(_numbers(services, counts, selection), _matching(counts, selection, total))
    columns = columns_of(selection.kind, glossary)
    sortable = matching is not None and matching <= MOST_SORTED
    things = await _things(services, selection, sortable=sortable) if total or selection.filters else []
    rules = glossary.by_class.get(selection.kind, ())
    return pages.response(
        "class.html",
        word=glossary.word(selection.kind),
        iri=selection.kind,
        glossary=glossary,
        rules=by_field(rules),
        lists=lists_of(selection, glossary, numbers, services.root_path),
        columns=columns,
        things=things,
        total=total,
        matching=matching,
        selection=selection,
        address=selection.address(services.root_path),
        sorts=SORTS if sortable else {},
        page=PAGE,
        picture=ontology_picture(selection.kind, glossary, rules, services.root_path),
    )


async def _numbers(services: Services, counts: Counts, selection: Selection) -> Mapping[str, Mapping[str, int] | None]:
    """Count each value of each code list."""
    kind = iri_token(selection.kind)
    paths = list(services.glossary.lists(selection.kind))
    queries = [
        f"SELECT ?v (COUNT(*) AS ?n) {{ ?s {RDF_TYPE} {kind} ; {iri_token(path)} ?v }} GROUP BY ?v LIMIT 1000"
        for path in paths
    ]
    found = await asyncio.gather(*(counts.rows(query, timeout_s=_COUNT_TIMEOUT_S) for query in queries))
    return {
        path: None if rows is None else {row[0].text: int(row[1].text) for row in rows}
        for path, rows in zip(paths, found, strict=True)
    }


async def _matching(counts: Counts, selection: Selection, total: int | None) -> int | None:
    if not selection.filters:
        return total
    rows = await counts.rows(selection.count_query(), timeout_s=_COUNT_TIMEOUT_S)
    return None if rows is None else int(rows[0][0].text)


async def _things(services: Services, selection: Selection, *, sortable: bool) -> list[dict[str, object]]:
    if selection.sort and not sortable:
        raise LimitError(
            "there are too many things to put in order for a page", hint="filter them first, or leave sort out"
        )
    query = parse_query(instances_query(selection, services))
    answer = await services.pool.answer(query, syntax="json", timeout_s=_PAGE_TIMEOUT_S)
    rows = read_rows(answer.body, rows=10 * PAGE)
    return things_of(rows, columns_of(selection.kind, services.glossary))
