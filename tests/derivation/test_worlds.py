"""Three worlds from their rules to findings, store and pages; a seed changes names, keys and nesting."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphmap.ingest import load_knowledge
from graphmap.ingest.check import InputCheck, check_store
from graphmap.ingest.load import load_files
from graphmap.provenance import now
from graphmap.rdf import iri_of, literal_parts
from graphmap.service.catalog.workspace_content import knowledge_of
from graphmap.store import EmbeddedStore
from graphmap.workspace import read_workspace
from tests.derivation.book_runs import report_on, written, written_later
from tests.derivation.people_world import people
from tests.derivation.random_books import Book
from tests.derivation.seeded_worlds import feed, shop
from tests.service.conftest import Server, services_over

SEEDS = [pytest.param(1, id="1"), pytest.param(2, id="2"), *(pytest.param(None, id=f"fresh {each}") for each in (1, 2))]
HTML = {"Accept": "text/html"}


@pytest.fixture(params=["shop", "feed", "people"])
def make(request: pytest.FixtureRequest) -> Callable[[int], Book]:
    if request.param == "people":
        folder = request.getfixturevalue("shared") / "cases" / "documents" / "linkml"
        return lambda seed: people(seed, folder)
    return shop if request.param == "shop" else feed


def loaded(inputs: list[str], root: Path) -> dict[str, int]:
    """Load inputs into the store of a world."""
    with closing(EmbeddedStore(root / "store")) as store:
        knowledge = load_knowledge(read_workspace(root))
        return dict(+load_files(inputs, knowledge, store, moment=now()).outcomes)


def left(root: Path) -> list[str | None]:
    """The rules that the store of a world breaks."""
    knowledge = load_knowledge(read_workspace(root))
    gathering = InputCheck(knowledge.engine)
    with closing(EmbeddedStore(root / "store")) as store:
        check_store(store, knowledge, gathering)
    return [each.rule for each in gathering.report().findings if each.severity == "Violation"]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planted_is_found_at_its_place(make: Callable[[int], Book], seed: int | None, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    book = make(seed)
    report = report_on(written(book, tmp_path / "world"), tmp_path / "world")
    expected = {
        (each.slug, name, each.row): each.pointer for name, source in book.sources.items() for each in source.broken
    }
    found = {(each.rule, Path(each.source or "").stem, each.row): each.pointer for each in report.findings}
    assert found.keys() == expected.keys(), f"seed {seed}"
    assert len(report.findings) == len(expected)
    assert [found[key] for key, place in expected.items() if place] == [place for place in expected.values() if place]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_what_breaks_a_rule_is_set_aside_and_a_link_waits_for_its_target(
    make: Callable[[int], Book], seed: int, tmp_path: Path
) -> None:
    book, root = make(seed), tmp_path / "world"
    broken = [(name, each) for name, source in book.sources.items() for each in source.broken]
    wrong = {(name, each.row) for name, each in broken if not each.slug.endswith(".class")}
    total = sum(len(source.records) for source in book.sources.values())
    assert loaded(written(book, root), root) == {"stored": total - len(wrong), "quarantined": len(wrong)}
    assert [str(rule).rpartition(".")[2] for rule in left(root)] == ["class"]
    assert loaded(written_later(book, root), root) == {"stored": 1}
    assert left(root) == []


def test_each_thing_and_its_class_have_a_page_with_the_values(make: Callable[[int], Book], tmp_path: Path) -> None:
    book, root = make(3), tmp_path / "world"
    loaded([*written(book, root), *written_later(book, root)], root)
    workspace = read_workspace(root)
    about: dict[str, Any] = {"layout": workspace.layout, "read_knowledge": lambda: knowledge_of(workspace)}
    with (
        closing(EmbeddedStore(root / "store")) as store,
        Server(services=services_over(store, tmp_path / "readers", **about)) as server,
        httpx.Client(base_url=server.address, timeout=20) as client,
    ):
        for thing, of in store.select("SELECT ?x ?class { ?x a ?class }"):
            page, of_class = (
                client.get("/resource", params={"iri": iri_of(str(each))}, headers=HTML) for each in (thing, of)
            )
            assert (page.status_code, of_class.status_code) == (200, 200)
            values = store.select(f"SELECT ?v {{ {thing} ?p ?v FILTER(isLiteral(?v)) }}")
            assert all(escape(literal_parts(str(value)).lexical) in page.text for (value,) in values)
