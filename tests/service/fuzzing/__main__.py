"""Sends hostile inputs to a server and tells what was wrong: `python -m tests.service.fuzzing --inputs N --seed S`."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.service.fuzzing.connection import Patience, exchange
from tests.service.fuzzing.kinds import input_of
from tests.service.fuzzing.run import Limits, Run
from tests.service.fuzzing.server import running, workspace_in

_DEADLINE_S = 0.5
_EXAMPLES = 3


def main() -> None:
    """Run, print, and end with status 1 where anything was wrong."""
    given = _parser().parse_args()
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    numbers = range(given.inputs) if given.only is None else given.only
    left_out = frozenset(given.without)
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    patience = Patience(answer_s=max(Patience().answer_s, given.wait + 10))
    limits = Limits(connections=given.connections, wait_s=given.wait, memory_mb=given.memory, patience=patience)
    with tempfile.TemporaryDirectory(prefix="graphmap-fuzzing-") as folder:
        workspace = workspace_in(Path(folder), rows=given.rows, deadline_s=_DEADLINE_S, workers=3)
        with running(workspace, given.port) as server:
            begun = time.monotonic()
            run = Run(seed=seed, server=server, limits=limits, without=left_out)
            asyncio.run(run.all(numbers))
            took = time.monotonic() - begun
            if given.only is not None:
                for number in given.only:
                    _show(seed, number, server.port)
        if given.errors is not None:
            shutil.copy(server.errors, given.errors)
    _tell(run, took)
    if run.faults:
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.service.fuzzing", description=__doc__)
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, help="a new one where it is left out")
    parser.add_argument("--only", type=int, nargs="+", metavar="I", help="send these inputs of the seed, and show them")
    parser.add_argument("--without", nargs="+", default=[], metavar="KIND", help="leave these kinds out")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--port", type=int, help="a free one where it is left out")
    parser.add_argument("--wait", type=float, default=1.0, help="longest wait of the client that watches, in seconds")
    parser.add_argument("--memory", type=float, default=2500.0, help="most memory of the server and its workers, in MB")
    parser.add_argument("--errors", type=Path, metavar="FILE", help="keep the server's standard error in a file")
    return parser


def _show(seed: int, number: int, port: int) -> None:
    made = input_of(seed, number)
    got = asyncio.run(exchange(made, port, Patience()))
    sys.stdout.write(f"input {number}, {made.kind}, {len(made.data)} bytes: {made.data[:1500]!r}\n")
    sys.stdout.write(f"{got.ended} after {got.seconds:.3f} s, {len(got.received)} bytes: {got.received[:1500]!r}\n")


def _tell(run: Run, took: float) -> None:
    total = sum(run.kinds.values())
    sys.stdout.write(f"{total} inputs in {took:.1f} s, {total / took:.0f}/s\n")
    for kind, number in sorted(run.kinds.items()):
        statuses = ", ".join(f"{status or 'none'}: {count}" for status, count in sorted(run.statuses[kind].items()))
        sys.stdout.write(f"  {kind:<18} {number:>6}  {statuses}\n")
    every: Counter[int] = sum(run.statuses.values(), Counter())
    sys.stdout.write(
        f"statuses: {', '.join(f'{status or None}: {count}' for status, count in sorted(every.items()))}\n"
    )
    sys.stdout.write(f"the watcher: {run.watched}\n")
    sys.stdout.write(f"peak memory of the server and its workers: {run.peak_mb:,.0f} MB\n")
    for name, examples in sorted(run.faults.items(), key=lambda each: -len(each[1])):
        sys.stdout.write(f"FAULT {len(examples)} times: {name}\n")
        for line in examples[:_EXAMPLES]:
            sys.stdout.write(f"    --seed {run.seed}: {line[:700]}\n")
    sys.stdout.write("no faults\n" if not run.faults else f"{len(run.faults)} kinds of faults\n")


if __name__ == "__main__":
    main()
