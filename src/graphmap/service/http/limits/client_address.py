"""The address of a client: what its requests are counted by."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_network

from starlette.types import Scope

__all__ = ["client_of"]

_SITE_BITS = 64
"""A site of IPv6 has so many bits in common, and its hosts choose the others as they like."""


def client_of(scope: Scope) -> str:
    """The address that a request came from; of IPv6 its network of 64 bits.

    >>> client_of({"client": ("2001:db8::1", 50000)})
    '2001:db8::/64'
    >>> client_of({"client": ("192.0.2.7", 50000)})
    '192.0.2.7'
    """
    address = str((scope.get("client") or ("",))[0])
    if ":" not in address:
        return address
    try:
        return str(ip_network((IPv6Address(address), _SITE_BITS), strict=False))
    except ValueError:  # a proxy may forward anything
        return address
