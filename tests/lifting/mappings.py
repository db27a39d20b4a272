"""Small mappings for tests, written as Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph

from graphmap.lifting import Interpreter, Plan, compile_plan, line_of, read_mapping
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from graphmap.records.value_forms import ValueForms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

__all__ = ["BASE", "PREFIXES", "both", "compiled", "lifted", "mapping", "same", "source"]

BASE = "http://example.com/base/"
PREFIXES = """@prefix rml: <http://w3id.org/rml/> .
@prefix graphmap: <https://w3id.org/graphmap#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.com/> .
"""


def source(formulation: str = "JSONPath", iterator: str = "$") -> str:
    """A logical source called `ex:source`."""
    kind = "graphmap:LaxJSONPath" if formulation == "LaxJSONPath" else f"rml:{formulation}"
    return (
        f'ex:source a rml:LogicalSource ; rml:source "data" ; rml:referenceFormulation {kind} ; '
        f'rml:iterator "{iterator}" .\n'
    )


def mapping(folder: Path, body: str, *, prefixes: str = PREFIXES, name: str = "mapping.ttl") -> Plan:
    """The plan of a mapping."""
    path = folder / name
    path.write_text(prefixes + body, encoding="utf-8")
    return read_mapping([path], base=BASE)


def compiled(plan: Plan, record: Any, *, header: tuple[str, ...] | None = None) -> set[str] | None:
    """The lines that the compiled plan makes of a record, `None` where it leaves it to the interpreter."""
    found = compile_plan(plan, header=header, forms=ValueForms()).lift(record)
    if found is None:
        return None
    lines = found[1].split("\n")[:-1]
    assert len(lines) == len(set(lines)), "a line is given twice"
    return set(lines)


def both(plan: Plan, record: Any) -> list[str]:
    """The lines that the interpreter makes of a document, held against the compiled plan."""
    lifted = Interpreter(plan, forms=ValueForms()).lift(record)
    lines = {line_of(statement).rstrip("\n") for statement in lifted.statements}
    quick = compiled(plan, record)
    assert quick is None or (not lifted.faults and quick == lines)
    return sorted(lines)


def lifted(folder: Path, body: str, files: Mapping[str, str], *, prefixes: str = PREFIXES) -> list[str]:
    """The statements of a mapping over some files, by the fast path, which are those of the interpreter.

    Args:
        folder: where mapping and files go.
        body: of the mapping.
        files: name to text.
        prefixes: before the body.
    """
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    plan = mapping(folder, body, prefixes=prefixes)
    made = ["".join(lift_plan(plan, RunOptions(folder=folder, bind={}, compiled=each))) for each in (True, False)]
    assert same(*made)
    return sorted(dict.fromkeys(made[0].splitlines()))


def same(one: str, other: str) -> bool:
    """Whether two N-Quads texts say the same, whatever their blank nodes are called."""
    return _dataset(one) == _dataset(other)


def _dataset(text: str) -> pyoxigraph.Dataset:
    found = pyoxigraph.Dataset(pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS))
    found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return found
