from __future__ import annotations

import stat
from pathlib import Path

import pytest

from graphmap.errors import StoreError
from graphmap.store.search_index import Entry, SearchIndex, fold, write_index

ACCOUNT, COUNTRY = "urn:Account", "urn:Country"
ENTRIES = (
    Entry(
        iri="urn:1", label="Erp-510001::7100", kinds=(ACCOUNT,), names=("510001",), parts=("Kauri Rise Ltd", "Ōtara")
    ),
    Entry(iri="urn:2", label="Müßiggang", kinds=("urn:Partner",), home="urn:doc"),
    Entry(iri="urn:3", label="Kauri", kinds=(COUNTRY,)),
    Entry(iri="urn:4", label="桜 Sakura", kinds=(ACCOUNT,), parts=("a<script>alert(1)</script>",)),
)


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    write_index(tmp_path / "search.db", ENTRIES)
    return SearchIndex(tmp_path / "search.db")


def iris(index: SearchIndex, text: str, kind: str | None = None) -> list[str]:
    return [hit.iri for hit in index.find(text, kind=kind).hits]


@pytest.mark.parametrize("text", ["Müßiggang", "mussiggang", "MUESSIGGANG", "müssig", "muessig"])
def test_umlauts_and_case_make_no_difference(index: SearchIndex, text: str) -> None:
    assert iris(index, text) == ["urn:2"]


@pytest.mark.parametrize("text", ["510001", "5100", "erp-510001::7100", "7100", "otara", "rise kauri", "桜"])
def test_codes_beginnings_and_words_in_any_order_are_found(index: SearchIndex, text: str) -> None:
    assert len(iris(index, text)) == 1


def test_a_label_comes_before_what_is_embedded(index: SearchIndex) -> None:
    assert iris(index, "kauri") == ["urn:3", "urn:1"]


def test_a_hit_says_where_the_words_stand(index: SearchIndex) -> None:
    (hit,) = index.find("kauri", kind=ACCOUNT).hits
    assert hit.texts == ("Kauri Rise Ltd",)


def test_kinds_are_counted_and_filter(index: SearchIndex) -> None:
    found = index.find("kauri", kind=ACCOUNT)
    assert found.kinds == {ACCOUNT: 1, COUNTRY: 1}
    assert [hit.iri for hit in found.hits] == ["urn:1"]
    assert found.total == 1


@pytest.mark.parametrize(
    "text", ["", "   ", '"', '" OR *', "nothing", "-", "NEAR(", "label:", "x" * 190, "\0", "a b c d" * 40]
)
def test_what_is_no_word_of_any_thing_finds_nothing_and_breaks_nothing(index: SearchIndex, text: str) -> None:
    assert index.find(text).total == 0


def test_pages_follow_one_another(tmp_path: Path) -> None:
    write_index(tmp_path / "many.db", (Entry(iri=f"urn:{n}", label=f"thing {n}") for n in range(6_000)))
    index = SearchIndex(tmp_path / "many.db")
    first, second = index.find("thing", limit=5), index.find("thing", limit=5, offset=5)
    assert not {hit.iri for hit in first.hits} & {hit.iri for hit in second.hits}
    assert (first.exact, first.total) == (False, 5_000)
    assert index.find("thing 4321").hits[0].iri == "urn:4321"


def test_what_a_document_lets_be_found_is_replaced_as_a_whole(index: SearchIndex) -> None:
    index.put("urn:doc", [Entry(iri="urn:5", label="Neu", home="urn:doc")])
    assert iris(index, "Müßiggang") == []
    assert iris(index, "neu") == ["urn:5"]
    index.put("urn:doc", [], still_there={"urn:5": "urn:other"})
    index.put("urn:doc", [])
    assert iris(index, "neu") == ["urn:5"]
    index.put("urn:other", [])
    assert iris(index, "neu") == []


def test_without_an_index_nothing_is_found(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "none.db")
    assert not index.ready
    assert index.find("kauri").hits == ()


def test_an_index_that_was_thrown_away_is_gone(index: SearchIndex) -> None:
    index.discard()
    assert not index.path.exists()
    assert not index.ready


def test_who_begins_after_a_broken_end_begins_anew(index: SearchIndex) -> None:
    index.claim()
    index.release()
    index.claim()
    assert index.ready
    index.claim()
    assert not index.ready


def test_only_the_owner_can_read_the_names(index: SearchIndex) -> None:
    assert stat.S_IMODE(index.path.stat().st_mode) == 0o600


def test_a_damaged_index_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="search index"):
        SearchIndex(tmp_path / "bad.db").find("kauri")


def test_long_texts_and_many_of_them_stay_small(tmp_path: Path) -> None:
    entry = Entry(iri="urn:big", label="x" * 1_000_000, names=tuple(f"name{n} " * 1000 for n in range(5_000)))
    write_index(tmp_path / "big.db", [entry])
    assert (tmp_path / "big.db").stat().st_size < 2_000_000
    assert len(SearchIndex(tmp_path / "big.db").find("name1").hits[0].label) == 300


def test_folding_keeps_what_has_no_accent() -> None:
    assert fold("Straße ガ 12") == "strasse カ 12"
