"""The whole service over a workspace of its own: samples, generated rows with planted errors, and the search index."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.generate import faulty_rows
from benchmarks.rows import COLUMNS
from graphmap.ingest import Control, IndexFollower, Ingestor, Knowledge, load_files, load_knowledge
from graphmap.rdf.terms import literal_token
from graphmap.service import Services
from graphmap.service.access.tokens import Access, grant_for
from graphmap.service.catalog.workspace_content import knowledge_of
from graphmap.service.conformance.check_pool import CheckPool
from graphmap.service.search_index import Finder
from graphmap.store import EmbeddedStore, Pool
from graphmap.store.search_index import SearchIndex, index_path
from graphmap.store.sparql.update import GraphAccess
from graphmap.store.workers.update_rehearsal import Updates
from graphmap.workspace import read_workspace
from tests.service.conftest import TOKEN

ROOT = Path(__file__).parents[2]
MOMENT = literal_token("2026-03-01T08:15:00Z", datatype="http://www.w3.org/2001/XMLSchema#dateTime")


@contextmanager
def full_services(folder: Path, *, rows: int = 300) -> Iterator[Services]:
    """The services over a fresh store.

    Args:
        folder: for the store.
        rows: how many rows are generated, one in ten with an error.
    """
    workspace = read_workspace(ROOT)
    knowledge = load_knowledge(workspace)
    store = EmbeddedStore(folder / "store")
    _load(knowledge, store, folder, rows)
    index = SearchIndex(index_path(store.path))
    source = workspace.sources["customer-account"]
    ingestor = Ingestor(store, knowledge, source)
    indexed = IndexFollower(ingestor, store, workspace.layout, index)
    control = Control(store, knowledge, indexed)
    check = CheckPool(knowledge)
    pool = Pool(store=store, folder=folder / "readers", size=2)
    try:
        yield Services(
            pool=pool,
            updates=Updates(store=store, pool=pool, access=GraphAccess(base=workspace.base, open_below="urn:none:")),
            ingest=indexed,
            check=check,
            finder=Finder(find=index.find, is_ready=lambda: index.ready, build=indexed.build),
            operate=control.run,
            read_knowledge=lambda: knowledge_of(workspace),
            layout=workspace.layout,
            access=Access(grants=(grant_for(TOKEN, ["admin"], name="test"),)),
        )
    finally:
        pool.close()
        check.close()
        indexed.close()
        ingestor.close()
        store.close()


def _load(knowledge: Knowledge, store: EmbeddedStore, folder: Path, rows: int) -> None:
    table = folder / "rows.csv"
    table.write_text(_rows(rows), encoding="utf-8", newline="")
    samples = [str(path) for path in sorted((ROOT / "samples").iterdir())]
    load_files([*samples, str(table)], knowledge, store, moment=MOMENT)


def _rows(number: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(row.values() for row, _ in faulty_rows(number, seed=7, errors=0.1))
    return out.getvalue()
