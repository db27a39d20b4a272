"""Any sequence of messages, restarts and loads leaves the store as a dictionary says."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from graphmap.ingest import Ingestor, Knowledge, load_files
from graphmap.ingest.admin.consistency_check import inconsistencies
from graphmap.ingest.admin.open_store import take_in_journal
from graphmap.ingest.admin.quarantine import quarantined_records
from graphmap.provenance.document import now
from graphmap.provenance.revisions import History
from graphmap.store import EmbeddedStore, HeldStore
from tests.ingest.builders import BASE, envelope, envelopes_file, status

KEYS = st.sampled_from(["a", "b", "c"])
VERSIONS = st.integers(1, 4)
NAMES = st.sampled_from(["x", "y"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the model: a good one publishes or deletes, a bad one has no account code."""

    key: str
    version: int
    name: str
    deletes: bool = False
    good: bool = True

    def envelope(self) -> dict[str, Any]:
        action = "DELETE" if self.deletes else "PUBLISH"
        data: dict[str, Any] = {} if self.good else {"accountCode": []}
        shared = status("A", "Active")
        return envelope(
            self.key, version=self.version, action=action, salesRepName=self.name, customerStatus=shared, **data
        )


class Model:
    """What a store with these messages must hold."""

    def __init__(self) -> None:
        self.current: dict[str, Message] = {}
        self.aside: dict[str, set[tuple[int, str, bool]]] = {}

    def take(self, message: Message) -> str:
        key, before = message.key, self.current.get(message.key)
        if not message.good:
            self.aside.setdefault(key, set()).add((message.version, message.name, message.deletes))
            return "quarantined"
        if before == message:
            return "unchanged"
        if before is not None and message.version < before.version:
            return "stale"
        self.current[key] = message
        self.aside[key] = {each for each in self.aside.get(key, ()) if each[0] > message.version}
        return "deleted" if message.deletes else "stored"


def messages(*, good: bool | None = None) -> st.SearchStrategy[Message]:
    goodness = st.sampled_from([True, True, True, False]) if good is None else st.just(good)
    return st.builds(
        Message, key=KEYS, version=VERSIONS, name=NAMES, deletes=st.sampled_from([False, False, True]), good=goodness
    )


class Machine(RuleBasedStateMachine):
    """Messages one by one, in batches and from files, with restarts between them."""

    knowledge: Knowledge

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.model = Model()
        path = Path(self.folder.name) / "store"
        self.mine = replace(self.knowledge, workspace=replace(self.knowledge.workspace, store=path))

    def opened(self) -> HeldStore:
        return EmbeddedStore(self.mine.workspace.store)

    @initialize()
    def open(self) -> None:
        self.store = self.opened()
        self.ingest = Ingestor(self.store, self.mine, self.mine.workspace.sources["customer-account"])

    @rule(message=messages())
    def send(self, message: Message) -> None:
        assert self.ingest(json.dumps(message.envelope()).encode()).outcome == self.model.take(message)

    @rule(several=st.lists(messages(), min_size=1, max_size=5))
    def send_together(self, several: list[Message]) -> None:
        outcomes = [each.outcome for each in self.ingest.many(json.dumps(m.envelope()).encode() for m in several)]
        assert outcomes == [self.model.take(message) for message in several]

    @rule(several=st.lists(messages(), min_size=1, max_size=5))
    def load(self, several: list[Message]) -> None:
        file = envelopes_file(Path(self.folder.name) / "some.jsonl", [message.envelope() for message in several])
        with self.ingest.alone():
            loaded = load_files([file], self.mine, self.store, moment=now())
        bad = sum(not message.good for message in several)
        assert loaded.outcomes["quarantined"] == bad
        for message in several:
            self.model.take(message)

    @rule(settled=st.booleans())
    def restart(self, *, settled: bool) -> None:
        if settled:
            self.ingest.close()
        self.store.close()
        self.open()

    @invariant()
    def holds(self) -> None:
        layout = self.mine.workspace.layout
        assert list(inconsistencies(self.store, self.mine)) == []
        for key in ("a", "b", "c"):
            document = f"{BASE}limber/CustomerAccount/{key}"
            wanted = self.model.current.get(key)
            names = self.store.objects(f"<{BASE}limber/CustomerAccount#{key}>", f"<{BASE}limber/salesRepName>")
            assert names == ({f'"{wanted.name}"'} if wanted is not None and not wanted.deletes else set())
            events = History(layout=layout).events(document, self.store)
            present = [
                (each.outcome, each.version) for each in events if each.present and each.outcome != "quarantined"
            ]
            told = [] if wanted is None else [("deleted" if wanted.deletes else "stored", str(wanted.version))]
            assert present == told
        aside = {(record.document or "").rpartition("/")[2] for record in quarantined_records(self.store, layout)}
        assert aside == {key for key, kept in self.model.aside.items() if kept}

    def teardown(self) -> None:
        self.ingest.close()
        take_in_journal(self.store, self.mine)
        self.store.close()
        self.folder.cleanup()


def _machine(knowledge: Knowledge) -> type[Machine]:
    return type("Bound", (Machine,), {"knowledge": knowledge})


_CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def test_short_histories_leave_what_the_model_says(knowledge: Knowledge) -> None:
    short = settings(
        max_examples=6, stateful_step_count=8, deadline=None, derandomize=True, suppress_health_check=_CHECKS
    )
    run_state_machine_as_test(_machine(knowledge), settings=short)


@pytest.mark.slow
def test_long_histories_leave_what_the_model_says(knowledge: Knowledge) -> None:
    long = settings(max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=_CHECKS)
    run_state_machine_as_test(_machine(knowledge), settings=long)
