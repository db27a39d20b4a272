"""The HTTP server: uvicorn with h11, and with limits on what clients may take."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence

import uvicorn
from starlette.types import ASGIApp

from graphmap.service.http.limits import ClientTimes, SlowClients, limited_to

__all__ = ["HttpServer"]

_HEAD_BYTES = 64 * 1024
_GRACE_S = 20
_OWN_FILES = 512
"""Descriptors that the store, worker processes and answers need."""


class HttpServer(uvicorn.Server):
    """A server of HTTP/1.1.

    Args:
        app: answers.
        host: address to listen on.
        port: port to listen on.
        root_path: path under which a proxy shows it.
        proxies: addresses whose forwarded headers are believed.
        connections: most connections that are open at once.
        times: what clients may take.
        sweep_s: seconds between two looks at all connections.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        root_path: str = "",
        proxies: Sequence[str] = (),
        connections: int = 4096,
        times: ClientTimes | None = None,
        sweep_s: int = 1,
    ) -> None:
        self._slow_clients = SlowClients(times or ClientTimes())
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=limited_to(min(connections, _file_limit() - _OWN_FILES)),
            ws="none",
            log_level="error",  # a request that is no HTTP is the client's affair
            access_log=False,
            lifespan="off",
            server_header=False,
            h11_max_incomplete_event_size=_HEAD_BYTES,
            timeout_graceful_shutdown=_GRACE_S,
            callback_notify=self._sweep,
            timeout_notify=sweep_s,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies) or None,
            root_path=root_path,
        )
        super().__init__(config)

    async def _sweep(self) -> None:
        self._slow_clients.sweep(tuple(self.server_state.connections), time.monotonic())


def _file_limit() -> int:
    """Raise and return the limit on file descriptors of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard != resource.RLIM_INFINITY else 1 << 20
