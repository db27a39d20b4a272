"""The closure of ontology and alignments: what one use of each class and property entails.

owlrl is asked once, on a probe: one made-up instance of every class and one made-up use of every property. What it
adds to the probe is what any triple of that kind entails, so no record ever meets the reasoner. Only sub-class,
sub-property, equivalent and inverse are read; domain and range would turn a dangling reference into a typed node.
Source: OWL 2 Profiles, section 4.3 (rules cax-sco, cax-eqc, prp-spo1, prp-eqp, prp-inv, scm-*).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from graphmap.errors import ConfigurationError, Locator
from graphmap.rdf import RDF, RDF_TYPE, RDFS, Token, Triple, with_present_names

__all__ = ["Closure", "close", "close_files"]

_OWL = "http://www.w3.org/2002/07/owl#"
_PROBE = "urn:graphmap:probe:"
_FORMAT = "graphmap closure 1"
_SUB_CLASS = f"<{RDFS}subClassOf>"
_SUB_PROPERTY = f"<{RDFS}subPropertyOf>"
_SAME_CLASS = f"<{_OWL}equivalentClass>"
_SAME_PROPERTY = f"<{_OWL}equivalentProperty>"
_INVERSE = f"<{_OWL}inverseOf>"
_OF_CLASSES = frozenset({_SUB_CLASS, _SAME_CLASS})
_OF_PROPERTIES = frozenset({_SUB_PROPERTY, _SAME_PROPERTY, _INVERSE})
_TRUE_OF_ALL = frozenset(
    {f"<{_OWL}Thing>", f"<{_OWL}NamedIndividual>", f"<{RDFS}Resource>", f"<{_OWL}sameAs>", f"<{_OWL}differentFrom>"}
    | {f"<{_OWL}topObjectProperty>", f"<{_OWL}topDataProperty>", f"<{RDF}Property>", f"<{RDFS}Class>"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Entailments of classes and properties, without themselves and without those of everything.

    Args:
        classes: class to all classes above or equivalent to it, sorted.
        properties: property to pairs of another property and whether subject and object change places, sorted.
    """

    classes: Mapping[Token, tuple[Token, ...]]
    properties: Mapping[Token, tuple[tuple[Token, bool], ...]]

    def hierarchy(self) -> Iterator[tuple[Token, Token]]:
        """Every pair (class, class above it)."""
        return ((lower, upper) for lower, uppers in self.classes.items() for upper in uppers)


def close_files(paths: Sequence[Path], *, cache: Path | None = None) -> Closure:
    """Close the ontologies in Turtle files.

    Args:
        paths: ontology and alignments.
        cache: folder for closures by content hash; it is made where it is missing. A closure found there is not
            computed again.

    Returns:
        The closure.

    Raises:
        ConfigurationError: where a file cannot be read or is not Turtle.
    """
    texts = [_bytes(path) for path in paths]
    digest = hashlib.sha256(_FORMAT.encode())
    for text in texts:
        digest.update(hashlib.sha256(text).digest())
    stored = None if cache is None else cache / f"closure-{digest.hexdigest()[:32]}.json"
    if stored is not None and (found := _load(stored)) is not None:
        return found
    closure = close(triple for path, text in zip(paths, texts, strict=True) for triple in _parse(text, path.name))
    if stored is not None:
        _save(stored, closure)
    return closure


def close(triples: Iterable[Triple]) -> Closure:
    """Close an ontology.

    Args:
        triples: the ontology; all but the five kinds of statement between IRIs are left out.

    Returns:
        The closure.
    """
    relevant = _OF_CLASSES | _OF_PROPERTIES
    schema = [t for t in triples if t.predicate in relevant and t.subject[0] == "<" and t.object[0] == "<"]
    classes = _terms(schema, _OF_CLASSES)
    properties = _terms(schema, _OF_PROPERTIES)
    entailed = _reason([*schema, *_probe(classes, properties)])
    return Closure(
        classes={name: found for name in classes if (found := _classes_of(classes[name], name, entailed))},
        properties={name: pairs for name in properties if (pairs := _properties_of(properties[name], name, entailed))},
    )


def _terms(schema: Iterable[Triple], predicates: frozenset[Token]) -> dict[Token, str]:
    """Term to the name of its probe, for all that statements of these kinds speak of."""
    names = sorted({term for t in schema if t.predicate in predicates for term in (t.subject, t.object)})
    return {name: f"{_PROBE}{'c' if predicates is _OF_CLASSES else 'p'}{at}" for at, name in enumerate(names)}


def _probe(classes: Mapping[Token, str], properties: Mapping[Token, str]) -> Iterator[Triple]:
    yield from (Triple(f"<{probe}>", RDF_TYPE, name) for name, probe in classes.items())
    yield from (Triple(f"<{probe}s>", name, f"<{probe}o>") for name, probe in properties.items())


def _reason(triples: Iterable[Triple]) -> Mapping[Token, list[Triple]]:
    """Probe node to the entailed triples that it is the subject of."""
    # half a second to import, and needed only where the cache holds nothing
    import owlrl  # noqa: PLC0415
    import rdflib  # noqa: PLC0415

    graph = rdflib.Graph()
    graph.parse(data="\n".join(f"{' '.join(triple)} ." for triple in triples), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found: dict[Token, list[Triple]] = {}
    for subject, predicate, value in graph:
        if str(subject).startswith(_PROBE):
            triple = Triple(subject.n3(), predicate.n3(), value.n3())
            found.setdefault(triple.subject, []).append(triple)
    return found


def _classes_of(probe: str, own: Token, entailed: Mapping[Token, list[Triple]]) -> tuple[Token, ...]:
    types = {t.object for t in entailed.get(f"<{probe}>", ()) if t.predicate == RDF_TYPE}
    return tuple(sorted(types - _TRUE_OF_ALL - {own}))


def _properties_of(probe: str, own: Token, entailed: Mapping[Token, list[Triple]]) -> tuple[tuple[Token, bool], ...]:
    start, end = f"<{probe}s>", f"<{probe}o>"
    forward = {(t.predicate, False) for t in entailed.get(start, ()) if t.object == end}
    backward = {(t.predicate, True) for t in entailed.get(end, ()) if t.object == start}
    return tuple(sorted(pair for pair in forward | backward if pair[0] not in _TRUE_OF_ALL and pair != (own, False)))


def _bytes(path: Path) -> bytes:
    try:
        return with_present_names(path.read_bytes())
    except OSError as error:
        where = Locator(source=path.name)
        raise ConfigurationError(f"the ontology cannot be read: {error.strerror}", where=where) from error


def _parse(text: bytes, name: str) -> Iterator[Triple]:
    try:
        for quad in pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE):
            yield Triple(str(quad.subject), str(quad.predicate), str(quad.object))
    except SyntaxError as error:
        where = Locator(source=name, line=error.lineno, column=error.offset)
        raise ConfigurationError(f"no Turtle: {error.msg}", where=where) from error


def _load(stored: Path) -> Closure | None:
    """A cached closure; `None` where there is none, or what is there is not ours."""
    try:
        read = json.loads(stored.read_text(encoding="utf-8"))
        classes = {name: tuple(uppers) for name, uppers in read["classes"].items()}
        properties = {name: tuple((p, turned) for p, turned in pairs) for name, pairs in read["properties"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Closure(classes=classes, properties=properties)


def _save(stored: Path, closure: Closure) -> None:
    """Write beside and rename, so that a reader never meets half a file."""
    text = json.dumps({"classes": dict(closure.classes), "properties": dict(closure.properties)}, indent=1)
    stored.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=stored.parent, delete=False) as file:
        file.write(text + "\n")
    Path(file.name).replace(stored)
