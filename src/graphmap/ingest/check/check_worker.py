"""A process that validates records from outside, and its arguments: DESCRIPTOR MEMORY ROOT HASH.

It may be killed at a deadline or run out of memory, and nothing is lost.
"""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import IO

import msgspec

from graphmap.errors import ConfigurationError
from graphmap.ingest.check.record_check import CheckedRecord, RecordCheck
from graphmap.ingest.workspace_model import load_knowledge
from graphmap.store import Request
from graphmap.store.workers import work
from graphmap.workspace import read_workspace

__all__ = ["main"]


def main(arguments: list[str]) -> None:
    """Serve requests until the owner hangs up.

    Args:
        arguments: file descriptor of the socket, the address space in bytes that this process may take, the folder of
            the workspace, and the hash of mappings, shapes and ontology that the owner works by.
    """
    descriptor, memory, root, fingerprint = arguments
    checks = _Checks(Path(root), fingerprint)
    work(int(descriptor), int(memory), {"record": checks.record, "table": checks.table}, prepare=checks.load)


class _Checks:
    def __init__(self, root: Path, fingerprint: str) -> None:
        self._root = root
        self._fingerprint = fingerprint

    @cached_property
    def _check(self) -> RecordCheck:
        workspace = read_workspace(self._root)
        knowledge = load_knowledge(workspace)
        if knowledge.fingerprint.hex() != self._fingerprint:
            what = "mappings, shapes or ontology have changed since the server read them"
            raise ConfigurationError(what, hint="send the server SIGHUP, so that it reads them anew")
        return RecordCheck(knowledge)

    def load(self) -> None:
        """Load mappings, shapes and ontology before the first request."""
        _ = self._check

    def record(self, request: Request, out: IO[bytes]) -> None:
        """Validate a document."""
        _send([self._check.record(request.body)], out)

    def table(self, request: Request, out: IO[bytes]) -> None:
        """Validate rows."""
        _send(self._check.rows(request.body, most=request.most), out)


def _send(checked: list[CheckedRecord], out: IO[bytes]) -> None:
    out.write(msgspec.msgpack.encode(checked))


if __name__ == "__main__":
    main(sys.argv[1:])
