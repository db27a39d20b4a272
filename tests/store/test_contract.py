"""What every store does, run by each: the embedded one, and the remote one over a server for tests and real ones."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from graphmap.errors import StoreError
from graphmap.rdf.terms import XSD, Triple, literal_token
from graphmap.store import EmbeddedStore, HeldStore, Quad, Store
from graphmap.store.remote.store import RemoteStore
from tests.store.servers import Server, fuseki, virtuoso
from tests.store.sparql_server import serving

S, P, G, H = "<urn:s>", "<urn:p>", "<urn:g>", "<urn:h>"
Open = Callable[[Path], HeldStore]
OWN_GRAPHS = "Virtuoso keeps graphs of its own among those of the user, and they are listed, counted and dumped"
DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "test_the_names_of_graphs_are_those_of_what_they_hold[virtuoso]": OWN_GRAPHS,
        "test_the_size_is_counted[virtuoso]": OWN_GRAPHS,
        "test_a_dump_has_every_quad_once[virtuoso]": OWN_GRAPHS,
        "test_the_store_gives_numbers_and_dates_back_in_its_own_canonical_form"
        "[virtuoso-99999999999999999999-integer-99999999999999999999-integer]": "Virtuoso's integers have 64 bits",
    }
)


@pytest.fixture(scope="module")
def fuseki_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with fuseki(tmp_path_factory.mktemp("fuseki") / "here") as server:
        yield server


@pytest.fixture(scope="module")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso") / "here") as server:
        yield server


@pytest.fixture(
    params=[
        "embedded",
        "protocol",
        pytest.param("fuseki", marks=pytest.mark.remote),
        pytest.param("virtuoso", marks=pytest.mark.remote),
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HeldStore]:
    reason = DEVIATIONS.get(request.node.name)
    if reason is not None:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    if request.param == "embedded":
        yield from _closed(EmbeddedStore(tmp_path / "db"))
    elif request.param == "protocol":
        with serving() as own:
            yield from _closed(RemoteStore(tmp_path / "db", own.endpoint()))
    else:
        server: Server = request.getfixturevalue(f"{request.param}_server")
        server.clear()
        yield from _closed(RemoteStore(tmp_path / "db", server.endpoint))


def _closed(opened: HeldStore) -> Iterator[HeldStore]:
    try:
        yield opened
    finally:
        opened.close()


def stored(store: Store, token: str) -> str:
    store.load(f"{S} {P} {token} .\n".encode())
    (only,) = store.objects(S, P)
    return only


def test_a_staged_copy_takes_effect_as_a_whole(store: Store) -> None:
    store.load(f'{S} {P} "old" .\n{S} {P} "stays" {G} .\n{S} {P} "gone" {H} .\n'.encode())
    with store.staged() as copy:
        assert copy.graph(G) == {Triple(S, P, '"stays"')}
        copy.bulk_load(f'{S} {P} "bulk" {G} .\n'.encode())
        copy.replace(remove=[Quad(S, P, '"old"')], add=f'{S} {P} "new" .\n'.encode(), drop=[H])
        copy.load(f'{S} {P} "more" .\n'.encode())
        assert copy.objects(S, P) == {'"new"', '"more"'}
        assert store.objects(S, P) == {'"old"'}
    assert store.objects(S, P) == {'"new"', '"more"'}
    assert store.objects(S, P, G) == {'"stays"', '"bulk"'}
    assert store.count(H) == 0


def test_a_staged_copy_that_fails_changes_nothing(store: Store) -> None:
    store.load(f'{S} {P} "old" .\n'.encode())

    def fail() -> None:
        with store.staged() as copy:
            copy.load(f'{S} {P} "new" .\n'.encode())
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert store.objects(S, P) == {'"old"'}
    store.load(f'{S} {P} "later" .\n'.encode())
    assert store.objects(S, P) == {'"old"', '"later"'}


@pytest.mark.parametrize("lexical", ["1.10", "5", "-0.0", "100", "0.5", "12345678901234567890.10"])
def test_a_decimal_in_any_form_can_be_removed_again(store: Store, lexical: str) -> None:
    token = literal_token(lexical, datatype=XSD + "decimal")
    store.replace(remove=(), add=f"{S} {P} {token} .\n{S} {P} {token} {G} .\n".encode())
    (given,) = store.objects(S, P)
    assert store.objects(S, P, G) == {given}
    store.replace(remove=[Quad(S, P, given), Quad(S, P, token, G)], add=b"")
    assert store.count() == store.count(G) == 0


def test_a_number_that_a_copy_removes_is_gone(store: Store) -> None:
    token = literal_token("1.10", datatype=XSD + "decimal")
    store.load(f"{S} {P} {token} .\n{S} {P} {token} {G} .\n".encode())
    with store.staged() as copy:
        (given,) = copy.objects(S, P)
        copy.replace(remove=[Quad(S, P, given), Quad(S, P, given, G)], add=b"")
    assert store.count() == store.count(G) == 0


def test_an_update_changes_what_it_says(store: Store) -> None:
    graph = "<https://example.org/g>"
    store.load(f'{S} {P} "a" {graph} .\n'.encode())
    store.update(
        "DELETE { GRAPH <g> { ?s ?p ?o } } INSERT { GRAPH <g> { ?s ?p 1 } } WHERE { GRAPH <g> { ?s ?p ?o } }",
        base="https://example.org/",
    )
    assert store.objects(S, P, graph) == {literal_token("1", datatype=XSD + "integer")}


def test_a_graph_from_outside_is_replaced_or_added_to(store: Store) -> None:
    store.load(f'{S} {P} "old" {G} .\n'.encode())
    store.write_graph("urn:g", f'{S} {P} "new" .\n_:b {P} _:b .\n'.encode(), replace=True)
    assert store.count(G) == 2
    assert store.objects(S, P, G) == {'"new"'}
    store.write_graph("urn:g", f'{S} {P} "more" .\n'.encode(), replace=False)
    assert store.objects(S, P, G) == {'"new"', '"more"'}


def test_a_dump_has_every_quad_once(store: Store) -> None:
    lines = {f'{S} {P} "a" .', f'{S} {P} "a" {G} .', f'{S} {P} "5"^^<{XSD}integer> {H} .'}
    store.load("\n".join(lines).encode())
    out = io.BytesIO()
    store.dump(out)
    assert sorted(out.getvalue().decode().splitlines()) == sorted(lines)


def test_the_size_is_counted(store: Store) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n{S} {P} "b" {H} .\n'.encode())
    stats = store.stats()
    assert (stats.quads, stats.default_triples, stats.named_graphs) == (3, 1, 2)


def test_what_is_loaded_is_there_by_graph(store: Store) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n{S} {P} "b" {G} .\n'.encode())
    assert store.graph(None) == {Triple(S, P, '"a"')}
    assert store.graph(G) == {Triple(S, P, '"a"'), Triple(S, P, '"b"')}
    assert (store.count(), store.count(G), store.count(H)) == (1, 2, 0)
    assert store.objects(S, P, G) == {'"a"', '"b"'}


def test_the_names_of_graphs_are_those_of_what_they_hold(store: Store) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n'.encode())
    assert store.named_graphs() == {G}


def test_bulk_load_reads_bytes_files_and_pipes(store: Store, tmp_path: Path) -> None:
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


def test_a_load_that_does_not_parse_changes_nothing(store: Store) -> None:
    with pytest.raises(StoreError, match="does not parse"):
        store.load(f'{S} {P} "good" .\n{S} {P} oops .\n'.encode())
    assert store.count() == 0


def test_replace_removes_first_and_adds_then(store: Store) -> None:
    store.load(f'{S} {P} "a" .\n{S} {P} "a" {G} .\n'.encode())
    store.replace(remove=[Quad(S, P, '"a"'), Quad(S, P, '"a"', G)], add=f'{S} {P} "b" .\n{S} {P} "a" {G} .\n'.encode())
    assert store.graph(None) == {Triple(S, P, '"b"')}
    assert store.graph(G) == {Triple(S, P, '"a"')}


def test_replace_is_one_transaction(store: Store) -> None:
    store.load(f'{S} {P} "a" .\n'.encode())
    with pytest.raises(StoreError):
        store.replace(remove=[Quad(S, P, '"a"')], add=b'<urn:s> <urn:p> "x"^^<no iri> .\n')
    with pytest.raises(StoreError, match="blank nodes"):
        store.replace(remove=[Quad(S, P, '"a"')], add=b"_:b <urn:p> <urn:o> .\n")
    assert store.objects(S, P) == {'"a"'}


def test_replace_takes_every_character_that_a_literal_may_hold(store: Store) -> None:
    token = literal_token("\\u0041 \" ' \\ \n \r \t \b \f \x00 \x1f \x7f \x85 \u2028 ü 漢 🙂 {?x} # ;")
    store.replace(remove=(), add=f"{S} {P} {token} .\n{S} {P} {token} {G} .\n".encode())
    assert store.objects(S, P) == store.objects(S, P, G) == {token}
    store.replace(remove=[Quad(S, P, token), Quad(S, P, token, G)], add=b"")
    assert store.count() == store.count(G) == 0


def test_dropping_a_graph_takes_its_name_too(store: Store) -> None:
    store.load(f'{S} {P} "a" {G} .\n'.encode())
    store.replace(remove=(), drop=[G, H], add=b"")
    assert not store.named_graphs() & {G, H}


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
    store: Store, given: str, datatype: str, back: str, as_type: str
) -> None:
    token = literal_token(given, datatype=XSD + datatype)
    assert stored(store, token) == literal_token(back, datatype=XSD + as_type)
    store.replace(remove=[Quad(S, P, token)], add=b"")
    assert store.count() == 0


def test_the_graphs_that_hold_a_triple_are_found_without_the_default_graph(store: Store) -> None:
    long = literal_token("5", datatype=XSD + "long")
    store.load(f"{S} {P} {long} .\n{S} {P} {long} {G} .\n{S} {P} {long} {H} .\n".encode())
    assert set(store.graphs_with((S, P, long))) == {G, H}
    assert list(store.graphs_with(('"literal"', P, S))) == []


def test_a_select_of_our_own_gives_tokens_and_none_for_what_is_unbound(store: Store) -> None:
    store.load(f'{S} {P} "a" .\n'.encode())
    assert store.select("SELECT ?s ?none ?o { ?s ?p ?o }") == ((S, None, '"a"'),)
    with pytest.raises(StoreError, match="does not parse"):
        store.select("SELECT oops")


def test_every_write_moves_the_generation(store: Store) -> None:
    before = store.generation
    store.load(f'{S} {P} "a" .\n'.encode())
    middle = store.generation
    store.replace(remove=(), add=b"")
    assert before < middle == store.generation


def test_what_is_added_later_is_there_for_whoever_reads(store: Store) -> None:
    before = store.generation
    written = [store.add_later(f'{S} {P} "{text}" {G} .\n'.encode()) for text in "ab"]
    assert store.generation > before
    assert store.objects(S, P, G) == {'"a"', '"b"'}
    assert all(each.done() for each in written)


def test_what_is_added_later_comes_before_what_is_written_after_it(store: Store) -> None:
    written = store.add_later(f'{S} {P} "a" {G} .\n'.encode())
    store.replace(remove=[Quad(S, P, '"a"', G)], add=f'{S} {P} "b" {G} .\n'.encode())
    assert written.done()
    assert store.objects(S, P, G) == {'"b"'}


def test_only_what_may_remove_counts_as_a_removal(store: Store) -> None:
    before = store.removals
    store.load(f'{S} {P} "a" .\n'.encode())
    store.bulk_load(f'{S} {P} "b" .\n'.encode())
    store.add_later(f'{S} {P} "c" .\n'.encode())
    store.catch_up()
    assert store.removals == before
    store.replace(remove=[Quad(S, P, '"a"')], add=b"")
    assert store.removals > before


def test_a_closed_store_answers_nothing_more(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.count()
