"""The SHACL vocabulary as tables: which parameter belongs to which component and what it accepts.

Source: SHACL, sections 4 (core constraint components) and 2.1 (shapes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from graphmap.rdf import Token

__all__ = [
    "GRAPHMAP",
    "NODE_KINDS",
    "PARAMETERS",
    "SH",
    "TARGETS",
    "WITHOUT_EFFECT",
    "Accepts",
    "Parameter",
    "TargetKind",
    "component_token",
    "sh",
]

SH = "http://www.w3.org/ns/shacl#"
GRAPHMAP = "https://schema.limbergraph.com/graphmap#"


class Accepts(Enum):
    """Kind of value that a parameter accepts."""

    IRI = "an IRI"
    TERM = "an IRI or a literal"
    LITERAL = "a literal"
    COUNT = "an integer literal of zero or more"
    STRING = "a string literal"
    BOOLEAN = "a boolean literal"
    NODE_KIND = "one of the six node kinds"
    TERMS = "a list"
    STRINGS = "a list of string literals"
    SHAPE = "a shape"
    SHAPES = "a list of shapes"


class TargetKind(Enum):
    """Target kind of a shape; the value is the local name in SHACL."""

    CLASS = "targetClass"
    NODE = "targetNode"
    SUBJECTS_OF = "targetSubjectsOf"
    OBJECTS_OF = "targetObjectsOf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the table of parameters.

    Args:
        component: local name of the constraint component.
        accepts: what a value must be.
        single: a shape has at most one value.
        on_property_shapes_only: a node shape must not have it.
    """

    component: str
    accepts: Accepts
    single: bool = False
    on_property_shapes_only: bool = False


def sh(name: str) -> Token:
    """The token of a SHACL term.

    >>> sh("path")
    '<http://www.w3.org/ns/shacl#path>'
    """
    return f"<{SH}{name}>"


def component_token(component: str) -> Token:
    """The token of a constraint component given by its local name, or by its IRI where it is not of the standard."""
    return f"<{component}>" if ":" in component else sh(component)


def _one(component: str, accepts: Accepts) -> Parameter:
    return Parameter(component=f"{component}ConstraintComponent", accepts=accepts, single=True)


def _many(component: str, accepts: Accepts) -> Parameter:
    return Parameter(component=f"{component}ConstraintComponent", accepts=accepts)


def _on_properties(component: str, accepts: Accepts, *, single: bool = True) -> Parameter:
    name = f"{component}ConstraintComponent"
    return Parameter(component=name, accepts=accepts, single=single, on_property_shapes_only=True)


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        "class": _many("Class", Accepts.IRI),
        "datatype": _one("Datatype", Accepts.IRI),
        "nodeKind": _one("NodeKind", Accepts.NODE_KIND),
        "minCount": _on_properties("MinCount", Accepts.COUNT),
        "maxCount": _on_properties("MaxCount", Accepts.COUNT),
        "minExclusive": _one("MinExclusive", Accepts.LITERAL),
        "minInclusive": _one("MinInclusive", Accepts.LITERAL),
        "maxExclusive": _one("MaxExclusive", Accepts.LITERAL),
        "maxInclusive": _one("MaxInclusive", Accepts.LITERAL),
        "minLength": _one("MinLength", Accepts.COUNT),
        "maxLength": _one("MaxLength", Accepts.COUNT),
        "pattern": _one("Pattern", Accepts.STRING),
        "languageIn": _one("LanguageIn", Accepts.STRINGS),
        "uniqueLang": _on_properties("UniqueLang", Accepts.BOOLEAN),
        "equals": _many("Equals", Accepts.IRI),
        "disjoint": _many("Disjoint", Accepts.IRI),
        "lessThan": _on_properties("LessThan", Accepts.IRI, single=False),
        "lessThanOrEquals": _on_properties("LessThanOrEquals", Accepts.IRI, single=False),
        "not": _many("Not", Accepts.SHAPE),
        "and": _many("And", Accepts.SHAPES),
        "or": _many("Or", Accepts.SHAPES),
        "xone": _many("Xone", Accepts.SHAPES),
        "node": _many("Node", Accepts.SHAPE),
        "property": Parameter(component="PropertyShapeComponent", accepts=Accepts.SHAPE),
        "qualifiedMinCount": _one("QualifiedMinCount", Accepts.COUNT),
        "qualifiedMaxCount": _one("QualifiedMaxCount", Accepts.COUNT),
        "qualifiedValueShape": _on_properties("QualifiedMinCount", Accepts.SHAPE),
        "closed": _one("Closed", Accepts.BOOLEAN),
        "hasValue": _many("HasValue", Accepts.TERM),
        "in": _one("In", Accepts.TERMS),
    }
)
"""Parameter by local name, in the order in which a shape is checked."""

NODE_KINDS: Mapping[Token, str] = MappingProxyType(
    {
        sh("IRI"): "<",
        sh("BlankNode"): "_",
        sh("Literal"): '"',
        sh("BlankNodeOrIRI"): "_<",
        sh("BlankNodeOrLiteral"): '_"',
        sh("IRIOrLiteral"): '<"',
    }
)
"""Node kind to the first characters that its tokens have."""

TARGETS: Mapping[Token, TargetKind] = MappingProxyType({sh(kind.value): kind for kind in TargetKind})

WITHOUT_EFFECT = frozenset(
    {
        sh("name"),
        sh("description"),
        sh("order"),
        sh("group"),
        sh("defaultValue"),
        sh("message"),
        sh("severity"),
        sh("deactivated"),
        sh("path"),
        sh("flags"),
        sh("ignoredProperties"),
        sh("qualifiedValueShapesDisjoint"),
        sh("declare"),
        sh("prefixes"),
        sh("shapesGraph"),
        sh("suggestedShapesGraph"),
    }
)
"""Terms of SHACL that a shape may carry beside targets and parameters; any other cannot be evaluated here."""
