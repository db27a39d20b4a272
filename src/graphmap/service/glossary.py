"""Glossary of classes, properties and rules, read from the ontology and the shapes.

Pages take titles, meanings, the order of fields and the text of rules from here; a graph without ontology and shapes
has an empty glossary, and its pages show the ends of IRIs instead.

Source: SHACL, sections 2.3.2 (non-validating characteristics) and 4.8.1 (sh:in); SKOS, section 4 (concept schemes).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pyoxigraph as ox

from graphmap.rdf import GRAPHMAP, RDF, RDFS, local_name

__all__ = ["Choice", "Glossary", "Rule", "Word", "read_glossary"]

_SH = "http://www.w3.org/ns/shacl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWL = "http://www.w3.org/2002/07/owl#"
_RULE = f"{GRAPHMAP}rule"
_SOURCE = "http://purl.org/dc/terms/source"
_SEVERITIES = ("Violation", "Warning", "Info")
_LAST = 1_000_000
_LONGEST_LIST = 1000

_Graph = Mapping[str, Mapping[str, list["ox.NamedNode | ox.BlankNode | ox.Literal"]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A class or a property in words.

    Args:
        iri: what it is called.
        label: its title.
        meaning: a sentence about it, where there is one.
        source: where that comes from.
        parents: super-classes or super-properties.
        domain: the class that a property is of.
        range: what a property points to.
    """

    iri: str
    label: str
    meaning: str = ""
    source: str = ""
    parents: tuple[str, ...] = ()
    domain: str | None = None
    range: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a code list, and what it means."""

    value: str
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A shape in words.

    Args:
        slug: the rule's name, or the IRI of a shape without one.
        shape: IRI of the shape.
        name: its title.
        says: what it asks for.
        why: what its field means.
        source: the page and row that it comes from.
        severity: Violation, Warning or Info.
        order: its place among the rules of its class.
        of: the class whose things it is about.
        path: the property that it is about; `None` for a rule about the whole thing.
    """

    slug: str
    shape: str
    name: str
    says: str
    why: str = ""
    source: str = ""
    severity: str = "Violation"
    order: float = _LAST
    of: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """All that is known in words.

    Args:
        words: classes and properties by IRI.
        rules: by slug.
        by_class: the rules of a class in their order.
        choices: code lists by class and property.
    """

    words: Mapping[str, Word] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    by_class: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    choices: Mapping[tuple[str, str], tuple[Choice, ...]] = field(default_factory=dict)

    def label(self, iri: str) -> str:
        """The title of a class or property; the end of its IRI where it has none."""
        word = self.words.get(iri)
        return word.label if word else local_name(iri) or iri

    def word(self, iri: str) -> Word:
        """A class or property in words, as far as it has any."""
        return self.words.get(iri) or Word(iri=iri, label=local_name(iri) or iri)

    def order(self, classes: tuple[str, ...]) -> Mapping[str, float]:
        """Property to its place among the fields of things of some classes."""
        places: dict[str, float] = {}
        for place, kind in enumerate(classes):
            for rule in self.by_class.get(kind, ()):
                if rule.path is not None:
                    places.setdefault(rule.path, place * _LAST + rule.order)
        return places

    def lists(self, kind: str) -> Mapping[str, tuple[Choice, ...]]:
        """The code lists of a class by property, in the order of its rules."""
        places = self.order((kind,))
        found = {path: values for (of, path), values in self.choices.items() if of == kind}
        return dict(sorted(found.items(), key=lambda item: places.get(item[0], _LAST)))


def read_glossary(ontology: bytes, shapes: bytes) -> Glossary:
    """Read ontology and shapes.

    Args:
        ontology: as N-Triples.
        shapes: as N-Triples.
    """
    meanings, rules = _graph(ontology), _graph(shapes)
    found = [rule for node in rules for rule in _rules(node, rules)]
    by_class: dict[str, list[Rule]] = defaultdict(list)
    for rule in found:
        if rule.of is not None:
            by_class[rule.of].append(rule)
    return Glossary(
        words=MappingProxyType({iri: _word(iri, meanings) for iri in meanings if _text(meanings, iri, f"{RDFS}label")}),
        rules=MappingProxyType({rule.slug: rule for rule in found}),
        by_class=MappingProxyType(
            {kind: tuple(sorted(listed, key=lambda rule: rule.order)) for kind, listed in by_class.items()}
        ),
        choices=MappingProxyType(dict(_choices(found, rules, meanings))),
    )


def _graph(ntriples: bytes) -> _Graph:
    """Subject to predicate to objects; blank nodes go by their names."""
    nodes: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = {}
    for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, ox.NamedNode | ox.BlankNode) and not isinstance(quad.object, ox.Triple):
            nodes.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
    return nodes


def _values(graph: _Graph, node: str, predicate: str) -> list[str]:
    return [value.value for value in graph.get(node, {}).get(predicate, ())]


def _text(graph: _Graph, node: str, predicate: str) -> str:
    """The first text, the English one where there are several."""
    found = graph.get(node, {}).get(predicate, ())
    english = [value for value in found if isinstance(value, ox.Literal) and value.language in (None, "en")]
    return next((value.value for value in [*english, *found]), "")


def _word(iri: str, graph: _Graph) -> Word:
    parents = [*_values(graph, iri, f"{RDFS}subClassOf"), *_values(graph, iri, f"{RDFS}subPropertyOf")]
    return Word(
        iri=iri,
        label=_text(graph, iri, f"{RDFS}label"),
        meaning=_text(graph, iri, f"{RDFS}comment") or _text(graph, iri, f"{_SKOS}definition"),
        source=_text(graph, iri, _SOURCE),
        parents=tuple(parent for parent in parents if ":" in parent and not parent.startswith(_OWL)),
        domain=next(iter(_values(graph, iri, f"{RDFS}domain")), None),
        range=next(iter(_values(graph, iri, f"{RDFS}range")), None),
    )


def _rules(node: str, graph: _Graph) -> Iterator[Rule]:
    """The rules of a node shape with a target: its own, and those of its properties."""
    targets = _values(graph, node, f"{_SH}targetClass")
    if not targets and not _values(graph, node, f"{_SH}targetSubjectsOf"):
        return
    kind = next(iter(targets), None)
    if _text(graph, node, f"{_SH}message"):
        yield _rule(node, graph, kind)
    for shape in _values(graph, node, f"{_SH}property"):
        yield _rule(shape, graph, kind)


def _rule(node: str, graph: _Graph, kind: str | None) -> Rule:
    paths = _values(graph, node, f"{_SH}path")
    severity = local_name(next(iter(_values(graph, node, f"{_SH}severity")), ""))
    path = _first_property(paths[0], graph) if paths else None
    says = _text(graph, node, f"{_SH}message")
    order = _text(graph, node, f"{_SH}order")
    return Rule(
        slug=_text(graph, node, _RULE) or node,
        shape=node,
        name=_text(graph, node, f"{_SH}name") or _text(graph, node, f"{RDFS}label") or says or local_name(path or node),
        says=says or _text(graph, node, f"{_SH}name") or local_name(node),
        why=_text(graph, node, f"{_SH}description") or _text(graph, node, f"{RDFS}comment"),
        source=_text(graph, node, _SOURCE),
        severity=severity if severity in _SEVERITIES else "Violation",
        order=float(order) if order.replace(".", "", 1).isdigit() else _LAST,
        of=kind,
        path=path,
    )


def _first_property(node: str, graph: _Graph) -> str | None:
    """The property that a path begins with."""
    seen = 0
    while node in graph and seen < 10:
        steps = [*_values(graph, node, f"{RDF}first"), *_values(graph, node, f"{_SH}alternativePath")]
        if not steps:
            break
        node, seen = steps[0], seen + 1
    return node if ":" in node and node not in graph else None


def _choices(
    rules: list[Rule], shapes: _Graph, meanings: _Graph
) -> Iterator[tuple[tuple[str, str], tuple[Choice, ...]]]:
    """Code lists: the values of `sh:in`, with the meanings of the concept scheme that stands in the same place."""
    schemes = _schemes(meanings)
    for rule in rules:
        heads = _values(shapes, rule.shape, f"{_SH}in")
        if rule.of is None or rule.path is None:
            continue
        known = schemes.get(_text(meanings, rule.path, _SOURCE), {})
        values = [value for head in heads for value in _list(head, shapes)]
        if heads and len(values) <= _LONGEST_LIST:
            yield (rule.of, rule.path), tuple(Choice(value=value, meaning=known.get(value, "")) for value in values)
        elif known and not heads and rule.slug.endswith((".in", ".pattern", ".or")):
            yield (rule.of, rule.path), tuple(Choice(value=value, meaning=text) for value, text in known.items())


def _schemes(graph: _Graph) -> Mapping[str, Mapping[str, str]]:
    """Meanings of notations by concept scheme."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for node in graph:
        for scheme in _values(graph, node, f"{_SKOS}inScheme"):
            place = _text(graph, scheme, _SOURCE)
            if place:
                notation = _text(graph, node, f"{_SKOS}notation")
                found[place][notation] = _text(graph, node, f"{_SKOS}definition")
    return found


def _list(head: str, graph: _Graph) -> Iterator[str]:
    seen = 0
    while head in graph and seen <= _LONGEST_LIST:
        yield from _values(graph, head, f"{RDF}first")
        head = next(iter(_values(graph, head, f"{RDF}rest")), "")
        seen += 1
