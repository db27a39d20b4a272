"""What counts as harm done by slow clients."""

from __future__ import annotations

import http.server
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.slow_clients import Waits, asked


class _Away(http.server.BaseHTTPRequestHandler):
    """Sends every request away."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Away) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_long_waits_and_wrong_answers_are_harm() -> None:
    assert not Waits(times_ms=[1.0] * 98 + [99.0] * 2).fails
    assert Waits(times_ms=[1.0] * 98 + [101.0] * 2).fails
    assert Waits(times_ms=[1.0], errors=Counter({"status 503": 1})).fails
    assert Waits(times_ms=[]).fails


def test_the_line_tells_waits_and_errors() -> None:
    line = Waits(times_ms=[1.0, 2.0, 3.0], errors=Counter({"status 503": 2})).line()
    assert line == "3 point queries: p50 2.0 ms, p99 3.0 ms, max 3.0 ms; errors: 2 x status 503"


def test_a_client_that_is_sent_away_says_so(port: int) -> None:
    waits = asked(port, 0.03)
    assert waits.errors["status 503"] == len(waits.times_ms) > 0
