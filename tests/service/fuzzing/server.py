"""The server under test: `graphmap serve` over a workspace of generated records, with tokens and a short deadline."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.serving import fill
from tests.service.fuzzing.inputs import TOKEN

__all__ = ["Server", "documents", "running", "workspace_in"]

_GRAPHMAP = str(Path(sys.executable).parent / "graphmap")
_DOCUMENTS = "SELECT DISTINCT ?d { GRAPH <https://schema.limbergraph.com/graph/provenance> { ?d a ?c } }"
_SETTINGS = """
[service]
workers = {workers}

[service.tokens.fuzz]
sha256 = "{sha256}"
rights = ["read", "query", "ingest", "update"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs.

    Args:
        port: on loopback.
        process: of the server itself; its workers are its children.
        errors: file that has its standard error.
    """

    port: int
    process: subprocess.Popen[bytes]
    errors: Path


def workspace_in(folder: Path, *, rows: int, deadline_s: float, workers: int = 2) -> Path:
    """A workspace with the samples and generated rows.

    Args:
        folder: for it.
        rows: how many.
        deadline_s: seconds that a query may take.
        workers: how many queries run side by side.
    """
    workspace = folder / "workspace"
    fill(workspace, rows)
    samples = [str(path) for path in sorted((workspace / "samples").iterdir())]
    subprocess.run([_GRAPHMAP, "load", *samples], check=False, cwd=workspace, capture_output=True)  # noqa: S603  # our own
    settings = workspace / "graphmap.toml"
    text = settings.read_text(encoding="utf-8").replace("query_deadline_s = 10", f"query_deadline_s = {deadline_s}")
    token = hashlib.sha256(TOKEN.encode()).hexdigest()
    settings.write_text(text + _SETTINGS.format(sha256=token, workers=workers), encoding="utf-8")
    return workspace


@contextlib.contextmanager
def running(workspace: Path, port: int | None = None) -> Iterator[Server]:
    """A server over a workspace, ready to answer.

    Args:
        workspace: folder.
        port: to listen on; a free one where it is left out.

    Raises:
        AssertionError: where it does not start.
    """
    port = port or _free_port()
    errors = workspace.parent / "errors.txt"
    command = [_GRAPHMAP, "serve", "--port", str(port)]
    with errors.open("wb") as out:
        process = subprocess.Popen(command, cwd=workspace, stdout=subprocess.DEVNULL, stderr=out)  # noqa: S603  # our own
    try:
        _wait(port, process)
        yield Server(port=port, process=process, errors=errors)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def documents(port: int) -> frozenset[str]:
    """IRIs of all documents that the store has; asked until the server has time for it."""
    address = f"http://127.0.0.1:{port}/sparql?query={quote(_DOCUMENTS)}"
    asked = urllib.request.Request(address, headers={"Accept": "application/sparql-results+json"})  # http
    for _ in range(20):
        with contextlib.suppress(OSError), urllib.request.urlopen(asked, timeout=30) as response:  # noqa: S310  # as above
            return frozenset(row["d"]["value"] for row in json.load(response)["results"]["bindings"])
        time.sleep(0.5)
    raise AssertionError("the server does not tell its documents")


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number
