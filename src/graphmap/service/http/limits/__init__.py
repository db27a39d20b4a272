"""Limits on requests: admission, deadlines, and clients that hang up."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.http.limits.client_address import client_of
    from graphmap.service.http.limits.client_disconnect import GONE, ClientGone, attended
    from graphmap.service.http.limits.connection import limited_to
    from graphmap.service.http.limits.request_gate import Gate
    from graphmap.service.http.limits.slow_clients import ClientTimes, SlowClients

__all__ = ["GONE", "ClientGone", "ClientTimes", "Gate", "SlowClients", "attended", "client_of", "limited_to"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.http.limits",
        {
            "client_address": "client_of",
            "client_disconnect": "ClientGone GONE attended",
            "connection": "limited_to",
            "request_gate": "Gate",
            "slow_clients": "ClientTimes SlowClients",
        },
    )
