"""Errors of a SPARQL server or the network: temporary ones, and others with the next step."""

from __future__ import annotations

import httpx

from graphmap.errors import GraphmapError, LimitError, QueryError, StoreError
from graphmap.store.endpoint import Endpoint

__all__ = ["TransientError", "check_answer", "unreachable"]

_LONGEST = 300
_LONGEST_WAIT_S = 30.0
_PARTIAL = "S1TAT"
"""Virtuoso's word for an answer that its own time limit cut off, sent with status 200."""


class TransientError(Exception):  # it never leaves this package: its error does
    """A fault that may pass when the request is sent again.

    Args:
        error: what to say where it does not.
        untouched: whether the server has surely not begun the work.
        wait_s: seconds that the server asks for.
    """

    def __init__(self, error: GraphmapError, *, untouched: bool = False, wait_s: float = 0.0) -> None:
        super().__init__(error.what)
        self.error = error
        self.untouched = untouched
        self.wait_s = wait_s


def check_answer(response: httpx.Response, endpoint: Endpoint, *, accept: str | None) -> None:
    """Refuse an answer that is none, or only a part of one.

    Args:
        response: its status and headers are there.
        endpoint: who answers.
        accept: the media type that was asked for; `None` where nothing has to come.

    Raises:
        Passing: where it may go better another time.
        GraphmapError: where it will not.
    """
    status = response.status_code
    if status == 206 or response.headers.get("x-sql-state") == _PARTIAL:
        hint = "raise the server's own limits, or ask for less"
        raise StoreError("the server gave a part of its answer only", where=endpoint.where, hint=hint)
    if status >= 300:
        raise _refusal(response, endpoint)
    if accept is not None:
        given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != accept:
            what = f"the server answers with {given or 'no media type'}, and not with {accept}"
            raise StoreError(what, where=endpoint.where, hint="look at the address of the store")


def unreachable(error: httpx.HTTPError, endpoint: Endpoint) -> TransientError | GraphmapError:
    """Translate a network error."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        what = f"the server of the store cannot be reached: {error}"
        hint = "start it, or look at its address in graphmap.toml"
        return TransientError(StoreError(what, where=endpoint.where, hint=hint), untouched=True)
    if isinstance(error, httpx.TimeoutException):
        hint = "see whether it still works on it; the same work again changes nothing twice"
        return StoreError("the server of the store did not answer in time", where=endpoint.where, hint=hint)
    what = f"the connection to the server of the store broke: {error}"
    return TransientError(StoreError(what, where=endpoint.where, hint="try again"))


def _refusal(response: httpx.Response, endpoint: Endpoint) -> TransientError | GraphmapError:
    status, said = response.status_code, _said(response)
    if status in (429, 503):
        what = f"the server of the store is busy or failed, with status {status}: {said}"
        error = StoreError(what, where=endpoint.where, hint="try again in a moment, or ask for less")
        untouched = status == 429 or "retry-after" in response.headers
        return TransientError(error, untouched=untouched, wait_s=_wait_s(response))
    if status in (502, 504):
        what = f"the server of the store is away, with status {status}: {said}"
        return TransientError(StoreError(what, where=endpoint.where, hint="try again in a moment"))
    if status == 400:
        return QueryError(f"the server does not understand the request: {said}", where=endpoint.where)
    if status == 413:
        hint = "lower store.update_bytes in graphmap.toml"
        return LimitError("the server does not take a request of this size", where=endpoint.where, hint=hint)
    hint = _HINTS.get(status, "look at the server's log")
    return StoreError(f"the server refused with status {status}: {said}", where=endpoint.where, hint=hint)


_HINTS = {
    301: "write the address that it moved to into graphmap.toml",
    302: "write the address that it moved to into graphmap.toml",
    307: "write the address that it moved to into graphmap.toml",
    308: "write the address that it moved to into graphmap.toml",
    401: "set GRAPHMAP_STORE_USER and GRAPHMAP_STORE_PASSWORD, or GRAPHMAP_STORE_TOKEN",
    403: "give this user the right to read and update the dataset",
    404: "look at the addresses of the store in graphmap.toml",
    405: "look at the addresses of the store in graphmap.toml",
    415: "the server does not speak SPARQL 1.1 at this address",
}


def _said(response: httpx.Response) -> str:
    """The first line of what the server says, shortened."""
    text = b""
    for part in response.iter_bytes():
        text += part
        if len(text) > _LONGEST:
            break
    lines = text.decode("utf-8", "replace").strip().splitlines()
    return lines[0][:_LONGEST] if lines else response.reason_phrase


def _wait_s(response: httpx.Response) -> float:
    """Seconds that Retry-After asks for; a date in it is passed over."""
    text = response.headers.get("retry-after", "")
    return min(float(text), _LONGEST_WAIT_S) if text.isdigit() else 0.0
