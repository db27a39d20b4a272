"""Real clients against a running server."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.service.clients import (
    COMUNICA,
    HTTP_CLIENT,
    NODE_MODULES,
    PYSHACL,
    PYTHON,
    STORE,
    WRAPPER,
    needs_node,
    needs_python,
    run,
)
from tests.service.conftest import TOKEN

LABELS = {"Hütte & <Söhne>", "New Zealand"}

pytestmark = pytest.mark.clients


@needs_python
def test_the_stores_of_rdflib_read_and_write(address: str) -> None:
    answer = run([str(PYTHON), "-c"], STORE, address, TOKEN)
    assert set(answer["labels"]) >= LABELS
    assert (answer["found"], answer["left"]) == (1, 0)


@needs_python
def test_sparql_wrapper_asks_constructs_and_updates(address: str) -> None:
    assert run([str(PYTHON), "-c"], WRAPPER, address, TOKEN) == {"ask": True, "turtle": True, "update": 204}


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
