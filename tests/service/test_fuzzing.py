"""The harness of hostile requests notices what is wrong with a server: here a tiny one that is wrong on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.service.fuzzing.answers import read_answers
from tests.service.fuzzing.connection import Exchange, Patience, exchange
from tests.service.fuzzing.inputs import TOKEN, Input, broken, request, whole
from tests.service.fuzzing.judging import Judged, judge
from tests.service.fuzzing.kinds import input_of
from tests.service.fuzzing.watcher import Watch

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
SHORT = Patience(answer_s=0.1, quiet_s=0.02)
GET = whole("page", "GET", "/healthz")


def problem(status: int, kind: str = "application/problem+json", *, fields: str = "", body: str = "") -> bytes:
    body = body or f'{{"status":{status}}}'
    head = f"HTTP/1.1 {status} No\r\nContent-Type: {kind}\r\n{fields}Connection: close\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def saying(*pieces: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        for piece in pieces:
            writer.write(piece)

    return serve


async def stalling(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()  # to the end, which comes when the client loses its patience


async def staying_open(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)
    await reader.read()


async def taking_everything(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(1 << 16):
        pass


def judged(sent: Input, serve: Serve) -> Judged:
    async def run() -> Exchange:
        ended = asyncio.Event()

        async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await serve(reader, writer)
            finally:
                writer.close()
                await asyncio.gather(writer.wait_closed(), return_exceptions=True)
                ended.set()

        server = await asyncio.start_server(served, "127.0.0.1", 0)
        async with server:
            got = await exchange(sent, server.sockets[0].getsockname()[1], SHORT)
            await ended.wait()
        return got

    return judge(sent, asyncio.run(run()))


def test_a_good_answer_is_no_fault() -> None:
    assert judged(GET, saying(OK)) == Judged(faults=(), statuses=(200,))
    assert judged(GET, saying(problem(404))).faults == ()
    assert judged(GET, saying(problem(503, fields="Retry-After: 1\r\n"))).faults == ()


@pytest.mark.parametrize(
    ("sent", "serve", "fault"),
    [
        (GET, saying(problem(500)), "status 500"),
        (GET, saying(problem(502)), "status 502"),
        (GET, saying(problem(503)), "status 503 without Retry-After"),
        (GET, saying(problem(404, "text/plain")), "status 404 with text/plain"),
        (GET, saying(problem(404, "text/html")), "status 404 with text/html"),
        (GET, saying(problem(400, body='{"status":NaN}')), "application/problem+json that does not parse"),
        (GET, saying(problem(400, body='{"status":401}')), "the problem says 401 and the answer 400"),
        (GET, saying(), "0 answers to 1 requests; the connection was closed"),
        (GET, saying(OK[:-1]), "what came does not parse"),
        (GET, saying(OK, OK), "2 answers to 1 requests at most"),
        (GET, saying(b"HTTP/1.1 100 Continue\r\n\r\n", OK), "an interim answer that nobody expects"),
        (GET, saying(OK.replace(b"Con", b"X-Injected: 1\r\nCon", 1)), "a value of the request became a header field"),
        (GET, saying(problem(200, "text/html", body="<script>alert(1)</script>")), "markup of the request"),
        (GET, saying(problem(200, "text/plain", body="root:x:0:0:root")), "a file of the machine"),
        (GET, stalling, "no answer in time"),
        (GET, staying_open, "the connection stayed open after the answer"),
        (broken("smuggling", GET.data), saying(OK, OK), "2 answers to 1 requests at most"),
        (Input(kind="pipeline", data=b"x", whole=False, first=200), saying(problem(400)), "a good request got [400]"),
        (Input(kind="head", data=b"A" * 99, whole=False, refused=True), taking_everything, "99 bytes of a head"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_noticed(sent: Input, serve: Serve, fault: str) -> None:
    assert any(each.startswith(fault) for each in judged(sent, serve).faults), judged(sent, serve).faults


def test_nobody_listening_is_a_fault() -> None:
    assert judge(GET, Exchange(received=b"", ended="refused", seconds=0)).faults[0] == "nobody listens any more"


def test_broken_framing_may_get_a_bare_answer_or_none() -> None:
    sent = broken("mangled head", b"\0\r\n\r\n")
    assert judged(sent, saying(problem(400, "text/plain", body="no"))).faults == ()
    assert judged(sent, saying()).faults == ()
    assert judged(sent, taking_everything).faults == ()


def test_an_answer_that_breaks_off_is_none_where_it_was_streamed() -> None:
    streamed = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    assert judged(GET, saying(streamed)).faults == ()
    assert judged(GET, saying(streamed.replace(b"200", b"400"))).faults != ()


def test_what_was_answered_as_stored_is_kept() -> None:
    sent = whole("good envelope", "POST", "/records", [("Content-Type", "application/json")], b"{}", stores=2)
    body = '{"records":[{"outcome":"stored","document":"urn:a"},{"outcome":"deleted","document":"urn:b"}]}'
    got = judged(sent, saying(problem(200, "application/json", body=body)))
    assert (got.stored, got.deleted, got.unsure) == (("urn:a",), ("urn:b",), 0)
    assert judged(sent, saying()).unsure == 2


def test_answers_are_taken_apart_one_by_one() -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    told = read_answers(OK + chunks + OK[:-2], ["GET", "GET", "HEAD"])
    assert [answer.body for answer in told.answers] == [b"ok", b"ok", b""]
    assert told.trouble == ""
    assert read_answers(b"ok", ["GET"]).trouble


def test_an_input_depends_on_its_seed_and_number_alone() -> None:
    assert [input_of(5, number) for number in range(60)] == [input_of(5, number) for number in range(60)]
    assert len({input_of(5, number).kind for number in range(400)}) > 25
    assert input_of(5, 1) != input_of(6, 1)


def test_a_request_has_what_it_needs_and_no_field_twice() -> None:
    data = request("POST", "/records", [("host", "x")], b"ab")
    assert data.count(b"ost: ") == 1
    assert b"Content-Length: 2\r\n" in data
    assert f"Authorization: Bearer {TOKEN}".encode() in data


def test_the_watcher_notes_waits_and_wrong_answers() -> None:
    async def run() -> Watch:
        replies = iter((OK, problem(503), b""))

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(next(replies))
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            watch = Watch(port=server.sockets[0].getsockname()[1], patience_s=5)
            wrong = [await asyncio.to_thread(watch.ask, "health", "/healthz", {}) for _ in range(3)]
        assert wrong[0] == ""
        assert wrong[1] == "status 503"
        assert "RemoteDisconnected" in wrong[2]
        return watch

    summary = asyncio.run(run()).summary()
    assert (summary["asked"], summary["errors"]) == (3, 2)
