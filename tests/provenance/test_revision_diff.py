from __future__ import annotations

import json

from graphmap.ingest import Ingestor, Knowledge
from graphmap.provenance.revision_diff import changes_of
from graphmap.rdf.terms import RDF_TYPE, Triple, literal_parts, literal_token
from graphmap.store import EmbeddedStore
from tests.ingest.builders import BASE, envelope

THING = "urn:x#thing"


def said(**values: str) -> set[Triple]:
    return {Triple(f"<{THING}>", f"<urn:p#{name}>", literal_token(value)) for name, value in values.items()}


def test_what_went_and_what_came_stand_below_each_other() -> None:
    changes = changes_of(said(name="Ada", city="Ulm"), said(name="Grace", city="Ulm", zip="1"), THING)
    assert changes.splitlines() == ["- name: Ada", "+ name: Grace", "+ zip: 1"]


def test_things_inside_are_named_and_classes_are_told_in_words() -> None:
    inner = Triple("<urn:x#part>", RDF_TYPE, "<urn:c#Part>")
    assert changes_of([], [inner], THING) == "+ part › is a: Part"


def test_no_change_says_nothing_and_very_many_say_how_many_more() -> None:
    assert changes_of(said(a="1"), said(a="1"), THING) == ""
    many = changes_of(said(**{f"p{n}": "v" for n in range(250)}), [], THING)
    assert many.splitlines()[-1] == "+ and 50 changes more"


def test_values_stay_on_one_short_line() -> None:
    (line,) = changes_of(said(note="a\nb" + "x" * 5000), [], THING).splitlines()
    assert line.startswith("- note: a bx")
    assert len(line) < 230


def test_a_record_that_is_replaced_keeps_what_changed(store: EmbeddedStore, knowledge: Knowledge) -> None:
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    for version, name in ((1, "Ada"), (2, "Grace")):
        ingest(json.dumps(envelope("one", version=version, salesRepName=name)).encode())
    rows = store.select(
        f"SELECT ?c {{ GRAPH <{BASE}graph/provenance> {{ ?r <https://w3id.org/graphmap#changes> ?c }} }}"
    )
    ingest.close()
    ((changes,),) = rows
    assert literal_parts(changes or '""').lexical.splitlines() == ["- salesRepName: Ada", "+ salesRepName: Grace"]
