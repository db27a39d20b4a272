"""Clients that take too long are let go, by what they are at; the others stay."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from graphmap.service.http.limits.connection import Connection
from graphmap.service.http.limits.slow_clients import ClientTimes, SlowClients
from graphmap.store import EmbeddedStore
from tests.service.conftest import Server, services_over

TIMES = ClientTimes(head_s=10, body_s=20, body_rate=1000, stall_s=30, answer_s=900)


@dataclass(slots=True, kw_only=True, eq=False)
class Transport:
    unsent: int = 0
    aborted: bool = False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def abort(self) -> None:
        self.aborted = True


@dataclass(slots=True, kw_only=True, eq=False)
class Flow:
    read_paused: bool = False
    write_paused: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Cycle:
    more_body: bool = False
    response_complete: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class State:
    transport: Transport = field(default_factory=Transport)
    flow: Flow = field(default_factory=Flow)
    cycle: Cycle | None = None
    received_bytes: int = 0

    def connection(self) -> Connection:
        """A connection in this state, without a socket."""
        made = object.__new__(Connection)
        for name in ("transport", "flow", "cycle", "received_bytes"):
            setattr(made, name, getattr(self, name))
        return made


def closed_at(state: State, until: int, **change: Any) -> int | None:
    """The second in which a connection is closed; it is looked at once a second."""
    connection: Any = state.connection()
    clients = SlowClients(TIMES)
    for second in range(until):
        if change.get("rate"):
            connection.received_bytes += change["rate"]
        if change.get("read"):
            state.transport.unsent -= change["read"]
        if clients.sweep([connection], second):
            assert state.transport.aborted
            return second
    return None


@pytest.mark.parametrize(
    ("state", "change", "second"),
    [
        (State(), {}, 11),
        (State(cycle=Cycle(response_complete=True)), {}, 11),
        (State(cycle=Cycle(more_body=True)), {}, 21),
        (State(cycle=Cycle(more_body=True)), {"rate": 100}, 23),
        (State(cycle=Cycle(more_body=True)), {"rate": 2000}, None),
        (State(cycle=Cycle(more_body=True), flow=Flow(read_paused=True)), {}, None),
        (State(cycle=Cycle()), {}, None),
        (State(cycle=Cycle(), flow=Flow(write_paused=True), transport=Transport(unsent=9000)), {}, 31),
        (State(cycle=Cycle(), flow=Flow(write_paused=True), transport=Transport(unsent=9000)), {"read": 1}, 901),
        (State(cycle=Cycle(response_complete=True), transport=Transport(unsent=9000)), {}, 31),
    ],
)
def test_a_client_has_the_time_that_its_work_may_take(state: State, change: dict[str, Any], second: int | None) -> None:
    assert closed_at(state, 1000, **change) == second


def test_time_starts_again_with_each_request() -> None:
    clients, connection = SlowClients(TIMES), State(cycle=Cycle(response_complete=True)).connection()
    for second in range(100):
        if second % 9 == 0:
            connection.cycle = Cycle(response_complete=True)  # type: ignore[assignment]  # stands in for a cycle
        assert clients.sweep([connection], second) == 0


@pytest.fixture(scope="module")
def hasty(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    times = ClientTimes(head_s=0.2, body_s=0.2, stall_s=0.2)
    with Server(services=services_over(store, tmp_path_factory.mktemp("hasty")), times=times) as server:
        yield server.address


BODY = b"Content-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nSEL"


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST /sparql HTTP/1.1\r\nHost: localhost\r\n" + BODY])
def test_a_real_server_hangs_up_on_a_client_that_says_no_more(hasty: str, sent: bytes) -> None:
    host, port = hasty.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as channel:
        channel.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert channel.recv(1000) == b""
    assert httpx.get(f"{hasty}/healthz").status_code == 200
