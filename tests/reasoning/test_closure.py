from pathlib import Path

import pytest

from graphmap.errors import ConfigurationError
from graphmap.rdf.terms import RDFS, Triple
from graphmap.reasoning.closure import Closure, close, close_files

OWL = "http://www.w3.org/2002/07/owl#"
SUB_CLASS = f"<{RDFS}subClassOf>"
SUB_PROPERTY = f"<{RDFS}subPropertyOf>"
SAME_CLASS = f"<{OWL}equivalentClass>"
INVERSE = f"<{OWL}inverseOf>"

ONTOLOGY = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix e: <http://example.org/> .
e:Partner a owl:Class ; rdfs:subClassOf e:Agent , owl:Thing ; rdfs:label "partner" .
e:Agent rdfs:subClassOf e:Being .
e:payer a owl:ObjectProperty ; rdfs:domain e:Account ; rdfs:range e:Partner ; owl:inverseOf e:paysFor .
"""


def write(folder: Path, text: str = ONTOLOGY) -> Path:
    path = folder / "ontology.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def test_super_classes_are_found_through_every_step() -> None:
    closure = close([Triple("<a:A>", SUB_CLASS, "<a:B>"), Triple("<a:B>", SUB_CLASS, "<a:C>")])
    assert closure.classes == {"<a:A>": ("<a:B>", "<a:C>"), "<a:B>": ("<a:C>",)}


def test_equivalent_classes_entail_each_other_and_not_themselves() -> None:
    closure = close([Triple("<a:A>", SAME_CLASS, "<a:B>")])
    assert closure.classes == {"<a:A>": ("<a:B>",), "<a:B>": ("<a:A>",)}


def test_the_inverse_of_a_super_property_changes_places() -> None:
    closure = close([Triple("<a:p>", SUB_PROPERTY, "<a:q>"), Triple("<a:q>", INVERSE, "<a:r>")])
    assert closure.properties["<a:p>"] == (("<a:q>", False), ("<a:r>", True))


def test_a_property_that_is_its_own_inverse_entails_itself_turned() -> None:
    closure = close([Triple("<a:p>", INVERSE, "<a:p>")])
    assert closure.properties == {"<a:p>": (("<a:p>", True),)}


def test_domain_range_and_what_holds_of_everything_are_left_out(tmp_path: Path) -> None:
    closure = close_files([write(tmp_path)])
    name = "<http://example.org/{}>".format
    assert closure.classes == {name("Partner"): (name("Agent"), name("Being")), name("Agent"): (name("Being"),)}
    assert closure.properties == {
        name("payer"): ((name("paysFor"), True),),
        name("paysFor"): ((name("payer"), True),),
    }


def test_the_hierarchy_lists_every_pair() -> None:
    closure = Closure(classes={"<a:A>": ("<a:B>", "<a:C>")}, properties={})
    assert list(closure.hierarchy()) == [("<a:A>", "<a:B>"), ("<a:A>", "<a:C>")]


def test_a_closure_comes_from_the_cache_while_the_files_stay_the_same(tmp_path: Path) -> None:
    path, cache = write(tmp_path), tmp_path / "cache"
    first = close_files([path], cache=cache)
    stored = list(cache.iterdir())
    stored[0].write_text(stored[0].read_text().replace("Being", "Cached"))
    assert len(stored) == 1
    assert "<http://example.org/Cached>" in close_files([path], cache=cache).classes["<http://example.org/Agent>"]
    write(tmp_path, ONTOLOGY + "e:X rdfs:subClassOf e:Y .")
    assert close_files([path], cache=cache).classes["<http://example.org/Agent>"] == ("<http://example.org/Being>",)
    assert "<http://example.org/Agent>" in first.classes


def test_a_damaged_cache_is_computed_again(tmp_path: Path) -> None:
    path, cache = write(tmp_path), tmp_path / "cache"
    first = close_files([path], cache=cache)
    next(cache.iterdir()).write_text("{}")
    assert close_files([path], cache=cache) == first


def test_a_file_that_is_no_turtle_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"ontology\.ttl, line 1"):
        close_files([write(tmp_path, "this is not Turtle")])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"ontology\.ttl"):
        close_files([tmp_path / "ontology.ttl"])
