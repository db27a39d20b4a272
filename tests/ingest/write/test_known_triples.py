"""What is left out was added before, and nothing was removed since."""

from __future__ import annotations

from pathlib import Path

from graphmap.ingest.write.known_triples import KnownTriples
from graphmap.store import EmbeddedStore, Quad

ONE, TWO = b"<urn:a> <urn:p> <urn:one> .", b"<urn:a> <urn:p> <urn:two> ."


def test_a_line_that_was_added_is_no_news_until_something_else_writes(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "db")
    known = KnownTriples(store)
    assert known.news([ONE]) == [ONE]
    store.load(ONE)
    known.added([ONE])
    assert known.news([ONE, TWO]) == [TWO]
    store.replace(remove=[Quad("<urn:a>", "<urn:p>", "<urn:one>")], add=b"")
    assert known.news([ONE, TWO]) == [ONE, TWO]
    store.close()


def test_a_removal_between_question_and_addition_is_noticed(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "db")
    known = KnownTriples(store)
    known.news([ONE])
    store.load(ONE)
    store.replace(remove=[Quad("<urn:a>", "<urn:p>", "<urn:one>")], add=b"")
    known.added([ONE])
    assert known.news([ONE]) == [ONE]
    store.close()
