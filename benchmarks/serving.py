"""Measures the server beside rdflib-endpoint on the same data: `python -m benchmarks.serving --rows 2000 --seconds 5`.

Each server runs in a process of its own, and so do the clients; all of them share the machine's cores. rdflib-endpoint
has no documents about records: it is asked to construct what ours says of the record itself, labels and links apart.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from benchmarks.peers import RDFLIB_ENDPOINT, ready

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["WORK", "Result", "entities_of", "fill", "graphmap", "main", "paths", "peer_paths", "workspace_with"]

_BASE = "https://schema.limbergraph.com/"
_PEER = """
import sys
import oxrdflib, pyoxigraph, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
store = oxrdflib.OxigraphStore(store=pyoxigraph.Store.read_only(sys.argv[1]))
app = SparqlEndpoint(graph=rdflib.Dataset(store=store), path="/sparql", enable_update=False)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""
_POINT = "SELECT ?p ?o {{ <{iri}> ?p ?o }}"
_LIST = "SELECT ?s ?n {{ ?s <{base}warehouse/customer_number> ?n }} ORDER BY ?s LIMIT 50 OFFSET {number}"
_CONSTRUCT = "CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}"
_EXPORT = "SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT 10000"
WORK = ("point query", "list query", "export of 10,000 rows", "record page")
"""What is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one server did with one kind of work."""

    work: str
    server: str
    requests_per_s: float
    p50_ms: float
    p99_ms: float
    errors: float

    def line(self) -> str:
        """As a line of the table."""
        numbers = f"{self.requests_per_s:>10,.0f} {self.p50_ms:>8.1f} {self.p99_ms:>8.1f} {self.errors:>7.0f}"
        return f"{self.work:<22} {self.server:<16} {numbers}"


def paths(work: str, entities: Sequence[str]) -> list[str]:
    """What the clients ask for one kind of work.

    Args:
        work: one of `WORK`.
        entities: IRIs that the store knows.

    >>> paths("record page", ["https://schema.limbergraph.com/limber/CustomerAccount#Warehouse-1"])
    ['/limber/CustomerAccount/Warehouse-1?format=turtle']
    """
    if work == "record page":
        return [f"/{iri.removeprefix(_BASE).replace('#', '/')}?format=turtle" for iri in entities]
    if work == "export of 10,000 rows":
        return [f"/sparql?query={quote(_EXPORT.format())}"]
    if work == "list query":
        return [f"/sparql?query={quote(_LIST.format(base=_BASE, number=at))}" for at in range(0, len(entities), 50)]
    return [f"/sparql?query={quote(_POINT.format(iri=iri))}" for iri in entities]


def peer_paths(work: str, entities: Sequence[str]) -> list[str]:
    """What the clients ask of the peer: the same, but for documents, which it has none of.

    >>> peer_paths("record page", ["urn:x"])
    ['/sparql?query=CONSTRUCT%20%7B%20%3Curn%3Ax%3E%20%3Fp%20%3Fo%20%7D%20WHERE%20%7B%20%3Curn%3Ax%3E%20%3Fp%20%3Fo%20%7D']
    """
    if work == "record page":
        return [f"/sparql?query={quote(_CONSTRUCT.format(iri=iri))}" for iri in entities]
    return paths(work, entities)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--alone", action="store_true", help="leave rdflib-endpoint out")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="graphmap-serving-") as name:
        workspace = workspace_with(Path(name), given.rows)
        sys.stdout.write(f"{'work':<22} {'server':<16} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7}\n")
        results = list(_measured(workspace, given.clients, given.seconds, alone=given.alone))
    for result in _ratios(results):
        sys.stdout.write(result + "\n")


def _measured(workspace: Path, clients: int, seconds: float, *, alone: bool) -> Iterator[Result]:
    entities = entities_of(workspace.parent / "default.nt")
    servers = {"graphmap": graphmap, "rdflib-endpoint": _peer}
    for name, start in servers.items():
        if alone and name != "graphmap":
            continue
        with start(workspace) as port:
            for work in WORK:
                asked = paths(work, entities) if name == "graphmap" else peer_paths(work, entities)
                measured = _clients(port, asked, clients, seconds)
                result = Result(work=work, server=name, **measured)
                sys.stdout.write(result.line() + "\n")
                sys.stdout.flush()
                yield result


def _ratios(results: list[Result]) -> Iterator[str]:
    for work in WORK:
        rates = {result.server: result.requests_per_s for result in results if result.work == work}
        if rates.get("rdflib-endpoint") == 0.0:
            yield f"{work}: rdflib-endpoint finished none in the time given"
        elif len(rates) == 2:
            yield f"{work}: {rates['graphmap'] / rates['rdflib-endpoint']:.1f} times rdflib-endpoint"


def workspace_with(folder: Path, rows: int) -> Path:
    """A workspace with generated rows, and a copy of its default graph for the peer."""
    workspace = folder / "workspace"
    fill(workspace, rows)
    triples = folder / "default.nt"
    own, copy = ox.Store.read_only(str(workspace / "store")), ox.Store(folder / "peer")
    own.dump(triples, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    copy.bulk_load(path=triples, format=ox.RdfFormat.N_TRIPLES)
    copy.flush()
    return workspace


def fill(workspace: Path, rows: int, *options: str) -> Path:
    """Make a workspace and load generated rows into it; gives the file that they are from."""
    command = str(Path(sys.executable).parent / "graphmap")
    subprocess.run([command, "init", str(workspace)], check=True, stderr=subprocess.DEVNULL)
    file = workspace / "rows.csv"
    with file.open("wb") as out:
        generate = [sys.executable, "-m", "benchmarks.generate", "rows", str(rows), "--seed", "1"]
        subprocess.run(generate, check=True, stdout=out)
    subprocess.run([command, "load", str(file), *options], check=True, cwd=workspace, stderr=subprocess.DEVNULL)
    return file


def entities_of(triples: Path) -> list[str]:
    """The records that were loaded."""
    kind = f"<{_BASE}warehouse/dim_customer> ."
    with triples.open(encoding="utf-8") as lines:
        return sorted(line.split(" ", 1)[0][1:-1] for line in lines if line.rstrip().endswith(kind))


@contextlib.contextmanager
def graphmap(workspace: Path) -> Iterator[int]:
    """Our server over a workspace, on the port that is given."""
    port = _free_port()
    with _running([str(Path(sys.executable).parent / "graphmap"), "serve", "--port", str(port)], workspace, port):
        yield port


@contextlib.contextmanager
def _peer(workspace: Path) -> Iterator[int]:
    port = _free_port()
    with _running(
        [str(ready(RDFLIB_ENDPOINT)), "-c", _PEER, str(workspace.parent / "peer"), str(port)], workspace, port
    ):
        yield port


@contextlib.contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(  # our own server
                    f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", timeout=5
                ),
            ):
                break
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _clients(port: int, asked: list[str], clients: int, seconds: float) -> Mapping[str, float]:
    command = [sys.executable, "-m", "benchmarks.http_load", "127.0.0.1", str(port)]
    options = ["--clients", str(clients), "--seconds", str(seconds)]
    done = subprocess.run(
        [*command, *options], input="\n".join(asked), capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    measured: Mapping[str, float] = json.loads(done.stdout)
    return measured


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
