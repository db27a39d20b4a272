"""RDF in the manner of SKOS, DCAT and UCO, and SPARQL constraints that it partly breaks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

__all__ = ["PREFIXES", "WORLDS", "World"]

World = tuple[Callable[[int], Iterator[str]], str]
"""What writes about so many triples, as N-Triples, and the shapes for them."""

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://example.org/> .
e: sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
_E = "http://example.org/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_WRONG = 0.02
"""Share of the things that break a constraint."""


def _iri(name: str) -> str:
    return f"<{_E}{name}>"


def _shape(target: str, *queries: tuple[str, str]) -> str:
    constraints = " , ".join(
        f'[ sh:prefixes e: ; sh:message "{message}" ; sh:select """{query}""" ]' for message, query in queries
    )
    return f"{PREFIXES}e:Shape a sh:NodeShape ; sh:targetClass e:{target} ; sh:sparql {constraints} .\n"


def _thesaurus(triples: int) -> Iterator[str]:
    numbers, concepts = random.Random(1), triples // 6
    for number in range(concepts):
        this, wrong = _iri(f"concept/{number}"), numbers.random() < _WRONG
        yield f"{this} {_TYPE} {_iri('Concept')} .\n"
        yield f"{this} {_iri('inScheme')} {_iri('scheme')} .\n"
        yield f'{this} {_iri("prefLabel")} "concept {number}"@en .\n'
        yield f'{this} {_iri("prefLabel")} "Begriff {number}"@{"en" if wrong else "de"} .\n'
        above = _iri(f"concept/{number // 10}")
        yield f"{this} {_iri('broader')} {above} .\n" if number >= 10 else f"{above} {_iri('top')} {this} .\n"
        other = above if wrong else _iri(f"concept/{numbers.randrange(concepts)}x")
        yield f"{this} {_iri('related')} {other} .\n"


def _catalogue(triples: int) -> Iterator[str]:
    numbers = random.Random(2)
    for number in range(triples // 8):
        this, file, wrong = _iri(f"dataset/{number}"), _iri(f"file/{number}"), numbers.random() < _WRONG
        yield f"{this} {_TYPE} {_iri('Dataset')} .\n"
        yield f'{this} {_iri("title")} "Dataset {number}" .\n'
        yield f'{this} {_iri("issued")} "2020-01-{numbers.randint(10, 28)}"^^<{_XSD}date> .\n'
        yield f'{this} {_iri("modified")} "{2019 if wrong else 2021}-01-01"^^<{_XSD}date> .\n'
        yield f"{this} {_iri('distribution')} {file} .\n"
        yield f"{file} {_TYPE} {_iri('Distribution')} .\n"
        yield f'{file} {_iri("byteSize")} "{numbers.randint(1, 10**9)}"^^<{_XSD}integer> .\n'
        yield f"{file} {_iri('title' if wrong else 'accessURL')} {_iri(f'download/{number}')} .\n"


def _case_file(triples: int) -> Iterator[str]:
    numbers = random.Random(3)
    for number in range(triples // 7):
        this, facet, digest = (_iri(f"{kind}/{number}") for kind in ("object", "facet", "hash"))
        wrong = numbers.random() < _WRONG
        yield f"{this} {_TYPE} {_iri('Observable')} .\n"
        yield f"{this} {_iri('hasFacet')} {facet} .\n"
        yield f"{facet} {_TYPE} {_iri('Place' if wrong else 'FileFacet')} .\n"
        yield f"{facet} {_iri('hash')} {digest} .\n"
        yield f'{digest} {_iri("method")} "MD5" .\n'
        yield f'{digest} {_iri("value")} "{numbers.getrandbits(128):032x}{"0" if wrong else ""}" .\n'
        yield f'{this} {_iri("name")} "object {number}" .\n'


WORLDS: Mapping[str, World] = MappingProxyType(
    {
        "thesaurus": (
            _thesaurus,
            _shape(
                "Concept",
                (
                    "two preferred labels of a language",
                    (
                        "SELECT $this ?value WHERE { $this e:prefLabel ?value , ?other "
                        "FILTER(?value != ?other && lang(?value) = lang(?other)) }"
                    ),
                ),
                ("related is above", "SELECT $this ?value WHERE { $this e:related ?value . $this e:broader+ ?value }"),
            ),
        ),
        "catalogue": (
            _catalogue,
            _shape(
                "Dataset",
                (
                    "modified before it was issued",
                    "SELECT $this ?value WHERE { $this e:issued ?from ; e:modified ?value FILTER(?value < ?from) }",
                ),
                (
                    "a distribution that nobody can get",
                    (
                        "SELECT $this ?value WHERE { $this e:distribution ?value "
                        "FILTER NOT EXISTS { ?value e:accessURL ?any } }"
                    ),
                ),
            ),
        ),
        "case file": (
            _case_file,
            _shape(
                "Observable",
                (
                    "a hash of another length",
                    (
                        "SELECT $this ?value WHERE { $this e:hasFacet/e:hash ?h . ?h e:method 'MD5' ; e:value ?value "
                        "FILTER(strlen(?value) != 32) }"
                    ),
                ),
                (
                    "a facet of another kind",
                    "SELECT $this ?value WHERE { $this e:hasFacet ?value FILTER NOT EXISTS { ?value a e:FileFacet } }",
                ),
            ),
        ),
    }
)
"""Name to world."""
