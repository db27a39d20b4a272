from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graphmap.service.search_index import Finder
from graphmap.store import EmbeddedStore
from graphmap.store.search_index import Entry, SearchIndex, write_index
from tests.service.conftest import ACCOUNT, BASE, Server, services_over

KIND = f"{BASE}limber/CustomerAccount"
ENTRIES = (
    Entry(iri=ACCOUNT, label="Hütte & <Söhne>", kinds=(KIND,), names=("a/b:1",)),
    Entry(iri="javascript:alert(1)", label="\u202eevil\u202c hut", kinds=("urn:Other",)),
    *(Entry(iri=f"urn:n{n}", label=f"Number {n}", kinds=("urn:Other",)) for n in range(45)),
)


@pytest.fixture(scope="module")
def searching(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("search")
    index = SearchIndex(folder / "search.db")

    def build() -> bool:
        write_index(index.path, ENTRIES)
        return True

    finder = Finder(find=index.find, is_ready=lambda: index.ready, build=build)
    with (
        Server(services=services_over(store, folder, finder=finder)) as server,
        httpx.Client(base_url=server.address, timeout=10) as client,
    ):
        yield client


def test_a_search_is_answered_as_data(searching: httpx.Client) -> None:
    body = searching.get("/search", params={"q": "huette"}).json()
    assert body["total"] == 1
    assert body["hits"][0]["iri"] == ACCOUNT
    assert body["kinds"] == {KIND: 1}
    found = searching.get(body["hits"][0]["href"])
    assert found.status_code == 200


def test_a_search_has_a_page_whose_hits_are_escaped_and_linked(searching: httpx.Client) -> None:
    page = searching.get("/search", params={"q": "hut"}, headers={"Accept": "text/html"}).text
    assert "<bdi>Hütte &amp; &lt;Söhne&gt;</bdi>" in page
    assert 'href="javascript:' not in page
    assert "<bdi>\u202eevil\u202c hut</bdi>" in page
    assert "<script" not in page


def test_a_search_is_narrowed_by_kind_and_paged(searching: httpx.Client) -> None:
    first = searching.get("/search", params={"q": "number", "kind": "urn:Other"}).json()
    assert (first["total"], len(first["hits"])) == (45, 20)
    last = searching.get("/search", params={"q": "number", "kind": "urn:Other", "offset": 40}).json()
    assert len(last["hits"]) == 5
    page = searching.get("/search", params={"q": "number"}, headers={"Accept": "text/html"}).text
    assert "offset=20" in page
    assert "1 to 20 of 45" in page


def test_nothing_found_and_nothing_asked_have_pages_that_say_what_to_do(searching: httpx.Client) -> None:
    html = {"Accept": "text/html"}
    assert "Try fewer letters" in searching.get("/search", params={"q": "zzz"}, headers=html).text
    assert "the beginning of a word is enough" in searching.get("/search", headers=html).text
    assert searching.get("/search").json()["hits"] == []


@pytest.mark.parametrize("params", [{"q": "x" * 201}, {"q": "a", "limit": "1000"}, {"q": "a", "offset": "-1"}])
def test_a_search_out_of_bounds_is_refused(searching: httpx.Client, params: dict[str, str]) -> None:
    assert searching.get("/search", params=params).status_code == 400


def test_a_service_without_an_index_says_so(client: httpx.Client) -> None:
    assert client.get("/search", params={"q": "a"}).status_code == 404


def test_while_the_index_is_being_built_the_client_is_asked_to_come_again(store: EmbeddedStore, tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "none.db")
    finder = Finder(find=index.find, is_ready=lambda: False, build=lambda: False)
    with Server(services=services_over(store, tmp_path / "readers", finder=finder)) as server:
        response = httpx.get(f"{server.address}/search", params={"q": "a"})
        page = httpx.get(f"{server.address}/search", params={"q": "a"}, headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert "being built" in response.json()["detail"]
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert page.text.count("<h1>") == 1
    assert "being built" in page.text
    assert "The problem as programs see it" in page.text
