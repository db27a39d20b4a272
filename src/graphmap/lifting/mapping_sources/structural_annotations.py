"""Structural annotations: what a mapping promises of the fields of a view.

They are checked for being well-formed. Nothing is derived from them and nothing is enforced: the same mapping without
them gives the same graph.
Source: RML-LV, structural annotations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.mapping_sources.reference_scope import Scope
from graphmap.lifting.plan import rml
from graphmap.rdf import RDF_TYPE, Token, literal_parts

__all__ = ["check_annotations"]

_KINDS = ("PrimaryKey", "Unique", "NotNull", "IriSafe", "ForeignKey", "Inclusion")
_TO_OTHERS = ("ForeignKey", "Inclusion")


def check_annotations(nodes: Nodes, view: Token, scope: Scope, scope_of: Callable[[Token], Scope]) -> None:
    """Check the annotations of a view.

    Args:
        nodes: the statements of the mapping.
        view: it.
        scope: its fields.
        scope_of: the scope of another view.

    Raises:
        MappingError: where one is of no kind, names no field or a field that is not there, or where its target is none.
    """
    keys = 0
    for node in nodes.all(view, rml("structuralAnnotation")):
        kind = _kind(nodes, node)
        keys += kind == "PrimaryKey"
        if keys > 1:
            raise nodes.fault(node, "the view has more than one primary key", "say rml:UniqueAnnotation of the others")
        names = _names(nodes, node, "onFields", scope)
        if kind in _TO_OTHERS:
            _check_target(nodes, node, kind, names, scope_of)


def _kind(nodes: Nodes, node: Token) -> str:
    found = [kind for kind in _KINDS if rml(f"{kind}Annotation") in nodes.all(node, RDF_TYPE)]
    if len(found) != 1:
        known = ", ".join(f"rml:{kind}Annotation" for kind in _KINDS)
        raise nodes.fault(node, "the annotation is of no kind, or of several", f"give it one of {known}")
    return found[0]


def _names(nodes: Nodes, node: Token, name: str, scope: Scope) -> list[str]:
    """A list of names of fields, all of them in a view."""
    listed = nodes.listed(node, rml(name))
    names = [literal_parts(each).lexical if each[0] == '"' else each for each in listed]
    unknown = next((each for each in names if each not in (scope.fields or {})), None)
    if unknown is not None:
        raise nodes.fault(node, f"the view has no field {unknown!r}", "name fields of the view", at=name)
    return names


def _check_target(
    nodes: Nodes, node: Token, kind: str, names: Sequence[str], scope_of: Callable[[Token], Scope]
) -> None:
    target = nodes.one(node, rml("targetView"))
    if not nodes.all(target, rml("viewOn")):
        raise nodes.fault(node, f"{target} is not a logical view", "name a view", at="targetView")
    others = _names(nodes, node, "targetFields", scope_of(target))
    if len(others) != len(names):
        raise nodes.fault(node, "rml:onFields and rml:targetFields are not as many", "name as many fields")
    if kind == "ForeignKey" and not _is_unique(nodes, target, others):
        what = "a foreign key leads to fields that are not unique"
        raise nodes.fault(node, what, "annotate them with rml:UniqueAnnotation or rml:PrimaryKeyAnnotation")


def _is_unique(nodes: Nodes, view: Token, names: Sequence[str]) -> bool:
    for node in nodes.all(view, rml("structuralAnnotation")):
        if _kind(nodes, node) in ("PrimaryKey", "Unique"):
            listed = nodes.listed(node, rml("onFields"))
            if {literal_parts(each).lexical for each in listed if each[0] == '"'} == set(names):
                return True
    return False
