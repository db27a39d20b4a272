"""The page about a thing, and the page with its statements as they are written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from starlette.responses import Response

from graphmap.errors import TermError
from graphmap.rdf import Token, iri_token
from graphmap.service.dependencies import Services
from graphmap.service.http import Cell, is_true, read_rows, write
from graphmap.service.http.negotiation import DESCRIPTIONS, Offer
from graphmap.service.pages import Pages, link
from graphmap.service.things.describe_queries import aside_query
from graphmap.service.things.record_queries import (
    BOUND,
    SAMPLE,
    count_query,
    incoming_query,
    label_query,
    message_query,
    page_query,
    record_query,
    sample_query,
)
from graphmap.service.things.record_rows import Statement, read_parts
from graphmap.service.things.record_view import read_record
from graphmap.store.sparql import Query, parse_query

__all__ = ["Asked", "record_page", "source_page"]

_LONGEST = 40_000
"""Characters of a document that a page shows."""
_FRAMED = next(offer for offer in DESCRIPTIONS if offer.profile == "framed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Requested part of a page.

    Args:
        iri: the thing.
        offset: links before it.
        links: the property whose links are wanted.
    """

    iri: str
    offset: int = 0
    links: str | None = None


async def record_page(services: Services, pages: Pages, asked: Asked) -> Response | None:
    """The page about a thing; `None` where nothing is known about it, and nothing about it was set aside.

    Raises:
        GraphmapError: as `Pool.answer` does.
    """
    subject = iri_token(asked.iri)
    parts = read_parts(await _answer(services, page_query(subject, services.layout)), rows=10 * BOUND)
    if not parts.keys() & {"record", "known", "links"} and not await _is_aside(services, subject):
        return None
    totals: Mapping[str, int] = {}
    if len(parts.get("known", ())) >= BOUND:
        totals = await _totals(services, subject)
        sample = sample_query(subject, (iri_token(each) for each in totals))
        parts["sample"] = read_parts(await _answer(services, sample), rows=2 * BOUND).get("", [])
    parts["links"] = await _with_labels(services, parts.get("links", []))
    view = read_record(asked.iri, parts, services.glossary, totals=totals, root=services.root_path)
    incoming = await _incoming(services, asked) if asked.links else ()
    here = services.root_path + link(asked.iri)
    return pages.response(
        "record.html", view=view, here=here, asked=asked, incoming=incoming, glossary=services.glossary, page=SAMPLE
    )


async def source_page(services: Services, pages: Pages, iri: str) -> Response:
    """The message that a record was made of, or its statements as JSON-LD, beside its statements as Turtle.

    Raises:
        GraphmapError: as `Pool.answer` does.
    """
    query = parse_query(record_query(iri_token(iri), services.layout))
    ntriples = (await services.pool.answer(query, syntax="ntriples")).body
    turtle = Offer(name="turtle", media_type="text/turtle")
    texts = [await asyncio.to_thread(write, ntriples, offer, services, root=iri) for offer in (_FRAMED, turtle)]
    message = await _message(services, iri)
    json = message or _readable(texts[0], f"{services.root_path}/context.jsonld")
    values = {"json": _cut(json), "turtle": _cut(texts[1].decode()), "received": message is not None}
    return pages.response("source.html", iri=iri, **values)


async def _message(services: Services, iri: str) -> str | None:
    """The message that a record was made of, on many lines; `None` where it is not kept."""
    rows = read_rows(await _answer(services, message_query(iri_token(iri), services.layout)))
    return msgspec.json.format(rows[0]["message"].text.encode(), indent=2).decode() if rows else None


def _readable(framed: bytes, context: str) -> str:
    """JSON-LD on many lines, with a link to its context in the place of the context."""
    members = msgspec.json.decode(framed, type=dict[str, object])
    return msgspec.json.format(msgspec.json.encode({**members, "@context": context}), indent=2).decode()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… and {len(text) - _LONGEST:,} characters more"


async def _answer(services: Services, query: str) -> bytes:
    return (await services.pool.answer(Query(text=query, form="SELECT"), syntax="json")).body  # a text of our own


async def _with_labels(services: Services, links: list[Statement]) -> list[Statement]:
    """The same links, with the label of what is the only one by its property."""
    only = list(_tokens({each.s for each in links if each.s and each.o.text == "1"}))
    if not only:
        return links
    rows = read_rows(await _answer(services, label_query(only)))
    labels = {row["s"].text: row["l"].text for row in rows}
    return [msgspec.structs.replace(each, label=labels.get(each.s, "")) for each in links]


def _tokens(iris: Iterable[str]) -> Iterator[Token]:
    """The tokens of names that are IRIs; a store may hold others, and nothing can be asked about those."""
    for iri in iris:
        with suppress(TermError):
            yield iri_token(iri)


async def _is_aside(services: Services, subject: Token) -> bool:
    """Return whether a message about a thing is in quarantine; people get a link to it, programs get 404."""
    return await is_true(services, aside_query(subject, services.layout))


async def _totals(services: Services, subject: str) -> Mapping[str, int]:
    rows = read_rows(await _answer(services, count_query(subject)))
    return {row["p"].text: int(row["n"].text) for row in rows}


async def _incoming(services: Services, asked: Asked) -> tuple[Cell, ...]:
    query = incoming_query(iri_token(asked.iri), iri_token(asked.links or ""), offset=asked.offset)
    rows = read_rows(await _answer(services, query))
    return tuple(Cell(text=row["l"].text or row["s"].text, iri=row["s"].iri) for row in rows)
