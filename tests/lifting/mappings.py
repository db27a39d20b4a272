"""Small mappings for tests, written as Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphmap.lifting import Interpreter, Plan, ValueForms, compile_plan, line_of, read_mapping

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

__all__ = ["BASE", "PREFIXES", "both", "compiled", "mapping", "source"]

BASE = "http://example.com/base/"
PREFIXES = """@prefix rml: <http://w3id.org/rml/> .
@prefix graphmap: <https://schema.limbergraph.com/graphmap#> .
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
