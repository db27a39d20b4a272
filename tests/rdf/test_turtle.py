"""The writer of Turtle: what it writes reads back as what was meant."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from graphmap.rdf.turtle import Blank, Block, Items, document, literal, pairs, typed


def parsed(block: Block) -> list[ox.Triple]:
    text = document(title="test", prefixes={"ex": "https://example.org/", "unused": "urn:unused:"}, blocks=[block])
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_every_text_survives_as_a_literal(text: str) -> None:
    (triple,) = parsed(Block(subject="ex:s", pairs=pairs(("ex:p", literal(text)))))
    assert triple.object == ox.Literal(text)


def test_blank_nodes_and_lists_nest() -> None:
    inner = Blank(pairs=pairs(("ex:q", Items(terms=("ex:a", typed("1", "ex:number"))))))
    triples = parsed(Block(subject="ex:s", pairs=pairs(("ex:p", [inner, "ex:b"]), ("ex:r", None), ("ex:t", []))))
    assert len(triples) == 2 + 1 + 4
    assert {triple.predicate.value.rpartition("/")[2] for triple in triples} >= {"p", "q"}


def test_only_prefixes_in_use_are_declared() -> None:
    block = Block(subject="ex:s", pairs=pairs(("ex:p", "<urn:unusedly>")))
    text = document(title="one\ntwo", prefixes={"ex": "https://example.org/", "unused": "urn:unused:"}, blocks=[block])
    assert text.startswith("# one\n# two\n")
    assert "@prefix unused:" not in text


def test_objects_that_are_wide_together_stand_on_lines_of_their_own() -> None:
    names = [f"ex:{'n' * 40}{number}" for number in range(3)]
    text = document(
        title="t", prefixes={"ex": "https://example.org/"}, blocks=[Block(subject="ex:s", pairs=pairs(("ex:p", names)))]
    )
    assert max(map(len, text.splitlines())) < 60
