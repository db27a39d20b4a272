from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphmap.errors import CallError, DeadlineError, LimitError, QueryError
from graphmap.store import Dataset, EmbeddedStore, Pool, WorkerLimits, Workers, parse_query

# 300 to the power of 5 rows, none of which comes out on the way, so that nothing can stop it from inside.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path_factory.mktemp("store") / "db")
    opened.load("".join(f'<urn:s{i}> <urn:p> "{i}" .\n' for i in range(300)).encode())
    opened.load(b'<urn:x> <urn:p> "in a graph" <urn:g> .\n')
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def workers(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    pool = Workers(Pool(store=store, folder=tmp_path_factory.mktemp("readers"), size=1))
    yield pool
    pool.close()


def values(workers: Workers, text: str, **options: object) -> list[str]:
    answer = workers.answer(parse_query(text), syntax="json", **options)  # type: ignore[arg-type]  # few known options
    rows = json.loads(answer.body)["results"]["bindings"]
    return sorted(cell["value"] for row in rows for cell in row.values())


def process_of(workers: Workers) -> int:
    (process,) = workers.pool.processes
    return process


def test_a_select_is_answered_in_each_table_syntax(workers: Workers) -> None:
    query = parse_query('SELECT ?s { ?s <urn:p> "7" }')
    bodies = {syntax: workers.answer(query, syntax=syntax).body for syntax in ("json", "xml", "csv", "tsv")}
    assert all(b"urn:s7" in body for body in bodies.values())
    assert workers.answer(query, syntax="csv").media_type == "text/csv; charset=utf-8"


def test_a_construct_is_answered_in_each_graph_syntax(workers: Workers) -> None:
    query = parse_query('CONSTRUCT { ?s <urn:has#q> ?o } { ?s <urn:p> ?o FILTER(?o = "7") }')
    for syntax in ("turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"):
        assert b"urn:s7" in workers.answer(query, syntax=syntax).body
    turtle = workers.answer(query, syntax="turtle", prefixes={"has": "urn:has#"}).body
    assert b"has:q" in turtle


def test_an_ask_is_answered(workers: Workers) -> None:
    answer = workers.answer(parse_query("ASK { <urn:s1> ?p ?o }"), syntax="json")
    assert json.loads(answer.body)["boolean"] is True


@pytest.mark.parametrize(
    ("text", "syntax"), [("ASK {}", "csv"), ("SELECT * {}", "turtle"), ("CONSTRUCT WHERE {}", "json")]
)
def test_a_syntax_that_does_not_fit_is_refused(workers: Workers, text: str, syntax: str) -> None:
    with pytest.raises(CallError):
        workers.answer(parse_query(text), syntax=syntax)


def test_an_update_is_refused(workers: Workers) -> None:
    with pytest.raises(CallError, match="update"):
        workers.answer(parse_query("CLEAR ALL"), syntax="json")


def test_a_dataset_of_the_request_overrides_the_default_graph(workers: Workers) -> None:
    dataset = Dataset(default_graphs=("urn:g",))
    assert values(workers, "SELECT ?o { ?s ?p ?o }", dataset=dataset) == ["in a graph"]
    assert values(workers, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", dataset=dataset) == []


def test_a_dataset_of_named_graphs_alone_has_an_empty_default_graph(workers: Workers) -> None:
    dataset = Dataset(named_graphs=("urn:g",))
    assert values(workers, "SELECT ?o { ?s ?p ?o }", dataset=dataset) == []
    assert values(workers, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", dataset=dataset) == ["in a graph"]


def test_a_query_that_does_not_parse_says_where(workers: Workers) -> None:
    with pytest.raises(QueryError) as caught:
        workers.answer(parse_query("SELECT *\n{ ?s ?p }"), syntax="json")
    assert caught.value.where.line == 2


def test_a_reader_sees_every_write_that_was_done_before_it_asked(workers: Workers, store: EmbeddedStore) -> None:
    for number in range(3):
        store.load(f'<urn:new> <urn:q> "{number}" .\n'.encode())
        assert len(values(workers, "SELECT ?o { <urn:new> <urn:q> ?o }")) == number + 1


def test_a_query_that_never_ends_is_killed_at_its_deadline_and_the_next_one_is_answered(workers: Workers) -> None:
    assert values(workers, 'SELECT ?s { ?s <urn:p> "7" }') == ["urn:s7"]
    before, begin = process_of(workers), time.monotonic()
    with pytest.raises(DeadlineError):
        workers.answer(parse_query(ENDLESS), syntax="json", timeout_s=0.5)
    assert 0.5 <= time.monotonic() - begin < 8
    while process_of(workers) == before and time.monotonic() - begin < 30:
        time.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert values(workers, 'SELECT ?s { ?s <urn:p> "8" }') == ["urn:s8"]


def test_a_client_that_waits_behind_a_long_query_gets_its_answer_right_after_the_kill(workers: Workers) -> None:
    def endless() -> None:
        with pytest.raises(DeadlineError):
            workers.answer(parse_query(ENDLESS), syntax="json", timeout_s=1)

    first = threading.Thread(target=endless)
    first.start()
    time.sleep(0.2)
    begin = time.monotonic()
    assert values(workers, 'SELECT ?s { ?s <urn:p> "9" }') == ["urn:s9"]
    assert time.monotonic() - begin < 10
    first.join()


def test_waiting_for_a_worker_counts_towards_the_deadline(workers: Workers) -> None:
    done = threading.Event()

    def endless() -> None:
        with pytest.raises(DeadlineError):
            workers.answer(parse_query(ENDLESS), syntax="json", timeout_s=1)
        done.set()

    first = threading.Thread(target=endless)
    first.start()
    time.sleep(0.2)
    with pytest.raises(DeadlineError, match="busy"):
        workers.answer(parse_query("ASK {}"), syntax="json", timeout_s=0.1)
    assert not done.is_set()
    first.join()


def test_a_crash_reaches_its_own_client_alone(workers: Workers) -> None:
    def crash() -> None:
        time.sleep(0.3)
        os.kill(process_of(workers), signal.SIGSEGV)

    values(workers, "SELECT ?s {}")
    killer = threading.Thread(target=crash)
    killer.start()
    with pytest.raises(LimitError, match="memory or depth"):
        workers.answer(parse_query(ENDLESS), syntax="json", timeout_s=5)
    killer.join()
    assert values(workers, 'SELECT ?s { ?s <urn:p> "7" }') == ["urn:s7"]


def test_a_process_that_died_between_two_queries_is_replaced_in_silence(workers: Workers) -> None:
    values(workers, "SELECT ?s {}")
    os.kill(process_of(workers), signal.SIGKILL)
    os.waitid(os.P_PID, process_of(workers), os.WEXITED | os.WNOWAIT)
    assert values(workers, 'SELECT ?s { ?s <urn:p> "7" }') == ["urn:s7"]


def test_the_deepest_nesting_that_is_let_through_is_answered(workers: Workers) -> None:
    assert values(workers, "SELECT ?s " + "{" * 64 + '?s <urn:p> "7"' + "}" * 64) == ["urn:s7"]


@pytest.mark.parametrize("sign", ["!", "-", "1+", "?s||"])
def test_depth_without_brackets_hurts_nobody_but_its_own_query(workers: Workers, sign: str) -> None:
    with contextlib.suppress(LimitError, QueryError):  # how it ends is the engine's affair
        workers.answer(parse_query("SELECT * { FILTER(" + sign * 20_000 + "?s) }"), syntax="json", timeout_s=0.5)
    assert values(workers, 'SELECT ?s { ?s <urn:p> "7" }') == ["urn:s7"]


def limited(store: EmbeddedStore, folder: Path, limits: WorkerLimits) -> Callable[[str], bytes]:
    def ask(text: str) -> bytes:
        pool = Workers(Pool(store=store, folder=folder, limits=limits, size=1))
        try:
            return pool.answer(parse_query(text), syntax="json").body
        finally:
            pool.close()

    return ask


def test_an_answer_that_is_too_large_is_an_error_and_never_a_part(store: EmbeddedStore, tmp_path: Path) -> None:
    ask = limited(store, tmp_path, WorkerLimits(result_bytes=1000))
    with pytest.raises(LimitError, match="larger"):
        ask("SELECT * { ?s ?p ?o }")
    assert b"urn:s7" in ask('SELECT * { ?s ?p "7" }')


def test_a_query_that_takes_too_much_memory_is_stopped(store: EmbeddedStore, tmp_path: Path) -> None:
    ask = limited(store, tmp_path, WorkerLimits(memory_bytes=1200 * 1024 * 1024, timeout_s=60))
    with pytest.raises(LimitError):
        ask("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f")


def test_a_graph_name_that_the_engine_takes_for_no_iri_is_a_fault_of_the_query(workers: Workers) -> None:
    with pytest.raises(QueryError):
        values(workers, "SELECT * {}", dataset=Dataset(default_graphs=("http://[bad",)))


def test_a_process_ends_with_its_owner_even_in_the_middle_of_a_query(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys, threading, time\n"
        "from graphmap.store import EmbeddedStore, Pool, Workers, parse_query\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "store = EmbeddedStore(folder / 'db')\n"
        "store.load(''.join(f'<urn:s{i}> <urn:p> \"{i}\" .\\n' for i in range(300)).encode())\n"
        "pool = Workers(Pool(store=store, folder=folder / 'readers', size=1))\n"
        "pool.answer(parse_query('ASK {}'), syntax='json')\n"
        "ask = lambda: pool.answer(parse_query(sys.argv[2]), syntax='json')\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "print(pool.pool.processes[0], flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    owner = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", script, str(tmp_path), ENDLESS], capture_output=True, text=True, check=False
    )
    process = Path("/proc") / owner.stdout.strip()
    assert process.name.isdigit()
    until = time.monotonic() + 5
    while process.exists() and " Z " not in (process / "stat").read_text() and time.monotonic() < until:
        time.sleep(0.02)
    assert time.monotonic() < until


def test_checkpoints_are_taken_when_due_and_removed(store: EmbeddedStore, tmp_path: Path) -> None:
    pool = Workers(Pool(store=store, folder=tmp_path, size=1))
    for number in range(3):
        store.load(f'<urn:c> <urn:q> "{number}" .\n'.encode())
        values(pool, "SELECT ?s {}")
        values(pool, "SELECT ?s {}")
    (folder,) = tmp_path.iterdir()
    assert folder.name == "3"
    pool.close()
    assert list(tmp_path.iterdir()) == []


def test_forgotten_checkpoints_are_gone_at_once_and_the_next_query_is_answered(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    folder = tmp_path / "forgotten"
    workers = Workers(Pool(store=store, folder=folder, size=2))
    query = parse_query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    before = workers.answer(query, syntax="csv").body
    assert list(folder.iterdir())
    workers.pool.forget()
    assert not list(folder.iterdir())
    assert workers.answer(query, syntax="csv").body == before
    workers.close()
