from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphmap.errors import StoreError
from graphmap.store import EmbeddedStore, Quad
from graphmap.terms import XSD, Triple, literal_token

S, P, G, H = "<urn:s>", "<urn:p>", "<urn:g>", "<urn:h>"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "db")
    yield opened
    opened.close()


def stored(store: EmbeddedStore, token: str) -> str:
    store.load(f"{S} {P} {token} .\n".encode())
    (only,) = store.objects(S, P)
    return only


def test_what_is_loaded_is_there_by_graph(store: EmbeddedStore) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n{S} {P} "b" {G} .\n'.encode())
    assert store.graph(None) == {Triple(S, P, '"a"')}
    assert store.graph(G) == {Triple(S, P, '"a"'), Triple(S, P, '"b"')}
    assert (store.count(), store.count(G), store.count(H)) == (1, 2, 0)
    assert store.objects(S, P, G) == {'"a"', '"b"'}
    assert store.named_graphs() == {G}


def test_bulk_load_reads_bytes_files_and_pipes(store: EmbeddedStore, tmp_path: Path) -> None:
    store.bulk_load(f'{S} {P} "bytes" .\n'.encode())
    file, pipe = tmp_path / "file.nq", tmp_path / "pipe.nq"
    file.write_text(f'{S} {P} "file" .\n')
    store.bulk_load(file)
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(f'{S} {P} "pipe" .\n',))
    writer.start()
    store.bulk_load(pipe)
    writer.join()
    assert store.objects(S, P) == {'"bytes"', '"file"', '"pipe"'}


def test_a_load_that_does_not_parse_changes_nothing(store: EmbeddedStore) -> None:
    with pytest.raises(StoreError, match="does not parse"):
        store.load(f'{S} {P} "good" .\n{S} {P} oops .\n'.encode())
    assert store.count() == 0


def test_replace_removes_first_and_adds_then(store: EmbeddedStore) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n'.encode())
    store.replace(remove=[Quad(S, P, '"a"'), Quad(S, P, '"a"', G)], add=f'{S} {P} "b" .\n{S} {P} "a" {G} .\n'.encode())
    assert store.graph(None) == {Triple(S, P, '"b"')}
    assert store.graph(G) == {Triple(S, P, '"a"')}


def test_replace_is_one_transaction(store: EmbeddedStore) -> None:
    store.load(f'{S} {P} "a" .\n'.encode())
    with pytest.raises(StoreError):
        store.replace(remove=[Quad(S, P, '"a"')], add=b'<urn:s> <urn:p> "x"^^<no iri> .\n')
    with pytest.raises(StoreError, match="blank nodes"):
        store.replace(remove=[Quad(S, P, '"a"')], add=b"_:b <urn:p> <urn:o> .\n")
    assert store.objects(S, P) == {'"a"'}


def test_replace_takes_every_character_that_a_literal_may_hold(store: EmbeddedStore) -> None:
    token = literal_token("\\u0041 \" ' \\ \n \r \t \b \f \x00 \x1f \x7f \x85 \u2028 ü 漢 🙂 {?x} # ;")
    store.replace(remove=(), add=f"{S} {P} {token} .\n{S} {P} {token} {G} .\n".encode())
    assert store.objects(S, P) == store.objects(S, P, G) == {token}
    store.replace(remove=[Quad(S, P, token), Quad(S, P, token, G)], add=b"")
    assert store.stats().quads == 0


def test_dropping_a_graph_takes_its_name_too(store: EmbeddedStore) -> None:
    store.load(f'{S} {P} "a" {G} .\n'.encode())
    store.replace(remove=(), drop=[G, H], add=b"")
    assert store.named_graphs() == frozenset()


@pytest.mark.parametrize(
    ("given", "datatype", "back", "as_type"),
    [
        ("5", "long", "5", "integer"),
        ("5", "int", "5", "integer"),
        ("007", "integer", "7", "integer"),
        ("1.10", "decimal", "1.1", "decimal"),
        ("1.1E3", "double", "1100", "double"),
        ("1", "boolean", "true", "boolean"),
        ("2020-01-01T00:00:00.500Z", "dateTime", "2020-01-01T00:00:00.5Z", "dateTime"),
        ("2023-02-28+00:00", "date", "2023-02-28Z", "date"),
        ("2023-02-30", "date", "2023-02-30", "date"),
        ("abc", "date", "abc", "date"),
        ("99999999999999999999", "integer", "99999999999999999999", "integer"),
    ],
)
def test_the_store_gives_numbers_and_dates_back_in_its_own_canonical_form(
    store: EmbeddedStore, given: str, datatype: str, back: str, as_type: str
) -> None:
    token = literal_token(given, datatype=XSD + datatype)
    assert stored(store, token) == literal_token(back, datatype=XSD + as_type)
    store.replace(remove=[Quad(S, P, token)], add=b"")
    assert store.count() == 0


def test_the_graphs_that_hold_a_triple_are_found_without_the_default_graph(store: EmbeddedStore) -> None:
    long = literal_token("5", datatype=XSD + "long")
    store.load(f"{S} {P} {long} .\n{S} {P} {long} {G} .\n{S} {P} {long} {H} .\n".encode())
    assert set(store.graphs_with((S, P, long))) == {G, H}
    assert list(store.graphs_with(('"literal"', P, S))) == []


def test_a_select_of_our_own_gives_tokens_and_none_for_what_is_unbound(store: EmbeddedStore) -> None:
    store.load(f'{S} {P} "a" .\n'.encode())
    assert store.select("SELECT ?s ?none ?o { ?s ?p ?o }") == ((S, None, '"a"'),)
    with pytest.raises(StoreError, match="does not parse"):
        store.select("SELECT oops")


def test_every_write_moves_the_generation(store: EmbeddedStore) -> None:
    before = store.generation
    store.load(f'{S} {P} "a" .\n'.encode())
    middle = store.generation
    store.replace(remove=(), add=b"")
    assert before < middle == store.generation


def test_a_checkpoint_is_a_store_of_its_own(store: EmbeddedStore, tmp_path: Path) -> None:
    store.load(f'{S} {P} "a" .\n'.encode())
    store.checkpoint(tmp_path / "copy")
    store.load(f'{S} {P} "b" .\n'.encode())
    copy = EmbeddedStore(tmp_path / "copy")
    assert copy.count() == 1
    copy.close()


def test_stats_count_what_is_there(store: EmbeddedStore) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n{S} {P} "b" {H} .\n'.encode())
    store.flush()
    store.optimize()
    stats = store.stats()
    assert (stats.quads, stats.default_triples, stats.named_graphs) == (3, 1, 2)
    assert stats.disk_bytes > 0


def test_a_store_that_another_process_holds_says_so(store: EmbeddedStore) -> None:
    script = (
        "import sys, pathlib\nfrom graphmap.errors import StoreError\nfrom graphmap.store import EmbeddedStore\n"
        "try:\n    EmbeddedStore(pathlib.Path(sys.argv[1]))\nexcept StoreError as error:\n    print(error)\n"
    )
    run = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", script, str(store.path)], capture_output=True, text=True, check=True
    )
    assert "open in another process" in run.stdout
    assert "stop that process" in run.stdout


def test_a_damaged_store_says_so(tmp_path: Path) -> None:
    EmbeddedStore(tmp_path / "db").close()
    (tmp_path / "db" / "CURRENT").write_text("MANIFEST-999999\n")
    with pytest.raises(StoreError, match="damaged or incomplete") as caught:
        EmbeddedStore(tmp_path / "db")
    assert caught.value.hint == "restore a backup, or load into a new folder"


def test_a_file_in_the_place_of_a_store_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("no folder")
    with pytest.raises(StoreError):
        EmbeddedStore(tmp_path / "db")


def test_a_closed_store_answers_nothing_more(store: EmbeddedStore) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.count()
