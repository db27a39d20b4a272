"""The model of ingest, held against a store on another server: the same histories, the same outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from graphmap.ingest import Knowledge
from graphmap.store import Endpoint, HeldStore
from graphmap.store.remote.store import RemoteStore
from tests.ingest.test_model import Machine
from tests.store.servers import fuseki
from tests.store.sparql_server import serving

_CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


class Elsewhere(Machine):
    """Each history begins with an empty server."""

    endpoint: Endpoint

    def __init__(self) -> None:
        super().__init__()
        self.started = False

    def opened(self) -> HeldStore:
        store = RemoteStore(self.mine.workspace.store, self.endpoint)
        if not self.started:
            store.update("DROP ALL")
            self.started = True
        return store


def check(knowledge: Knowledge, endpoint: Endpoint, *, histories: int, steps: int) -> None:
    bound = type("Bound", (Elsewhere,), {"knowledge": knowledge, "endpoint": endpoint})
    chosen = settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=_CHECKS,
    )
    run_state_machine_as_test(bound, settings=chosen)


@pytest.mark.slow
def test_histories_over_a_server_leave_what_the_model_says(knowledge: Knowledge) -> None:
    with serving() as server:
        check(knowledge, server.endpoint(), histories=4, steps=8)


@pytest.mark.remote
def test_histories_over_fuseki_leave_what_the_model_says(knowledge: Knowledge, tmp_path: Path) -> None:
    with fuseki(tmp_path / "here") as server:
        check(knowledge, server.endpoint, histories=4, steps=8)
