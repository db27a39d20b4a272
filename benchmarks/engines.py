"""How each engine is called for each kind of work, as processes in a workspace of their own."""

from __future__ import annotations

import compileall
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.measure import Measure, measured
from benchmarks.table import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Bench", "Run", "compile_graphmap", "morph_kgc", "sdm_rdfizer"]

_ROOT = Path(__file__).resolve().parent.parent
_GRAPHMAP = str(Path(sys.executable).parent / "graphmap")
_SOME_SET_ASIDE = frozenset({0, 1})
_MORPH_CONFIGURATION = """[CONFIGURATION]
output_file: {output}
output_format: {form}
number_of_processes: {processes}
na_values:
logging_level: WARNING

[rows]
mappings: {mapping}
"""
_SDM_CONFIGURATION = """[default]
main_directory: {output}

[datasets]
number_of_datasets: 1
output_folder: {output}
all_in_one_file: yes
remove_duplicate: yes
enrichment: yes
name: lifted
ordered: yes
large_file: false
output_format: n-triples

[dataset1]
name: lifted
mapping: {mapping}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A measured run, and the file that it wrote."""

    measure: Measure
    output: Path


def morph_kgc(
    mapping: str, folder: Path, *, processes: int = 2, graphs: bool = False, deadline_s: float | None = None
) -> Run:
    """Lift by Morph-KGC.

    Args:
        mapping: in the older vocabulary, as Turtle; it names its source relative to `folder`.
        folder: where the source is; what Morph-KGC needs and makes is written beside it.
        processes: how many processes it may use.
        graphs: whether named graphs come of it.
        deadline_s: seconds after which it is ended.

    Raises:
        StoppedError: where it was ended.
    """
    python = peers.ready(peers.MORPH_KGC)
    file, configuration, out = (
        folder / "morph.ttl",
        folder / "morph.ini",
        folder / ("morph.nq" if graphs else "morph.nt"),
    )
    file.write_text(mapping, encoding="utf-8")
    form = "N-QUADS" if graphs else "N-TRIPLES"
    settings = _MORPH_CONFIGURATION.format(output=out, form=form, processes=processes, mapping=file)
    configuration.write_text(settings, encoding="utf-8")
    measure = measured([str(python), "-m", "morph_kgc", str(configuration)], cwd=folder, deadline_s=deadline_s)
    return Run(measure=measure, output=out)


def sdm_rdfizer(mapping: str, folder: Path, *, deadline_s: float | None = None) -> Run:
    """Lift by SDM-RDFizer.

    Args:
        mapping: in the older vocabulary, as Turtle; it names its source relative to `folder`.
        folder: where the source is; what SDM-RDFizer needs and makes is written beside it.
        deadline_s: seconds after which it is ended.

    Raises:
        StoppedError: where it was ended.
    """
    python = peers.ready(peers.SDM_RDFIZER)
    home = folder / "sdm"
    home.mkdir(exist_ok=True)
    file, configuration = home / "mapping.ttl", home / "config.ini"
    for source in ('rml:source "', 'rml#source> "'):  # as Turtle and as N-Triples write it
        mapping = mapping.replace(source, f"{source}{folder}/")
    file.write_text(mapping, encoding="utf-8")
    configuration.write_text(_SDM_CONFIGURATION.format(output=home, mapping=file), encoding="utf-8")
    # it imports a database driver at start, which needs a library of the system; no database is read here
    (home / "pyodbc.py").touch()
    environment = os.environ | {"PYTHONPATH": str(home)}
    command = [str(python), "-m", "rdfizer", "-c", str(configuration)]
    measure = measured(command, cwd=home, environment=environment, deadline_s=deadline_s)
    return Run(measure=measure, output=home / "lifted.nt")


def compile_graphmap() -> None:
    """Compile the modules of the checkout, as an installer has done for the peers."""
    compileall.compile_dir(_ROOT / "src", quiet=1)


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
        out = records.with_name("lifted.nq")
        measure = self._graphmap("lift", str(records), "-o", str(out), "--format", "nquads")
        return Line(work="lift", engine="graphmap", records=count, triples=_lines(out), measure=measure)

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

    def load(self, kind: str, count: int, *options: str) -> Iterator[Line]:
        """`graphmap load` of generated records into an empty store, and Oxigraph's `bulk_load` of the same quads.

        They come as the load sends them, record by record, each statement once.
        """
        records, store = self.generated(kind, count), self._workspace / "store"
        quads, again = records.with_name("sent.nq"), self._folder / "again"
        for folder in (store, self._workspace / ".store-beside"):
            shutil.rmtree(folder, ignore_errors=True)
        work = " ".join(("load", kind, *options))
        measure = self._graphmap("load", str(records), *options)
        for folder in (store, self._workspace / ".store-beside"):  # all of them together are more than many a disk has
            shutil.rmtree(folder)
        oxigraph = [sys.executable, "-m", "benchmarks.oxigraph"]
        measured([*oxigraph, "quads", str(self._workspace), str(records), str(quads), *options], cwd=_ROOT)
        triples = _lines(quads)
        yield Line(work=work, engine="graphmap", records=count, triples=triples, measure=measure)
        alone = measured([*oxigraph, "load", str(quads), str(again)], cwd=_ROOT)
        shutil.rmtree(again)
        quads.unlink()
        yield Line(work=work, engine="Oxigraph bulk_load", records=count, triples=triples, measure=alone)

    def _graphmap(self, *arguments: str) -> Measure:
        environment = os.environ | {"NO_COLOR": "1"}
        return measured([_GRAPHMAP, *arguments], cwd=self._workspace, allowed=_SOME_SET_ASIDE, environment=environment)


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for _ in stream)
