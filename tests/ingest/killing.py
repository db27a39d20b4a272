"""Kills a process at random moments of its work on a store and looks at what is left.

Run by itself: `python -m tests.ingest.killing --rounds 200`.

This process never opens a store: it forks one that works and is killed, and one that opens the store again and tells
what is there. Seeded: the work of a round is always the same, the moment of the kill is as near as the clock allows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from graphmap.ingest import Ingestor, Knowledge, load_files, load_knowledge
from graphmap.ingest.admin.consistency_check import inconsistencies
from graphmap.ingest.admin.open_store import opened_store
from graphmap.provenance.document import now
from graphmap.rdf import GRAPHMAP
from graphmap.store import Store, backup, restore
from graphmap.workspace import read_workspace
from tests.ingest.builders import BASE, envelope, envelopes_file, status

_KEYS = 8
_IN_FILE = 25
_LONGEST_S = 0.8

State = dict[str, int]
Tell = Callable[[Any], None]


@dataclass(kw_only=True)
class Rounds:
    """Rounds of work, kill and look.

    Args:
        folder: for the store and its backups.
        knowledge: its workspace's store is in the folder.
        chance: what is random.
    """

    folder: Path
    knowledge: Knowledge
    chance: random.Random
    state: State = field(default_factory=dict)
    backed_up: State = field(default_factory=dict)
    version: int = 0
    told: list[str] = field(default_factory=list)

    def round(self) -> None:
        """One round; raises AssertionError where something was lost, half there or not asked for."""
        kinds = ["single", "batch", "bulk", "backup", *(["restore"] if (self.folder / "backup").exists() else [])]
        kind = self.chance.choice(kinds)
        self.version += 1
        moment = self.chance.uniform(0, _LONGEST_S)
        acknowledged = _killed(getattr(self, f"_{kind}"), after_s=moment)
        found = _finished(self._look)
        self.told.append(f"{kind} killed after {moment:.3f} s with {len(acknowledged)} acknowledged")
        assert found["faults"] == [], (kind, found["faults"])
        getattr(self, f"_check_{kind}")(acknowledged, found["state"])
        self.state = found["state"]

    def _single(self, tell: Tell) -> None:
        with opened_store(self.knowledge) as store:
            ingest = self._ingestor(store)
            for turn in range(1000):
                key = f"k{turn % _KEYS}"
                version = self.version * 1000 + turn
                assert ingest(_body(key, version)).outcome == "stored"
                tell([key, version])

    def _batch(self, tell: Tell) -> None:
        with opened_store(self.knowledge) as store:
            ingest = self._ingestor(store)
            sent = [(f"k{turn % _KEYS}", self.version * 1000 + turn) for turn in range(1000)]
            done = ingest.many(_body(key, version) for key, version in sent)
            for (key, version), ingested in zip(sent, done, strict=True):
                assert ingested.outcome == "stored"
                tell([key, version])

    def _check_single(self, acknowledged: list[tuple[str, int]], found: State) -> None:
        newest = dict(self.state) | dict(acknowledged)
        for key, version in newest.items():
            there = found.get(key, -1)
            sent = {self.version * 1000 + turn for turn in range(1000) if f"k{turn % _KEYS}" == key}
            assert there == version or (there > version and there in sent), (key, version, there)

    _check_batch = _check_single

    def _bulk(self, tell: Tell) -> None:
        version = self.version * 1000
        keys = [f"b{number}" for number in range(_IN_FILE)]
        documents = [json.loads(_body(key, version)) for key in keys]
        file = envelopes_file(self.folder / "bulk.jsonl", documents)
        with opened_store(self.knowledge) as store:
            loaded = load_files([file], self.knowledge, store, moment=now())
            assert loaded.outcomes == {"stored": _IN_FILE}
        tell(version)

    def _check_bulk(self, acknowledged: list[int], found: State) -> None:
        after = self.state | {f"b{number}": self.version * 1000 for number in range(_IN_FILE)}
        assert found == after or (not acknowledged and found == self.state), (acknowledged, found)

    def _backup(self, tell: Tell) -> None:
        target = self.folder / "made"
        shutil.rmtree(target, ignore_errors=True)
        with opened_store(self.knowledge) as store:
            backup(store, target)
        tell("made")

    def _check_backup(self, acknowledged: list[str], found: State) -> None:
        assert found == self.state
        made = self.folder / "made"
        assert made.exists() or not acknowledged
        if made.exists():
            shutil.rmtree(self.folder / "backup", ignore_errors=True)
            made.rename(self.folder / "backup")
            self.backed_up = dict(self.state)

    def _restore(self, tell: Tell) -> None:
        restore(self.knowledge.workspace.store, self.folder / "backup", force=True, with_journal=False)
        tell("restored")

    def _check_restore(self, acknowledged: list[str], found: State) -> None:
        assert found == self.backed_up or (not acknowledged and found == self.state), (acknowledged, found)

    def _look(self, tell: Tell) -> None:
        with opened_store(self.knowledge) as store:
            pattern = f"?d <{GRAPHMAP}version> ?version ; <http://www.w3.org/ns/prov#specializationOf> ?e"
            rows = store.select(f"SELECT ?d ?version {{ GRAPH <{BASE}graph/provenance> {{ {pattern} }} }}")
            state = {str(d).rpartition("/")[2][:-1]: int(str(version).split('"')[1]) for d, version in rows}
            tell({"state": state, "faults": [list(fault) for fault in inconsistencies(store, self.knowledge)]})

    def _ingestor(self, store: Store) -> Ingestor:
        return Ingestor(store, self.knowledge, self.knowledge.workspace.sources["customer-account"])


def _body(key: str, version: int) -> bytes:
    shared = status("A", "Active")
    return json.dumps(envelope(key, version=version, salesRepName=f"{key} {version}", customerStatus=shared)).encode()


def _killed(work: Callable[[Tell], None], *, after_s: float) -> list[Any]:
    """What a process told before it was killed, or before it ended."""
    child, reading = _forked(work)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    return _told(child, reading, allowed=(0, -signal.SIGKILL))


def _finished(work: Callable[[Tell], None]) -> Any:
    """The one thing that a process told."""
    (told,) = _told(*_forked(work), allowed=(0,))
    return told


def _forked(work: Callable[[Tell], None]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        work(lambda value: _write(writing, value))
    except BaseException as error:  # noqa: BLE001  # whatever it is, the parent has to hear of it
        _write(writing, {"failed": repr(error)})
        os._exit(1)
    os._exit(0)


def _write(descriptor: int, value: Any) -> None:
    os.write(descriptor, json.dumps(value).encode() + b"\n")


def _told(child: int, reading: int, *, allowed: Iterable[int]) -> list[Any]:
    with os.fdopen(reading, "rb") as stream:
        lines = stream.read().split(b"\n")
    _, status_word = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status_word)
    told = [json.loads(line) for line in lines[:-1]]
    assert ended in allowed, (ended, told[-1:])
    return told


def run(folder: Path, root: Path, *, rounds: int, seed: int) -> list[str]:
    """Run rounds.

    Args:
        folder: empty; stays as the last round left it.
        root: of the workspace whose rules hold.
        rounds: how many.
        seed: of all that is random.

    Returns:
        A line for each round.
    """
    knowledge = load_knowledge(read_workspace(root))
    workspace = replace(knowledge.workspace, store=folder / "store")
    work = Rounds(folder=folder, knowledge=replace(knowledge, workspace=workspace), chance=random.Random(seed))
    for number in range(rounds):
        try:
            work.round()
        except AssertionError as error:
            raise AssertionError(f"round {number + 1} of seed {seed}: {work.told[-1:]} {error}") from error
    return work.told


def main() -> None:
    """Run rounds and say how many of which kind there were."""
    parser = argparse.ArgumentParser(prog="python -m tests.ingest.killing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="graphmap-killing-") as folder:
        told = run(Path(folder), Path(__file__).parents[2], rounds=options.rounds, seed=options.seed)
    kinds = sorted({line.split()[0] for line in told})
    counts = ", ".join(f"{sum(line.startswith(kind) for line in told)} {kind}" for kind in kinds)
    acknowledged = sum(int(line.split()[-2]) for line in told)
    sys.stdout.write(
        f"{len(told)} rounds in {time.monotonic() - begun:.0f} s, nothing lost of {acknowledged}: {counts}\n"
    )


if __name__ == "__main__":
    main()
