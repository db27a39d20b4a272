"""Cost of references: rows that refer to a record each, against the same rows with a text there.

Interleaved pairs of processor time, each in a process of its own; the bar is a median of 1.2.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import process_time

from graphmap.derivation import Reading, derive, write
from graphmap.ingest import load_knowledge
from graphmap.ingest.check import InputCheck, check_files
from graphmap.ingest.load import load_files
from graphmap.provenance import now
from graphmap.rules import load_rules
from graphmap.store import EmbeddedStore
from graphmap.validation.report import Report
from graphmap.workspace import read_workspace

_RULES = """
id: https://depot.example/schema
name: depot
prefixes: {linkml: https://w3id.org/linkml/, depot: https://depot.example/schema#}
default_prefix: depot
imports: [linkml:types]
classes:
  Owner:
    attributes:
      id: {identifier: true}
      name: {required: true}
  Thing:
    attributes:
      number: {identifier: true}
      owner: {range: OWNER, required: true}
      placed: {range: date, required: true}
      total: {range: decimal, minimum_value: 0}
      state: {range: State}
      note: {}
enums:
  State:
    permissible_values: {new: {}, used: {}}
"""


def main() -> None:
    """Make both workspaces, and run the pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--only", choices=("validate", "load"))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(f"{_spent_s(Path(options.one[0]), options.one[1])}\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        plain, linked = (_workspace(Path(folder) / each, each, options.rows) for each in ("string", "Owner"))
        for command in [options.only] if options.only else ["validate", "load"]:
            pairs = [(_alone(plain, command), _alone(linked, command)) for _ in range(options.pairs)]
            ratios = sorted(linked_s / plain_s for plain_s, linked_s in pairs)
            without, with_ = (statistics.median(side) for side in zip(*pairs, strict=True))
            sys.stdout.write(
                f"{command}: {options.rows:,} rows, {without:.2f} s without, {with_:.2f} s with, "
                f"{statistics.median(ratios):.2f} times ({ratios[0]:.2f} to {ratios[-1]:.2f})\n"
            )
            sys.stdout.flush()


def _workspace(root: Path, owner: str, rows: int) -> Path:
    (root / "rules").mkdir(parents=True)
    sources = '[sources.owners]\nclass = "Owner"\n[sources.things]\nclass = "Thing"\n'
    (root / "graphmap.toml").write_text(f'base = "https://depot.example/"\n{sources}', encoding="utf-8")
    (root / "rules" / "depot.yaml").write_text(_RULES.replace("OWNER", owner), encoding="utf-8")
    readings = {each: Reading(kind="table") for each in ("Owner", "Thing")}
    write(derive(load_rules(root / "rules"), "https://depot.example/", readings), root)
    chance, owners = random.Random(1), max(1, rows // 10)
    things = (f"t{each},{chance.randrange(owners)},2024-01-02,3.50,new,a note\n" for each in range(rows))
    header = "number,owner,placed,total,state,note\n"
    (root / "things.csv").write_text(header + "".join(things), encoding="utf-8")
    (root / "owners.csv").write_text("id,name\n" + "".join(f"{each},n{each}\n" for each in range(owners)))
    return root


def _alone(root: Path, command: str) -> float:
    """Seconds of processor time in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.references", "--one", str(root), command]
    return float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def _spent_s(root: Path, command: str) -> float:
    knowledge = load_knowledge(read_workspace(root))
    files = [str(root / "owners.csv"), str(root / "things.csv")]
    begun = process_time()
    if command == "validate":
        gathering = InputCheck(knowledge.engine)
        check_files(files, knowledge, gathering)
        return _spent_since(begun, gathering.report())
    for folder in root.glob("*store*"):
        shutil.rmtree(folder)
    begun = process_time()
    with closing(EmbeddedStore(root / "store")) as store:
        loaded = load_files(files, knowledge, store, moment=now())
    return _spent_since(begun, loaded.report)


def _spent_since(begun: float, report: Report) -> float:
    spent_s = process_time() - begun
    if report.findings:
        raise RuntimeError("the benchmark's own records have findings")
    return spent_s


if __name__ == "__main__":
    main()
