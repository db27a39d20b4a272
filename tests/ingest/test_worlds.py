"""Records of other domains, from files to findings and back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from graphmap.errors import ConfigurationError, SourceError
from graphmap.ingest import load_mappings
from graphmap.ingest.admin.quarantine import QuarantineRetry, quarantined_records
from graphmap.ingest.check import InputCheck, check_files
from graphmap.ingest.lift import LiftRun, lift_files
from graphmap.ingest.load import load_files
from graphmap.provenance import now
from graphmap.store import EmbeddedStore
from graphmap.validation.report import Report
from graphmap.workspace import read_workspace
from tests.ingest import worlds
from tests.ingest.worlds import World


@pytest.fixture(params=worlds.SEEDS)
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> World:
    return worlds.shop(tmp_path / "shop", request.param)


@pytest.fixture(params=worlds.SEEDS)
def feed(tmp_path: Path, request: pytest.FixtureRequest) -> World:
    return worlds.feed(tmp_path / "feed", request.param)


def report_on(world: World, *names: str, source: str | None = None) -> Report:
    knowledge = world.knowledge()
    gathering = InputCheck(knowledge.engine)
    check_files(names, knowledge, gathering, source=source)
    return gathering.report()


def lifted(world: World, name: str, source: str | None = None) -> str:
    mappings = load_mappings(read_workspace(world.root), infer=False)
    return b"".join(lift_files([name], mappings, LiftRun(strict=True), source=source)).decode()


def test_a_table_may_lack_columns_and_have_others(shop: World) -> None:
    name = shop.table("more.csv", ["number", "owner", "colour"], [[7, 1, "red"]])
    report = report_on(shop, name, source="things")
    assert report.unread == {"/colour": 1}
    assert {each.pointer for each in report.findings} == {f"/{shop.names['owner']}", "/colour"}
    assert len(lifted(shop, name, "things").splitlines()) == 2


def test_a_required_column_that_is_lacking_is_a_finding_at_its_place(shop: World) -> None:
    name = shop.table("few.csv", ["id", "since"], [[7, "2020-01-02"]])
    (finding,) = report_on(shop, name, source="owners").findings
    assert (finding.component, finding.row, finding.pointer) == (
        "MinCountConstraintComponent",
        1,
        f"/{shop.names['label']}",
    )


def test_two_tables_are_told_apart_by_their_headers(shop: World) -> None:
    owners = shop.table("a.csv", ["id", "label", "since"], [[1, "Ann", "2020-13-01"]])
    things = shop.table("b.csv", ["number", "owner", "state"], [[1, 1, "broken"], [1, 1, "new"]])
    rules = {each.rule or each.source_shape for each in report_on(shop, owners, things).findings}
    assert {"things.key", f"<{shop.base}shapes/since>", f"<{shop.base}shapes/state>"} <= rules


def test_records_of_a_nested_feed_are_checked_at_their_places(feed: World) -> None:
    entries = [
        {"key": "a", "title": "A", "price": {"amount": 1.50}, "parts": [{"code": 1}]},
        {"key": "b", "price": {"amount": "x"}, "stray": 1},
        {"title": "keyless"},
        {"key": "a", "title": "again"},
        5,
    ]
    n = feed.names
    report = report_on(feed, feed.write("feed.json", worlds.document(feed, entries)))
    assert report.records == 5
    assert sorted((each.row or 0, each.pointer or "") for each in report.findings) == sorted([
        (1, f"/{n['key']}"),
        (2, f"/{n['price']}/{n['amount']}"),
        (2, f"/{n['title']}"),
        (2, "/stray"),
        (3, f"/{n['key']}"),
        (4, f"/{n['key']}"),
        (5, ""),
    ])  # fmt: skip
    assert report.unread == {"/stray": 1}


def test_a_nested_feed_is_lifted_as_its_mapping_says(feed: World) -> None:
    entries = [{"key": "a", "title": "A", "price": {"amount": 1.50}, "parts": [{"code": 1}, {"code": 2}]}]
    lines = lifted(feed, feed.write("feed.json", worlds.document(feed, entries)))
    assert f'<{feed.iri("Entry", "a")}> <{feed.base}{feed.names["amount"]}> "1.5"^^' in lines
    assert f"<{feed.iri('Part', 2)}>" in lines
    assert len(lines.splitlines()) == 5


def test_a_record_of_a_feed_is_stored_replaced_set_aside_and_tried_again(feed: World, store: EmbeddedStore) -> None:
    knowledge = feed.knowledge()

    def load(store: EmbeddedStore, *entries: object) -> dict[str, int]:
        name = feed.write("feed.json", worlds.document(feed, list(entries)))
        return dict(+load_files([name], knowledge, store, moment=now()).outcomes)

    good, bad = {"key": "a", "title": "A"}, {"key": "b"}
    assert load(store, good, bad) == {"stored": 1, "quarantined": 1}
    assert load(store, good) == {"unchanged": 1}
    assert load(store, {"key": "a", "title": "B"}) == {"stored": 1}
    ask = f"SELECT ?x {{ ?x <{feed.base}{feed.names['title']}> ?title }}"
    assert [row[0] for row in store.select(ask)] == [f"<{feed.iri('Entry', 'a')}>"]
    outcomes = [
        outcome
        for _, outcome in QuarantineRetry(store, knowledge, now()).retry(
            quarantined_records(store, knowledge.workspace.layout)
        )
    ]
    assert outcomes == ["quarantined"]
    store.close()


def test_an_iterator_that_the_mapping_does_not_have_is_refused(feed: World) -> None:
    file = feed.root / "graphmap.toml"
    text = "".join(line for line in file.read_text().splitlines(keepends=True) if not line.startswith("iterator"))
    file.write_text(text + 'iterator = "$.elsewhere[*]"\n')
    with pytest.raises(ConfigurationError, match="is not what its mappings iterate over"):
        feed.knowledge()


def test_a_source_of_another_kind_than_its_mapping_is_refused(feed: World) -> None:
    file = feed.root / "graphmap.toml"
    lines = [line for line in file.read_text().splitlines(keepends=True) if not line.startswith("iterator")]
    file.write_text("".join(lines).replace('"documents"', '"table"'))
    with pytest.raises(ConfigurationError, match="its mappings read documents"):
        feed.knowledge()


def test_a_header_that_fits_two_sources_names_them(shop: World) -> None:
    file = shop.root / "graphmap.toml"
    file.write_text(file.read_text() + '[sources.others]\nmappings = ["mappings/owners.ttl"]\n')
    name = shop.table("a.csv", ["id", "label", "since"], [[1, "Ann", "2020-01-01"]])
    with pytest.raises(SourceError, match="the header fits owners, others"):
        report_on(shop, name)
    file.write_text(file.read_text() + 'files = ["a*.csv"]\n')
    assert report_on(shop, name).records == 1


def test_a_table_in_parquet_gives_what_it_gives_as_text(shop: World) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq  # noqa: PLC0415  # after the look whether it is there

    n = shop.names
    out = io.BytesIO()
    pq.write_table(pa.table({n["number"]: [7, 8], n["owner"]: [1, None], n["state"]: ["new", "used"]}), out)
    rows = shop.table("things.csv", ["number", "owner", "state"], [[7, 1, "new"], [8, "", "used"]])
    assert lifted(shop, shop.write("things.parquet", out.getvalue()), "things") == lifted(shop, rows)
