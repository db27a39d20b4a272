"""What a store on another server does beside the contract: limits, places, graphs that stand for others."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import StoreError
from graphmap.rdf.terms import XSD, literal_token
from graphmap.store import EmbeddedStore, Endpoint, Quad
from graphmap.store.remote.canonical_forms import canonical_quads, canonical_terms, sent
from graphmap.store.remote.store import RemoteStore
from graphmap.store.remote.update_batches import Step, batches
from tests.store.sparql_server import SparqlServer, serving

S, P, G = "<urn:s>", "<urn:p>", "<urn:g>"
MANY = "".join(f'{S} {P} "value {number}" .\n' for number in range(100)).encode()


@pytest.fixture
def server() -> Iterator[SparqlServer]:
    with serving() as own:
        yield own


def test_a_change_that_is_too_large_is_refused_before_anything_is_sent(server: SparqlServer, tmp_path: Path) -> None:
    with closing(RemoteStore(tmp_path / "db", server.endpoint(update_statements=30))) as store:
        with pytest.raises(StoreError, match="nothing was sent") as caught:
            store.load(MANY)
        assert "--in-stages" in str(caught.value)
        with pytest.raises(StoreError, match="nothing was sent"), store.staged() as copy:
            copy.load(MANY)
    assert server.updates == []


def test_a_change_may_be_split_where_the_endpoint_says_so(server: SparqlServer, tmp_path: Path) -> None:
    with closing(RemoteStore(tmp_path / "db", server.endpoint(update_statements=30, split=True))) as store:
        store.load(MANY)
        assert store.count() == 100
    assert [update.count("value") for update in server.updates] == [30, 30, 30, 10]


@given(sizes=st.lists(st.integers(1, 60)), most=st.integers(1, 100), statements=st.none() | st.integers(1, 5))
def test_batches_keep_order_lose_nothing_and_stay_within_limits(
    sizes: list[int], most: int, statements: int | None
) -> None:
    endpoint = Endpoint(
        query="http://db/q", update="http://db/u", update_bytes=most, update_statements=statements, split=True
    )
    steps = [Step(chr(97 + place % 26) * size, 1) for place, size in enumerate(sizes)]
    found = batches(steps, endpoint)
    assert [text for batch in found for text in batch.split(" ;\n")] == [step.text for step in steps]
    assert all(len(batch.replace(" ;\n", "")) <= most or " ;\n" not in batch for batch in found)
    assert all(statements is None or batch.count(" ;\n") < statements for batch in found)


def test_a_store_too_large_to_copy_is_loaded_in_stages_only(server: SparqlServer, tmp_path: Path) -> None:
    with closing(RemoteStore(tmp_path / "db", server.endpoint(copy_quads=99))) as store:
        store.load(MANY)
        with pytest.raises(StoreError, match="too many to copy") as caught, store.staged():
            pass
        assert "--in-stages" in str(caught.value)


def test_two_writers_of_one_workspace_are_refused_and_a_reader_is_not(server: SparqlServer, tmp_path: Path) -> None:
    with closing(RemoteStore(tmp_path / "db", server.endpoint())) as store:
        store.load(MANY)
        with pytest.raises(StoreError, match="open in another process"):
            RemoteStore(tmp_path / "db", server.endpoint())
        with closing(RemoteStore(tmp_path / "db", server.endpoint(), held=False)) as reader:
            assert reader.count() == 100


def test_a_checkpoint_is_a_database_of_our_own(server: SparqlServer, tmp_path: Path) -> None:
    with closing(RemoteStore(tmp_path / "db", server.endpoint())) as store:
        store.load(MANY + f"{S} {P} 5 {G} .\n".replace(" 5 ", f' "5"^^<{XSD}integer> ').encode())
        store.checkpoint(tmp_path / "copy")
    with closing(EmbeddedStore(tmp_path / "copy")) as copy:
        assert (copy.count(), copy.count(G)) == (100, 1)


def test_a_dump_that_is_not_all_there_is_an_error(server: SparqlServer, tmp_path: Path) -> None:
    class Counting(RemoteStore):
        def count(self, graph: str | None = None) -> int:
            return super().count(graph) + 1

    with closing(Counting(tmp_path / "db", server.endpoint())) as store:
        store.load(MANY)
        with pytest.raises(StoreError, match="gave 100 of 101 quads"):
            store.dump(io.BytesIO())


def test_a_named_graph_can_stand_for_the_default_graph(server: SparqlServer, tmp_path: Path) -> None:
    with closing(RemoteStore(tmp_path / "db", server.endpoint(default_graph="urn:default"))) as store:
        store.load(f'{S} {P} "a" .\n{S} {P} "b" {G} .\n'.encode())
        assert store.count() == store.count(G) == 1
        store.replace(remove=[Quad(S, P, '"a"')], add=f'{S} {P} "c" .\n'.encode())
        assert store.objects(S, P) == {'"c"'}
    assert "GRAPH <urn:default>" in server.updates[-1]


@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_what_is_sent_is_canonical_and_names_the_same_number(number: object) -> None:
    token = literal_token(f"{number:f}", datatype=XSD + "decimal")
    (canonical,) = canonical_terms([token]).values()
    ready = sent(canonical)
    assert "." in ready
    assert canonical_terms([ready]) == {ready: canonical}
    (quad,) = canonical_quads(f"{S} {P} {token} .\n".encode())
    assert quad.object == canonical
