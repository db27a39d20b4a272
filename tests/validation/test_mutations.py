"""One letter of a term of a shapes graph changed: the run fails, says so by name, or the results stay."""

from __future__ import annotations

import os
import string
from collections import Counter
from random import Random

from graphmap.rdf.parsing import parse_triples
from graphmap.rdf.terms import Triple
from graphmap.validation.report.report import Report
from graphmap.validation.validate import validate

NUMBER = int(os.environ.get("GRAPHMAP_MUTATIONS", "300"))
PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix lib: <http://library.test/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
SHAPES = """
lib:BookShape a sh:NodeShape ; sh:targetClass lib:Book ; sh:property lib:TitleShape , lib:AuthorShape , lib:PagesShape ;
  sh:closed true ; sh:ignoredProperties ( lib:shelfmark <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) .
lib:TitleShape a sh:PropertyShape ; sh:path lib:title ; sh:minCount 1 ; sh:datatype xsd:string ;
  sh:severity sh:Warning .
lib:AuthorShape sh:path lib:writtenBy ; sh:class lib:Person ; sh:nodeKind sh:IRI ; sh:node lib:NamedShape .
lib:PagesShape sh:path lib:pages ; sh:maxInclusive 900 ; sh:lessThan lib:words .
lib:NamedShape sh:property [ sh:path lib:surname ; sh:minCount 1 ; sh:maxLength 6 ] .
lib:Library a owl:Class , sh:NodeShape ; sh:or ( lib:OpenShape lib:ClosedShape ) .
lib:OpenShape sh:property [ sh:path lib:state ; sh:hasValue lib:opened ] .
lib:ClosedShape sh:property [ sh:path lib:state ; sh:in ( lib:closed lib:moved ) ] ,
  [ sh:path lib:since ; sh:minCount 1 ] .
lib:OwnedShape sh:targetObjectsOf lib:owns ; sh:not lib:StolenShape .
lib:StolenShape sh:property [ sh:path [ sh:inversePath lib:stole ] ; sh:minCount 1 ] .
"""
DATA = """
lib:first a lib:Book ; lib:title "One" ; lib:writtenBy lib:ada ; lib:pages 100 ; lib:words 9000 ; lib:shelfmark "A1" .
lib:second a lib:Book ; lib:title 2 ; lib:writtenBy lib:bob , lib:zoe ; lib:pages 1000 ; lib:words 10 ;
  lib:colour "red" .
lib:third a lib:Book ; lib:writtenBy "Ada" ; lib:pages 10 ; lib:words 100 .
lib:ada a lib:Person ; lib:surname "Love" . lib:bob a lib:Person ; lib:surname "Longname" . lib:zoe a lib:Animal .
lib:north a lib:Library ; lib:state lib:opened ; lib:owns lib:first , lib:third .
lib:south a lib:Library ; lib:state lib:closed ; lib:since 1990 . lib:west a lib:Library ; lib:state lib:moved .
lib:thief lib:stole lib:third .
"""


def results(report: Report) -> Counter[tuple[object, ...]]:
    keys = ("focusNode", "resultPath", "value", "component", "severity", "message")
    return Counter(tuple(each.as_dict()[key] for key in keys) for each in report.findings)


def mutated(term: str, random: Random) -> str:
    """A term with one letter of its IRI, or of its datatype's, changed, left out or put in."""
    start = term.rindex("<") + 1
    places = [at for at in range(start, len(term) - 1) if term[at].isalpha()]
    at = random.choice(places)
    letter = random.choice([each for each in string.ascii_letters if each != term[at]])
    return random.choice(
        (term[:at] + letter + term[at + 1 :], term[:at] + term[at + 1 :], term[:at] + letter + term[at:])
    )


def one_changed(triples: list[Triple], random: Random) -> tuple[list[Triple], str]:
    number = random.randrange(len(triples))
    places = [at for at, term in enumerate(triples[number]) if term[0] == "<" or term[-1] == ">"]
    at = random.choice(places)
    terms = list(triples[number])
    terms[at] = mutated(terms[at], random)
    return [*triples[:number], Triple(*terms), *triples[number + 1 :]], f"{triples[number]} -> {terms[at]}"


def test_no_misspelt_term_changes_the_results_in_silence() -> None:
    triples = list(parse_triples(PREFIXES + SHAPES, source="shapes"))
    original = validate(PREFIXES + DATA, triples)
    assert (original.failures, original.notes, original.coverage.without_targets()) == ((), (), ())
    assert len(original.findings) > 8
    random, silent = Random(7), []
    for _ in range(NUMBER):
        shapes, change = one_changed(triples, random)
        found = validate(PREFIXES + DATA, shapes)
        named = found.failures or found.notes or found.coverage.without_targets()
        if not named and results(found) != results(original):
            silent.append(change)
    assert silent == []
