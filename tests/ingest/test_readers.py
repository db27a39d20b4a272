"""Readers while envelopes are taken in: no error, no torn record, and each writer reads what it was acknowledged."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graphmap.ingest import Ingestor, Knowledge
from graphmap.store import EmbeddedStore, Pool, QueryLimits, Workers, parse_query
from tests.ingest.builders import BASE, envelope

TORN = parse_query(
    f"""PREFIX limber: <{BASE}limber/>
    SELECT ?account {{ ?account a limber:CustomerAccount
      FILTER(NOT EXISTS {{ ?account limber:accountCode ?code ; limber:uniqueText ?text ; limber:salesRepName ?name ;
                                    limber:businessPartner/limber:primaryName ?partner }}) }}""",
    QueryLimits(),
)


def names(key: str) -> str:
    return f"SELECT ?name {{ <{BASE}limber/CustomerAccount#{key}> <{BASE}limber/salesRepName> ?name }}"


def read(workers: Workers, query: str) -> list[str]:
    answer = json.loads(workers.answer(parse_query(query, QueryLimits()), syntax="json").body)
    return [row["name"]["value"] for row in answer["results"]["bindings"]]


@pytest.mark.parametrize(("writers", "readers", "each"), [(2, 2, 6), pytest.param(4, 8, 100, marks=pytest.mark.slow)])
def test_readers_see_whole_records_and_writers_their_own(
    store: EmbeddedStore, knowledge: Knowledge, tmp_path: Path, writers: int, readers: int, each: int
) -> None:
    ingest = Ingestor(store, knowledge, knowledge.workspace.sources["customer-account"])
    workers = Workers(Pool(store=store, folder=tmp_path / "checkpoints", size=2))
    ended = threading.Event()

    def write(writer: int) -> int:
        for number in range(each):
            key, name = f"{writer}-{number % 50}", f"state {number}"
            body = json.dumps(envelope(key, version=number + 1, salesRepName=name)).encode()
            assert ingest(body).outcome == "stored"
            if number % 5 == 0:
                assert read(workers, names(key)) == [name]
        return each

    def look() -> int:
        looks = 0
        while not ended.is_set():
            assert json.loads(workers.answer(TORN, syntax="json").body)["results"]["bindings"] == []
            looks += 1
        return looks

    with ThreadPoolExecutor(writers + readers) as pool:
        looking = [pool.submit(look) for _ in range(readers)]
        writing = [pool.submit(write, writer) for writer in range(writers)]
        try:
            written = sum(future.result() for future in writing)
        finally:
            ended.set()
        looks = sum(future.result() for future in looking)
    workers.close()
    ingest.close()
    assert written == writers * each
    assert looks >= readers
