from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.errors import CallError, DeadlineError, GraphmapError, QueryError
from graphmap.store import Dataset, EmbeddedStore, Pool, WorkerLimits, parse_query
from graphmap.store.sparql.update import ClosedGraphError, GraphAccess, operations, with_dataset
from graphmap.store.workers.update_rehearsal import Updates

BASE = "https://schema.limbergraph.com/"
ACCESS = GraphAccess(base=BASE, open_below=f"{BASE}graphs/")
TRIPLE = "<urn:s> <urn:p> <urn:o>"
ENDLESS = """INSERT { GRAPH <urn:g> { ?a ?b ?n } } WHERE { { SELECT (COUNT(*) AS ?n) { GRAPH <urn:old>
  { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o } } } }"""
PREFIX = f"PREFIX g: <{BASE}graph/>"


def written(text: str) -> list[str | None]:
    return [graph for operation in operations(parse_query(text).text) for graph in operation.writes()]


def check_all(text: str) -> None:
    for graph in written(text):
        ACCESS.check(graph)


@pytest.mark.parametrize(
    ("text", "graphs"),
    [
        (f"INSERT DATA {{ GRAPH <urn:g> {{ {TRIPLE} }} }}", ["urn:g"]),
        (f"{PREFIX} DELETE DATA {{ GRAPH g:reports {{ {TRIPLE} }} }}", [f"{BASE}graph/reports"]),
        ("INSERT DATA { GRAPH <urn:\\u0067> { [] <urn:p> 1 } }", ["urn:g"]),
        ("INSERT { GRAPH <urn:a> { ?s <urn:p> 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }", ["urn:a"]),
        ("DELETE WHERE { GRAPH <urn:a> { ?s ?p ?o } }", ["urn:a"]),
        ("CLEAR GRAPH <urn:a> ; DROP SILENT GRAPH <urn:b>", ["urn:a", "urn:b"]),
        ("COPY <urn:a> TO GRAPH <urn:b>", ["urn:a", "urn:b"]),
        ("MOVE DEFAULT TO <urn:b>", ["urn:b", None]),
    ],
)
def test_the_graphs_that_an_update_writes_to_are_told_from_its_text(text: str, graphs: list[str | None]) -> None:
    assert written(text) == graphs


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ {TRIPLE} }}",
        f"INSERT DATA {{ GRAPH <urn:g> {{ {TRIPLE} }} {TRIPLE} }}",
        "INSERT DATA { [] <urn:p> 1 }",
        "INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"WITH <{BASE}graph/reports> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        f"WITH <{BASE}limber/CustomerAccount/1> INSERT {{ ?s ?p 1 }} WHERE {{ ?s ?p ?o }}",
        "CLEAR ALL",
        "DROP NAMED",
        "CLEAR DEFAULT",
        f"COPY <urn:a> TO <{BASE}graph/provenance>",
        f"MOVE <{BASE}graph/provenance> TO <urn:a>",
        f"INSERT DATA {{ GRAPH <{BASE}graphs/../graph/reports> {{ {TRIPLE} }} }}",
        f"INSERT DATA {{ GRAPH <graph/reports> {{ {TRIPLE} }} }}",
        f"INSERT DATA {{ GRAPH <urn:g> {{ {TRIPLE} }} }} ; CLEAR DEFAULT",
        "PREFIX g: <https://schema.limbergraph.com/gra> CREATE GRAPH g:ph\\/reports",
        "INSERT { << ?s ?p ?o >> <urn:q> 1 } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_of_a_graph_that_ingest_keeps_is_refused(text: str) -> None:
    with pytest.raises(ClosedGraphError):
        check_all(text)


def test_graphs_of_others_and_below_graphs_are_open() -> None:
    for graph in ("urn:mine", f"{BASE}graphs/mine"):
        ACCESS.check(graph)
    GraphAccess(base=BASE, open_below=BASE, all_open=True).check(None)
    assert not ACCESS.all_open


def test_the_dataset_of_a_request_becomes_using_clauses() -> None:
    dataset = Dataset(default_graphs=("urn:a",), named_graphs=("urn:b",))
    insert = with_dataset("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", dataset)
    assert insert == "INSERT { ?s ?p 1 }  USING <urn:a> USING NAMED <urn:b> WHERE { ?s ?p ?o }"
    delete = with_dataset("INSERT DATA { } ; DELETE WHERE { ?s ?p ?o }", dataset)
    assert delete.endswith("DELETE { ?s ?p ?o } USING <urn:a> USING NAMED <urn:b> WHERE { ?s ?p ?o }")
    with pytest.raises(CallError):
        with_dataset("INSERT { ?s ?p 1 } USING <urn:x> WHERE { ?s ?p ?o }", dataset)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "db")
    opened.load("".join(f'<urn:s{i}> <urn:p> "{i}" <urn:old> .\n' for i in range(300)).encode())
    yield opened
    opened.close()


def run(store: EmbeddedStore, folder: Path, *texts: str, all_open: bool = False) -> None:
    async def running() -> None:
        pool = Pool(store=store, folder=folder / "readers", limits=WorkerLimits(timeout_s=2), size=1)
        access = GraphAccess(base=BASE, open_below=f"{BASE}graphs/", all_open=all_open)
        try:
            for text in texts:
                await Updates(store=store, pool=pool, access=access).run(parse_query(text), base=BASE)
        finally:
            await pool.aclose()

    asyncio.run(running())


def test_an_update_that_was_rehearsed_is_run(store: EmbeddedStore, tmp_path: Path) -> None:
    run(
        store, tmp_path, f"INSERT DATA {{ GRAPH <urn:g> {{ {TRIPLE} }} }}", "DELETE WHERE { GRAPH <urn:old> {?s ?p 1} }"
    )
    assert store.count("<urn:g>") == 1
    assert list((tmp_path / "readers").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("INSERT { GRAPH <urn:g> { ?s ?p", QueryError),
        (f"INSERT DATA {{ GRAPH <urn:g> {{ {TRIPLE} }} }} ; NONSENSE", QueryError),
        (f"INSERT DATA {{ GRAPH <urn:g> {{ {TRIPLE} }} }} ; CLEAR GRAPH <urn:not-there>", GraphmapError),
        (ENDLESS, DeadlineError),
    ],
)
def test_an_update_that_fails_its_rehearsal_changes_nothing(
    store: EmbeddedStore, tmp_path: Path, text: str, kind: type[GraphmapError]
) -> None:
    with pytest.raises(kind):
        run(store, tmp_path, text)
    assert store.count("<urn:g>") == 0
    assert store.count("<urn:old>") == 300


def test_all_graphs_can_be_opened(store: EmbeddedStore, tmp_path: Path) -> None:
    run(store, tmp_path, "CLEAR ALL", f"INSERT DATA {{ {TRIPLE} }}", all_open=True)
    assert store.count() == 1
    assert store.count("<urn:old>") == 0


def test_a_graph_that_plays_the_default_graph_is_closed_like_it() -> None:
    access = GraphAccess(base=BASE, open_below=f"{BASE}graphs/", default_graph="urn:default")
    access.check("urn:mine")
    with pytest.raises(ClosedGraphError, match="default graph"):
        access.check("urn:default")
