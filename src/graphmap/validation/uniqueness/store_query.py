"""The question to a store: which records already have one of these values?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graphmap.rdf import RDF_TYPE, Token
from graphmap.validation.shapes import Constraint, Path, PathKind, Shape, Shapes
from graphmap.validation.uniqueness.constraints import KeyConstraint

__all__ = ["KeyQuery", "key_query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyQuery:
    """A SELECT of `?value` and `?node`.

    Args:
        text: SPARQL 1.1.
        exact: whether the condition of the key is part of it; if not, each node found must still be checked.
    """

    text: str
    exact: bool


def key_query(constraint: KeyConstraint, values: Iterable[Token], shapes: Shapes) -> KeyQuery:
    """Ask a store for the nodes that have one of some values.

    Args:
        constraint: a constraint with a predicate.
        values: tokens of the values in question.
        shapes: the shapes that the condition is one of.

    Returns:
        One set-based query over the default graph; a node that has the value is a solution, the asking record too.
    """
    condition = "" if constraint.condition is None else _shape(shapes, shapes.by_node[constraint.condition], "?node")
    lines = [
        "SELECT ?value ?node WHERE {",
        f"  VALUES ?value {{ {' '.join(values)} }}",
        f"  ?node {constraint.predicate} ?value .",
    ]
    if len(constraint.classes) == 1:
        lines.append(f"  ?node {RDF_TYPE} {constraint.classes[0]} .")
    elif constraint.classes:
        kinds = ", ".join(constraint.classes)
        lines.append(f"  FILTER EXISTS {{ ?node {RDF_TYPE} ?class FILTER(?class IN ({kinds})) }}")
    if condition:
        lines.append(f"  FILTER({condition})")
    return KeyQuery(text="\n".join([*lines, "}"]), exact=condition is not None)


def _shape(shapes: Shapes, shape: Shape, node: str) -> str | None:
    """A shape as a SPARQL expression about a variable; `None` where it has no short one."""
    if shape.deactivated:
        return "true"
    parts: list[str] = []
    for constraint in shape.constraints:
        part = _constraint(shapes, shape.path, constraint, node)
        if part is None:
            return None
        parts.append(part)
    return " && ".join(parts) or "true"


def _constraint(shapes: Shapes, path: Path | None, constraint: Constraint, node: str) -> str | None:
    logical = _LOGICAL.get(constraint.component)
    if logical is not None and path is None:
        inner = [_shape(shapes, shapes.by_node[each], node) for each in constraint.shapes]
        known = [each for each in inner if each is not None]
        return logical(known) if len(known) == len(inner) else None
    write = _OF_VALUES.get(constraint.component)
    if write is None or path is None or path.kind is not PathKind.PREDICATE:
        return None
    return write(f"{node} {path.predicate}", constraint)


def _all(parts: list[str]) -> str:
    return " && ".join(f"({part})" for part in parts)


_LOGICAL: Mapping[str, Callable[[list[str]], str]] = {
    "PropertyShapeComponent": _all,
    "NodeConstraintComponent": _all,
    "AndConstraintComponent": _all,
    "OrConstraintComponent": lambda parts: "(" + " || ".join(f"({part})" for part in parts) + ")",
    "NotConstraintComponent": lambda parts: f"!({parts[0]})",
}


def _min_count(about: str, constraint: Constraint) -> str | None:
    return f"EXISTS {{ {about} ?any }}" if constraint.count == 1 else None


def _max_count(about: str, constraint: Constraint) -> str | None:
    return f"NOT EXISTS {{ {about} ?any }}" if constraint.count == 0 else None


def _has_value(about: str, constraint: Constraint) -> str | None:
    return f"EXISTS {{ {about} {constraint.terms[0]} }}"


def _in(about: str, constraint: Constraint) -> str | None:
    matches = " || ".join(f"sameTerm(?other, {term})" for term in constraint.terms) or "false"
    return f"NOT EXISTS {{ {about} ?other FILTER(!({matches})) }}"


_OF_VALUES: Mapping[str, Callable[[str, Constraint], str | None]] = {
    "MinCountConstraintComponent": _min_count,
    "MaxCountConstraintComponent": _max_count,
    "HasValueConstraintComponent": _has_value,
    "InConstraintComponent": _in,
}
