"""Saturation: adds the entailments of asserted triples while records are lifted.

Source: the technique known as mapping saturation; OWL 2 Profiles, section 4.3 (cax-sco, cax-eqc, prp-spo1, prp-eqp,
prp-inv).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphmap.rdf import RDF_TYPE, Token, Triple
from graphmap.reasoning.closure import Closure

__all__ = ["Saturation"]

_Sources = Mapping[Token, tuple[tuple[Token, bool], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturation:
    """A closure, both ways round.

    Args:
        classes: class to what its instances are too.
        properties: property to what its triples entail, and whether subject and object change places.
    """

    classes: Mapping[Token, tuple[Token, ...]]
    properties: Mapping[Token, tuple[tuple[Token, bool], ...]]
    _subclasses: Mapping[Token, tuple[Token, ...]] = field(init=False, repr=False, compare=False)
    _sources: _Sources = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Turn both tables round, for `premises`."""
        below: dict[Token, list[Token]] = {}
        for lower, uppers in self.classes.items():
            for upper in uppers:
                below.setdefault(upper, []).append(lower)
        sources: dict[Token, list[tuple[Token, bool]]] = {}
        for name, found in self.properties.items():
            for other, turned in found:
                sources.setdefault(other, []).append((name, turned))
        object.__setattr__(self, "_subclasses", {name: tuple(found) for name, found in below.items()})
        object.__setattr__(self, "_sources", {name: tuple(found) for name, found in sources.items()})

    @classmethod
    def of(cls, closure: Closure) -> Saturation:
        """The saturation of a closure."""
        return cls(classes=closure.classes, properties=closure.properties)

    def entailed(self, triples: Iterable[tuple[Token, Token, Token]]) -> set[Triple]:
        """Entailed triples.

        Args:
            triples: asserted triples.

        Returns:
            The entailed triples that are not among them. A literal becomes no subject: its inverse is left out.

        >>> saturation = Saturation(classes={"<a:A>": ("<a:B>",)}, properties={})
        >>> [triple.object for triple in saturation.entailed([("<a:x>", RDF_TYPE, "<a:A>")])]
        ['<a:B>']
        """
        asserted = set(triples)
        found: set[Triple] = set()
        for subject, predicate, value in asserted:
            if predicate == RDF_TYPE:
                found.update(Triple(subject, RDF_TYPE, upper) for upper in self.classes.get(value, ()))
            for other, turned in self.properties.get(predicate, ()):
                if not turned:
                    found.add(Triple(subject, other, value))
                elif value[0] != '"':
                    found.add(Triple(value, other, subject))
        return found - asserted

    def premises(self, triple: tuple[Token, Token, Token]) -> Iterator[Triple]:
        """All triples any one of which, asserted, would entail this one.

        Args:
            triple: a triple, entailed or not.

        Yields:
            Triples without any order; never the triple itself.
        """
        subject, predicate, value = triple
        if predicate == RDF_TYPE:
            yield from (Triple(subject, RDF_TYPE, lower) for lower in self._subclasses.get(value, ()))
        for name, turned in self._sources.get(predicate, ()):
            if not turned:
                yield Triple(subject, name, value)
            elif value[0] != '"':
                yield Triple(value, name, subject)
