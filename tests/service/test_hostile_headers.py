"""Headers that no honest client sends, against the running service: refused or passed over, and never its undoing."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from graphmap.service.http.negotiation.media_ranges import LONGEST
from graphmap.store import EmbeddedStore
from tests.service.conftest import AUTHORIZED, Server, services_over

READ = ("Accept", "Content-Type", "Content-Encoding", "If-None-Match", "Origin", "traceparent")
OTHERS = (
    *("Accept-Encoding", "Accept-Language", "Accept-Profile", "Authorization", "Content-Disposition", "Cookie"),
    *("Forwarded", "If-Match", "If-Modified-Since", "If-Range", "Link", "Prefer", "Range", "Referer", "TE"),
    *("Access-Control-Request-Headers", "Access-Control-Request-Method", "Sec-Fetch-Site", "tracestate"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
)
VALUES = (
    *(
        ",",
        ";",
        '"',
        "\\",
        '"\\',
        " ;",
        "a/b;",
        "*/*,",
        "a/b;q=0.5,",
        "(",
        "=?utf-8?q?a?=",
        "%",
        "a=b; ",
        '<a>; rel="b",',
    ),
    *("00-", "bytes=0-1,", "Bearer ", "\xff", "é", "[", "@", "://", "W/", "*"),
)
HOSTS = (
    *("a b", "a/b", "a@localhost", "user:password@localhost", "localhost:x", "localhost:99999", "localhost:-1"),
    *("localhost:80:80", "[::1", "[::1%25eth0]", "[::1%eth0]:80", "[", "[]", "[:::::::::]", "[v1.a]", "::1", "a\\b"),
    *("localhost?", "localhost#", "%", "<b>", "localhost,localhost", "é", "\xff", "a" * 300, ""),
)
ORIGINS = ("null", "http://[", "http://a b", "javascript:alert(1)", "https://pages.example.evil", "é\xff", "a" * 8000)
LISTED = "https://pages.example"


@pytest.fixture(scope="module")
def open_address(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that takes any host name, and one origin by name."""
    services = services_over(store, tmp_path_factory.mktemp("open"), hosts=("*",), origins=(LISTED,))
    with Server(services=services) as running:
        yield running.address


def sent(
    address: str, path: str, *headers: tuple[str, str], method: str = "GET"
) -> tuple[int, http.client.HTTPMessage]:
    """Send headers as they are, `Host` among them; gives status and headers of the answer."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    names = {name.lower() for name, _ in headers}
    for name, value in headers if "host" in names else (("Host", place.netloc), *headers):
        connection.putheader(name, value.encode("latin-1"))
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers


@pytest.mark.parametrize("name", [*READ, *OTHERS])
def test_no_header_of_any_make_brings_an_error_of_the_server(address: str, name: str) -> None:
    for value in VALUES:
        for size, path in ((200, "/ontology"), (LONGEST, "/sparql?query=ASK%7B%7D"), (30_000, "/ontology")):
            status, _ = sent(address, path, (name, (value * size)[:size]))
            assert status < 500, (value, size)


@pytest.mark.parametrize("name", READ)
def test_a_header_that_is_read_has_a_longest(client: httpx.Client, name: str) -> None:
    response = client.get("/ontology", headers={name: "a" * (LONGEST + 1)})
    assert (response.status_code, response.headers["content-type"]) == (431, "application/problem+json")
    assert name.lower() in response.json()["detail"]
    assert client.get("/ontology", headers={name: "a" * LONGEST}).status_code != 431


def test_a_header_that_is_not_read_may_be_long(client: httpx.Client) -> None:
    assert client.get("/ontology", headers={"Cookie": "a=b;" * 7000, "Prefer": "a" * 20_000}).status_code == 200


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_what_is_no_host_is_refused_where_any_host_is_welcome(open_address: str, host: str, accept: str) -> None:
    for path in ("/sparql", "/nothing", "/.well-known/void"):
        status, _ = sent(open_address, path, ("Host", host), ("Accept", accept))
        assert status == 400, path


@pytest.mark.parametrize("host", ["localhost:", "localhost:80", "LOCALHOST", "127.0.0.1:65535", "[::1]", "[::1]:8080"])
def test_a_host_with_or_without_a_port_is_served(address: str, host: str) -> None:
    assert sent(address, "/ontology", ("Host", host))[0] == 200


def test_a_request_names_one_host(address: str, open_address: str) -> None:
    for place in (address, open_address):
        assert sent(place, "/ontology", ("Host", "localhost"), ("Host", "localhost"))[0] == 400
        assert sent(place, "/ontology", ("Host", "localhost"), ("Host", "evil.example"))[0] == 400


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_origin_that_is_not_listed_is_never_said_again(open_address: str, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        headers = (("Origin", origin), ("Access-Control-Request-Method", "GET"))
        status, answer = sent(open_address, "/ontology", *headers, method=method)
        assert status < 400
        assert "access-control-allow-origin" not in answer
        assert "Origin" in answer["vary"]


def test_several_origins_are_none(open_address: str) -> None:
    _, one = sent(open_address, "/ontology", ("Origin", LISTED))
    assert one["access-control-allow-origin"] == LISTED
    for others in ((LISTED, "https://evil.example"), ("https://evil.example", LISTED), (LISTED, LISTED)):
        status, answer = sent(open_address, "/ontology", *(("Origin", each) for each in others))
        assert status == 200
        assert "access-control-allow-origin" not in answer


@pytest.mark.parametrize("origin", [*ORIGINS, "http://evil.example"])
def test_a_page_of_another_origin_changes_nothing(client: httpx.Client, origin: str) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in (AUTHORIZED | {"Origin": origin}).items()]
    response = client.post("/quarantine/0123456789abcdef/drop", headers=headers)
    assert response.status_code == 403


def test_an_answer_to_http_1_0_is_not_sent_in_chunks(address: str) -> None:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"  # type: ignore[attr-defined]  # no other way to say so
    path = "/sparql?query=SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D&format=csv"
    connection.request("GET", path, headers={"Host": place.netloc})
    response = connection.getresponse()
    assert response.getheader("transfer-encoding") is None
    assert len(response.read()) > 2_000_000
    connection.close()


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_offer_to_upgrade_is_passed_over_and_the_body_counts(client: httpx.Client, method: str) -> None:
    upgrade = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA"}
    if method == "POST":
        headers = {**upgrade, "Content-Type": "application/sparql-query", "Accept": "text/csv"}
        assert client.post("/sparql", content="SELECT (42 AS ?n) {}", headers=headers).text.split() == ["n", "42"]
        return
    where, headers = {"graph": "urn:test:upgrade"}, {**upgrade, **AUTHORIZED, "Content-Type": "text/turtle"}
    assert client.put("/graphs", params=where, content="<urn:s> <urn:p> 1, 2 .", headers=headers).status_code == 201
    assert client.get("/graphs", params={**where, "format": "nt"}).text.count("\n") == 2
    assert client.delete("/graphs", params=where, headers=AUTHORIZED).status_code == 204
