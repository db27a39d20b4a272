"""Measures validation: our two ways and two peers over the same records, `python -m benchmarks.validation`.

*guard + engine* reads the records themselves and lifts them on the way; the others get the triples that the lift made,
as one graph, and the same shapes, so that their times hold no lift. An engine that would take longer than the budget,
or more memory than there is for it, by what it took for a record at the size before, is left out; one that does take
longer is ended. Each of these is a line of the table.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.foreseen import Limits, foreseen
from benchmarks.measure import Measure, StoppedError, measured
from benchmarks.table import LeftOut, Line, table, told
from benchmarks.worlds import WORLDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["SIZES", "lines", "main"]

_ROOT = Path(__file__).resolve().parent.parent
_GRAPHMAP = str(Path(sys.executable).parent / "graphmap")
_ENDED = frozenset({0, 1})
_MOST = 4_000
SIZES = MappingProxyType({"smoke": (100,), "small": (1_000, 10_000), "full": (1_000, 4_000, 10_000, 100_000)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """Generated records, what the lift made of them, and all shapes in one file."""

    kind: str
    count: int
    records: Path
    triples: Path
    shapes: Path

    def commands(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Each engine with its command."""
        yield "graphmap, guard + engine", [_GRAPHMAP, "validate", str(self.records), "--report", self._report]
        limit = ["--max-triples", str(10**9)]
        alone = [str(self.triples), "--shapes", str(self.shapes), "--report", self._report, *limit]
        yield "graphmap, engine alone", [_GRAPHMAP, "validate", *alone]
        rudof = [str(peers.ready(peers.PYRUDOF)), str(_ROOT / "benchmarks" / "rudof_validate.py")]
        yield "pyrudof", [*rudof, str(self.triples), str(self.shapes)]
        python = str(peers.ready(peers.PYSHACL))
        pyshacl = [python, "-m", "pyshacl", "-s", str(self.shapes), "-df", "nt", "-sf", "turtle", str(self.triples)]
        yield "pySHACL", pyshacl

    @property
    def _report(self) -> str:
        return str(self.records.with_name("report.json"))


def lines(folder: Path, sizes: Sequence[int], *, limits: Limits) -> Iterator[Line]:
    """Each run, measured or left out, one at a time.

    Args:
        folder: emptied and filled with records and reports.
        sizes: numbers of records, ascending.
        limits: what a run may take.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for kind in ("rows", "envelopes"):
        before: dict[str, Line] = {}
        for count in sizes:
            given = _input(folder, kind, count)
            for engine, command in given.commands():
                measure = foreseen(before.get(engine), count, limits) or _run(command, limits)
                line = Line(work=f"validate {kind}", engine=engine, records=count, triples=None, measure=measure)
                before[engine] = line
                yield line
    yield from _queries(folder, sizes, limits)


def _queries(folder: Path, sizes: Sequence[int], limits: Limits) -> Iterator[Line]:
    """SPARQL constraints over a hundred triples for each record; pySHACL has to give as many results."""
    for name, (write, shapes) in WORLDS.items():
        place = folder / name.replace(" ", "-")
        place.mkdir(parents=True)
        data, shapes_file, report = place / "data.nt", place / "shapes.ttl", place / "report.json"
        shapes_file.write_text(shapes, encoding="utf-8")
        before: dict[str, Line] = {}
        for count in (size * 100 for size in sizes if size <= _MOST):
            data.write_text("".join(write(count)), encoding="utf-8")
            python = str(peers.ready(peers.PYSHACL))
            ours = [_GRAPHMAP, "validate", str(data), "--shapes", str(shapes_file), "--report", str(report)]
            theirs = [python, "-m", "pyshacl", "-a", "-s", str(shapes_file), "-df", "nt", "-sf", "turtle", str(data)]
            for engine, command in (("graphmap", ours), ("pySHACL", [*theirs, "-o", str(place / "report.txt")])):
                measure = foreseen(before.get(engine), count, limits) or _run(command, limits)
                if engine == "pySHACL" and isinstance(measure, Measure) and not _agree(report, place / "report.txt"):
                    measure = LeftOut(seconds="gives other results")
                line = Line(work=f"SPARQL, {name}", engine=engine, records=count, triples=count, measure=measure)
                before[engine] = line
                yield line


def _agree(ours: Path, theirs: Path) -> bool:
    found = re.search(r"Results \((\d+)\)", theirs.read_text(encoding="utf-8"))
    return len(json.loads(ours.read_text(encoding="utf-8"))["findings"]) == (int(found[1]) if found else 0)


def _run(command: Sequence[str], limits: Limits) -> Measure | LeftOut:
    try:
        return measured(command, cwd=_ROOT, allowed=_ENDED, deadline_s=limits.seconds)
    except StoppedError:
        return LeftOut(seconds=f"over {limits.seconds:,.0f}")


def _input(folder: Path, kind: str, count: int) -> _Input:
    place = folder / f"{kind}-{count}"
    place.mkdir(parents=True)
    records, triples = place / ("rows.csv" if kind == "rows" else "envelopes.jsonl"), place / "lifted.nt"
    generate = [sys.executable, "-m", "benchmarks.generate", kind, str(count)]
    measured(generate, cwd=_ROOT, output=records)
    lift: list[str] = [_GRAPHMAP, "lift", str(records), "--format", "ntriples", "-o", str(triples)]
    _done(measured(lift, cwd=_ROOT))
    shapes = place / "shapes.ttl"
    files = sorted((_ROOT / "shapes").glob("*.ttl"))
    shapes.write_text("\n".join(path.read_text(encoding="utf-8") for path in files), encoding="utf-8")
    return _Input(kind=kind, count=count, records=records, triples=triples, shapes=shapes)


def _done(measure: Measure) -> None:
    sys.stderr.write(f"lifted in {measure.seconds:.1f} s\n")


def main() -> None:
    """Measure, saying on standard error what is being done, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument("--sizes", choices=sorted(SIZES), default="small")
    parser.add_argument("--budget", type=float, default=120.0, metavar="S", help="longest run, in seconds")
    parser.add_argument("--memory", type=float, default=16.0, metavar="GB", help="most memory of a run")
    options = parser.parse_args()
    limits = Limits(seconds=options.budget, peak_mb=options.memory * 1000)
    sys.stdout.write(table(told(lines(peers.PEERS_FOLDER / "data-validation", SIZES[options.sizes], limits=limits))))


if __name__ == "__main__":
    main()
