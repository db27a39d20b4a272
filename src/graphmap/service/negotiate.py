"""Which of several representations a client likes best.

Source: RFC 9110, sections 12.4.2 (quality values), 12.5.1 (Accept).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request

from graphmap.store.sparql import QueryForm
from graphmap.store.syntaxes import media_type

__all__ = ["DESCRIPTIONS", "GRAPHS", "PAGES", "TABLES", "Offer", "choose", "negotiated", "offers_for"]

_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A representation that can be had.

    Args:
        name: what `?format=` calls it, and the worker's name of its syntax.
        media_type: without parameters.
    """

    name: str
    media_type: str

    @property
    def content_type(self) -> str:
        """The media type as the answer states it."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


class _Range(NamedTuple):
    kind: str
    subtype: str
    quality: float


def _offers(*names: str) -> tuple[Offer, ...]:
    return tuple(Offer(name=name, media_type=media_type(name).partition(";")[0]) for name in names)


_HTML = Offer(name="html", media_type="text/html")
_JSON = Offer(name="json", media_type="application/json")
PAGES = (_JSON, _HTML)
"""Pages that are also data."""
TABLES = (
    *_offers("json", "xml", "csv", "tsv"),
    _JSON,
    Offer(name="xml", media_type="application/xml"),
    _HTML,
)
"""Answers to SELECT and ASK."""
GRAPHS = (
    *_offers("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"),
    Offer(name="jsonld", media_type="application/json"),
    Offer(name="ntriples", media_type="text/plain"),
)
"""Answers to CONSTRUCT and DESCRIBE."""
DESCRIPTIONS = (*_offers("turtle", "jsonld", "ntriples"), Offer(name="jsonld", media_type="application/json"), _HTML)
"""Documents about one thing."""


def offers_for(form: QueryForm) -> tuple[Offer, ...]:
    """What the answer to a query can be had as."""
    if form in ("CONSTRUCT", "DESCRIBE"):
        return GRAPHS
    return tuple(offer for offer in TABLES if form == "SELECT" or offer.name not in ("csv", "tsv"))


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer | None:
    """Choose by quality, then by the order of the offers.

    Args:
        accept: the header's value; `None` or empty accepts all.
        offers: at least one, the best of ours first.

    Returns:
        The best offer, or `None` where none is acceptable.

    >>> choose("text/html;q=0.8, text/turtle, */*;q=0.1", DESCRIPTIONS).name
    'turtle'
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = [_range(match) for part in accept.split(",") if (match := _RANGE.fullmatch(part))]
    rated = [(offer, _quality(offer, ranges)) for offer in offers]
    best, quality = max(rated, key=lambda pair: pair[1])  # max keeps the first of equals
    return best if quality > 0 else None


def negotiated(request: Request, offers: Sequence[Offer]) -> Offer:
    """Choose for a request: `?format=` if it is there, else the Accept header.

    Raises:
        HTTPException: 406 with the list of what can be had.
    """
    name = request.query_params.get("format")
    if name is not None:
        chosen = next((offer for offer in offers if offer.name == name), None)
    else:
        chosen = choose(", ".join(request.headers.getlist("accept")), offers)
    if chosen is None:
        available = [{"format": offer.name, "mediaType": offer.media_type} for offer in offers]
        detail = {"detail": "none of the formats asked for can be had here", "available": available}
        raise HTTPException(406, detail=detail)  # type: ignore[arg-type]  # the handler reads members
    return chosen


def _range(match: re.Match[str]) -> _Range:
    quality = _QUALITY.search(match[3])
    return _Range(match[1].lower(), match[2].lower(), float(quality[1]) if quality else 1.0)


def _quality(offer: Offer, ranges: Sequence[_Range]) -> float:
    """The quality of the most specific range that fits; 0 where none does."""
    kind, subtype = offer.media_type.split("/")
    fitting = [
        ((accepted.kind != "*") + (accepted.subtype != "*"), accepted.quality)
        for accepted in ranges
        if accepted.kind in ("*", kind) and accepted.subtype in ("*", subtype)
    ]
    return max(fitting, default=(0, 0.0))[1]
