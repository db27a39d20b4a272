"""Endpoint of a SPARQL server: addresses, credentials and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from graphmap.errors import ConfigurationError, Locator
from graphmap.rdf import Token, iri_token

__all__ = ["Endpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A SPARQL 1.1 server, and its limits.

    Args:
        query: address that answers queries.
        update: address that takes updates.
        graphs: address of the Graph Store Protocol, where the server has one; whole graphs are written through it.
        default_graph: IRI of the graph that plays the default graph, for servers that have none of their own.
        user: name for basic authentication.
        password: its password.
        token: bearer token, instead of both.
        timeout_s: seconds that the server may be silent while it answers a query.
        update_timeout_s: seconds that it may take for an update.
        answer_bytes: largest answer that is read into memory.
        update_bytes: largest update that it takes in one request.
        update_statements: most statements in one update; `None` does not count them.
        split: whether an update that is too large may go as several, one after another and each on its own.
        copy_quads: most quads that are copied to work on, for a load that takes effect as a whole.

    Raises:
        ConfigurationError: where an address is not an HTTP address or holds a password, or a limit is none.
    """

    query: str
    update: str
    graphs: str | None = None
    default_graph: str | None = None
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0
    update_timeout_s: float = 600.0
    answer_bytes: int = 256 * 1024 * 1024
    update_bytes: int = 256 * 1024 * 1024
    update_statements: int | None = None
    split: bool = False
    copy_quads: int = 10_000_000

    def __post_init__(self) -> None:
        for address in (self.query, self.update, self.graphs):
            if address is not None:
                _check(address)
        if self.default_graph is not None:
            iri_token(self.default_graph)
        limits = (self.timeout_s, self.update_timeout_s, self.answer_bytes, self.update_bytes, self.copy_quads)
        if min(*limits, self.update_statements or 1) <= 0:
            raise ConfigurationError(
                "a limit of the store is not more than zero", hint="leave it out for the usual one"
            )

    @property
    def default_token(self) -> Token | None:
        """The graph that plays the default graph; `None` where the server has one."""
        return None if self.default_graph is None else f"<{self.default_graph}>"

    @property
    def where(self) -> Locator:
        """The server, for messages."""
        return Locator(source=self.query)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or not _has_port(parts):
        raise ConfigurationError("the address of the store is not an HTTP address", hint="write http://host:port/path")
    if parts.username is not None or parts.password is not None:
        hint = "set GRAPHMAP_STORE_USER and GRAPHMAP_STORE_PASSWORD, or GRAPHMAP_STORE_TOKEN"
        raise ConfigurationError("the address of the store holds a name or a password", hint=hint)


def _has_port(parts: SplitResult) -> bool:
    """Return whether a port, where one is given, can be one."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False
