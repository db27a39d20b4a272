"""Answers that a client has already: entity tags by the state of the store.

Source: RFC 9110, sections 8.8.3 (ETag), 13.1.2 (If-None-Match), 15.4.5 (304).
"""

from __future__ import annotations

import secrets
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from graphmap.store.workers import Pool

__all__ = ["Tags"]


class Representation(Protocol):
    """A representation that a client was offered."""

    @property
    def name(self) -> str:
        """Name of the format."""

    @property
    def media_type(self) -> str:
        """Media type, without parameters."""

    @property
    def profile(self) -> str:
        """Profile of the format; empty where it has none."""


class Tags:
    """Makes entity tags; they hold for as long as this process and the state of its store.

    Args:
        pool: knows the state of the store.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._start = secrets.token_hex(4)  # states are counted from the start of a process
        self._reloads = 0

    def renew(self) -> None:
        """Note that something beside the store has changed that answers are made of."""
        self._reloads += 1

    def tag(self, offer: Representation) -> str:
        """The tag of a representation; weak, since two writings of one graph may differ in their order."""
        state = f"{self._start}-{self._reloads}-{self._pool.state}"
        return f'W/"{state}-{offer.name}{offer.profile}-{len(offer.media_type)}"'

    def known(self, request: Request, tag: str) -> Response | None:
        """The answer 304 to a client that has the representation, `None` to one that has not."""
        sent = ",".join(request.headers.getlist("if-none-match"))
        if not sent or request.method not in ("GET", "HEAD"):
            return None
        held = [part.strip().removeprefix("W/") for part in sent.split(",")]
        if tag.removeprefix("W/") in held:
            return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
        return None
