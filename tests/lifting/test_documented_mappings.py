"""Mappings as the documentation of other processors writes them run unchanged, over data of our own.

Source: the documentation and examples of Morph-KGC (Apache License 2.0), the documentation of RML at rml.io; shortened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphmap.errors import MappingError
from graphmap.lifting import FUNCTIONS, Function, of_each, read_mapping
from graphmap.lifting.execution.mapping_run import RunOptions, lift_plan
from tests.lifting.mappings import BASE, lifted, mapping

if TYPE_CHECKING:
    from pathlib import Path

_PREFIXES = """@prefix rr: <http://www.w3.org/ns/r2rml#>.
@prefix rml: <http://semweb.mmlab.be/ns/rml#>.
@prefix ql: <http://semweb.mmlab.be/ns/ql#>.
@prefix fnml: <http://semweb.mmlab.be/ns/fnml#>.
@prefix fno: <https://w3id.org/function/ontology#>.
@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#>.
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>.
@prefix xsd: <http://www.w3.org/2001/XMLSchema#>.
@prefix foaf: <http://xmlns.com/foaf/0.1/>.
@prefix ex: <http://example.com/>.
@prefix : <http://mapping.example.com/>.
@base <http://example.com/base/>.
"""
_ZERO = '"0"^^<http://www.w3.org/2001/XMLSchema#integer>'
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def test_a_mapping_of_tables_with_joins(tmp_path: Path) -> None:
    """The style of Morph-KGC's example of a timetable: one node a statement part, classes as texts, joins by column."""
    body = """
:map_trips_000 rml:logicalSource :source_001; a rr:TriplesMap; rr:subjectMap :s_001;
    rr:predicateObjectMap :pom_010, :pom_013, :pom_016.
:source_001 a rml:LogicalSource; rml:source "TRIPS.csv"; rml:referenceFormulation ql:CSV.
:s_001 a rr:SubjectMap; rr:template "http://transport.example/trips/{trip_id}".
:pom_010 a rr:PredicateObjectMap; rr:predicateMap :pm_010; rr:objectMap :om_010.
:pm_010 a rr:PredicateMap; rr:constant rdf:type.
:om_010 a rr:ObjectMap; rr:constant "http://vocab.gtfs.org/terms#Trip"; rr:termType rr:IRI.
:pom_013 rr:predicateMap :pm_013; rr:objectMap :om_013.
:pm_013 rr:constant <http://vocab.gtfs.org/terms#direction>.
:om_013 a rr:ObjectMap; rml:reference "direction_id"; rr:termType rr:Literal; rr:datatype xsd:integer.
:pom_016 rr:predicateMap :pm_016; rr:objectMap :om_016.
:pm_016 rr:constant <http://vocab.gtfs.org/terms#route>.
:om_016 rr:parentTriplesMap :map_routes_000; rr:joinCondition :jc_001.
:jc_001 rr:child "route_id"; rr:parent "route_id".
:map_routes_000 rml:logicalSource :source_002; a rr:TriplesMap; rr:subjectMap :s_002; rr:predicateObjectMap :pom_024.
:source_002 rml:source "ROUTES.csv"; rml:referenceFormulation ql:CSV.
:s_002 rr:template "http://transport.example/routes/{route_id}".
:pom_024 rr:predicate <http://vocab.gtfs.org/terms#routeUrl>; rr:objectMap :om_025.
:om_025 rml:reference "route_url"; rr:termType rr:IRI.
"""
    files = {
        "TRIPS.csv": "trip_id,route_id,direction_id\n1,a,0\n2,b,\n",
        "ROUTES.csv": "route_id,route_url\na,http://routes.example/a\n",
    }
    assert lifted(tmp_path, body, files, prefixes=_PREFIXES) == [
        "<http://transport.example/routes/a> <http://vocab.gtfs.org/terms#routeUrl> <http://routes.example/a> .",
        f"<http://transport.example/trips/1> <http://vocab.gtfs.org/terms#direction> {_ZERO} .",
        "<http://transport.example/trips/1> <http://vocab.gtfs.org/terms#route> <http://transport.example/routes/a> .",
        f"<http://transport.example/trips/1> {_TYPE} <http://vocab.gtfs.org/terms#Trip> .",
        f"<http://transport.example/trips/2> {_TYPE} <http://vocab.gtfs.org/terms#Trip> .",
    ]


def test_a_mapping_of_json_with_plain_names(tmp_path: Path) -> None:
    """The style of Morph-KGC's example of papers: names without `$`, wildcards in them, languages from the data."""
    body = """
:map_Paper_000 rml:logicalSource :source_000; a rr:TriplesMap; rr:subjectMap :s_001;
    rr:predicateObjectMap :pom_008, :pom_013, :pom_018, :pom_004.
:source_000 a rml:LogicalSource; rml:source "data.json"; rml:iterator "$.*"; rml:referenceFormulation ql:JSONPath.
:s_001 rr:template "https://papers.example/{id}".
:pom_008 rr:predicateMap [ rr:constant ex:description ]; rr:objectMap :om_008.
:om_008 rml:reference "description"; rr:termType rr:Literal; rml:languageMap [ rml:reference "language.code" ].
:pom_013 rr:predicate ex:country; rr:objectMap [ rml:reference "country.*.label"; rr:termType rr:Literal ].
:pom_018 rr:predicate ex:has_id; rr:objectMap [ rr:template "https://authors.example/{author.*.name}" ].
:pom_004 rr:predicateMap [ rr:template "https://ids.example/{pid.scheme}ID" ]; rr:objectMap :om_004.
:om_004 rml:reference "pid.value".
"""
    data = """{"paper": {"id": 7, "description": "d", "language": {"code": "en"},
      "pid": {"scheme": "doi", "value": "1/2"}, "country": [{"label": "NZ"}, {"label": "FR"}],
      "author": [{"name": "A B"}]}}"""
    assert lifted(tmp_path, body, {"data.json": data}, prefixes=_PREFIXES) == [
        '<https://papers.example/7> <http://example.com/country> "FR" .',
        '<https://papers.example/7> <http://example.com/country> "NZ" .',
        '<https://papers.example/7> <http://example.com/description> "d"@en .',
        "<https://papers.example/7> <http://example.com/has_id> <https://authors.example/A%20B> .",
        '<https://papers.example/7> <https://ids.example/doiID> "1/2" .',
    ]


def test_a_mapping_of_people_with_a_dot_before_the_bracket(tmp_path: Path) -> None:
    """The style of the introduction to RML."""
    body = """<#PersonMapping> rml:logicalSource [ rml:source "People.json"; rml:referenceFormulation ql:JSONPath;
      rml:iterator "$.[*].People" ];
    rr:subjectMap [ rr:template "http://ex.com/Person/{name}_{surname}"; rr:class ex:Person ];
    rr:predicateObjectMap [ rr:predicate ex:name; rr:objectMap [ rml:reference "name" ] ]."""
    data = '[{"People": {"name": "Ann", "surname": "Bo"}}, {"People": {"name": "Cy"}}]'
    assert lifted(tmp_path, body, {"People.json": data}, prefixes=_PREFIXES) == [
        '<http://ex.com/Person/Ann_Bo> <http://example.com/name> "Ann" .',
        f"<http://ex.com/Person/Ann_Bo> {_TYPE} <http://example.com/Person> .",
    ]


def test_a_mapping_of_xml_by_attribute(tmp_path: Path) -> None:
    """The style of RML's example of events."""
    body = """<#EventsMapping> rml:logicalSource [ rml:source "events.xml"; rml:referenceFormulation ql:XPath;
      rml:iterator "/Events/Exhibition" ];
    rr:subjectMap [ rr:template "http://ex.com/{@id}" ];
    rr:predicateObjectMap [ rr:predicate ex:lat; rr:objectMap [ rml:reference "Location/lat" ] ]."""
    data = '<Events><Exhibition id="398"><Location><lat>51.07</lat></Location></Exhibition></Events>'
    assert lifted(tmp_path, body, {"events.xml": data}, prefixes=_PREFIXES) == [
        '<http://ex.com/398> <http://example.com/lat> "51.07" .'
    ]


_STUDENT = """<#TM1> rml:logicalSource [ rml:source "student.csv"; rml:referenceFormulation ql:CSV; ];
    rr:subjectMap [ rr:template "http://example.com/{Name}"; ];
    rr:predicateObjectMap [ rr:predicate foaf:name; rr:objectMap [ fnml:execution <#Execution>; ]; ].
<#Execution> fnml:function ex:toUpperCase;
    fnml:input [ fnml:parameter grel:valueParam; fnml:valueMap [ rml:reference "Name"; ]; ].
"""


def test_a_function_of_ones_own_is_called_as_morph_kgc_documents_it(tmp_path: Path) -> None:
    (tmp_path / "mapping.ttl").write_text(_PREFIXES + _STUDENT)
    (tmp_path / "student.csv").write_text("Name\nVenus\n")
    upper = Function(
        parameters=("http://users.ugent.be/~bjdmeest/function/grel.ttl#valueParam",),
        apply=of_each(lambda text: [text.upper()]),
    )
    functions = {**FUNCTIONS, "http://example.com/toUpperCase": upper}
    plan = read_mapping([tmp_path / "mapping.ttl"], base=BASE, functions=functions)
    found = "".join(lift_plan(plan, RunOptions(folder=tmp_path, bind={})))
    assert found == '<http://example.com/Venus> <http://xmlns.com/foaf/0.1/name> "VENUS" .\n'


_EXECUTES = {
    "short": "rr:predicate fno:executes; rr:object grel:toUpperCase",
    "long": "rr:predicateMap [ rr:constant fno:executes ]; rr:objectMap [ rr:constant grel:toUpperCase ]",
    "as a text": "rr:predicate fno:executes; rr:objectMap [ rr:constant "
    '"http://users.ugent.be/~bjdmeest/function/grel.ttl#toUpperCase" ]',
}


@pytest.mark.parametrize("way", _EXECUTES)
@pytest.mark.parametrize("source", ["", "rml:logicalSource <#S>;"])
def test_a_function_value_executes(tmp_path: Path, way: str, source: str) -> None:
    """The style of RMLMapper and of the YARRRML parser."""
    body = f"""<#S> rml:source "student.csv"; rml:referenceFormulation ql:CSV.
    <#TM1> rml:logicalSource <#S>; rr:subjectMap [ rr:template "http://example.com/{{Name}}"; ];
    rr:predicateObjectMap [ rr:predicate foaf:name; rr:objectMap [ a fnml:FunctionTermMap; fnml:functionValue [ {source}
      rr:predicateObjectMap [ {_EXECUTES[way]} ] ,
        [ rr:predicate grel:valueParameter; rr:objectMap [ rml:reference "Name" ] ]
    ] ] ]."""
    assert lifted(tmp_path, body, {"student.csv": "Name\nVenus\n"}, prefixes=_PREFIXES) == [
        '<http://example.com/Venus> <http://xmlns.com/foaf/0.1/name> "VENUS" .'
    ]


def test_a_function_value_that_executes_nothing_is_refused(tmp_path: Path) -> None:
    body = """<#TM1> rml:logicalSource [ rml:source "x" ]; rr:subject ex:s ;
      rr:predicateObjectMap [ rr:predicate foaf:name; rr:objectMap [ fnml:functionValue [
        rr:predicateObjectMap [ rr:predicate grel:valueParameter; rr:object "x" ] ] ] ]."""
    with pytest.raises(MappingError, match="executes 0 functions"):
        mapping(tmp_path, body, prefixes=_PREFIXES)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("rml:refrence", "did you mean rml:reference"),
        ("rr:templat", "did you mean rml:template"),
        ("rml:quotedTriplesMap", "RML-star is not read"),
        ("rml:somethingElse", "not a supported property"),
    ],
)
def test_a_property_that_is_not_read_is_refused_with_a_caret_under_it(tmp_path: Path, wrong: str, what: str) -> None:
    body = f"""<#TM1> rml:logicalSource [ rml:source "x" ]; rr:subjectMap [ rr:template "http://e/{{a}}" ;
      {wrong} "b" ] ."""
    with pytest.raises(MappingError, match=what) as caught:
        mapping(tmp_path, body, prefixes=_PREFIXES)
    lines = str(caught.value).splitlines()
    assert lines[-2].lstrip("0123456789 |").startswith(wrong)
    assert lines[-1].index("^") == lines[-2].index(wrong)
