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
    "DRAFT",
    "NODE_KINDS",
    "PARAMETERS",
    "SH",
    "SPARQL_PREDICATES",
    "TARGETS",
    "TERMS",
    "WITHOUT_EFFECT",
    "Accepts",
    "Parameter",
    "TargetKind",
    "component_token",
    "sh",
]

SH = "http://www.w3.org/ns/shacl#"


class Accepts(Enum):
    """Kind of value that a parameter accepts."""

    IRI = "an IRI"
    TERM = "an IRI or a literal"
    LITERAL = "a literal"
    COUNT = "an integer literal of zero or more"
    STRING = "a string literal"
    BOOLEAN = "a boolean literal"
    TERMS = "a list"
    STRINGS = "a list of string literals"
    IRIS = "an IRI or a list of IRIs"
    NODE_KINDS = "one of the six node kinds or a list of them"
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
        "class": _many("Class", Accepts.IRIS),
        "datatype": _one("Datatype", Accepts.IRIS),
        "nodeKind": _one("NodeKind", Accepts.NODE_KINDS),
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
        "singleLine": _one("SingleLine", Accepts.BOOLEAN),
        "rootClass": _many("RootClass", Accepts.IRI),
        "subsetOf": _on_properties("SubsetOf", Accepts.IRI, single=False),
        "someValue": _on_properties("SomeValue", Accepts.SHAPE, single=False),
        "memberShape": _many("MemberShape", Accepts.SHAPE),
        "minListLength": _one("MinListLength", Accepts.COUNT),
        "maxListLength": _one("MaxListLength", Accepts.COUNT),
        "uniqueMembers": _one("UniqueMembers", Accepts.BOOLEAN),
        "uniqueValuesFor": _many("UniqueValuesFor", Accepts.IRIS),
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

SPARQL_PREDICATES = frozenset({sh("sparql"), sh("target")})
"""Predicates of a shape that lead to queries."""

WITHOUT_EFFECT = frozenset(
    sh(name)
    for name in (
        *("name", "description", "order", "group", "defaultValue", "message", "severity", "deactivated", "path"),
        *("flags", "ignoredProperties", "qualifiedValueShapesDisjoint"),
        *("declare", "prefixes", "shapesGraph", "suggestedShapesGraph", "select", "ask", "rule"),
    )
)
"""Terms of SHACL that a shape may carry beside targets and parameters; any other cannot be evaluated here."""

_CLASSES = (
    "NodeShape PropertyShape Shape ShapeClass Parameterizable Parameter ConstraintComponent Validator "
    "SPARQLAskValidator SPARQLSelectValidator SPARQLExecutable SPARQLAskExecutable SPARQLSelectExecutable "
    "SPARQLConstructExecutable SPARQLUpdateExecutable SPARQLConstraint SPARQLFunction SPARQLTarget "
    "SPARQLTargetType SPARQLRule SPARQLValuesDeriver Function JSConstraint JSExecutable JSFunction JSLibrary "
    "JSRule JSTarget JSTargetType JSValidator Rule TripleRule Target TargetType PropertyGroup PrefixDeclaration "
    "NodeKind AbstractResult ResultAnnotation Severity ValidationReport ValidationResult Violation Warning Info "
    "Debug Trace IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral "
    "ExpressionConstraintComponent JSConstraintComponent SPARQLConstraintComponent PropertyConstraintComponent "
    "PropertyShapeComponent TripleTerm IRIOrTripleTerm BlankNodeOrTripleTerm LiteralOrTripleTerm "
)
_PROPERTIES = (
    "alternativePath inversePath zeroOrMorePath oneOrMorePath zeroOrOnePath parameter labelTemplate optional "
    "validator nodeValidator propertyValidator construct update select ask prefix namespace entailment "
    "targetShape this conforms result detail focusNode resultMessage resultPath resultSeverity sourceConstraint "
    "sourceConstraintComponent sourceShape value resultAnnotation annotationProperty annotationValue "
    "annotationVarName shapesGraphWellFormed returnType condition subject predicate object expression filterShape "
    "nodes intersection union if then else count distinct orderBy limit offset groupConcat min max sum js "
    "jsFunctionName jsLibrary jsLibraryURL values "
)
_DRAFT_TERMS = (
    "targetWhere reifierShape reificationRequired nodeByExpression sparqlExpr expr "
    "uniqueValuesForClass agentRole codeIdentifier unique defaultValues targetNodeExpr ListConstraintComponent "
    "nodeExpression remove flatMap findFirst matchAll instancesOf concat exists var arg ListShape rules ruleSet "
    "conformanceDisallows annotations intent hasShape nodesMatching pathValues shape "
)
DRAFT = frozenset(_DRAFT_TERMS.split())
"""Local names of the SHACL 1.2 drafts that SHACL 1.0 does not have."""

TERMS = frozenset(
    (
        *_CLASSES.split(),
        *_PROPERTIES.split(),
        *PARAMETERS,
        *DRAFT,
        *(kind.value for kind in TargetKind),
        *(term[len(SH) + 1 : -1] for term in WITHOUT_EFFECT | SPARQL_PREDICATES),
        *(parameter.component for parameter in PARAMETERS.values()),
    )
)
"""Local names of all terms of SHACL, its advanced features and the drafts of 1.2."""
