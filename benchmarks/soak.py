"""Asks the server for a long time and watches its memory: `python -m benchmarks.soak --minutes 30`.

All kinds of work are mixed, with queries that never end among them. The end is a failure where a request that should
have been answered was not, or where memory grew by more than a quarter after the first tenth of the time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.http_load import measure
from benchmarks.serving import WORK, entities_of, graphmap, paths, workspace_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["main", "memory_mb"]

_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_GROWTH = 1.25


def memory_mb(process: int) -> float:
    """Private memory of a process and its children, in MB of a million bytes."""
    return sum(_private_kb(each) for each in (process, *_children(process))) * 1024 / 1e6


def main(arguments: list[str] | None = None) -> None:
    """Ask, watch, and end with status 1 where something was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rows", type=int, default=1000)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="graphmap-soak-") as name:
        workspace = workspace_with(Path(name), given.rows)
        entities = entities_of(workspace.parent / "default.nt")
        asked = [path for work in WORK if not work.startswith("export") for path in paths(work, entities)[:500]]
        with graphmap(workspace) as port:
            process = json.loads((workspace / ".graphmap" / "server.json").read_text(encoding="utf-8"))["process"]
            rounds = list(_rounds(port, process, asked, given.minutes * 60))
    _validator(rounds)


def _rounds(port: int, process: int, asked: Sequence[str], seconds: float) -> Iterator[tuple[float, float]]:
    """Memory and errors of each round; each is a tenth of a minute or more."""
    end, length = time.monotonic() + seconds, max(min(seconds / 10, 60.0), 3.0)
    late: list[float] = []
    while time.monotonic() < end:
        endless = threading.Thread(target=_ask_without_end, args=(port, late))
        endless.start()
        measured = measure(("127.0.0.1", port), asked, clients=8, seconds=length)
        endless.join()
        memory = memory_mb(process)
        rate, errors = measured["requests_per_s"], measured["errors"]
        told = f"{rate:,.0f} requests/s, p99 {measured['p99_ms']:.0f} ms, {errors:.0f} errors"
        beyond = f"a query without an end answered {1000 * late[-1]:.0f} ms after its deadline"
        sys.stdout.write(f"{told}, {memory:.0f} MB, {beyond}\n")
        sys.stdout.flush()
        yield memory, errors


def _ask_without_end(port: int, late: list[float]) -> None:
    """A query that is killed at its deadline; whoever else asks must not notice. Notes how late the answer came."""
    address = f"http://127.0.0.1:{port}/sparql?timeout=1&query={quote(_ENDLESS)}"
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            raise SystemExit(f"a query without an end was answered with {response.status}")
    except urllib.error.HTTPError as error:
        error.close()
    late.append(time.monotonic() - begun - 1)


def _validator(rounds: Sequence[tuple[float, float]]) -> None:
    settled, last = rounds[max(1, len(rounds) // 10) - 1][0], rounds[-1][0]
    errors = sum(each for _, each in rounds)
    sys.stdout.write(f"{errors:.0f} errors; memory went from {settled:.0f} to {last:.0f} MB\n")
    if errors or last > settled * _GROWTH:
        sys.exit(1)


def _children(process: int) -> list[int]:
    files = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for file in files for number in file.read_text(encoding="ascii").split()]


def _private_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


if __name__ == "__main__":
    main()
