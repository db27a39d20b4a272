"""Records that a load sets aside: new ones go with the bulk load, those that were set aside before go behind it."""

from __future__ import annotations

from graphmap.ingest.write.bulk_writer import BulkLoad
from graphmap.provenance import ReportGraph
from graphmap.rdf import Token
from graphmap.store import Quad, Store

__all__ = ["QuarantineBatch"]


class QuarantineBatch:
    """Takes set-aside records in; of those that say the same from the same place, the first of a load.

    Args:
        store: opened for writing.
        reporting: of the same store.
    """

    def __init__(self, store: Store, reporting: ReportGraph) -> None:
        self._store = store
        self._reporting = reporting
        self._seen: set[int] = set()
        self._waiting: dict[Token, str] = {}
        self._before: list[Quad] = []
        self._again: list[str] = []

    def put(self, node: Token, text: str) -> None:
        """Take in the N-Quads of one record."""
        if hash(node) not in self._seen:
            self._seen.add(hash(node))
            self._waiting[node] = text

    def send(self, bulk: BulkLoad) -> None:
        """Pass on what the store does not know yet."""
        before = self._reporting.earlier(self._waiting, self._store)
        known = {quad.subject for quad in before}
        self._before += before
        self._again += (text for node, text in self._waiting.items() if node in known)
        for node, text in self._waiting.items():
            if node not in known:
                bulk.add(text.encode())
        self._waiting.clear()

    def settle(self) -> None:
        """Put what came again in the place of what was said of it before.

        Raises:
            StoreError: where the store cannot be written; nothing is changed then.
        """
        if self._again:
            self._store.replace(remove=self._before, add="".join(self._again).encode())
        self._before.clear()
        self._again.clear()
