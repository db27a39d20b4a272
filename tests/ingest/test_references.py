"""References across records: of one input, of several, and of the store, in any order of loading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphmap.ingest.check import InputCheck, check_files, check_store
from graphmap.ingest.load import Ingestor, load_files
from graphmap.provenance import now
from graphmap.store import EmbeddedStore
from graphmap.validation.report import Report
from tests.ingest import worlds
from tests.ingest.worlds import World


@pytest.fixture(params=worlds.SEEDS)
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> World:
    return worlds.shop(tmp_path / "shop", request.param)


def owners(world: World, *keys: int) -> str:
    return world.table("owners.csv", ["id", "label", "since"], [[key, f"o{key}", "2020-01-02"] for key in keys])


def things(world: World, *pairs: tuple[int, object]) -> str:
    return world.table("things.csv", ["number", "owner", "state"], [[key, owner, "new"] for key, owner in pairs])


def validated(world: World, *names: str) -> list[tuple[int | None, str | None]]:
    knowledge = world.knowledge()
    gathering = InputCheck(knowledge.engine)
    check_files(names, knowledge, gathering)
    return [(each.row, each.value) for each in gathering.report().findings]


def loaded(world: World, store: EmbeddedStore, name: str) -> Report:
    return load_files([name], world.knowledge(), store, moment=now()).report


def noted(world: World, store: EmbeddedStore) -> list[str | None]:
    graph = f"<{world.base}graph/reports>"
    query = f"SELECT ?v {{ GRAPH {graph} {{ ?f <http://www.w3.org/ns/shacl#value> ?v }} }}"
    return [value for (value,) in store.select(query)]


def test_a_reference_is_looked_for_in_all_files_of_an_input_whatever_their_order(shop: World) -> None:
    files = [owners(shop, 1, 2), things(shop, (1, 1), (2, 9), (3, ""), (4, 2))]
    lost = [(2, f"<{shop.iri('Owner', 9)}>")]
    assert validated(shop, *files) == validated(shop, *reversed(files)) == lost


def test_a_reference_to_a_record_of_another_class_dangles(shop: World) -> None:
    file = shop.root / "mappings" / "things.ttl"
    n = shop.names
    text = file.read_text().replace(f"{n['Owner']}#{{{n['owner']}}}", f"{n['Thing']}#{{{n['owner']}}}")
    file.write_text(text)
    assert validated(shop, things(shop, (1, 2), (2, 1))) == [
        (1, f"<{shop.iri('Thing', 2)}>"),
        (2, f"<{shop.iri('Thing', 1)}>"),
    ]


def test_a_record_whose_target_is_not_there_yet_is_stored_with_a_finding_that_goes_when_it_comes(
    shop: World, store: EmbeddedStore
) -> None:
    report = loaded(shop, store, things(shop, (1, 1), (2, 2)))
    assert [each.row for each in report.findings] == [1, 2]
    assert sorted(map(str, noted(shop, store))) == [f"<{shop.iri('Owner', 1)}>", f"<{shop.iri('Owner', 2)}>"]
    assert not list(loaded(shop, store, owners(shop, 1)).findings)
    assert noted(shop, store) == [f"<{shop.iri('Owner', 2)}>"]
    loaded(shop, store, things(shop, (2, 1)))
    assert noted(shop, store) == []


def test_targets_that_are_in_the_store_before_give_no_finding(shop: World, store: EmbeddedStore) -> None:
    loaded(shop, store, owners(shop, 1))
    assert not list(loaded(shop, store, things(shop, (1, 1))).findings)


def test_a_record_with_another_violation_is_set_aside_and_its_reference_reported(
    shop: World, store: EmbeddedStore
) -> None:
    name = shop.table("things.csv", ["number", "owner", "state"], [[1, 9, "broken"]])
    components = {each.component for each in loaded(shop, store, name).findings}
    assert components == {"InConstraintComponent", "ClassConstraintComponent"}
    assert noted(shop, store) == ['"broken"']


def test_the_records_of_a_store_are_checked_for_what_they_refer_to(shop: World, store: EmbeddedStore) -> None:
    loaded(shop, store, owners(shop, 1))
    loaded(shop, store, things(shop, (1, 1), (2, 9)))
    knowledge = shop.knowledge()
    gathering = InputCheck(knowledge.engine)
    check_store(store, knowledge, gathering)
    assert [each.value for each in gathering.report().findings] == [f"<{shop.iri('Owner', 9)}>"]


@pytest.mark.parametrize("seed", worlds.SEEDS)
def test_documents_that_are_sent_one_by_one_may_refer_to_later_ones(
    tmp_path: Path, store: EmbeddedStore, seed: int
) -> None:
    feed = worlds.feed(tmp_path / "feed", seed)
    n = feed.names
    ingest = Ingestor(store, feed.knowledge())
    first = ingest(json.dumps({n["key"]: "a", n["title"]: "A", n["related"]: "b"}).encode())
    assert (first.outcome, first.report["conforms"]) == ("stored", False)
    assert noted(feed, store) == [f"<{feed.iri('Entry', 'b')}>"]
    second = ingest(json.dumps({n["key"]: "b", n["title"]: "B", n["related"]: "a"}).encode())
    assert (second.outcome, second.report["conforms"]) == ("stored", True)
    assert noted(feed, store) == []
    ingest.close()
