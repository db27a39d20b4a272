"""Measures the pages for people, 16 clients at once: `python -m benchmarks.pages --rows 20000 --seconds 5`.

Record pages are asked for one after the other, so that none comes from a cache; the class page comes with each of its
filters and from many places. The bar is a p99 under 100 ms. A million rows with a graph for each record take a disk of
60 GB and half an hour: `--plain` loads them into the default graph alone.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.serving import fill, graphmap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["main", "page_paths"]

_CUSTOMER = "https://schema.limbergraph.com/warehouse/dim_customer"
_RECORD = "https://schema.limbergraph.com/limber/CustomerAccount#Warehouse-"
_MOST_ASKED = 20_000
_DEEPEST = 20_000
"""How far into the things of a class people page; further ones they filter for."""
_STATUS = ("PROSPECT", "MEMBER", "FORMER_MEMBER")
_BAR_MS = 100.0
_PATIENCE_S = 1800
"""A million rows have an index of some millions of things."""


def page_paths(entities: Sequence[str], rows: int) -> Mapping[str, list[str]]:
    """What the clients ask for, by name of the page.

    Args:
        entities: IRIs of records.
        rows: how many records there are.

    >>> sorted(page_paths(["urn:x"], 1))
    ['class page', 'home page', 'record page', 'search']
    """
    kind = f"/resource?iri={quote(_CUSTOMER, safe='')}&format=html"
    offsets = range(0, max(min(rows, _DEEPEST) - 50, 1), max(min(rows, _DEEPEST) // 40, 50))
    return {
        "record page": [f"/resource?iri={quote(iri, safe='')}&format=html" for iri in entities],
        "class page": [
            *(f"{kind}&offset={offset}" for offset in offsets),
            *(f"{kind}&customer_status={status}" for status in _STATUS),
        ],
        "home page": ["/?format=html"],
        "search": [f"/search?q={iri.rpartition('-')[2]}&format=html" for iri in entities[:2000]],
    }


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--plain", action="store_true", help="load without a graph for each record")
    parser.add_argument("--workspace", type=Path, help="folder that keeps the loaded rows for the next run")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="graphmap-pages-") as name:
        workspace = given.workspace or Path(name) / "workspace"
        entities = _loaded(workspace, given.rows, plain=given.plain)
        pages = page_paths(entities, given.rows)
        sys.stdout.write(f"{'page':<14} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7}  bar\n")
        with graphmap(workspace) as port:
            _await(port, pages["search"][0])  # the index is built beside everything else
            for page, paths in pages.items():
                _await(port, paths[0])
                sys.stdout.write(_line(page, _measure(port, paths, given.clients, given.seconds)))
                sys.stdout.flush()


def _loaded(workspace: Path, rows: int, *, plain: bool) -> list[str]:
    """Fill a workspace with generated rows where it is not there yet; gives the IRIs of some of its records."""
    kept = workspace / "records.json"
    if not kept.exists():
        kept.write_text(json.dumps(_load(workspace, rows, plain=plain)), encoding="utf-8")
    entities: list[str] = json.loads(kept.read_text(encoding="utf-8"))
    return entities


def _load(workspace: Path, rows: int, *, plain: bool) -> list[str]:
    file = fill(workspace, rows, *(["--no-record-graphs"] if plain else []))
    with file.open(encoding="utf-8", newline="") as lines:
        some = itertools.islice(csv.DictReader(lines), 0, None, max(rows // _MOST_ASKED, 1))
        entities = [_RECORD + row["customer_id"] for row in some]
    file.unlink()
    return entities


def _line(page: str, measured: Mapping[str, float]) -> str:
    kept = "kept" if measured["p99_ms"] < _BAR_MS else "missed"
    numbers = f"{measured['requests_per_s']:>10,.0f} {measured['p50_ms']:>8.1f} {measured['p99_ms']:>8.1f}"
    return f"{page:<14} {numbers} {measured['errors']:>7.0f}  {kept}\n"


def _await(port: int, path: str) -> None:
    """Wait until a page is there: what is counted or built once is none of its work."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60).close()
        except urllib.error.HTTPError:
            time.sleep(1)
        else:
            return


def _measure(port: int, paths: Sequence[str], clients: int, seconds: float) -> Mapping[str, float]:
    command = [sys.executable, "-m", "benchmarks.http_load", "127.0.0.1", str(port)]
    options = ["--clients", str(clients), "--seconds", str(seconds)]
    done = subprocess.run([*command, *options], input="\n".join(paths), capture_output=True, text=True, check=True)
    measured: Mapping[str, float] = json.loads(done.stdout)
    return measured


if __name__ == "__main__":
    main()
