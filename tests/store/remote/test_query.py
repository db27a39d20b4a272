"""Queries from outside over another server: read here first, answered whole, written in any syntax."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import msgspec
import pytest

from graphmap.errors import CallError, DeadlineError, GraphmapError, LimitError, QueryError, StoreError
from graphmap.store import Dataset, Endpoint, Pool, Store, WorkerLimits, Workers, parse_query
from graphmap.store.remote.http import Exchange
from graphmap.store.remote.query import ask
from graphmap.store.remote.store import RemoteStore
from graphmap.store.worker_protocol import Request
from tests.store.sparql_server import SparqlServer, serving

DATA = b'<urn:s> <urn:p> "a" .\n<urn:s> <urn:p> "b" <urn:g> .\n<urn:s> <urn:p> "c" <urn:h> .\n'
ROWS = "SELECT ?o { ?s ?p ?o }"
TABLE = "application/sparql-results+json"


@pytest.fixture
def server() -> Iterator[SparqlServer]:
    with serving() as own:
        yield own


@pytest.fixture
def store(server: SparqlServer, tmp_path: Path) -> Iterator[RemoteStore]:
    with closing(RemoteStore(tmp_path / "db", server.endpoint())) as opened:
        opened.load(DATA)
        yield opened


def workers_of(store: Store, endpoint: Endpoint, folder: Path, limits: WorkerLimits | None = None) -> Workers:
    return Workers(Pool(store=store, folder=folder, size=1, endpoint=endpoint, limits=limits))


@pytest.fixture
def workers(store: RemoteStore, tmp_path: Path) -> Iterator[Workers]:
    with closing(workers_of(store, store.endpoint, tmp_path / "checkpoints")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "syntax", "told"),
    [
        (ROWS, "csv", b"o\r\na\r\n"),
        (ROWS, "tsv", b'?o\n"a"\n'),
        (ROWS, "json", b'"value":"a"'),
        (ROWS, "xml", b"<literal>a</literal>"),
        ("ASK { ?s ?p ?o }", "json", b'"boolean":true'),
        ("ASK { ?s <urn:none> ?o }", "xml", b"<boolean>false</boolean>"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "ntriples", b'<urn:s> <urn:p> "a" .\n'),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "turtle", b'<urn:s> <urn:p> "a" .\n'),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "jsonld", b'"@id":"urn:s"'),
    ],
)
def test_an_answer_is_written_in_the_syntax_that_was_asked_for(
    workers: Workers, query: str, syntax: str, told: bytes
) -> None:
    assert told in workers.answer(parse_query(query), syntax=syntax).body


def test_the_dataset_of_a_request_wins_over_the_querys_own(workers: Workers) -> None:
    asked = parse_query("SELECT ?o FROM <urn:g> { ?s ?p ?o }")
    assert workers.answer(asked, syntax="csv").body == b"o\r\nb\r\n"
    wanted = Dataset(default_graphs=("urn:h",))
    assert workers.answer(asked, syntax="csv", dataset=wanted).body == b"o\r\nc\r\n"


def test_a_query_that_does_not_parse_never_reaches_the_server(workers: Workers, server: SparqlServer) -> None:
    before = len(server.authorizations)
    with pytest.raises(QueryError) as caught:
        workers.answer(parse_query("SELECT ?o { ?s ?p }"), syntax="csv")
    assert caught.value.where.line == 1
    assert len(server.authorizations) == before


def test_an_answer_that_breaks_off_is_an_error_and_the_next_one_is_well(workers: Workers, server: SparqlServer) -> None:
    server.cut = 4
    with pytest.raises(StoreError, match="breaks off") as caught:
        workers.answer(parse_query(ROWS), syntax="csv")
    assert "127.0.0.1" not in str(caught.value)
    server.cut = 0
    assert workers.answer(parse_query(ROWS), syntax="csv").body == b"o\r\na\r\n"


def test_a_query_without_end_is_stopped_and_a_large_answer_refused(store: RemoteStore, tmp_path: Path) -> None:
    store.load("".join(f'<urn:s{n}> <urn:p> "{n}" .\n' for n in range(300)).encode())
    limits = WorkerLimits(timeout_s=10, result_bytes=1000)
    with closing(workers_of(store, store.endpoint, tmp_path / "more", limits)) as workers:
        with pytest.raises(LimitError, match="larger"):
            workers.answer(parse_query(ROWS), syntax="csv")
        with pytest.raises(DeadlineError):
            workers.answer(
                parse_query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"),
                syntax="csv",
                timeout_s=1,
            )
        assert workers.answer(parse_query("ASK {}"), syntax="json").body


def test_a_server_that_is_away_is_told(tmp_path: Path, store: RemoteStore) -> None:
    gone = Endpoint(query="http://127.0.0.1:9/query", update="http://127.0.0.1:9/update")
    with closing(workers_of(store, gone, tmp_path / "more")) as workers, pytest.raises(GraphmapError, match="reached"):
        workers.answer(parse_query(ROWS), syntax="csv")


def test_states_of_another_server_are_never_taken_for_equal(workers: Workers) -> None:
    assert workers.pool.state != workers.pool.state
    assert workers.pool.checkpoint_age_s is None


def test_an_update_is_not_answered(workers: Workers) -> None:
    with pytest.raises(CallError):
        workers.answer(parse_query("CLEAR DEFAULT"), syntax="json")


@pytest.mark.parametrize(("value", "told"), [("1", b"true"), ("0", b"false")])
def test_the_table_with_which_virtuoso_answers_ask_is_understood(value: str, told: bytes) -> None:
    number = {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": value}
    assert told in asked(["__ASK_RETVAL"], [{"__ASK_RETVAL": number}])


def test_any_other_table_for_an_answer_to_ask_is_refused() -> None:
    with pytest.raises(StoreError, match="with a table"):
        asked(["s"], [{"s": {"type": "uri", "value": "urn:a"}}])


def asked(names: list[str], rows: list[dict[str, dict[str, str]]]) -> bytes:
    body = msgspec.json.encode({"head": {"vars": names}, "results": {"bindings": rows}})
    endpoint = Endpoint(query="http://db.test/query", update="http://db.test/update")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body, headers={"Content-Type": TABLE}))
    out = io.BytesIO()
    request = Request(task="ask", text="ASK { ?s ?p ?o }", syntax="json", endpoint=endpoint)
    with closing(Exchange(endpoint, transport=transport)) as exchange:
        ask(request, exchange, out, lambda: bool(out.getvalue()))
    return out.getvalue()
