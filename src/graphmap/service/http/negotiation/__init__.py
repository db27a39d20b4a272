"""Content negotiation: media ranges, format parameters, and the choice of a representation."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.http.negotiation.content_negotiation import (
        DESCRIPTIONS,
        GRAPHS,
        PAGES,
        SUFFIXES,
        Offer,
        accepted,
        asked_formats,
        choose,
        links,
        negotiated,
        offers_for,
        without_suffix,
    )
    from graphmap.service.http.negotiation.format_parameter import PARAMETERS
    from graphmap.service.http.negotiation.media_ranges import LONGEST

__all__ = [
    "DESCRIPTIONS",
    "GRAPHS",
    "LONGEST",
    "PAGES",
    "PARAMETERS",
    "SUFFIXES",
    "Offer",
    "accepted",
    "asked_formats",
    "choose",
    "links",
    "negotiated",
    "offers_for",
    "without_suffix",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.http.negotiation",
        {
            "content_negotiation": (
                "DESCRIPTIONS GRAPHS Offer PAGES SUFFIXES accepted asked_formats choose links negotiated offers_for "
                "without_suffix"
            ),
            "format_parameter": "PARAMETERS",
            "media_ranges": "LONGEST",
        },
    )
