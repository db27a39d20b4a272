"""Measures how records come into the store: `python -m benchmarks.ingest --sizes small`.

Rows and envelopes by `graphmap load` beside Oxigraph's `bulk_load` of the same quads; envelopes over HTTP by size of
batch; single envelopes at a steady rate, each acknowledged when it is on disk; and the memory of the server after that.
The first count over a server right after a load, and the same again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks.engines import Bench
from benchmarks.peers import PEERS_FOLDER
from benchmarks.posting import Server, batches, percentile, steady
from benchmarks.serving import fill, graphmap
from benchmarks.soak import memory_mb
from benchmarks.table import table, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.table import Line

__all__ = ["SIZES", "Sizes", "counts", "loads", "main", "online"]

_ROOT = Path(__file__).resolve().parent.parent
_RATE_PER_S = 50.0
_WARM = 200
_SENDERS = 4
_COUNT = """SELECT (COUNT(*) AS ?n) {
  GRAPH ?g { ?s a <https://schema.limbergraph.com/limber/PhysicalAddress> ; <https://schema.org/postalCode> ?code }
}"""
"""A look-up for each record in an order that a load leaves in many files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of each kind of work there is.

    Args:
        rows: numbers of rows that are loaded with record graphs.
        plain_rows: numbers of rows that are loaded into the default graph alone.
        envelopes: numbers of envelopes that are loaded with record graphs.
        batches: size of a batch to the number of envelopes that are sent in such.
        steady_s: for how many seconds single envelopes come.
    """

    rows: tuple[int, ...]
    plain_rows: tuple[int, ...]
    envelopes: tuple[int, ...]
    batches: Mapping[int, int]
    steady_s: float


SIZES = MappingProxyType(
    {
        "smoke": Sizes(
            rows=(300,), plain_rows=(300,), envelopes=(100,), batches={1: 20, 10: 50, 100: 200}, steady_s=2.0
        ),
        "small": Sizes(
            rows=(10_000,),
            plain_rows=(10_000,),
            envelopes=(2_000,),
            batches={1: 200, 10: 500, 100: 2_000, 1_000: 4_000},
            steady_s=20.0,
        ),
        "full": Sizes(
            rows=(100_000,),
            plain_rows=(100_000, 1_000_000),
            envelopes=(10_000,),
            batches={1: 1_000, 10: 2_000, 100: 5_000, 1_000: 10_000},
            steady_s=120.0,
        ),
    }
)


def loads(bench: Bench, sizes: Sizes) -> Iterator[Line]:
    """Each measured load, one at a time."""
    for count in sizes.rows:
        yield from bench.load("rows", count)
    for count in sizes.envelopes:
        yield from bench.load("envelopes", count)
    for count in sizes.plain_rows:
        yield from bench.load("rows", count, "--no-record-graphs")


def online(workspace: Path, sizes: Sizes) -> Iterator[str]:
    """Start a server and send envelopes to it; yields lines to print."""
    single = round(sizes.steady_s * _RATE_PER_S)
    largest = max(sizes.batches)
    made = iter(_envelopes(_WARM + sum(sizes.batches.values()) + sizes.batches[largest] + single))
    with graphmap(workspace) as port:
        noted = json.loads((workspace / ".graphmap" / "server.json").read_text(encoding="utf-8"))
        server = Server(port=port, token=noted["token"])
        batches(server, [next(made) for _ in range(_WARM)], 50)
        for size, count in sizes.batches.items():
            yield _told(server, [next(made) for _ in range(count)], size, clients=1)
        yield _told(server, [next(made) for _ in range(sizes.batches[largest])], largest, clients=_SENDERS)
        server.read()
        measured = steady(server, list(made), rate_per_s=_RATE_PER_S)
        p50, p99 = (percentile(measured.times_ms, share) for share in (0.5, 0.99))
        told = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {measured.times_ms[-1]:.0f} ms, {measured.errors} errors"
        yield f"{single:,} single envelopes at {_RATE_PER_S:.0f}/s: {told}"
        yield f"memory of the server and its processes after that: {memory_mb(noted['process']):.0f} MB"


def counts(folder: Path, rows: int) -> Iterator[str]:
    """Load rows, start a server, count by a join at once and again; yields lines to print."""
    fill(folder, rows)
    begun = time.monotonic()
    with graphmap(folder) as port:
        yield f"a server over {rows:,} rows that were just loaded is up after {time.monotonic() - begun:.1f} s"
        url = f"http://127.0.0.1:{port}/sparql?{urllib.parse.urlencode({'query': _COUNT})}"
        for what in ("the first count", "the same count again"):
            begun = time.monotonic()
            with urllib.request.urlopen(url, timeout=300) as answer:
                answer.read()
            yield f"{what} over them: {time.monotonic() - begun:.2f} s"


def _told(server: Server, envelopes: Sequence[bytes], size: int, *, clients: int) -> str:
    seconds = batches(server, envelopes, size, clients=clients)
    by = "one client" if clients == 1 else f"{clients} clients"
    rate = f"{len(envelopes) / seconds:,.0f} envelopes/s acknowledged, a query sees all {server.read():.1f} s later"
    return f"{len(envelopes):,} envelopes in batches of {size:,} by {by}: {rate}"


def _envelopes(count: int) -> Sequence[bytes]:
    command = [sys.executable, "-m", "benchmarks.generate", "envelopes", str(count)]
    return subprocess.run(command, check=True, capture_output=True, cwd=_ROOT).stdout.splitlines()


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print what was found as it comes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--sizes", choices=sorted(SIZES), default="small")
    parser.add_argument("--only", choices=["loads", "online", "counts"], help="leave the others out")
    options = parser.parse_args(arguments)
    sizes = SIZES[options.sizes]
    if options.only in (None, "counts"):
        with tempfile.TemporaryDirectory(prefix="graphmap-ingest-") as folder:
            for text in counts(Path(folder) / "workspace", max(sizes.rows)):
                sys.stdout.write(text + "\n")
    if options.only in (None, "online"):
        with tempfile.TemporaryDirectory(prefix="graphmap-ingest-") as folder:
            workspace = Path(folder) / "workspace"
            subprocess.run(
                [Path(sys.executable).parent / "graphmap", "init", workspace], check=True, stderr=subprocess.DEVNULL
            )
            for text in online(workspace, sizes):
                sys.stdout.write(text + "\n")
                sys.stdout.flush()
    if options.only in (None, "loads"):
        bench = Bench(PEERS_FOLDER / f"data-ingest-{options.sizes}")
        sys.stdout.write(table(told(loads(bench, sizes))))


if __name__ == "__main__":
    main()
