"""Real clients against a running server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.servers import running
from tests.service.clients import (
    COMUNICA,
    HTTP_CLIENT,
    LDKIT,
    NODE_MODULES,
    PYSHACL,
    PYTHON,
    STORE,
    WRAPPER,
    needs_java,
    needs_node,
    needs_python,
    run,
    run_java,
)
from tests.service.conftest import QUADS, TOKEN

LABELS = {"Hütte & <Söhne>", "New Zealand"}
RESULTS = "application/sparql-results+"
OF_TABLES = {"json": f"{RESULTS}json", "xml": f"{RESULTS}xml", "csv": "text/csv", "tsv": "text/tab-separated-values"}
OF_GRAPHS = {
    **dict.fromkeys(("xml", "rdf", "rdf+xml"), "application/rdf+xml"),
    **dict.fromkeys(("json", "json-ld"), "application/ld+json"),
}
"""What SPARQLWrapper gets where it asks for a format by name; for what a query has no form of, it accepts anything."""

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """`graphmap serve` itself, whose graphs are open; its address and a token."""
    workspace = tmp_path_factory.mktemp("clients") / "workspace"
    subprocess.run([Path(sys.executable).parent / "graphmap", "init", workspace], check=True, capture_output=True)  # noqa: S603  # our own command
    with (workspace / "graphmap.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[service]\nopen_graphs = true\n")
    triples = "".join(line for line in QUADS.splitlines(keepends=True) if "/graph/" not in line)
    with running(workspace) as client:
        headers = {"Content-Type": "application/n-quads"}
        client.post("/graphs?default", content=triples.encode(), headers=headers).raise_for_status()
        yield str(client.base_url).rstrip("/"), client.headers["authorization"].removeprefix("Bearer ")


@needs_java
def test_the_connection_of_jena_asks_updates_and_writes_graphs_by_the_client_of_java(served: tuple[str, str]) -> None:
    assert run_java("JenaClient.java", *served) == {
        **dict.fromkeys(("select", "ask", "construct", "describe", "put", "deleted"), True),
        "updated": 3,
        "posted": 3,
    }


@needs_java
def test_the_repository_of_rdf4j_asks_and_updates_with_a_token(served: tuple[str, str]) -> None:
    answer = run_java("Rdf4jClient.java", *served)
    assert answer.pop("updated") == 2
    assert answer == dict.fromkeys(("select", "ask", "construct", "describe", "dropped"), True)


@needs_node
def test_ldkit_reads_and_writes_things(served: tuple[str, str]) -> None:
    answer = run(["node", "-e"], LDKIT, *served, folder=NODE_MODULES.parent)
    assert set(answer.pop("labels")) >= LABELS
    assert answer == {"made": "Hütte", "changed": "Söhne", "left": 0}


@needs_python
def test_the_stores_of_rdflib_read_and_write(address: str) -> None:
    answer = run([str(PYTHON), "-c"], STORE, address, TOKEN)
    assert set(answer["labels"]) >= LABELS
    assert (answer["found"], answer["left"]) == (1, 0)


@needs_python
def test_sparql_wrapper_gets_every_format_that_it_knows_for_every_form(served: tuple[str, str]) -> None:
    answer = run([str(PYTHON), "-c"], WRAPPER, *served)
    assert answer.pop("update") == 204
    assert len(answer) == 4 * 2 * 9
    for asked, kind in answer.items():
        form, _, name = asked.split()
        if form == "ask" and name in ("csv", "tsv"):
            assert kind == "406", asked  # defined for SELECT alone, and the client accepts nothing else
        elif form in ("ask", "select"):
            assert kind == OF_TABLES.get(name, f"{RESULTS}json"), asked
        else:
            assert kind == OF_GRAPHS.get(name, "text/turtle"), asked


@needs_python
def test_pyshacl_reads_a_graph_from_its_address(address: str) -> None:
    assert run([str(PYTHON), "-c"], PYSHACL, address, TOKEN) == {"conforms": True}


@needs_node
def test_comunica_queries_the_endpoint_a_document_and_the_description(address: str) -> None:
    answer = run(["node", "-e"], COMUNICA, address, TOKEN, folder=NODE_MODULES.parent)
    assert set(answer["endpoint"]) >= LABELS
    assert set(answer["document"]) >= LABELS
    assert answer["found"] == [f"{address}/sparql"]


@needs_node
def test_sparql_http_client_queries_updates_and_reads_graphs(address: str) -> None:
    answer = run(["node", "-e"], HTTP_CLIENT, address, TOKEN, folder=NODE_MODULES.parent)
    assert answer["rows"] >= 2
    assert answer["graph"] == 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_asks_by_get_by_form_and_directly(address: str) -> None:
    ask = ["-H", "Accept: text/csv", f"{address}/sparql"]
    for way in (
        ["-G", "--data-urlencode", "query=SELECT (1 AS ?n) {}"],
        ["--data-urlencode", "query=SELECT (1 AS ?n) {}"],
        ["-H", "Content-Type: application/sparql-query", "--data-binary", "SELECT (1 AS ?n) {}"],
    ):
        done = subprocess.run(["curl", "-sS", "--compressed", *way, *ask], capture_output=True, text=True, check=True)  # noqa: S603, S607
        assert done.stdout.split() == ["n", "1"]


@needs_python
@pytest.mark.slow
def test_schemathesis_finds_no_server_error_and_no_status_that_is_not_told_of(address: str, tmp_path: Path) -> None:
    assert httpx.get(f"{address}/openapi.json").status_code == 200
    checks = "not_a_server_error,status_code_conformance,content_type_conformance"
    options = ["--checks", checks, "--max-examples", "40", "--seed", "1", "--request-timeout", "15"]
    command = [str(PYTHON.parent / "schemathesis"), "run", f"{address}/openapi.json", *options]
    environment = {**os.environ, "NO_COLOR": "1"}
    header = ["-H", f"Authorization: Bearer {TOKEN}"]
    done = subprocess.run(  # noqa: S603  # our own environment
        [*command, *header], capture_output=True, text=True, check=False, env=environment, timeout=600, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[-6000:]
