"""Access by tokens with scopes, kept as hashes and compared in constant time.

A token has 256 bits of chance in it, so that a plain hash of it cannot be searched; no salt or slow hash is needed.
Source: RFC 6750, sections 2.1 and 3.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast

from starlette.exceptions import HTTPException
from starlette.types import Scope

__all__ = [
    "SCOPES",
    "Access",
    "Grant",
    "Right",
    "Verifier",
    "grant_for",
    "grant_rights",
    "known_rights",
    "new_token",
    "require",
]

Right = Literal["read", "query", "ingest", "update", "admin"]
"""Rights of a token: see documents and reports, run queries, send records, change graphs, all of these."""

SCOPES: tuple[Right, ...] = ("read", "query", "ingest", "update", "admin")
_KEY = "graphmap.rights"
_DOTS = 2
"""Dots in a signed JSON Web Token; tokens of our own have none."""
_CHALLENGE = 'Bearer realm="graphmap"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Rights of one token.

    Args:
        name: for the log.
        sha256: hash of the token, in hexadecimal.
        rights: a token for `admin` may do everything.
    """

    name: str
    sha256: str = field(repr=False)
    rights: frozenset[Right]


class Verifier(Protocol):
    """Knows tokens that somebody else issues."""

    async def rights(self, token: bytes) -> frozenset[Right]:
        """Rights of a token.

        Raises:
            HTTPException: where it is not valid here.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Access rights of requests.

    Args:
        anonymous: what a request without a token may do.
        grants: the tokens that are known.
        issuer: knows tokens in the form of JSON Web Tokens; they are refused where it is left out.
    """

    anonymous: frozenset[Right] = frozenset(("read", "query"))
    grants: tuple[Grant, ...] = ()
    issuer: Verifier | None = None

    async def rights(self, authorization: bytes | None) -> frozenset[Right]:
        """Rights of a request.

        Args:
            authorization: the header's value, where there is one.

        Raises:
            HTTPException: 401 for a token that is not known, or a header that is no bearer token; 503 where its issuer
                cannot be asked.
        """
        if authorization is None:
            return self.anonymous
        scheme, _, token = authorization.partition(b" ")
        if scheme.lower() != b"bearer" or not token.strip():
            challenge = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_request"'}
            raise HTTPException(401, detail="send the token as Authorization: Bearer ...", headers=challenge)
        if self.issuer is not None and token.count(b".") == _DOTS:
            return self.anonymous | await self.issuer.rights(token.strip())
        digest = hashlib.sha256(token.strip()).hexdigest()
        found = [grant for grant in self.grants if hmac.compare_digest(grant.sha256, digest)]
        if not found:
            challenge = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
            raise HTTPException(401, detail="the token is not known here", headers=challenge)
        return self.anonymous | found[0].rights


def new_token() -> str:
    """A token that nobody can guess."""
    return f"gm_{secrets.token_urlsafe(32)}"


def grant_for(token: str, rights: Iterable[str], *, name: str) -> Grant:
    """Make the grant of a token, with its hash.

    >>> grant_for("gm_x", ["read"], name="a").sha256[:8]
    '07c842fa'
    """
    return Grant(name=name, sha256=hashlib.sha256(token.encode()).hexdigest(), rights=known_rights(rights))


def known_rights(names: Iterable[str]) -> frozenset[Right]:
    """Rights by their names; what is none is left out."""
    return cast("frozenset[Right]", frozenset(names) & frozenset(SCOPES))


async def grant_rights(scope: Scope, access: Access) -> None:
    """Note in a request's scope what it may do.

    Raises:
        HTTPException: as `Access.rights` does.
    """
    sent = [value for name, value in scope["headers"] if name == b"authorization"]
    scope[_KEY] = await access.rights(sent[0] if sent else None)


def require(scope: Scope, right: Right) -> None:
    """Refuse a request that may not do something.

    Raises:
        HTTPException: 401 where it has no token, 403 where its token is not for this.
    """
    rights = scope.get(_KEY, frozenset())
    if right in rights or "admin" in rights:
        return
    if any(name == b"authorization" for name, _ in scope["headers"]):
        challenge = {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="{right}"'}
        raise HTTPException(403, detail=f"the token is not for {right}", headers=challenge)
    detail = f"this takes a token for {right}; send it as Authorization: Bearer ..."
    raise HTTPException(401, detail=detail, headers={"WWW-Authenticate": f'{_CHALLENGE}, scope="{right}"'})
