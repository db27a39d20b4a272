"""A PostgreSQL and a MariaDB server of our own, each in a temporary folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOOLS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
_UNPRIVILEGED = "postgres"  # the server refuses to run as root


def _tool(name: str) -> Path | None:
    found = shutil.which(name) or next((str(each / name) for each in reversed(_TOOLS) if (each / name).exists()), None)
    return Path(found) if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str) -> None:
    as_other = ("runuser", "-u", _UNPRIVILEGED, "--") if os.geteuid() == 0 else ()
    subprocess.run([*as_other, *command], check=True, capture_output=True, timeout=60)  # noqa: S603  # our own server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a running server."""
    initdb, control = _tool("initdb"), _tool("pg_ctl")
    pytest.importorskip("psycopg", reason="the package psycopg is not installed")
    if initdb is None or control is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="graphmap-postgresql-"))  # pytest keeps its own folders to root
    if os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED)
    data, port = folder / "data", _free_port()
    _run(str(initdb), "-D", str(data), "-A", "trust", "-U", "postgres", "--no-sync")
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    _run(str(control), "-D", str(data), "-o", settings, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(str(control), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[str]:
    """The URL of a running server."""
    install, server = shutil.which("mariadb-install-db"), shutil.which("mariadbd")
    pytest.importorskip("pymysql", reason="the package pymysql is not installed")
    if install is None or server is None:
        pytest.skip("MariaDB is not installed")
    folder, port = Path(tempfile.mkdtemp(prefix="graphmap-mariadb-")), _free_port()
    user = ("--user=mysql",) if os.geteuid() == 0 else ()
    if user:
        shutil.chown(folder, "mysql")
    data = f"--datadir={folder / 'data'}"
    subprocess.run(  # noqa: S603  # our own server
        [install, "--no-defaults", data, *user, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    places = (f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}", f"--log-error={folder / 'log'}")
    ran = subprocess.Popen(  # noqa: S603  # our own server
        [server, "--no-defaults", data, *user, *places, f"--port={port}", "--bind-address=127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"mysql+pymysql://root@127.0.0.1:{port}/mysql"
    finally:
        ran.terminate()
        ran.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server does not answer")
