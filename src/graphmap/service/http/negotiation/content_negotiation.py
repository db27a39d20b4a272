"""Content negotiation: the representation that a client prefers.

Source: RFC 9110, sections 12.5.1 (Accept), 12.5.5 (Vary).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.requests import Request

from graphmap.rdf import media_type
from graphmap.service.http.negotiation.format_parameter import PARAMETERS, names_of
from graphmap.service.http.negotiation.media_ranges import LONGEST, MediaRange, media_ranges
from graphmap.store.sparql import QueryForm

__all__ = [
    "DESCRIPTIONS",
    "GRAPHS",
    "PAGES",
    "SUFFIXES",
    "TABLES",
    "Offer",
    "accepted",
    "asked_formats",
    "choose",
    "links",
    "negotiated",
    "offers_for",
    "without_suffix",
]

_JSONLD = "http://www.w3.org/ns/json-ld#"
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offer:
    """A representation that can be had.

    Args:
        name: what `?format=` calls it, and the worker's name of its syntax.
        media_type: without parameters.
        profile: of JSON-LD: the form in which it is written.
    """

    name: str
    media_type: str
    profile: str = ""

    @property
    def content_type(self) -> str:
        """The media type as the answer states it."""
        if self.profile:
            return f'{self.media_type};profile="{_JSONLD}{self.profile}"'
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


def _offers(*names: str) -> tuple[Offer, ...]:
    return tuple(Offer(name=name, media_type=media_type(name).partition(";")[0]) for name in names)


_HTML = Offer(name="html", media_type="text/html")
_JSON = Offer(name="json", media_type="application/json")
_PROFILES = (
    Offer(name="expanded", media_type="application/ld+json", profile="expanded"),
    Offer(name="framed", media_type="application/ld+json", profile="framed"),
)
PAGES = (_JSON, _HTML)
"""Pages that are also data."""
TABLES = (
    *_offers("json", "xml", "csv", "tsv"),
    _JSON,
    Offer(name="xml", media_type="application/xml"),
    Offer(name="ndjson", media_type="application/x-ndjson"),
    _HTML,
)
"""Answers to SELECT and ASK; NDJSON has a row a line, its values as plain JSON."""
GRAPHS = (
    *_offers("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"),
    Offer(name="jsonld", media_type="application/json"),
    Offer(name="turtle", media_type="application/x-turtle"),
    Offer(name="rdfxml", media_type="application/xml"),
    Offer(name="ntriples", media_type="text/plain"),
)
"""Answers to CONSTRUCT and DESCRIBE."""
DESCRIPTIONS = (
    *_offers("turtle", "jsonld"),
    *_PROFILES,
    *_offers("ntriples", "rdfxml"),
    Offer(name="jsonld", media_type="application/json"),
    Offer(name="json", media_type="application/json", profile="framed"),
    *_offers("csv"),
    _HTML,
)
"""Documents about one thing."""
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        ".ttl": "turtle",
        ".jsonld": "jsonld",
        ".nt": "ntriples",
        ".rdf": "rdfxml",
        ".json": "json",
        ".csv": "csv",
        ".tsv": "tsv",
        ".html": "html",
    }
)
"""End of a path to the format that it asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rated:
    offer: Offer
    quality: float = field(default=0.0)


def offers_for(form: QueryForm) -> tuple[Offer, ...]:
    """List the formats for the answer to a query."""
    if form in ("CONSTRUCT", "DESCRIBE"):
        return GRAPHS
    return TABLES if form == "SELECT" else _ASK


_ASK = tuple(offer for offer in TABLES if offer.name not in ("csv", "tsv", "ndjson"))


def choose(accept: str | None, offers: tuple[Offer, ...]) -> Offer | None:
    """Choose by quality, then by the order of the offers.

    Args:
        accept: the header's value, several lines joined by commas; `None` or empty accepts all.
        offers: at least one, the best of ours first.

    Returns:
        The best offer, or `None` where none is acceptable, or where the header is too long to be read.

    >>> choose("text/html;q=0.8, text/turtle, */*;q=0.1", DESCRIPTIONS).name
    'turtle'
    """
    if not accept or not accept.strip():
        return offers[0]
    return _chosen(accept, offers) if len(accept) <= LONGEST else None


@lru_cache(maxsize=256)
def _chosen(accept: str, offers: tuple[Offer, ...]) -> Offer | None:
    ranges = list(media_ranges(accept))
    rated = [_Rated(offer=offer, quality=_quality(offer, ranges)) for offer in offers]
    best = max(rated, key=lambda one: one.quality)  # max keeps the first of equals
    return best.offer if best.quality > 0 else None


def accepted(request: Request) -> str | None:
    """The Accept header of a request, its lines joined; `None` where it sent none."""
    return ", ".join(request.headers.getlist("accept")) or None


def asked_formats(fields: Iterable[tuple[str, str]], *, taken: Collection[str] = ()) -> tuple[str, ...]:
    """Formats in the parameters of a request, the strongest first.

    Args:
        fields: names and values of its parameters, in their order; a name may come several times.
        taken: names that mean something else here.

    >>> asked_formats([("output", "json"), ("format", "csv"), ("format", ""), ("query", "ASK {}")])
    ('csv', 'json')
    """
    given = list(fields)
    names = [name for name in PARAMETERS if name not in taken]
    return tuple(value for wanted in names for name, value in given if name == wanted and value.strip())


def negotiated(
    request: Request, offers: tuple[Offer, ...], *, suffix: str | None = None, asked: Sequence[str] | None = None
) -> Offer:
    """Choose for a request: by its parameters, then by the path's suffix, then by the Accept header.

    A parameter that leads to nothing here stands in nobody's way; a suffix that does is refused, as it is part of the
    address. Where parameters lead to nothing, only a header that was sent can help: one that is missing wishes nothing.

    Args:
        request: what is asked.
        offers: what there is.
        suffix: the format that the end of the path asks for.
        asked: what parameters ask for, as `asked_formats` says; those of the address where it is left out.

    Raises:
        HTTPException: 406 with the list of what can be had.
    """
    wanted = asked_formats(request.query_params.multi_items()) if asked is None else asked
    chosen = next(filter(None, (_meant(each, offers) for each in wanted)), None)
    accept = accepted(request)
    if chosen is None and suffix is not None:
        chosen = next((offer for offer in offers if offer.name == suffix), None)
    elif chosen is None and not (wanted and accept is None):
        chosen = choose(accept, offers)
    if chosen is None:
        available = [{"format": offer.name, "mediaType": offer.content_type} for offer in offers]
        detail = {"detail": "none of the formats asked for can be had here", "available": available}
        raise HTTPException(406, detail=detail, headers={"Vary": "Accept"})  # type: ignore[arg-type]  # members
    return chosen


def _meant(asked: str, offers: tuple[Offer, ...]) -> Offer | None:
    """The offer that a parameter asks for: by our name, by media types, or by a name that others use.

    >>> _meant("application/rdf xml", GRAPHS).name, _meant("json", GRAPHS).name, _meant("csv", GRAPHS)
    ('rdfxml', 'jsonld', None)
    """
    name = asked.strip()
    plain = name.replace(" ", "+")  # a plus that was not encoded
    own = next((offer for offer in offers if offer.name == name), None)
    if own is None and "/" in name and "*" not in name:
        own = choose(name, offers) or choose(plain, offers)
    if own is not None or len(name) > _LONGEST_NAME:
        return own
    names = names_of(plain.partition(";")[0])
    return next((offer for wanted in names for offer in offers if offer.name == wanted), None)


def without_suffix(path: str) -> tuple[str, str | None]:
    """A path without the suffix that asks for a format, and the format.

    >>> without_suffix("queries/by-code.csv"), without_suffix("queries/a.b")
    (('queries/by-code', 'csv'), ('queries/a.b', None))
    """
    stem, dot, end = path.rpartition(".")
    name = SUFFIXES.get(f".{end}") if dot and stem and not stem.endswith("/") else None
    return (path, None) if name is None else (stem, name)


def links(href: str, offers: Sequence[Offer], chosen: Offer) -> list[str]:
    """The other representations of a document, as the header `Link` tells of them.

    Args:
        href: the document without its format.
        offers: what there is.
        chosen: what is given now.
    """
    joint = "&" if "?" in href else "?"
    others = {offer.name: offer for offer in reversed(offers) if offer.name != chosen.name}
    return [
        f'<{href}{joint}format={offer.name}>; rel="alternate"; type="{offer.media_type}"'
        for offer in sorted(others.values(), key=lambda offer: offer.name)
    ]


def _quality(offer: Offer, ranges: Sequence[MediaRange]) -> float:
    """The quality of the most specific range that fits; 0 where none does."""
    kind, subtype = offer.media_type.split("/")
    fitting = [
        ((each.kind != "*") + (each.subtype != "*"), len(each.parameters), each.quality)
        for each in ranges
        if each.kind in ("*", kind) and each.subtype in ("*", subtype) and _fits(offer, each)
    ]
    return max(fitting, default=(0, 0, 0.0))[2]


def _fits(offer: Offer, each: MediaRange) -> bool:
    """A profile that is asked for by name goes to its own offer; what names none takes the plain one first."""
    profiles = each.parameters.get("profile", "").split()
    asked = {profile.removeprefix(_JSONLD) for profile in profiles} & {"expanded", "framed"}
    return offer.profile in asked if asked else not offer.profile
