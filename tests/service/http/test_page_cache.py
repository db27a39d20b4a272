from __future__ import annotations

import httpx
from starlette.responses import Response

from graphmap.service.http.page_cache import Rendered
from graphmap.store import EmbeddedStore, Quad
from tests.service.conftest import ACCOUNT


def test_a_page_is_given_again_for_the_same_state_only() -> None:
    rendered, page = Rendered(), Response("page")
    rendered.put("/a", "one", page)
    assert rendered.get("/a", "one") is page
    assert rendered.get("/a", "two") is None
    assert rendered.get("/b", "one") is None


def test_pages_that_nobody_asked_for_make_room() -> None:
    rendered = Rendered()
    for number in range(100):
        rendered.put(f"/{number}", "tag", Response("x" * 500_000))
        rendered.get("/0", "tag")
    assert rendered.get("/0", "tag") is not None
    assert rendered.get("/1", "tag") is None
    assert rendered.get("/99", "tag") is not None


def test_a_giant_page_is_not_kept() -> None:
    rendered = Rendered()
    rendered.put("/", "tag", Response("x" * 1_000_000))
    assert rendered.get("/", "tag") is None


def test_a_page_changes_with_the_store(client: httpx.Client, store: EmbeddedStore) -> None:
    asked = {"iri": ACCOUNT, "format": "html"}
    note = Quad(f"<{ACCOUNT}>", "<urn:p#note>", '"quite new"')
    assert "quite new" not in client.get("/resource", params=asked).text
    assert "quite new" not in client.get("/resource", params=asked).text
    store.load(f"{note.subject} {note.predicate} {note.object} .\n".encode())
    assert "quite new" in client.get("/resource", params=asked).text
    store.replace(remove=[note], add=b"")
    assert "quite new" not in client.get("/resource", params=asked).text
