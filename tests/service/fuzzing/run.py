"""A run: many inputs side by side, somebody who watches, and what is left afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.soak import memory_mb
from tests.service.fuzzing.connection import Patience, exchange
from tests.service.fuzzing.inputs import Input
from tests.service.fuzzing.judging import judge
from tests.service.fuzzing.kinds import input_of
from tests.service.fuzzing.server import Server, documents

__all__ = ["Limits", "Run"]

_LOOK_S = 0.3
_KEPT = 4000
_TOLD_EVERY = 2000
_LATER = ("status 503", "status 504")
_AWAY_SHARE = 0.02
"""So many of the watcher's requests may be told to come again: its deadline is short, and others wait for it too."""
_RAISED = re.compile(r"Traceback \(most recent call last\):\n(?:[ |+].*\n|\n)+([^ \n].*)")
"""The last line of a traceback on standard error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run goes by.

    Args:
        connections: inputs that are sent side by side.
        wait_s: longest wait of the client that watches.
        memory_mb: most private memory of the server and its workers.
        patience: of the hostile clients.
    """

    connections: int = 8
    wait_s: float = 1.0
    memory_mb: float = 2500.0
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class _Sent:
    number: int
    kind: str
    begun: float
    ended: float


@dataclass(slots=True, kw_only=True)
class Run:
    """Sends inputs and keeps what was wrong.

    Args:
        seed: of the inputs.
        server: that is asked.
        limits: what it goes by.
        without: kinds that are left out.
    """

    seed: int
    server: Server
    limits: Limits = field(default_factory=Limits)
    without: frozenset[str] = frozenset()
    faults: dict[str, list[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    peak_mb: float = 0.0
    watched: dict[str, Any] = field(default_factory=dict)
    _stored: set[str] = field(default_factory=set)
    _unsure: int = 0
    _at_work: dict[int, tuple[str, float]] = field(default_factory=dict)
    _sent: deque[_Sent] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _read_bytes: int = 0
    _sent_away: int = 0
    _ending: bool = False
    _begun: float = field(default_factory=time.monotonic)

    async def all(self, numbers: Iterable[int]) -> None:
        """Send inputs of the run's seed, and look at the server until the last is answered."""
        before = await asyncio.to_thread(documents, self.server.port)
        watcher = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.service.fuzzing.watcher", str(self.server.port),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert watcher.stdin is not None
        assert watcher.stdout is not None
        listening = asyncio.create_task(self._listen(watcher.stdout))
        looking = asyncio.create_task(self._look())
        turns, costly = iter(numbers), asyncio.Semaphore(1)
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, self._end)
        await asyncio.gather(*(self._send(turns, costly) for _ in range(self.limits.connections)))
        watcher.stdin.close()
        await asyncio.wait_for(listening, 60)
        await watcher.wait()
        looking.cancel()
        self._read_errors()
        await self._check_documents(before)

    async def _send(self, turns: Iterator[int], costly: asyncio.Semaphore) -> None:
        for number in turns:
            if self._ending or self.server.process.poll() is not None:
                return
            made = input_of(self.seed, number)
            if made.kind in self.without:
                continue
            async with costly if made.costly else contextlib.nullcontext():
                await self._one(number, made)

    def _end(self) -> None:
        """Send nothing more; what was found so far is told."""
        self._ending = True

    async def _one(self, number: int, made: Input) -> None:
        begun = time.time()
        self._at_work[number] = (made.kind, begun)
        got = await exchange(made, self.server.port, self.limits.patience)
        del self._at_work[number]
        self._sent.append(_Sent(number, made.kind, begun, time.time()))
        judged = judge(made, got)
        self.kinds[made.kind] += 1
        done = self.kinds.total()
        if done % _TOLD_EVERY == 0:
            _tell(f"{done} inputs in {time.monotonic() - self._begun:.0f} s, {self.peak_mb:,.0f} MB at most")
        self.statuses.setdefault(made.kind, Counter()).update(judged.statuses or (0,))
        self._stored.update(judged.stored)
        self._stored.difference_update(judged.deleted)
        self._unsure += judged.unsure
        for fault in judged.faults:
            self._note(f"{made.kind}: {fault}", f"--only {number}, {fault}")

    def _note(self, name: str, line: str) -> None:
        """Keep a fault, and tell of its kind at once; those that begin alike are one with several examples."""
        known = self.faults.setdefault(name[:70], [])
        if not known:
            _tell(f"FAULT --seed {self.seed}: {name[:70]}: {line[:600]}")
        known.append(line)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            self._read_errors()
            memory = await asyncio.to_thread(memory_mb, self.server.process.pid)
            self.peak_mb = max(self.peak_mb, memory)
            if memory > self.limits.memory_mb:
                self._note("memory", f"{memory:,.0f} MB with {self._around(time.time(), 1.0)}")
            if self.server.process.poll() is not None:
                self._note(
                    "the server ended", f"with {self.server.process.returncode} after {self._around(time.time(), 1.0)}"
                )
                return

    def _read_errors(self) -> None:
        with self.server.errors.open("rb") as told:
            told.seek(self._read_bytes)
            text = told.read()
        self._read_bytes += len(text)
        if b"Traceback" in text:
            during = self._around(time.time(), _LOOK_S)
            for raised in dict.fromkeys(_RAISED.findall(text.decode("utf-8", "replace"))):
                self._note(f"traceback: {raised.partition(':')[0]}", f"{raised} with {during}")

    async def _listen(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            told = json.loads(line)
            if "asked" in told:
                self.watched = told
                continue
            self._sent_away += told["wrong"] in _LATER
            if told["waited_s"] > self.limits.wait_s or (told["wrong"] and told["wrong"] not in _LATER):
                during = self._around(told["at"], told["waited_s"])
                waited = f"waited {told['waited_s']} s {told['wrong']} with {during}"
                self._note(f"the watcher's {told['what']}", waited)
        asked = self.watched.get("asked", 0)
        if asked and self._sent_away > asked * _AWAY_SHARE:
            self._note("the watcher was sent away", f"{self._sent_away} times of {asked}")

    def _around(self, at: float, seconds: float) -> str:
        """The inputs that were at work in the seconds before a moment, longest first."""
        found = [
            (sent.ended - sent.begun, sent.number, sent.kind)
            for sent in self._sent
            if sent.ended >= at - seconds and sent.begun <= at
        ]
        found += [(at - begun, number, kind) for number, (kind, begun) in self._at_work.items() if begun <= at]
        return ", ".join(f"--only {number} ({kind})" for _, number, kind in sorted(found, reverse=True)[:6])

    async def _check_documents(self, before: frozenset[str]) -> None:
        if self._ending or self.server.process.poll() is not None:
            return
        after = await asyncio.to_thread(documents, self.server.port)
        missing = self._stored - after
        if missing:
            self._note("records", f"{len(missing)} answered as stored are not there: {sorted(missing)[:3]}")
        extra = len(after - before - self._stored)
        if extra > self._unsure:
            self._note("records", f"{extra} are there that nobody was told of, and {self._unsure} at most may be")
        if before - after:
            self._note("records", f"{len(before - after)} that were there are gone: {sorted(before - after)[:3]}")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
