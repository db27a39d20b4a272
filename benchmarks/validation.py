"""Measures validation: our two ways and two peers over the same records, `python -m benchmarks.validation`.

*guard + engine* reads the records themselves and lifts them on the way; the others get the triples that the lift made,
as one graph, and the same shapes, so that their times hold no lift. A peer that would take longer than the budget, by
its time per record at the size before, is left out, and the table says so.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.measure import Measure, measured
from benchmarks.table import Line, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["SIZES", "lines", "main"]

_ROOT = Path(__file__).resolve().parent.parent
_GRAPHMAP = str(Path(sys.executable).parent / "graphmap")
_ENDED = frozenset({0, 1})
SIZES = MappingProxyType({"smoke": (100,), "small": (1_000, 10_000), "full": (1_000, 10_000, 100_000)})


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


def lines(folder: Path, sizes: Sequence[int], *, budget_s: float) -> Iterator[Line]:
    """Each measured run, one at a time.

    Args:
        folder: emptied and filled with records and reports.
        sizes: numbers of records, ascending.
        budget_s: longest time that a run is expected to take, in seconds.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for kind in ("rows", "envelopes"):
        rates: dict[str, float] = {}
        for count in sizes:
            given = _input(folder, kind, count)
            for engine, command in given.commands():
                expected = rates.get(engine, 0.0) * count
                if expected > budget_s:
                    sys.stderr.write(f"{engine}: {count:,} {kind} would take about {expected:,.0f} s; left out\n")
                    continue
                measure = measured(command, cwd=_ROOT, allowed=_ENDED)
                rates[engine] = measure.seconds / count
                yield Line(work=f"validate {kind}", engine=engine, records=count, triples=None, measure=measure)


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
    options = parser.parse_args()
    found = []
    for line in lines(peers.PEERS_FOLDER / "data-validation", SIZES[options.sizes], budget_s=options.budget):
        found.append(line)
        sys.stderr.write("  ".join(line.cells()) + "\n")
    sys.stdout.write(table(found))


if __name__ == "__main__":
    main()
