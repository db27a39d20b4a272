"""Lifts that were found outside, each a folder of a mapping, data and the right answer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph

from graphmap.ingest.lift import LiftRun, lift_mapping
from graphmap.lifting import read_mapping
from graphmap.lifting.execution import RunOptions, lift_plan

__all__ = ["CASES", "WAYS", "Case", "cases", "differences"]

CASES = Path(os.environ.get("GRAPHMAP_CASES", Path(__file__).parents[3] / "shared" / "cases")) / "lift"
WAYS = ("interpreted", "compiled", "command")
"""The interpreter, the compiled plan, and what `graphmap lift` does, columns among it."""

_SERVERS = {"pg.sql": "PG", "my.sql": "MY"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One folder."""

    folder: Path

    @property
    def server(self) -> str | None:
        """The name by which its mapping calls a database server."""
        return next((name for file, name in _SERVERS.items() if (self.folder / file).exists()), None)

    @property
    def statements(self) -> str:
        """What fills its tables."""
        return "".join((self.folder / file).read_text("utf-8") for file in _SERVERS if (self.folder / file).exists())

    def lifted(self, way: str, bind: Mapping[str, str]) -> bytes:
        """What comes of it."""
        options = json.loads((self.folder / "run.json").read_text("utf-8"))
        base, mapping = options.get("base"), self.folder / options.get("mapfile", "mapping.ttl")
        bound = {**dict(_bound(options.get("args", ()), self.folder)), **bind}
        lifting = LiftRun(strict=not options.get("best"))
        if way == "command":
            texts = lift_mapping(mapping, [], lifting, base=base, bind=bound, environment={}, processes=1)
            return b"".join(bytes(text) for text in texts)
        conditions: dict[str, Any] = {} if not options.get("best") else {"meet": lifting.meet, "refuse": lifting.refuse}
        plan = read_mapping([mapping], base=base)
        run = RunOptions(folder=self.folder, bind=bound, compiled=way == "compiled", **conditions)
        return "".join(lift_plan(plan, run)).encode()


def _bound(arguments: Sequence[str], folder: Path) -> Iterator[tuple[str, str]]:
    for option, value in zip(arguments[::2], arguments[1::2], strict=True):
        assert option == "--bind", f"{option} is an option that no case had so far"
        name, _, place = value.partition("=")
        scheme, _, path = place.rpartition(":")
        yield name, f"{scheme}:{folder / path}" if scheme else str(folder / path)


def cases(*, server: bool) -> list[Case]:
    """The cases that need a database server, or those that need none; none where they are not beside the checkout."""
    found = sorted(each for each in CASES.glob("*") if each.is_dir())
    return [case for case in (Case(folder=folder) for folder in found) if (case.server is not None) == server]


def differences(case: Case, made: bytes) -> list[str]:
    """The statements that are missing (-) or too many (+), blank nodes named canonically."""
    expected, found = _lines((case.folder / "expected.nq").read_bytes()), _lines(made)
    return [*(f"- {line}" for line in sorted(expected - found)), *(f"+ {line}" for line in sorted(found - expected))]


def _lines(text: bytes) -> set[str]:
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}
