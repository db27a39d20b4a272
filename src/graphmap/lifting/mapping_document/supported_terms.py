"""The properties of RML that are read here; a statement with another one is refused, not left out in silence.

Source: RML-Core, RML-IO, RML-LV, RML-CC, RML-FNML and R2RML, vocabularies.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from graphmap.lifting.mapping_document.graph import Nodes
from graphmap.lifting.plan import rml

__all__ = ["check_terms"]

_NAMES = """
    logicalSource subjectMap subject predicateObjectMap predicateMap predicate objectMap object graphMap
    graph class baseIRI template reference constant termType datatype datatypeMap language languageMap
    parentTriplesMap joinCondition child parent childMap parentMap
    source referenceFormulation iterator path root encoding compression null namespace namespacePrefix namespaceURL
    tableName sqlQuery logicalTarget target serialization mode
    viewOn field fieldName leftJoin innerJoin fullJoin parentLogicalView
    structuralAnnotation onFields targetView targetFields
    gather gatherAs strategy allowEmptyListAndContainer
    functionExecution functionValue function functionMap input parameter parameterMap inputValue inputValueMap
    return returnMap condition
    inverseExpression sqlVersion
"""
"""Local names; those of the last line change nothing here: an inverse expression is
a hint for those who answer queries, and there is one version of SQL."""

_READ = frozenset(_NAMES.split())

_LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "quotedTriplesMap": "RML-star is not read; say it with a node of its own",
        "subjectQuotedMap": "RML-star is not read; say it with a node of its own",
    }
)


def check_terms(nodes: Nodes) -> None:
    """Look at every property of a mapping.

    Raises:
        MappingError: at the first statement with a property of RML that is not read here.
    """
    namespace = rml("")[:-1]
    for subject, pairs in nodes.index.items():
        for predicate in pairs:
            name = predicate.removeprefix(namespace)[:-1]
            if predicate.startswith(namespace) and name not in _READ:
                hint = _LEFT_OUT.get(name) or _nearest(name)
                raise nodes.fault(subject, f"rml:{name} is not a supported property", hint, at=name)


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, sorted(_READ), 1)
    return f"did you mean rml:{near[0]}?" if near else "take it out, or use one of RML-Core"
