"""How each engine is called for each kind of work, as processes in a workspace of their own."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.measure import Measure, measured
from benchmarks.older import older_vocabulary
from benchmarks.table import Line

__all__ = ["Bench", "Run", "morph_kgc"]

_ROOT = Path(__file__).resolve().parent.parent
_GRAPHMAP = str(Path(sys.executable).parent / "graphmap")
_SOME_SET_ASIDE = frozenset({0, 1})
_MORPH_CONFIGURATION = """[CONFIGURATION]
output_file: {output}
output_format: N-TRIPLES
number_of_processes: {processes}
na_values:
logging_level: WARNING

[rows]
mappings: {mapping}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A measured run, and the file that it wrote."""

    measure: Measure
    output: Path


def morph_kgc(rows: Path, *, processes: int) -> Run:
    """Lift warehouse rows by Morph-KGC, with the derived mapping in the older vocabulary.

    Args:
        rows: file named as the mapping names it; what Morph-KGC needs and makes is written beside it.
        processes: how many processes it may use.
    """
    python = peers.ready(peers.MORPH_KGC)
    mapping, configuration, out = (rows.with_name(name) for name in ("older.ttl", "morph.ini", "morph.nt"))
    mapping.write_text(older_vocabulary(_ROOT / "mappings" / "warehouse.ttl"), encoding="utf-8")
    settings = _MORPH_CONFIGURATION.format(output=out, processes=processes, mapping=mapping)
    configuration.write_text(settings, encoding="utf-8")
    # the mapping names its source relative to the folder that Morph-KGC runs in
    measure = measured([str(python), "-m", "morph_kgc", str(configuration)], cwd=rows.parent)
    return Run(measure=measure, output=out)


class Bench:
    """A workspace to measure in, and the runs in it; each run gives a line of the table.

    Args:
        folder: emptied and filled with a new workspace; output and generated records stay there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workspace = folder / "workspace"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        measured([_GRAPHMAP, "init", str(self._workspace)], cwd=folder)

    def generated(self, kind: str, count: int) -> Path:
        """A file of generated valid records; `kind` is `rows` or `envelopes`."""
        name = "dim_customer.csv" if kind == "rows" else "envelopes.jsonl"
        path = self._folder / f"{kind}-{count}" / name
        if not path.exists():
            path.parent.mkdir(parents=True)
            command = [sys.executable, "-m", "benchmarks.generate", kind, str(count)]
            measured(command, cwd=_ROOT, output=path)
        return path

    def lift(self, records: Path, count: int) -> Line:
        """`graphmap lift` into a file."""
        out = self._lifted(records)
        measure = self._graphmap("lift", str(records), "-o", str(out), "--format", "nquads")
        return Line(work="lift", engine="graphmap", records=count, triples=_lines(out), measure=measure)

    def lift_columns(self, rows: Path, count: int) -> Line:
        """`graphmap lift` by the derived mapping alone, which is what Morph-KGC is given too."""
        out = rows.with_name("columns.nt")
        mapping = _ROOT / "mappings" / "warehouse.ttl"
        bind = f"dim_customer={rows}"
        measure = self._graphmap(
            "lift", "--mapping", str(mapping), "--bind", bind, "-o", str(out), "--format", "ntriples"
        )
        return Line(work="lift columns", engine="graphmap", records=count, triples=_lines(out), measure=measure)

    def morph_kgc(self, rows: Path, count: int, *, processes: int) -> Line:
        """Morph-KGC over the derived mapping in the older vocabulary."""
        run = morph_kgc(rows, processes=processes)
        name = f"Morph-KGC, {processes} process{'es' if processes > 1 else ''}"
        triples = _lines(run.output)
        return Line(work="lift columns", engine=name, records=count, triples=triples, measure=run.measure)

    def validate(self, records: Path, count: int) -> Line:
        """`graphmap validate` with a JSON report."""
        report = records.with_name("report.json")
        measure = self._graphmap("validate", str(records), "--report", str(report), "--report-format", "json")
        return Line(work="lift, validate", engine="graphmap", records=count, triples=None, measure=measure)

    def pyshacl(self, records: Path, count: int) -> Line:
        """PySHACL over the lifted records, with the shapes of the workspace; the lift is not counted."""
        python = peers.ready(peers.PYSHACL)
        data, shapes = records.with_name("default.nt"), records.with_name("shapes.ttl")
        self._graphmap("lift", str(records), "-o", str(data), "--format", "ntriples")
        folder = self._workspace / "shapes"
        shapes.write_text("\n".join(path.read_text() for path in sorted(folder.glob("*.ttl"))), encoding="utf-8")
        command = [str(python), "-m", "pyshacl", "-s", str(shapes), "-df", "nt", "-sf", "turtle", str(data)]
        measure = measured(command, cwd=self._folder, allowed=_SOME_SET_ASIDE)
        return Line(work="validate", engine="pySHACL", records=count, triples=_lines(data), measure=measure)

    def load(self, records: Path, count: int) -> tuple[Line, Line]:
        """`graphmap load` into an empty store, and Oxigraph's `bulk_load` of the same quads."""
        store, quads = self._workspace / "store", records.with_name("stored.nq")
        shutil.rmtree(store, ignore_errors=True)
        measure = self._graphmap("load", str(records))
        oxigraph = [sys.executable, "-m", "benchmarks.oxigraph"]
        measured([*oxigraph, "dump", str(_database(store)), str(quads)], cwd=_ROOT)
        stored = _lines(quads)
        again = self._folder / "again"
        shutil.rmtree(again, ignore_errors=True)
        alone = measured([*oxigraph, "load", str(again), str(quads)], cwd=_ROOT)
        return (
            Line(work="load", engine="graphmap", records=count, triples=stored, measure=measure),
            Line(work="load", engine="Oxigraph bulk_load", records=count, triples=stored, measure=alone),
        )

    def _graphmap(self, *arguments: str) -> Measure:
        environment = os.environ | {"NO_COLOR": "1"}
        return measured([_GRAPHMAP, *arguments], cwd=self._workspace, allowed=_SOME_SET_ASIDE, environment=environment)

    def _lifted(self, records: Path) -> Path:
        return records.with_name("lifted.nq")


def _database(store: Path) -> Path:
    """The folder below a workspace's store that holds the database itself."""
    for marker in sorted(store.rglob("CURRENT")):
        return marker.parent
    return store


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for _ in stream)
