"""Tokens of a local OpenID provider: which of them count, and what the service does while it is away."""

from __future__ import annotations

import asyncio
import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from graphmap.service.access.oidc import Issuer
from graphmap.service.access.tokens import Access, grant_for
from graphmap.store import EmbeddedStore
from tests.service.conftest import Server, services_over

AUDIENCE = "https://graphmap.example/"


class Provider:
    """An issuer on loopback: its description, its keys, and the tokens that it signs."""

    def __init__(self) -> None:
        self.keys = {"one": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.hidden = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.named_as: str | None = None
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                body = json.dumps(provider.document(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def document(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.named_as or self.url, "jwks_uri": f"{self.url}/keys"}
        public = {name: RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) for name, key in self.keys.items()}
        return {"keys": [{**key, "kid": name, "alg": "RS256", "use": "sig"} for name, key in public.items()]}

    def token(self, *, key: str = "one", signed_by: object = None, algorithm: str = "RS256", **changed: object) -> str:
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "exp": time.time() + 600,
            "scope": "openid graphmap:read graphmap:query",
            **changed,
        }
        given: Any = signed_by or self.keys[key]
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, given, algorithm=algorithm, headers={"kid": key})


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture(scope="module")
def guarded(
    provider: Provider, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A server that lets in nobody without a token, and takes those of the provider beside one of its own."""
    access = Access(
        anonymous=frozenset(),
        grants=(grant_for("gm_own", ["read"], name="own"),),
        issuer=Issuer(provider.url, audience=AUDIENCE),
    )
    services = services_over(store, tmp_path_factory.mktemp("guarded"), access=access)
    with Server(services=services) as running, httpx.Client(base_url=running.address, timeout=10) as client:
        yield client


def by_hand(algorithm: str, body: str, secret: bytes) -> str:
    """A token that no library would sign: by a public key as if it were a secret, or not at all."""
    head = urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "one"}).encode()).rstrip(b"=")
    signed = head + b"." + body.encode()
    signature = urlsafe_b64encode(hmac.digest(secret, signed, "sha256")).rstrip(b"=") if secret else b""
    return f"{signed.decode()}.{signature.decode()}"


def get(client: httpx.Client, path: str, token: str) -> httpx.Response:
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def test_a_token_gives_the_rights_that_it_names(guarded: httpx.Client, provider: Provider) -> None:
    assert get(guarded, "/reports", provider.token()).status_code == 200
    assert get(guarded, "/sparql?query=ASK%20%7B%7D", provider.token()).status_code == 200
    only_read = provider.token(scope="graphmap:read")
    assert get(guarded, "/sparql?query=ASK%20%7B%7D", only_read).status_code == 403
    assert get(guarded, "/reports", provider.token(scope="read query openid")).status_code == 403
    assert get(guarded, "/reports", provider.token(scope=["graphmap:admin"])).status_code == 200
    assert get(guarded, "/reports", "gm_own").status_code == 200


def test_a_token_that_is_not_for_here_is_refused_with_a_challenge(guarded: httpx.Client, provider: Provider) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = provider.keys["one"].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    good = provider.token()
    head, body, signature = good.split(".")
    for token in (
        provider.token(aud="https://other.example/"),
        provider.token(iss="https://other.example/"),
        provider.token(exp=time.time() - 120),
        provider.token(exp=None),
        provider.token(aud=None),
        provider.token(nbf=time.time() + 600),
        provider.token(signed_by=other),
        by_hand("HS256", body, public),
        by_hand("none", body, b""),
        f"{head}.{body}.",
        f"{head}.{body[::-1]}.{signature}",
        f"{good}{'x' * 20_000}",
        "a.b.c",
    ):
        response = get(guarded, "/reports", token)
        assert (response.status_code, "WWW-Authenticate" in response.headers) == (401, True), token[:80]
        assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_keys_are_fetched_once_and_not_for_every_stranger(guarded: httpx.Client, provider: Provider) -> None:
    get(guarded, "/reports", provider.token())
    before = len(provider.asked)
    for _ in range(5):
        assert get(guarded, "/reports", provider.token()).status_code == 200
        assert get(guarded, "/reports", provider.token(key="two", signed_by=provider.hidden)).status_code == 401
    assert len(provider.asked) <= before + 2


def test_a_new_key_of_the_issuer_is_found(
    provider: Provider, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphmap.service.access.oidc._PAUSE_S", 0.0)
    access = Access(anonymous=frozenset(), issuer=Issuer(provider.url, audience=AUDIENCE))
    services = services_over(store, tmp_path_factory.mktemp("turned"), access=access)
    with Server(services=services) as running, httpx.Client(base_url=running.address, timeout=10) as client:
        assert get(client, "/reports", provider.token()).status_code == 200
        provider.keys["three"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        assert get(client, "/reports", provider.token(key="three")).status_code == 200


def test_rights_may_stand_deeper_in_a_token_and_under_another_name(
    provider: Provider, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    issuer = Issuer(provider.url, audience=AUDIENCE, claim="realm_access.roles", prefix="")
    services = services_over(
        store, tmp_path_factory.mktemp("deeper"), access=Access(anonymous=frozenset(), issuer=issuer)
    )
    with Server(services=services) as running, httpx.Client(base_url=running.address, timeout=10) as client:
        assert get(client, "/reports", provider.token(realm_access={"roles": ["read"]})).status_code == 200
        assert get(client, "/reports", provider.token(realm_access="read")).status_code == 403
        assert get(client, "/reports", provider.token()).status_code == 403


def test_an_issuer_that_is_away_or_another_is_the_services_fault_and_not_the_clients(
    provider: Provider, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Provider() as impostor:
        impostor.named_as = "https://other.example/"
        for number, url in enumerate(("http://127.0.0.1:9", "http://issuer.example", impostor.url)):
            access = Access(anonymous=frozenset(), issuer=Issuer(url, audience=AUDIENCE))
            services = services_over(store, tmp_path_factory.mktemp(f"away{number}"), access=access)
            with Server(services=services) as running, httpx.Client(base_url=running.address, timeout=10) as client:
                response = get(client, "/reports", provider.token())
            assert (response.status_code, response.headers["retry-after"]) == (503, "10")


def test_a_token_whose_key_is_known_never_waits_for_the_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        with Provider() as provider:
            issuer = Issuer(provider.url, audience=AUDIENCE)
            token = provider.token().encode()
            assert await issuer.rights(token)
            answered = threading.Event()
            monkeypatch.setattr(issuer, "_fetched", lambda: answered.wait(20) and {})
            issuer._keys.fetched = issuer._keys.tried = -1e9  # an hour has gone by
            assert await issuer.rights(token)
            assert issuer._renewal is not None
            assert not issuer._renewal.done()
            answered.set()
            await issuer._renewal

    asyncio.run(run())
