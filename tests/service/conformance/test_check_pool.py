"""Records from outside are checked in processes that may be killed, by the rules that the server has read."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from graphmap.errors import DataError, DeadlineError, LimitError, StoreError
from graphmap.ingest import load_knowledge
from graphmap.service.conformance.check_pool import CheckPool
from graphmap.store import WorkerLimits
from graphmap.workspace import read_workspace
from tests.service.full import ROOT

TABLE = b"customer_id,customer_number\n1,a-1\n"
PARTS = ("graphmap.toml", "mappings", "ontology", "shapes", "queries", "samples")


def message() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(min((ROOT / "samples").glob("*.json")).read_bytes())
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name in PARTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def pool_over(root: Path, **limits: Any) -> CheckPool:
    return CheckPool(load_knowledge(read_workspace(root)), limits=WorkerLimits(**{"timeout_s": 60.0, **limits}))


def test_records_and_rows_are_reported_on_side_by_side() -> None:
    async def run() -> None:
        pool = pool_over(ROOT)
        good = message()
        bad = json.loads(json.dumps(good))
        bad["data"].pop("uniqueText", None)
        bad["data"]["accountCode"] = 5
        reports = await asyncio.gather(*(pool.record(json.dumps(each).encode()) for each in (good, bad) * 3))
        assert [report["records"] for report in reports] == [1] * 6
        assert reports[0] == reports[2] != reports[1] == reports[3]
        (row,) = await pool.rows(TABLE, most=5)
        assert row.record == {"customer_id": "1", "customer_number": "a-1"} or row.trouble
        with pytest.raises(DataError, match="not JSON"):
            await pool.record(b"{")
        await pool.aclose()

    asyncio.run(run())


def test_a_record_that_takes_too_long_ends_at_its_deadline_and_the_next_one_is_checked() -> None:
    async def run() -> None:
        pool = pool_over(ROOT, timeout_s=0.0001)
        with pytest.raises(DeadlineError):
            await pool.record(json.dumps(message()).encode())
        pool._limits = WorkerLimits(timeout_s=60.0)
        assert (await pool.record(json.dumps(message()).encode()))["records"] == 1
        await pool.aclose()

    asyncio.run(run())


def test_a_record_that_takes_too_much_memory_ends_alone() -> None:
    async def run() -> None:
        pool = pool_over(ROOT, memory_bytes=1_500_000_000)
        huge = b'{"a":[' + b"[]," * 20_000_000 + b"[]]}"
        with pytest.raises(LimitError):
            await pool.record(huge)
        assert (await pool.record(json.dumps(message()).encode()))["records"] == 1
        await pool.aclose()

    asyncio.run(run())


def test_rules_that_the_server_has_not_read_are_not_checked_by(workspace: Path) -> None:
    async def run() -> None:
        pool = pool_over(workspace)
        body = json.dumps(message()).encode()
        assert (await pool.record(body))["records"] == 1
        shapes = next(iter(sorted((workspace / "shapes").glob("*.ttl"))))
        shapes.write_text(shapes.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
        for worker in pool._queue.workers:  # as after a crash: they start with what the files say now
            worker.detach()
            worker.renew()
        with pytest.raises(StoreError, match="have changed since the server read them"):
            await pool.record(body)
        pool.renew(load_knowledge(read_workspace(workspace)))
        await asyncio.sleep(0)
        assert (await pool.record(body))["records"] == 1
        await pool.aclose()

    asyncio.run(run())
