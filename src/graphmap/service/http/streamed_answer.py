"""An answer from a worker on its way to the client.

What fails before the first megabyte is an error with a status; what fails later breaks the connection, so that a part
of an answer never looks like the whole.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphmap.errors import GraphmapError
from graphmap.service.dependencies import Services
from graphmap.service.http.limits import ClientGone, attended, client_of
from graphmap.service.http.negotiation import Offer
from graphmap.service.http.query_results import read_table
from graphmap.store import Dataset
from graphmap.store.sparql import Query
from graphmap.store.workers import Stream

__all__ = ["Streamed", "answer", "is_true"]

_log = logging.getLogger("graphmap.service")


class Streamed(Response):
    """A response whose body comes from a worker, part by part, as fast as the client reads.

    Args:
        stream: its first part is there.
        headers: of the response.
    """

    def __init__(self, stream: Stream, headers: Mapping[str, str]) -> None:
        super().__init__(b"", headers={**headers, "Content-Length": "0"})
        del self.headers["content-length"]
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, for as long as the client is there."""
        try:
            async with attended(scope, receive):
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                if scope["method"] != "HEAD":
                    await self._parts(send)
                await send({"type": "http.response.body", "body": b""})
        except ClientGone:
            _log.info("a client left before its answer was complete")
        except GraphmapError as error:
            _log.warning("an answer broke off: %s", error.what)  # without its last part the server hangs up
        finally:
            self._stream.close()

    async def _parts(self, send: Send) -> None:
        await send({"type": "http.response.body", "body": self._stream.first, "more_body": True})
        async for part in self._stream.rest():
            await send({"type": "http.response.body", "body": part, "more_body": True})


async def is_true(services: Services, text: str) -> bool:
    """The answer to an ASK of our own making, which nobody needs to look through.

    Raises:
        GraphmapError: as `Pool.answer` does.
    """
    found = await services.pool.answer(Query(text=text, form="ASK"), syntax="json")
    return read_table(found.body).boolean is True


async def answer(
    request: Request,
    services: Services,
    query: Query,
    offer: Offer,
    *,
    dataset: Dataset | None = None,
    timeout_s: float | None = None,
) -> Response:
    """Run a query and send what comes.

    Args:
        request: what is asked; its entity tags are looked at.
        services: run the query, and know prefixes and the state of the store.
        query: what to run.
        offer: how to write the answer.
        dataset: overrides the query's own.
        timeout_s: lowers the limit.

    Raises:
        GraphmapError: as `Pool.stream` does.
    """
    headers = {"Vary": "Accept", "Content-Type": offer.content_type}
    if not query.volatile:
        headers["ETag"] = services.tags.tag(offer)
        known = services.tags.known(request, headers["ETag"])
        if known is not None:
            return known
    stream = await services.pool.stream(
        query,
        syntax=offer.name,
        dataset=dataset,
        prefixes=services.prefixes,
        timeout_s=timeout_s,
        base=services.layout.base,
        client=client_of(request.scope),
    )
    return Response(stream.first, headers=headers) if stream.complete else Streamed(stream, headers)
