"""Real SPARQL servers for tests, each started on free ports of loopback with a folder that is thrown away.

`tests/store/set_up_servers.sh` fetches them; `make remote` calls it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from graphmap.store import Endpoint
from graphmap.store.remote.http import Exchange

JARS = Path(__file__).resolve().parents[2] / ".bench" / "remote"
_START_S = 90.0
_VIRTUOSO = """[Database]
DatabaseFile = {folder}/data.db
ErrorLogFile = {folder}/data.log
LockFile = {folder}/data.lck
TransactionFile = {folder}/data.trx
xa_persistent_file = {folder}/data.pxa
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 1000000000
"""


@dataclass(slots=True, kw_only=True)
class Server:
    """A server that can be stopped and started again on the same folder and port."""

    command: list[str]
    endpoint: Endpoint
    folder: Path
    ready: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603  # a server that the set-up fetched
                self.command, cwd=self.folder, stdout=output, stderr=output, start_new_session=True
            )
        until = time.monotonic() + _START_S
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"{self.command[0]} does not start: {(self.folder / 'output').read_text()[-800:]}")
            time.sleep(0.2)
        if self.ready:
            subprocess.run(self.ready, check=True, capture_output=True)  # noqa: S603  # as above

    def stop(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=60)
            self.process = None

    def clear(self) -> None:
        exchange = Exchange(self.endpoint)
        if self.endpoint.default_graph is None:
            exchange.send("DROP ALL", again=True)
        else:
            for graph in (self.endpoint.default_graph, "urn:g", "urn:h", "https://example.org/g"):
                exchange.send(f"DROP SILENT GRAPH <{graph}>", again=True)
        exchange.close()

    def _answers(self) -> bool:
        try:
            return httpx.post(self.endpoint.query, data={"query": "ASK {}"}, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def fuseki(folder: Path) -> Iterator[Server]:
    """Apache Jena Fuseki with a TDB2 database."""
    jars = sorted(JARS.glob("jena-fuseki-server-5*.jar"))
    if not jars or shutil.which("java") is None:
        pytest.skip("Apache Jena Fuseki is not there: `make remote` fetches it")
    (folder / "database").mkdir(parents=True)
    (port,) = _free_ports(1)
    address = f"http://127.0.0.1:{port}/ds"
    command = ["java", "-Xmx1g", "-jar", str(jars[-1]), "--tdb2", f"--loc={folder / 'database'}", "--update"]
    yield from _running(
        Server(
            command=[*command, "--localhost", f"--port={port}", "/ds"],
            endpoint=Endpoint(query=f"{address}/query", update=f"{address}/update", graphs=f"{address}/data"),
            folder=folder,
        )
    )


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Virtuoso as Debian packages it, open to updates; the graph of its default is named."""
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        pytest.skip("Virtuoso is not there: `make remote` installs it as root")
    folder.mkdir(parents=True)
    sql, http = _free_ports(2)
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=folder, sql=sql, http=http))
    address = f"http://127.0.0.1:{http}/sparql"
    grant = 'exec=GRANT SPARQL_UPDATE TO "SPARQL";'
    yield from _running(
        Server(
            command=["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")],
            ready=["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", grant],
            endpoint=Endpoint(
                query=address,
                update=address,
                graphs=f"{address}-graph-crud",
                default_graph="urn:graphmap:default",
                update_statements=2_000,
                split=True,
            ),
            folder=folder,
        )
    )


def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
