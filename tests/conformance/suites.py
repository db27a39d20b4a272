"""The published RML suites, case by case, and how an outcome is held against what a case expects."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from graphmap.lifting import read_mapping
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from _pytest.mark import ParameterSet

__all__ = ["SUITES", "Case", "cases", "dataset", "lifted", "parameters"]

SUITES = Path(__file__).resolve().parents[3] / "shared" / "conformance"
"""The folder beside the checkout that holds the suites."""

_BASE = "http://example.com/base/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of a suite.

    Args:
        name: of its folder.
        folder: with mapping, sources and expected output.
        base: base IRI to run it with.
        fails: whether the run must fail.
    """

    name: str
    folder: Path
    base: str
    fails: bool

    @property
    def expected(self) -> Path:
        """The expected dataset."""
        return next(path for name in ("output.nq", "default.nq") if (path := self.folder / name).exists())


def cases(suite: str, ending: str = "") -> list[Case]:
    """The cases of a suite, those whose name ends in `ending`; none where the suite is absent."""
    folder = SUITES / suite / "test-cases"
    told = folder / "metadata.csv"
    if told.exists():
        with told.open(encoding="utf-8", newline="") as stream:
            return [
                Case(
                    name=row["ID"],
                    folder=folder / row["ID"],
                    base=row.get("base_iri") or _BASE,
                    fails=row["error"] == "true",
                )
                for row in csv.DictReader(stream)
                if row["ID"].endswith(ending)
            ]
    return [
        Case(name=each.name, folder=each, base=_BASE, fails=not (each / "output.nq").exists())
        for each in sorted(folder.glob(f"*{ending}"))
        if each.is_dir()
    ]


def parameters(found: Iterable[Case], defects: Mapping[str, str]) -> list[ParameterSet]:
    """Each case by its name; one with a known defect is expected to fail, for the reason given."""
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=defects[case.name], strict=True)] if case.name in defects else [],
        )
        for case in found
    ]


def lifted(case: Case, *, compiled: bool, bind: Mapping[str, str] | None = None) -> Iterator[str]:
    """Lift a case, strictly.

    Args:
        case: which.
        compiled: whether by the compiled plan, or by the interpreter alone.
        bind: what to read in place of a source.
    """
    plan = read_mapping([case.folder / "mapping.ttl"], base=case.base)
    yield from lift_plan(plan, RunOptions(folder=case.folder, bind=bind or {}, compiled=compiled))


def dataset(texts: Iterable[str]) -> pyoxigraph.Dataset:
    """The dataset of N-Quads, with blank nodes named canonically."""
    parsed = pyoxigraph.parse("".join(texts), pyoxigraph.RdfFormat.N_QUADS)
    made = pyoxigraph.Dataset(parsed)
    made.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return made
