"""Trace context of a request, so that its log line can be found by trace.

Source: W3C Trace Context, sections 3.2 (traceparent) and 4.3 (versioning).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Trace", "trace_of"]

_PARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?", re.DOTALL)
_FORBIDDEN = b"ff"
_PRESENT = b"00"


class Trace(NamedTuple):
    """Trace of a request, and the span in it that asked."""

    trace: str
    parent: str


def trace_of(headers: Iterable[tuple[bytes, bytes]]) -> Trace | None:
    """Read the header `traceparent`.

    Args:
        headers: names in lower case and values.

    Returns:
        The trace; `None` where the header is missing, comes twice, or breaks the standard's rules.

    >>> trace_of([(b"traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")])
    Trace(trace='0af7651916cd43dd8448eb211c80319c', parent='b7ad6b7169203331')
    """
    values = [value for name, value in headers if name == b"traceparent"]
    match = _PARENT.fullmatch(values[0].strip()) if len(values) == 1 else None
    if match is None:
        return None
    version, trace, parent, more = match.groups()
    if version == _FORBIDDEN or (version == _PRESENT and more) or not (trace.strip(b"0") and parent.strip(b"0")):
        return None
    return Trace(trace=trace.decode(), parent=parent.decode())
