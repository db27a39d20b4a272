"""Shape sets that do in small what public ones do, each with its exact results."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphmap.cli import main

_PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.test/> . @prefix f: <http://f.test/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
_DECLARED = 'e: sh:declare [ sh:prefix "e" ; sh:namespace "http://e.test/"^^xsd:anyURI ] .\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeSet:
    """A set and what comes of it.

    Args:
        shapes: Turtle.
        data: Turtle.
        results: focus node, path and component of each result, by their last words.
        outcome: of the validation.
        named: what a failure or a note has to name.
        more: options of the command.
        beside: further files, by name.
    """

    shapes: str
    data: str
    results: tuple[tuple[str, str, str], ...]
    outcome: str = "violates"
    named: str = ""
    more: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()


SETS = {
    "a catalogue with a property shape without a path": ShapeSet(
        shapes="e:Dataset a sh:NodeShape ; sh:targetClass e:D ; sh:property [ sh:path e:title ; sh:minCount 1 ] . "
        "e:Other a sh:NodeShape ; sh:targetClass e:D ; sh:property [ sh:name 'theme' ; sh:minCount 1 ] .",
        data="e:a a e:D . e:b a e:D ; e:title 'B' .",
        results=(("a", "title", "MinCount"),),
        outcome="failed",
        named="http://e.test/Other",
    ),
    "a catalogue with a misspelt term": ShapeSet(
        shapes="e:S a sh:NodeShape ; sh:targetClass e:D ; sh:property [ sh:path e:title ; sh:minCout 1 ] .",
        data="e:a a e:D .",
        results=(),
        outcome="failed",
        named="did you mean sh:minCount?",
    ),
    "a thesaurus with labels of a language and relations that exclude each other": ShapeSet(
        shapes=_DECLARED + "e:S a sh:NodeShape ; sh:targetClass e:Concept ; "
        "sh:property [ sh:path e:label ; sh:uniqueLang true ] , [ sh:path e:related ; sh:disjoint e:broader ] ; "
        'sh:sparql [ sh:prefixes e: ; sh:select "SELECT $this ?value WHERE { $this e:broader+ $this . '
        '$this e:broader ?value }" ] .',
        data="e:a a e:Concept ; e:label 'a'@en , 'A'@en , 'a'@de ; e:broader e:b ; e:related e:b . "
        "e:b a e:Concept ; e:broader e:b .",
        results=(("a", "label", "UniqueLang"), ("a", "related", "Disjoint"), ("b", "", "SPARQL")),
    ),
    "a building whose classes rules and an ontology tell": ShapeSet(
        shapes=_DECLARED + "e:Rules a sh:NodeShape ; sh:targetSubjectsOf e:tag ; sh:rule [ a sh:SPARQLRule ; "
        'sh:prefixes e: ; sh:construct "CONSTRUCT { $this a e:Sensor } WHERE { $this e:tag e:sensor }" ] . '
        "e:S a sh:NodeShape ; sh:targetClass e:Point ; sh:property [ sh:path e:isPointOf ; sh:minCount 1 ; "
        "sh:class e:Equipment ] .",
        data="e:t1 e:tag e:sensor ; e:isPointOf e:fan . e:t2 e:tag e:sensor . e:t3 e:tag e:valve . e:fan a e:Fan .",
        results=(("t2", "isPointOf", "MinCount"),),
        more=("--rules", "--ontology", "classes.ttl"),
        beside=(("classes.ttl", "e:Sensor rdfs:subClassOf e:Point . e:Fan rdfs:subClassOf e:Equipment ."),),
    ),
    "the same building without its rules": ShapeSet(
        shapes="e:Rules a sh:NodeShape ; sh:targetSubjectsOf e:tag ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; "
        "sh:predicate e:is ; sh:object e:x ] . e:S a sh:NodeShape ; sh:targetSubjectsOf e:tag ; sh:nodeKind sh:IRI .",
        data="e:t1 e:tag e:sensor .",
        results=(),
        outcome="conforms",
        named="rule",
    ),
    "a crate with closed shapes": ShapeSet(
        shapes="e:S a sh:NodeShape ; sh:targetClass e:File ; sh:closed true ; sh:ignoredProperties ( rdfs:comment "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ; sh:property [ sh:path e:name ; sh:minCount 1 ] ; "
        "sh:or ( [ sh:property [ sh:path e:name ; sh:minLength 2 ] ] "
        "[ sh:property [ sh:path e:id ; sh:minCount 1 ] ] ) .",
        data="e:a a e:File ; e:name 'ab' ; rdfs:comment 'c' ; e:colour 'red' . e:b a e:File ; e:name 'b' .",
        results=(("a", "colour", "Closed"), ("b", "", "Or")),
    ),
    "a case file whose code lists stand in an ontology": ShapeSet(
        shapes="e:S a sh:NodeShape ; sh:targetClass e:Hash ; sh:property [ sh:path e:method ; sh:class e:Method ] ; "
        "sh:xone ( [ sh:property [ sh:path e:hex ; sh:minCount 1 ] ] "
        "[ sh:property [ sh:path e:base64 ; sh:minCount 1 ] ] ) .",
        data="e:a a e:Hash ; e:method e:md5 ; e:hex 'ff' . "
        "e:b a e:Hash ; e:method e:guess ; e:hex 'f' ; e:base64 '/w==' .",
        results=(("b", "method", "Class"), ("b", "", "Xone")),
        more=("--ontology", "codes.ttl"),
        beside=(("codes.ttl", "e:md5 a e:Method . e:broken a e:Hash ; e:method e:nothing ."),),
    ),
    "identifiers with patterns of another dialect": ShapeSet(
        shapes=r"e:S sh:targetSubjectsOf e:id ; sh:property [ sh:path e:id ; sh:pattern '^10\\.\\d{4}\\/(?=\\w)' ] .",
        data="e:a e:id '10.1234/x' . e:b e:id '10.12/x' .",
        results=(("b", "id", "Pattern"),),
        named="is not an XPath regular expression",
    ),
    "shapes that import others": ShapeSet(
        shapes="<http://f.test/main> a owl:Ontology ; owl:imports <parts.ttl> . "
        "e:S sh:targetClass e:D ; sh:node f:Named .",
        data="e:a a e:D . e:b a e:D ; e:name 'b' .",
        results=(("a", "", "Node"),),
        beside=(("parts.ttl", "f:Named a sh:NodeShape ; sh:property [ sh:path e:name ; sh:minCount 1 ] ."),),
    ),
    "shapes whose import is nowhere": ShapeSet(
        shapes="<http://f.test/main> a owl:Ontology ; owl:imports <http://f.test/none> . "
        "e:S sh:targetClass e:D ; sh:property [ sh:path e:name ; sh:minCount 1 ] .",
        data="e:a a e:D .",
        results=(("a", "name", "MinCount"),),
        outcome="failed",
        named="http://f.test/none",
    ),
    "keys of two properties": ShapeSet(
        shapes="e:S sh:targetClass e:D ; sh:uniqueValuesFor ( e:scheme e:code ) .",
        data="e:a a e:D ; e:scheme 's' ; e:code 1 . e:b a e:D ; e:scheme 't' ; e:code 1 . "
        "e:c a e:D ; e:scheme 's' ; e:code 1 .",
        results=(("a", "", "UniqueValuesFor"), ("c", "", "UniqueValuesFor")),
    ),
}


def _last(iri: str | None) -> str:
    return (iri or "").rstrip(">").rsplit("/", 1)[-1]


@pytest.mark.parametrize("name", SETS)
def test_a_set_has_its_exact_results(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    each = SETS[name]
    for file, text in (("shapes.ttl", each.shapes), ("data.ttl", each.data), *each.beside):
        (tmp_path / file).write_text(_PREFIXES + text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["validate", "data.ttl", "--shapes", "shapes.ttl", *each.more, "--report", "report.json"])
    report = json.loads((tmp_path / "report.json").read_text())
    found = [
        (_last(one["focusNode"]), _last(one.get("resultPath")), one["component"].removesuffix("ConstraintComponent"))
        for one in report["findings"]
    ]
    assert sorted(found) == sorted(each.results)
    assert report["outcome"] == each.outcome
    assert each.named in json.dumps([report["failures"], report["notes"]])
