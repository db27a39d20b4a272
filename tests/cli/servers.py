"""`graphmap serve` as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

__all__ = ["process_of", "running"]


@contextmanager
def running(workspace: Path) -> Iterator[httpx.Client]:
    """A server over a workspace; the client has the token of its run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "graphmap"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=workspace, stderr=subprocess.PIPE, text=True)  # noqa: S603  # our own command
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait(client, process)
            client.headers["Authorization"] = f"Bearer {_noted(workspace)['token']}"
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    assert "Traceback" not in told
    assert "token of this run" in told, told


def process_of(workspace: Path) -> int:
    """The process number of the server over a workspace."""
    return int(str(_noted(workspace)["process"]))


def _noted(workspace: Path) -> dict[str, object]:
    noted: dict[str, object] = json.loads((workspace / ".graphmap" / "server.json").read_text(encoding="utf-8"))
    return noted


def _wait(client: httpx.Client, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")
