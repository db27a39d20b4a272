"""Which of several representations a client likes best.

Source: RFC 9110, sections 12.4.2 (quality values), 12.5.1 (Accept), 12.5.5 (Vary).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request

from graphmap.store.sparql import QueryForm
from graphmap.store.syntaxes import media_type

__all__ = [
    "DESCRIPTIONS",
    "GRAPHS",
    "PAGES",
    "SUFFIXES",
    "TABLES",
    "Offer",
    "choose",
    "links",
    "negotiated",
    "offers_for",
    "without_suffix",
]

_TOKEN = r"[\w!#$%&'*+.^`|~-]+"  # noqa: S105  # a token of HTTP's grammar
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_MEMBER = re.compile(rf"\s*((?:[^,\"]|{_QUOTED})+)")
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})\s*((?:;\s*(?:{_TOKEN}\s*=\s*(?:{_TOKEN}|{_QUOTED})\s*)?)*)")
_PARAMETER = re.compile(rf";\s*({_TOKEN})\s*=\s*({_TOKEN}|{_QUOTED})")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)").fullmatch
_JSONLD = "http://www.w3.org/ns/json-ld#"


@dataclass(frozen=True, slots=True, kw_only=True)
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


class _Range(NamedTuple):
    kind: str
    subtype: str
    profiles: frozenset[str]
    parameters: int
    quality: float


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
    """What the answer to a query can be had as."""
    if form in ("CONSTRUCT", "DESCRIBE"):
        return GRAPHS
    return TABLES if form == "SELECT" else _ASK


_ASK = tuple(offer for offer in TABLES if offer.name not in ("csv", "tsv", "ndjson"))


@lru_cache(maxsize=256)
def choose(accept: str | None, offers: tuple[Offer, ...]) -> Offer | None:
    """Choose by quality, then by the order of the offers.

    Args:
        accept: the header's value, several lines joined by commas; `None` or empty accepts all.
        offers: at least one, the best of ours first.

    Returns:
        The best offer, or `None` where none is acceptable.

    >>> choose("text/html;q=0.8, text/turtle, */*;q=0.1", DESCRIPTIONS).name
    'turtle'
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = list(_ranges(accept))
    rated = [_Rated(offer=offer, quality=_quality(offer, ranges)) for offer in offers]
    best = max(rated, key=lambda one: one.quality)  # max keeps the first of equals
    return best.offer if best.quality > 0 else None


def negotiated(request: Request, offers: tuple[Offer, ...], *, suffix: str | None = None) -> Offer:
    """Choose for a request: `?format=` if it is there, then the path's suffix, then the Accept header.

    Args:
        request: what is asked.
        offers: what there is.
        suffix: the format that the end of the path asks for.

    Raises:
        HTTPException: 406 with the list of what can be had.
    """
    name = request.query_params.get("format") or suffix
    if name is not None:
        chosen = next((offer for offer in offers if offer.name == name), None)
    else:
        chosen = choose(", ".join(request.headers.getlist("accept")), offers)
    if chosen is None:
        available = [{"format": offer.name, "mediaType": offer.content_type} for offer in offers]
        detail = {"detail": "none of the formats asked for can be had here", "available": available}
        raise HTTPException(406, detail=detail, headers={"Vary": "Accept"})  # type: ignore[arg-type]  # members
    return chosen


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


def _ranges(accept: str) -> Iterator[_Range]:
    for member in _MEMBER.finditer(accept):
        match = _RANGE.fullmatch(member[1].strip())
        if match is not None:
            yield _range(match)


def _range(match: re.Match[str]) -> _Range:
    parameters = {name.lower(): value.strip('"') for name, value in _PARAMETER.findall(match[3])}
    quality = parameters.pop("q", "1")
    profiles = frozenset(word.removeprefix(_JSONLD) for word in parameters.get("profile", "").split())
    rated = float(quality) if _QUALITY(quality) else 0.0
    return _Range(match[1].lower(), match[2].lower(), profiles, len(parameters), rated)


def _quality(offer: Offer, ranges: Sequence[_Range]) -> float:
    """The quality of the most specific range that fits; 0 where none does."""
    kind, subtype = offer.media_type.split("/")
    fitting = [
        ((accepted.kind != "*") + (accepted.subtype != "*"), accepted.parameters, accepted.quality)
        for accepted in ranges
        if accepted.kind in ("*", kind) and accepted.subtype in ("*", subtype) and _fits(offer, accepted)
    ]
    return max(fitting, default=(0, 0, 0.0))[2]


def _fits(offer: Offer, accepted: _Range) -> bool:
    """A profile that is asked for by name goes to its own offer; what names none takes the plain one first."""
    asked = accepted.profiles & {"expanded", "framed"}
    return offer.profile in asked if asked else not offer.profile
