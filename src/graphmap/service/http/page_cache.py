"""Pages that were made already: kept by address and state of the store, within a few megabytes."""

from __future__ import annotations

from collections import OrderedDict

from starlette.responses import Response

__all__ = ["Rendered"]

_MOST_BYTES = 32 * 1024 * 1024
_LARGEST = 512 * 1024


class Rendered:
    """Keeps pages until the store changes or others need the room; for one event loop."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Response] = OrderedDict()
        self._bytes = 0

    def get(self, address: str, tag: str) -> Response | None:
        """The page at an address, if it was made of the same state of the store.

        Args:
            address: path and parameters.
            tag: entity tag of the state and the format.
        """
        response = self._kept.get((address, tag))
        if response is not None:
            self._kept.move_to_end((address, tag))
        return response

    def put(self, address: str, tag: str, response: Response) -> None:
        """Keep a page; the ones that were not asked for longest make room."""
        if len(response.body) > _LARGEST or (address, tag) in self._kept:
            return
        self._kept[address, tag] = response
        self._bytes += len(response.body)
        while self._bytes > _MOST_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone.body)
