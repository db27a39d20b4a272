"""Measures the lift beside other RML engines: `python -m benchmarks.lifting --sizes full`.

Every engine gets the same mapping and the same files, and writes N-Triples into a file. What is not measured has a line
that says so: a run that passes the budget is ended, and one that would pass it, by what the engine took for a record at
the size before, is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks.engines import Run, compile_graphmap, morph_kgc, sdm_rdfizer
from benchmarks.foreseen import Limits, foreseen
from benchmarks.measure import StoppedError, measured
from benchmarks.older import older_vocabulary
from benchmarks.orders import write_tables
from benchmarks.peers import PEERS_FOLDER
from benchmarks.scenarios import SCENARIOS, Scenario
from benchmarks.table import LeftOut, Line, table, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SIZES", "Sizes", "lines", "main"]

_ROOT = Path(__file__).resolve().parent.parent
_GRAPHMAP = str(Path(sys.executable).parent / "graphmap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many records each kind of work gets, ascending.

    Args:
        columns: warehouse rows, their columns alone.
        views: warehouse rows with their Limber view, by graphmap alone: the peers do not know our functions.
        envelopes: Limber envelopes, by graphmap alone: the peers do not know our reference formulation.
        parts: envelopes in one JSON document, the part of them that needs neither; 8 KB each.
        joins: rows of each of two tables.
        scenarios: rows of each table of `benchmarks.scenarios`; every engine has to give the same set of lines.
    """

    columns: tuple[int, ...]
    views: tuple[int, ...]
    envelopes: tuple[int, ...]
    parts: tuple[int, ...]
    joins: tuple[int, ...]
    scenarios: tuple[int, ...]


SIZES: Mapping[str, Sizes] = MappingProxyType(
    {
        "smoke": Sizes(columns=(500,), views=(500,), envelopes=(50,), parts=(50,), joins=(500,), scenarios=(200,)),
        "small": Sizes(
            columns=(10_000,),
            views=(10_000,),
            envelopes=(1_000,),
            parts=(1_000,),
            joins=(10_000,),
            scenarios=(10_000,),
        ),
        "full": Sizes(
            columns=(100_000, 1_000_000),
            views=(100_000,),
            envelopes=(10_000, 100_000),
            parts=(1_000, 10_000, 125_000),
            joins=(10_000, 100_000),
            scenarios=(100_000, 1_000_000),
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One kind of work at one size.

    Args:
        name: as the table prints it.
        records: how many there are.
        folder: holds the files that the mapping names.
        arguments: of `graphmap lift`, beside the output.
        older: the mapping for the peers; empty where they cannot do the work.
        graphs: whether named graphs come of it.
        compared: whether the peers have to give the same set of lines.
    """

    name: str
    records: int
    folder: Path
    arguments: tuple[str, ...]
    older: str = ""
    graphs: bool = False
    compared: bool = False

    def runs(self, limits: Limits) -> Iterator[tuple[str, Callable[[], Run]]]:
        """Each engine that can do it, and how it is run."""
        yield "graphmap", lambda: self._ours(limits.seconds)
        if self.older:
            yield "Morph-KGC", lambda: morph_kgc(self.older, self.folder, graphs=self.graphs, deadline_s=limits.seconds)
        if self.older and not self.graphs:
            yield "SDM-RDFizer", lambda: sdm_rdfizer(self.older, self.folder, deadline_s=limits.seconds)

    def _ours(self, deadline_s: float) -> Run:
        out = self.folder / "lifted.nt"
        form = "nquads" if self.graphs else "ntriples"
        command = [_GRAPHMAP, "lift", *self.arguments, "-o", str(out), "--format", form]
        environment = os.environ | {"NO_COLOR": "1"}
        measure = measured(command, cwd=_ROOT, environment=environment, deadline_s=deadline_s)
        return Run(measure=measure, output=out)


def lines(folder: Path, sizes: Sizes, *, limits: Limits) -> Iterator[Line]:
    """Each run, measured or left out, one at a time.

    Args:
        folder: emptied and filled with records; what was lifted is counted and removed.
        sizes: numbers of records.
        limits: what a run may take.
    """
    shutil.rmtree(folder, ignore_errors=True)
    before: dict[tuple[str, str], Line] = {}
    for work in _works(folder, sizes):
        sums = list[str]()
        for engine, run in work.runs(limits):
            left_out = foreseen(before.get((work.name, engine)), work.records, limits)
            line = _line(work, engine, run, limits, sums) if left_out is None else _unmeasured(work, engine, left_out)
            before[work.name, engine] = line
            yield line
        shutil.rmtree(work.folder)


def _line(work: _Work, engine: str, run: Callable[[], Run], limits: Limits, sums: list[str]) -> Line:
    """Measure a run; `sums` has those of the engines before it, and takes its own."""
    try:
        done = run()
    except StoppedError:
        return _unmeasured(work, engine, LeftOut(seconds=f"over {limits.seconds:,.0f}"))
    with done.output.open("rb") as stream:
        triples = sum(1 for _ in stream)
    if work.compared:
        sums.append(_sum_of_lines(done.output))
    done.output.unlink()
    if sums and sums[-1] != sums[0]:
        return _unmeasured(work, engine, LeftOut(seconds="gives other lines"))
    return Line(work=work.name, engine=engine, records=work.records, triples=triples, measure=done.measure)


def _sum_of_lines(path: Path) -> str:
    """A sum of the different lines of a file, whatever their order, and whether a blank stands before their dot."""
    environment = os.environ | {"LC_ALL": "C"}
    with subprocess.Popen(["sed", "s/ *[.]$//", str(path)], env=environment, stdout=subprocess.PIPE) as bare:  # noqa: S607
        lines = subprocess.run(["sort", "-u"], stdin=bare.stdout, env=environment, capture_output=True, check=True)  # noqa: S607
    return hashlib.blake2b(lines.stdout).hexdigest()


def _unmeasured(work: _Work, engine: str, why: LeftOut) -> Line:
    return Line(work=work.name, engine=engine, records=work.records, triples=None, measure=why)


def _works(folder: Path, sizes: Sizes) -> Iterator[_Work]:
    """Each kind of work at each size; its files are made when it is taken."""
    for count in sizes.columns:
        yield _columns(folder / f"columns-{count}", count)
    for count in sizes.views:
        yield _of_a_source("rows with their view", folder / f"views-{count}", "rows", "rows.csv", count)
    for count in sizes.envelopes:
        yield _of_a_source("envelopes", folder / f"envelopes-{count}", "envelopes", "envelopes.jsonl", count)
    for count in sizes.parts:
        yield _part(folder / f"parts-{count}", count)
    for count in sizes.joins:
        yield _join(folder / f"joins-{count}", count)
    for name, scenario in SCENARIOS.items():
        for count in sizes.scenarios:
            yield _scenario(name, scenario, folder / f"scenario-{count}", count)


def _columns(folder: Path, count: int) -> _Work:
    rows = _generated(folder / "dim_customer.csv", "rows", count)
    mapping = _ROOT / "mappings" / "warehouse.ttl"
    arguments = ("--mapping", str(mapping), "--bind", f"dim_customer={rows}")
    return _Work(name="columns", records=count, folder=folder, arguments=arguments, older=older_vocabulary(mapping))


def _of_a_source(name: str, folder: Path, kind: str, file: str, count: int) -> _Work:
    records = _generated(folder / file, kind, count)
    return _Work(name=name, records=count, folder=folder, arguments=(str(records),))


def _part(folder: Path, count: int) -> _Work:
    messages = _generated(folder / "envelopes.jsonl", "envelopes", count)
    with messages.open(encoding="utf-8") as lines_in, (folder / "envelopes.json").open("w", encoding="utf-8") as out:
        out.write('{"messages": [\n')
        for number, line in enumerate(lines_in):
            out.write(("," if number else "") + line)
        out.write("]}\n")
    messages.unlink()
    return _by_file("part of envelopes", folder, "part.ttl", count)


def _join(folder: Path, count: int) -> _Work:
    folder.mkdir(parents=True)
    write_tables(folder, count)
    return _by_file("join", folder, "join.ttl", count)


def _scenario(name: str, scenario: Scenario, folder: Path, count: int) -> _Work:
    folder.mkdir(parents=True)
    text = scenario.write(folder, count)
    (folder / "mapping.ttl").write_text(text, encoding="utf-8")
    arguments = ("--mapping", str(folder / "mapping.ttl"), *scenario.options)
    return _Work(
        name=name, records=count, folder=folder, arguments=arguments, older=text, graphs=scenario.graphs, compared=True
    )


def _by_file(name: str, folder: Path, mapping: str, count: int) -> _Work:
    text = (_ROOT / "benchmarks" / mapping).read_text(encoding="utf-8")
    (folder / mapping).write_text(text, encoding="utf-8")
    return _Work(name=name, records=count, folder=folder, arguments=("--mapping", str(folder / mapping)), older=text)


def _generated(path: Path, kind: str, count: int) -> Path:
    path.parent.mkdir(parents=True)
    measured([sys.executable, "-m", "benchmarks.generate", kind, str(count)], cwd=_ROOT, output=path)
    return path


def main() -> None:
    """Measure, saying on standard error what is being done, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lifting", description=__doc__)
    parser.add_argument("--sizes", choices=sorted(SIZES), default="small")
    parser.add_argument("--budget", type=float, default=300.0, metavar="S", help="longest run, in seconds")
    parser.add_argument("--memory", type=float, default=16.0, metavar="GB", help="most memory of a run")
    options = parser.parse_args()
    compile_graphmap()
    limits = Limits(seconds=options.budget, peak_mb=options.memory * 1000)
    sys.stdout.write(table(told(lines(PEERS_FOLDER / "data-lifting", SIZES[options.sizes], limits=limits))))


if __name__ == "__main__":
    main()
