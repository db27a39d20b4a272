"""Terms that are probably misspelt: names that no vocabulary has, and namespaces one letter off."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from graphmap.rdf import RDF, RDFS, XSD, Graph, Token
from graphmap.validation.shapes.model import Note, Unevaluable
from graphmap.validation.shapes.vocabulary import SH, TERMS

__all__ = ["misspelt", "nearest", "one_letter_apart"]

_RDF_TERMS = (
    "type first rest nil value subject predicate object Statement List Bag Seq Alt Property langString HTML "
    "XMLLiteral JSON PlainLiteral dirLangString language direction CompoundLiteral reifies "
)
_RDFS_TERMS = (
    "label comment subClassOf subPropertyOf domain range seeAlso isDefinedBy member Class Resource Literal "
    "Datatype Container ContainerMembershipProperty Proposition "
)
_XSD_TERMS = (
    "string boolean decimal integer double float date time dateTime dateTimeStamp gYear gMonth gDay gYearMonth "
    "gMonthDay duration yearMonthDuration dayTimeDuration byte short int long unsignedByte unsignedShort "
    "unsignedInt unsignedLong positiveInteger nonNegativeInteger negativeInteger nonPositiveInteger hexBinary "
    "base64Binary anyURI language normalizedString token NMTOKEN NMTOKENS Name NCName QName NOTATION ID IDREF "
    "IDREFS ENTITY ENTITIES anyType anySimpleType anyAtomicType pattern length minLength maxLength minInclusive "
    "maxInclusive minExclusive maxExclusive totalDigits fractionDigits whiteSpace "
)
_OWL = "http://www.w3.org/2002/07/owl#"
_OWL_TERMS = (
    "Class Ontology imports Thing Nothing ObjectProperty DatatypeProperty AnnotationProperty OntologyProperty "
    "NamedIndividual Restriction AllDifferent AllDisjointClasses AllDisjointProperties Annotation Axiom "
    "AsymmetricProperty DataRange DeprecatedClass DeprecatedProperty FunctionalProperty InverseFunctionalProperty "
    "IrreflexiveProperty NegativePropertyAssertion ReflexiveProperty SymmetricProperty TransitiveProperty "
    "allValuesFrom annotatedProperty annotatedSource annotatedTarget assertionProperty backwardCompatibleWith "
    "bottomDataProperty bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated "
    "differentFrom disjointUnionOf disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf "
    "hasValue incompatibleWith intersectionOf inverseOf maxCardinality maxQualifiedCardinality members "
    "minCardinality minQualifiedCardinality onClass onDataRange onDatatype onProperties onProperty oneOf "
    "priorVersion propertyChainAxiom propertyDisjointWith qualifiedCardinality sameAs someValuesFrom "
    "sourceIndividual targetIndividual targetValue topDataProperty topObjectProperty unionOf versionIRI "
    "versionInfo withRestrictions rational real "
)
_VOCABULARIES: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        SH: ("sh", TERMS),
        RDF: ("rdf", frozenset(_RDF_TERMS.split())),
        RDFS: ("rdfs", frozenset(_RDFS_TERMS.split())),
        _OWL: ("owl", frozenset(_OWL_TERMS.split())),
        XSD: ("xsd", frozenset(_XSD_TERMS.split())),
    }
)
_DATATYPE = re.compile(r"\^\^<([^>]*)>$")
_MEMBERSHIP = re.compile(r"_[1-9][0-9]*")


def misspelt(graph: Graph) -> Iterator[Unevaluable | Note]:
    """Terms of a shapes graph that no vocabulary has.

    Args:
        graph: the shapes graph.

    Yields:
        A failure for each misspelt term of SHACL, for it may have been a target or a constraint; a note for one of
        RDF, RDF Schema or XML Schema.
    """
    known: dict[str, Unevaluable | Note | None] = {}
    for triple in graph.triples():
        for iri in _iris(triple):
            if iri not in known:
                known[iri] = _fault(iri, triple.subject)
                if (fault := known[iri]) is not None:
                    yield fault


def _iris(triple: Iterable[Token]) -> Iterator[str]:
    for token in triple:
        if token[0] == "<":
            yield token[1:-1]
        elif token[-1] == ">" and (datatype := _DATATYPE.search(token)) is not None:
            yield datatype[1]


def _fault(iri: str, subject: Token) -> Unevaluable | Note | None:
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    namespace, name = iri[:end], iri[end:]
    found = _VOCABULARIES.get(namespace)
    if found is None:
        return _of_a_near_namespace(namespace, name, subject)
    prefix, terms = found
    if not name or name in terms or (prefix == "rdf" and _MEMBERSHIP.fullmatch(name)):
        return None
    guess = nearest(name, terms)
    text = f"{prefix}:{name} is no term of {_NAMES[prefix]}" + (f"; did you mean {prefix}:{guess}?" if guess else "")
    return _told(prefix, subject, text)


_NAMES = {"sh": "SHACL", "rdf": "RDF", "rdfs": "RDF Schema", "owl": "OWL", "xsd": "XML Schema"}


def _of_a_near_namespace(namespace: str, name: str, subject: Token) -> Unevaluable | Note | None:
    for right, (prefix, terms) in _VOCABULARIES.items():
        if name in terms and _near(namespace, right):
            text = f"<{namespace}{name}> is not in the namespace of {_NAMES[prefix]}; did you mean <{right}{name}>?"
            return _told(prefix, subject, text)
    return None


def _told(prefix: str, subject: Token, text: str) -> Unevaluable | Note:
    return Unevaluable(shape=subject, reason=text) if prefix == "sh" else Note(shape=subject, text=text)


def _near(namespace: str, right: str) -> bool:
    return one_letter_apart(namespace, right) or _folded(namespace) == _folded(right)


def _folded(namespace: str) -> str:
    """A namespace without what people get wrong: the scheme, `www.`, upper case, the last sign."""
    return namespace.lower().partition("://")[2].removeprefix("www.").rstrip("#/")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The most similar of some names, upper and lower case apart; `None` where none is like it.

    >>> nearest("targetclass", ["targetNode", "targetClass"])
    'targetClass'
    """
    folded = {each.lower(): each for each in sorted(names)}
    found = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def one_letter_apart(left: str, right: str) -> bool:
    """Tell whether one letter less, more or other makes one text of the other.

    >>> one_letter_apart("name", "nane"), one_letter_apart("name", "names"), one_letter_apart("name", "mane")
    (True, True, False)
    """
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    short, long = sorted((left, right), key=len)
    at = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]
