"""Bearer tokens of an OpenID provider: signed by its keys, made for this service, not expired.

The keys are fetched from the issuer, and from nowhere else: at the first token, when a token names a key that is not
known, and once an hour. Only asymmetric keys count, so that nobody can sign with a public key as a secret.
Source: OpenID Connect Discovery 1.0, section 4; RFC 7519 (JWT), section 7.2; RFC 8725 (best practices); RFC 6750.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import jwt
import msgspec
from starlette.exceptions import HTTPException

from graphmap.service.access.tokens import SCOPES, Right

__all__ = ["Issuer"]

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_DISCOVERY = "/.well-known/openid-configuration"
_LEEWAY_S = 60
_FETCH_S = 5.0
_PAUSE_S = 10.0
_KEEP_S = 3600.0
_MOST_BYTES = 1 << 20
_LONGEST = 16_384
_CHALLENGE = 'Bearer realm="graphmap", error="invalid_token"'
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(slots=True, kw_only=True)
class _Keys:
    """The issuer's keys by their names, and when they were fetched."""

    by_name: Mapping[str, jwt.PyJWK] = field(default_factory=dict)
    fetched: float = -_KEEP_S
    tried: float = -_KEEP_S
    fault: HTTPException | None = None


class Issuer:
    """An issuer of tokens; awaited on one event loop.

    Args:
        url: of the issuer, as its tokens name it; https, or loopback.
        audience: what tokens for this service name as theirs.
        claim: where a token says what it is for, with a dot between levels.
        prefix: what stands before the name of a right there.
    """

    def __init__(self, url: str, *, audience: str, claim: str = "scope", prefix: str = "graphmap:") -> None:
        self._url = url
        self._audience = audience
        self._claim = tuple(claim.split("."))
        self._prefix = prefix
        self._keys = _Keys()
        self._renewal: asyncio.Task[None] | None = None

    async def rights(self, token: bytes) -> frozenset[Right]:
        """Rights of a token.

        Args:
            token: a JSON Web Token, signed.

        Raises:
            HTTPException: 401 where it is not valid here; 503 where the keys cannot be fetched.
        """
        if len(token) > _LONGEST:
            raise _refused("the token is too long")
        key = await self._key(_name_of(token))
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=list(_ALGORITHMS),
                audience=self._audience,
                issuer=self._url,
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise _refused(f"the token is not valid here: {error}") from error
        return self._granted(claims)

    def _granted(self, claims: Mapping[str, object]) -> frozenset[Right]:
        value: object = claims
        for name in self._claim:
            value = value.get(name) if isinstance(value, Mapping) else None
        names = value.split() if isinstance(value, str) else value if isinstance(value, list) else ()
        return frozenset(right for right in SCOPES if f"{self._prefix}{right}" in names)

    async def _key(self, name: str) -> jwt.PyJWK:
        """The key of a name; a token whose key is known never waits for the issuer."""
        keys, now = self._keys, time.monotonic()
        if (now - keys.fetched >= _KEEP_S or name not in keys.by_name) and now - keys.tried >= _PAUSE_S:
            keys.tried = now
            self._renewal = asyncio.create_task(self._renew(keys))
        if name not in keys.by_name and self._renewal is not None:
            await asyncio.shield(self._renewal)
        found = keys.by_name.get(name)
        if found is None and keys.fault is not None:
            raise keys.fault
        if found is None:
            raise _refused("the token is signed by a key that its issuer does not name")
        return found

    async def _renew(self, keys: _Keys) -> None:
        """Fetch the keys; where the issuer is away, those that are known stay good."""
        try:
            keys.by_name = await asyncio.to_thread(self._fetched)
        except HTTPException as error:
            keys.fault = error
        else:
            keys.fetched, keys.fault = time.monotonic(), None

    def _fetched(self) -> Mapping[str, jwt.PyJWK]:
        try:
            about = _document(f"{self._url.rstrip('/')}{_DISCOVERY}")
            if about.get("issuer") != self._url:
                raise _unreachable("its description is another issuer's")
            listed = jwt.PyJWKSet.from_dict(_document(str(about.get("jwks_uri"))))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, msgspec.DecodeError, jwt.PyJWTError) as error:
            raise _unreachable(type(error).__name__) from error
        return {key.key_id: key for key in listed.keys if key.key_id is not None}


def _document(url: str) -> dict[str, object]:
    """Fetch a JSON object; redirects are not followed.

    Raises:
        ValueError: where the address is none that may be asked, or the answer is not a JSON object of a sensible size.
        httpx.HTTPError: where it cannot be had.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("an issuer is asked by https")
    with httpx.stream("GET", url, timeout=_FETCH_S, headers={"Accept": "application/json"}) as answer:
        answer.raise_for_status()
        body = b""
        for part in answer.iter_bytes():
            body += part
            if len(body) > _MOST_BYTES:
                raise ValueError("the document is too long")
    return msgspec.json.decode(body, type=dict[str, object])


def _name_of(token: bytes) -> str:
    """The name of the key that signed a token, by its own account."""
    try:
        return str(jwt.get_unverified_header(token).get("kid"))
    except jwt.PyJWTError as error:
        raise _refused("the token is not a signed JSON Web Token") from error


def _refused(why: str) -> HTTPException:
    return HTTPException(401, detail=why, headers={"WWW-Authenticate": _CHALLENGE})


def _unreachable(why: str) -> HTTPException:
    detail = f"the keys of the issuer of tokens cannot be fetched: {why}"
    return HTTPException(503, detail=detail, headers={"Retry-After": "10"})
