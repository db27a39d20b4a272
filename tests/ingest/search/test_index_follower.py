"""What can be searched for keeps up with what is stored."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graphmap.ingest import IndexFollower, Ingestor, Knowledge
from graphmap.ingest.check.record_validator import ValidatedRecord
from graphmap.ingest.search.documents import DocumentReader, NewRecord
from graphmap.store import EmbeddedStore
from graphmap.store.search_index import SearchIndex, index_path
from tests.ingest.builders import BASE, envelope, status

ACCOUNT = f"{BASE}limber/CustomerAccount"


@pytest.fixture
def index(store: EmbeddedStore) -> SearchIndex:
    return SearchIndex(index_path(store.path))


@pytest.fixture
def indexed(store: EmbeddedStore, knowledge: Knowledge, index: SearchIndex) -> Iterator[IndexFollower]:
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    made = IndexFollower(ingest, store, knowledge.workspace.layout, index)
    yield made
    made.close()
    ingest.close()


def body(*arguments: Any, **options: Any) -> bytes:
    return json.dumps(envelope(*arguments, **options)).encode()


def send(indexed: IndexFollower, *bodies: bytes) -> None:
    for each in bodies:
        indexed(each)
    assert indexed.caught_up()


def found(index: SearchIndex, text: str, kind: str | None = ACCOUNT) -> list[str]:
    return [hit.iri for hit in index.find(text, kind=kind).hits]


def test_an_account_is_found_by_its_label_and_by_the_name_of_its_partner(
    indexed: IndexFollower, index: SearchIndex
) -> None:
    send(indexed, body("one"))
    assert indexed.build()
    assert found(index, "account one") == [f"{ACCOUNT}#one"]
    assert found(index, "aegidius") == [f"{ACCOUNT}#one"]
    assert f"{BASE}limber/BusinessPartner#one-partner" in found(index, "Ägidius", kind=None)


def test_what_comes_in_is_found_and_what_goes_is_not(indexed: IndexFollower, index: SearchIndex) -> None:
    indexed.build()
    send(indexed, body("one", salesRepName="Quentin"))
    assert found(index, "quentin") == [f"{ACCOUNT}#one"]
    send(indexed, body("one", version=2, salesRepName="Rosalind"))
    assert (found(index, "quentin"), found(index, "rosalind")) == ([], [f"{ACCOUNT}#one"])
    send(indexed, body("one", version=3, action="DELETE"))
    assert found(index, "rosalind") == []


def test_many_are_followed_too(indexed: IndexFollower, index: SearchIndex) -> None:
    indexed.build()
    list(indexed.many(body(f"k{number}") for number in range(5)))
    assert indexed.caught_up()
    assert len(found(index, "account")) == 5


def test_following_comes_to_the_same_as_building_anew(indexed: IndexFollower, index: SearchIndex) -> None:
    indexed.build()
    for number in range(4):
        send(indexed, body(f"k{number}", salesRepName=f"Rep {number}"))
    words = ("account", "rep", "k2", "söhne", "k3 partner")
    followed = [set(found(index, word, kind=None)) for word in words]
    index.discard()
    assert indexed.build()
    assert [set(found(index, word, kind=None)) for word in words] == followed


def test_what_else_writes_throws_the_index_away(
    indexed: IndexFollower, index: SearchIndex, store: EmbeddedStore
) -> None:
    indexed.build()
    with indexed.alone():
        store.load(b'<urn:new> <http://www.w3.org/2000/01/rdf-schema#label> "Zanzibar" .\n')
    assert not index.ready
    assert indexed.build()
    assert found(index, "zanzibar", kind=None) == ["urn:new"]


def test_a_graph_without_rules_is_searched_by_its_labels(
    store: EmbeddedStore, indexed: IndexFollower, index: SearchIndex
) -> None:
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    lines = [
        f'<http://e.org/a> <{label}> "Alpha"@en .',
        '<http://e.org/b> <http://e.org/productCode> "B-77" .',
        '<http://e.org/c> <http://e.org/weight> "12" .',
        f'_:nameless <{label}> "Nobody" .',
    ]
    store.load("\n".join(lines).encode())
    indexed.build()
    assert found(index, "alpha", kind=None) == ["http://e.org/a"]
    assert found(index, "b 77", kind=None) == ["http://e.org/b"]
    assert (found(index, "12", kind=None), found(index, "nobody", kind=None)) == ([], [])


def test_a_label_with_quotes_and_line_ends_is_text(indexed: IndexFollower, index: SearchIndex) -> None:
    indexed.build()
    send(indexed, body("one", salesRepName='O"Hara\n\t<b>x</b>'))
    (hit,) = index.find("hara", kind=ACCOUNT).hits
    assert hit.texts == ('O"Hara <b>x</b>',)


def test_after_a_broken_end_the_index_is_built_anew(
    store: EmbeddedStore, knowledge: Knowledge, indexed: IndexFollower, index: SearchIndex
) -> None:
    assert indexed.build()
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    IndexFollower(ingest, store, knowledge.workspace.layout, index)
    assert not index.ready
    ingest.close()


@pytest.mark.parametrize("end", [IndexFollower.close, IndexFollower.give_up])
def test_building_is_given_up_when_the_service_ends(
    indexed: IndexFollower, index: SearchIndex, store: EmbeddedStore, end: Callable[[IndexFollower], None]
) -> None:
    send(indexed, body("one"))
    building = threading.Thread(target=indexed.build)
    building.start()
    end(indexed)
    building.join(timeout=10)
    assert not indexed.build()
    assert not building.is_alive()
    assert not list(index.path.parent.glob(".index-*"))
    assert store.count() > 0


def test_what_records_share_is_found_for_as_long_as_one_of_them_has_it(
    indexed: IndexFollower, index: SearchIndex
) -> None:
    indexed.build()
    shared = {"customerStatus": status("07", "Zanzibari")}
    send(indexed, body("one", **shared), body("two", **shared))
    assert len(found(index, "zanzibari", kind=None)) == 3
    send(indexed, body("one", version=2, action="DELETE", **shared))
    assert len(found(index, "zanzibari", kind=None)) == 2
    send(indexed, body("two", version=2, action="DELETE", **shared))
    assert found(index, "zanzibari", kind=None) == []
    send(indexed, body("three", **shared))  # in the words of those that are gone
    assert len(found(index, "zanzibari", kind=None)) == 2


def test_news_is_found_as_when_the_store_is_asked(
    indexed: IndexFollower, store: EmbeddedStore, knowledge: Knowledge
) -> None:
    shared = {"customerStatus": status("07", "Zanzibari")}
    news = {}
    for key in ("one", "two"):
        taken = indexed(body(key, **shared))
        assert taken.news is not None
        news[taken.document or ""] = NewRecord.of(taken.news)
    entries = DocumentReader(store, knowledge.workspace.layout)
    (one, two), asked = entries.of(news), entries.of(dict.fromkeys(news))
    assert one.entries == asked[0].entries
    mine = [each for each in asked[1].entries if each.iri.endswith("07")]
    assert {*two.entries, *mine} == set(asked[1].entries)
    assert len(mine) == 1
    assert set(one.things) == set(asked[0].things)


def test_texts_of_blank_nodes_are_not_searched(store: EmbeddedStore, knowledge: Knowledge) -> None:
    document, label = f"{ACCOUNT}/one", "<http://www.w3.org/2000/01/rdf-schema#label>"
    asserted = f'<{ACCOUNT}#one> {label} "Account one" .\n_:b <urn:name> "Nobody" .\n'
    store.load(asserted.replace(" .\n", f" <{document}> .\n").encode() + asserted.encode())
    news = NewRecord.of(ValidatedRecord(row=1, asserted=asserted))
    for each in (news, None):
        ((entry,),) = (
            found.entries for found in DocumentReader(store, knowledge.workspace.layout).of({document: each})
        )
        assert (entry.names, entry.parts) == (("Account one",), ())


def test_what_has_a_record_of_its_own_keeps_what_that_says(indexed: IndexFollower, index: SearchIndex) -> None:
    indexed.build()
    send(indexed, body("one", salesRepName="Quentin"))
    named = status("07", "Account one") | {"iri": f"{ACCOUNT}#one"}
    send(indexed, body("two", customerStatus=named))
    assert found(index, "quentin") == [f"{ACCOUNT}#one"]
    send(indexed, body("two", version=2, action="DELETE"))
    assert found(index, "quentin") == [f"{ACCOUNT}#one"]
