"""A workspace that keeps its data on another server, used as a person would."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from graphmap.store import Endpoint
from tests.cli.conftest import Call
from tests.cli.servers import process_of, running
from tests.ingest.builders import BASE, envelope, envelopes_file
from tests.store.servers import Server, fuseki, virtuoso
from tests.store.sparql_server import serving

Serve = Callable[[], httpx.Client]
LABEL_QUERY = "SELECT ?s { ?s a <https://schema.limbergraph.com/limber/CustomerAccount> } ORDER BY ?s"
WRITTEN_AT_LOAD = (f"<{BASE}graph/provenance>", f"<{BASE}graph/reports>")


def configure(folder: Path, endpoint: Endpoint, **more: object) -> None:
    """Write into `graphmap.toml` that the data are elsewhere."""
    settings = {
        "kind": "remote",
        "query": endpoint.query,
        "update": endpoint.update,
        "graphs": endpoint.graphs,
        "default_graph": endpoint.default_graph,
        "update_statements": endpoint.update_statements,
        "split": endpoint.split,
        **more,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items() if value is not None]
    file = folder / "graphmap.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[store]\n", "\n".join(["[store]", *lines, ""])), encoding="utf-8")


@pytest.fixture(scope="module")
def fuseki_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with fuseki(tmp_path_factory.mktemp("fuseki") / "here") as server:
        yield server


@pytest.fixture
def virtuoso_server(tmp_path: Path) -> Iterator[Server]:
    with virtuoso(tmp_path / "virtuoso") as server:
        yield server


@pytest.fixture(
    params=[
        "protocol",
        pytest.param("fuseki", marks=pytest.mark.remote),
        pytest.param("virtuoso", marks=pytest.mark.remote),
    ]
)
def endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    if request.param == "protocol":
        with serving() as own:
            yield own.endpoint()
    else:
        server: Server = request.getfixturevalue(f"{request.param}_server")
        server.clear()
        yield server.endpoint


@pytest.fixture
def elsewhere(workspace: Path, endpoint: Endpoint) -> Path:
    configure(workspace, endpoint)
    return workspace


def lines_of(call: Call) -> set[str]:
    """The quads of knowledge and of records, schema and reports left out."""
    dumped = call("store", "dump").out.splitlines()
    return {
        line for line in dumped if line.startswith(f"<{BASE}") and not line.removesuffix(" .").endswith(WRITTEN_AT_LOAD)
    }


def names(client: httpx.Client) -> list[str]:
    answer = client.get("/sparql", params={"query": LABEL_QUERY}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.text.split()[1:]


def test_what_is_loaded_elsewhere_is_what_is_loaded_here(workspace: Path, endpoint: Endpoint, call: Call) -> None:
    samples = sorted((workspace / "samples").iterdir())
    assert call("load", *samples).status == 0
    here, rows = lines_of(call), call("query", "accounts-by-status", "--format", "csv").out
    configure(workspace, endpoint)
    assert call("load", *samples).status == 0
    assert lines_of(call) == here
    assert sorted(call("query", "accounts-by-status", "--format", "csv").out.split()) == sorted(rows.split())
    assert call("load", *samples).out.strip() == "37 unchanged"


def test_the_store_is_looked_after_from_here(elsewhere: Path, call: Call) -> None:
    records = [envelope("one"), envelope("two"), envelope("bad", accountCode=[])]
    assert call("load", envelopes_file(elsewhere / "first.jsonl", records)).status == 1
    assert call("load", envelopes_file(elsewhere / "second.jsonl", [envelope("one", version=2)])).status == 0
    assert "records stored from customer-account │ 2" in call("store", "stats").out
    assert call("store", "verify").out.strip() == "no faults found"
    history = call("store", "history", f"{BASE}limber/CustomerAccount#one").out
    assert history.count("stored") == 2
    assert "bad" in call("quarantine", "list").out
    erased = call("erase", f"{BASE}limber/CustomerAccount#one")
    assert erased.status == 0
    assert "may still hold its texts" in erased.err
    assert "CustomerAccount#one" not in call("query", "-q", LABEL_QUERY, "--format", "csv").out
    assert call("store", "verify").out.strip() == "no faults found"


def test_a_load_in_stages_goes_straight_to_the_server(elsewhere: Path, call: Call) -> None:
    file = envelopes_file(elsewhere / "many.jsonl", [envelope(f"n{number}") for number in range(30)])
    assert call("load", file, "--in-stages").out.strip() == "30 stored"
    assert call("load", file, "--in-stages").out.strip() == "30 unchanged"
    assert call("store", "verify").out.strip() == "no faults found"


def test_a_served_workspace_takes_records_in_and_finds_them_after_a_restart(elsewhere: Path, call: Call) -> None:
    assert call("load", envelopes_file(elsewhere / "first.jsonl", [envelope("one")])).status == 0
    with running(elsewhere) as client:
        assert client.post("/records", json=envelope("two")).json()["outcome"] == "stored"
        assert names(client) == [f"{BASE}limber/CustomerAccount#{key}" for key in ("one", "two")]
        assert client.post("/records", json=envelope("two")).json()["outcome"] == "unchanged"
        seen = client.get(
            "/resource", params={"iri": f"{BASE}limber/CustomerAccount#two"}, headers={"Accept": "text/turtle"}
        )
        assert '"ErpNord-two"' in seen.text
        update = f'INSERT DATA {{ GRAPH <{BASE}graphs/mine> {{ <urn:a> <urn:b> "c" }} }}'
        assert client.post("/sparql", data={"update": update}).status_code in (200, 204)
        mine = client.get(
            "/graphs", params={"graph": f"{BASE}graphs/mine"}, headers={"Accept": "application/n-triples"}
        )
        assert mine.text.strip() == '<urn:a> <urn:b> "c" .'
        closed = client.post("/sparql", data={"update": 'INSERT DATA { <urn:a> <urn:b> "c" }'})
        assert closed.status_code == 403
        assert client.get("/sparql", params={"query": "SELECT oops"}).status_code == 400
        assert "records stored from customer-account │ 2" in call("store", "stats").out
    with running(elsewhere) as client:
        assert len(names(client)) == 2
        assert client.post("/records", json=envelope("two", version=0)).json()["outcome"] == "stale"
    assert call("store", "verify").out.strip() == "no faults found"


def test_what_was_acknowledged_outlives_a_kill(elsewhere: Path, call: Call) -> None:
    with running(elsewhere) as client:
        for number in range(5):
            assert client.post("/records", json=envelope(f"n{number}")).json()["outcome"] == "stored"
        os.kill(process_of(elsewhere), signal.SIGKILL)
    with running(elsewhere) as client:
        assert len(names(client)) == 5
        assert client.post("/records", json=envelope("n4")).json()["outcome"] == "unchanged"
    assert call("store", "verify").out.strip() == "no faults found"


@pytest.mark.remote
def test_what_the_journal_holds_goes_to_a_server_that_is_back(
    workspace: Path, fuseki_server: Server, call: Call
) -> None:
    fuseki_server.clear()
    configure(workspace, fuseki_server.endpoint)
    with running(workspace) as client:
        assert client.post("/records", json=envelope("one")).json()["outcome"] == "stored"
        fuseki_server.stop()
        assert client.post("/records", json=envelope("two")).status_code >= 500
        os.kill(process_of(workspace), signal.SIGKILL)
    fuseki_server.start()
    assert "records stored from customer-account │ 2" in call("store", "stats").out
    assert call("store", "verify").out.strip() == "no faults found"


@pytest.mark.remote
def test_a_server_that_was_away_is_found_again(workspace: Path, fuseki_server: Server, call: Call) -> None:
    fuseki_server.clear()
    configure(workspace, fuseki_server.endpoint)
    with running(workspace) as client:
        assert client.post("/records", json=envelope("one")).json()["outcome"] == "stored"
        fuseki_server.stop()
        assert client.post("/records", json=envelope("two")).status_code >= 500
        assert client.get("/sparql", params={"query": LABEL_QUERY}).status_code >= 500
        assert client.get("/readyz").status_code == 503
        assert client.get("/metrics").status_code == 200
        fuseki_server.start()
        assert client.post("/records", json=envelope("two")).json()["outcome"] == "stored"
        assert len(names(client)) == 2
    assert call("store", "verify").out.strip() == "no faults found"


def test_a_query_without_end_is_answered_at_its_deadline(elsewhere: Path, call: Call) -> None:
    file = elsewhere / "graphmap.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("query_deadline_s = 10", "query_deadline_s = 1"), encoding="utf-8"
    )
    call("load", envelopes_file(elsewhere / "some.jsonl", [envelope(f"n{number}") for number in range(10)]))
    begun = time.monotonic()
    ended = call("query", "-q", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    assert ended.status == 3
    assert "time for the query was up" in ended.err
    assert time.monotonic() - begun < 10


@pytest.mark.usefixtures("elsewhere")
def test_what_only_a_store_of_our_own_can_do_is_refused_by_name(call: Call, tmp_path: Path) -> None:
    assert "SPARQL has no word" in call("store", "optimize").err
    assert "another server" in call("store", "restore", tmp_path).err


def test_a_backup_of_another_servers_data_is_a_store_of_our_own(elsewhere: Path, call: Call, tmp_path: Path) -> None:
    assert call("load", envelopes_file(elsewhere / "first.jsonl", [envelope("one")])).status == 0
    assert call("store", "backup", tmp_path / "backup").status == 0
    here = lines_of(call)
    file = elsewhere / "graphmap.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('kind = "remote"', 'kind = "embedded"'), encoding="utf-8")
    assert "is not a setting" in call("store", "stats").err
    kept = "\n".join(line for line in file.read_text(encoding="utf-8").split("\n") if "http://127" not in line)
    for name in ("default_graph", "update_statements", "split"):
        kept = "\n".join(line for line in kept.split("\n") if not line.startswith(name))
    file.write_text(kept, encoding="utf-8")
    assert call("store", "restore", tmp_path / "backup").status == 0
    assert lines_of(call) == here
