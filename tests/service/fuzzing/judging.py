"""What is a fault in the answers to one input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tests.service.fuzzing.answers import Answer, Told, read_answers
from tests.service.fuzzing.connection import Exchange
from tests.service.fuzzing.inputs import Input

__all__ = ["Judged", "judge"]

_PROBLEM = "application/problem+json"
_LATER = (503, 504)
_NOT_HERE = (501, 505)
"""What a request wants that this service has not: a transfer coding, another version of HTTP."""
_MARKUP = b"<script>alert(1)</script>"
_SECRET = b"root:x:0:0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is to be said about one input.

    Args:
        faults: sentences.
        statuses: of the answers.
        stored: IRIs of documents that were answered as stored.
        deleted: the same of those deleted.
        unsure: so many records may be stored that no answer tells of.
    """

    faults: tuple[str, ...]
    statuses: tuple[int, ...] = ()
    stored: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unsure: int = 0


def judge(sent: Input, got: Exchange) -> Judged:
    """Hold what came against what may come."""
    told = _read(sent, got)
    if got.ended == "left":
        return Judged(faults=(), unsure=sent.stores)
    faults = [*_of_connection(sent, got, told), *(each for answer in told.answers for each in _of_answer(sent, answer))]
    outcomes = list(_outcomes(told)) if sent.stores else []
    return Judged(
        faults=tuple(dict.fromkeys(faults)),
        statuses=tuple(answer.status for answer in told.answers),
        stored=tuple(document for outcome, document in outcomes if outcome == "stored"),
        deleted=tuple(document for outcome, document in outcomes if outcome == "deleted"),
        unsure=0 if told.answers else sent.stores,
    )


def _read(sent: Input, got: Exchange) -> Told:
    told = read_answers(got.received, sent.methods)
    if not told.trouble or (sent.whole and b"HTTP/1.1 4" not in got.received):
        return told
    # the method of a head that does not parse is none of HEAD, and the answer to it has a body
    methods = (sent.methods[:known] for known in range(len(sent.methods)))
    others = (read_answers(got.received, each) for each in methods)
    return next((each for each in others if not each.trouble), told)


def _of_connection(sent: Input, got: Exchange, told: Told) -> Iterator[str]:
    statuses, most = [answer.status for answer in told.answers], len(sent.methods)
    number = len(statuses)
    yield from _of_end(sent, got, told)
    if number > most:
        yield f"{number} answers to {most} requests at most: {statuses}"
    if told.interim and b"xpect" not in sent.data:
        yield "an interim answer that nobody expects"
    lacks_first = number == 0 and not _broke_off(told)
    if sent.first is not None and (lacks_first or (number and statuses[0] not in (sent.first, *_LATER))):
        came = f"{len(got.received)} bytes, connection {got.ended}"
        yield f"a good request got {statuses} instead of {sent.first}: {came}"
    if sent.whole and number < most and not _may_lack(sent, got, told):
        yield f"{number} answers to {most} requests; the connection was {got.ended}"


def _of_end(sent: Input, got: Exchange, told: Told) -> Iterator[str]:
    number = len(told.answers)
    if got.ended == "refused":
        yield "nobody listens any more"
    if got.ended == "late":
        yield "the connection stayed open after the answer" if number else "no answer in time"
    if told.trouble and got.ended == "closed" and not _broke_off(told):
        yield f"what came does not parse after {number} answers: {told.trouble}"
    if sent.refused and got.ended == "quiet":
        yield f"{len(sent.data)} bytes of a head were all taken in, and none was refused"


def _broke_off(told: Told) -> bool:
    """Whether an answer that had begun well was broken off, as one is that fails late."""
    return told.cut is not None and told.cut.status == 200 and told.cut.field("transfer-encoding") == "chunked"


def _may_lack(sent: Input, got: Exchange, told: Told) -> bool:
    """Whether answers may be missing: one hung up with an error, or broke off, or was lost as the server hung up."""
    if told.answers and told.answers[-1].status >= 400 and told.answers[-1].closes:
        return True
    return _broke_off(told) or got.ended in ("refused", "late") or (sent.large and got.ended == "reset")


def _of_answer(sent: Input, answer: Answer) -> Iterator[str]:
    status, kind = answer.status, answer.field("content-type").partition(";")[0].lower()
    head = sent.data[:200_000].lower()
    if status >= 500 and status not in (*_LATER, *_NOT_HERE):
        yield f"status {status}: {answer.body[:100]!r}"
    if status in _LATER and not answer.field("retry-after"):
        yield f"status {status} without Retry-After"
    if status >= 400 and not _may_say(sent, head, status, kind):
        yield f"status {status} with {kind or 'no media type'}: {answer.body[:80]!r}"
    if any(name == "x-injected" for name, _ in answer.fields):
        yield "a value of the request became a header field"
    if kind == "text/html" and _MARKUP in answer.body:
        yield "markup of the request stands in a page as markup"
    if _SECRET in answer.body:
        yield "a file of the machine stands in an answer"
    if kind in (_PROBLEM, "application/json") and answer.body:
        yield from _of_json(answer, kind)


def _may_say(sent: Input, head: bytes, status: int, kind: str) -> bool:
    if kind == _PROBLEM:
        return True
    if kind == "text/html":
        return b"html" in head or b"text/*" in head
    if kind == "application/json":  # the report on a record that was set aside
        return status == 422 and b"/records" in head
    return status == 400 and not sent.whole


def _of_json(answer: Answer, kind: str) -> Iterator[str]:
    try:
        document = json.loads(answer.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        yield f"{kind} that does not parse: {error}"
        return
    if kind == _PROBLEM and document.get("status") != answer.status:
        yield f"the problem says {document.get('status')} and the answer {answer.status}"


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def _outcomes(told: Told) -> Iterator[tuple[str, str]]:
    for answer in told.answers:
        if answer.status not in (200, 201, 207) or not answer.field("content-type").startswith("application/json"):
            continue
        try:
            document = json.loads(answer.body)
        except ValueError:
            continue
        one = [document] if "outcome" in document else document.get("records", ())
        yield from ((each["outcome"], each["document"]) for each in one if each.get("document"))
