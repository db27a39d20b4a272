"""A client that means well, in a process of its own: it asks all the time and notes how long it waits.

`python -m tests.service.fuzzing.watcher PORT` writes a line of JSON for each wait that is long and each answer that is
no 200, and a last one with what it saw when its standard input ends.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

__all__ = ["Watch", "main"]

_OWN_ADDRESS = "127.0.0.2"
"""Another client than those whose inputs are hostile: a server is to tell them apart."""
_PAUSE_S = 0.02
_LONG_S = 0.3
_POINT = "SELECT ?p ?o { <https://schema.limbergraph.com/limber/CustomerAccount> ?p ?o } LIMIT 20"
_ASKED: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("point query", f"/sparql?query={quote(_POINT)}", {"Accept": "application/sparql-results+json"}),
    ("health", "/healthz", {}),
    ("home page", "/", {"Accept": "text/html"}),
)


@dataclass(slots=True, kw_only=True)
class Watch:
    """Asks one thing after another on a connection that is kept open.

    Args:
        port: of the server, on loopback.
        patience_s: seconds after which no answer is waited for.
    """

    port: int
    patience_s: float = 30.0
    waits: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name, _, _ in _ASKED})
    errors: int = 0
    _connection: http.client.HTTPConnection | None = None

    def ask(self, name: str, path: str, headers: Mapping[str, str]) -> str:
        """Ask once and note the wait; gives what was wrong with the answer, if anything."""
        begun, wrong = time.monotonic(), ""
        try:
            status = self._status(path, headers)
            wrong = "" if status == http.client.OK else f"status {status}"
        except (OSError, http.client.HTTPException) as error:
            wrong, self._connection = repr(error), None
        self.waits[name].append(time.monotonic() - begun)
        self.errors += bool(wrong)
        return wrong

    def round(self) -> None:
        """Ask each thing once."""
        for name, path, headers in _ASKED:
            wrong = self.ask(name, path, headers)
            waited = self.waits[name][-1]
            if wrong or waited > _LONG_S:
                _tell({"what": name, "wrong": wrong, "waited_s": round(waited, 3), "at": time.time()})

    def summary(self) -> dict[str, object]:
        """How often it asked, and the longest wait of each kind in seconds."""
        longest = {name: round(max(times, default=0.0), 3) for name, times in self.waits.items()}
        return {"asked": sum(map(len, self.waits.values())), "errors": self.errors, "longest_s": longest}

    def _status(self, path: str, headers: Mapping[str, str]) -> int:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=self.patience_s, source_address=(_OWN_ADDRESS, 0)
            )
        self._connection.request("GET", path, headers=dict(headers))
        response = self._connection.getresponse()
        response.read()
        return response.status


def _tell(members: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(members) + "\n")
    sys.stdout.flush()


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def main() -> None:
    """Ask until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    watch, ended = Watch(port=parser.parse_args().port), threading.Event()
    threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
    while not ended.wait(_PAUSE_S):
        watch.round()
    _tell(watch.summary())


if __name__ == "__main__":
    main()
