"""Notes references of stored records whose target is not in the store, and takes notes back when it comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphmap.ingest.check import dangling, has_references, types_in
from graphmap.ingest.workspace_model import Knowledge
from graphmap.provenance import FINDING, ReportGraph
from graphmap.rdf import Token
from graphmap.store import Quad, Store
from graphmap.validation.report import Finding
from graphmap.validation.shapes import sh

__all__ = ["DanglingReferences"]

_NOTED = f"?f {sh('sourceConstraintComponent')} {sh('ClassConstraintComponent')} ; {sh('value')} ?value"


class DanglingReferences:
    """The findings of a store that are about references.

    Args:
        store: opened for writing.
        knowledge: mappings and shapes.
        reporting: writes to the graph of reports.
    """

    def __init__(self, store: Store, knowledge: Knowledge, reporting: ReportGraph) -> None:
        self._store = store
        self._engine = knowledge.engine
        self._reporting = reporting
        self.used = has_references(knowledge.engine)

    def note(self, references: Mapping[str, Iterable[Finding]]) -> dict[str, list[Finding]]:
        """Note those whose target is not there.

        Args:
            references: by the document of their record.

        Returns:
            What was noted, by document.
        """
        noted: dict[str, list[Finding]] = {}
        for document, found in references.items():
            left = list(dangling(found, self._engine, types_in(self._store)))
            if left:
                noted[document] = left
        text = "".join(self._reporting.findings(left, document) for document, left in noted.items())
        if text:
            self._store.load(text.encode())
        return noted

    def take_back(self, targets: Iterable[Token] | None = None) -> None:
        """Remove the findings whose target is there by now.

        Args:
            targets: nodes that came; all where left out.
        """
        if not self.used:
            return
        graph, shape = self._reporting.layout.reports, sh("sourceShape")
        values = "" if targets is None else f"VALUES ?value {{ {' '.join(sorted(set(targets)))} }}"
        open_ones = f"FILTER NOT EXISTS {{ ?other {FINDING} ?f }}"
        query = f"SELECT ?f ?value ?shape {{ {values} GRAPH {graph} {{ {_NOTED} ; {shape} ?shape {open_ones} }} }}"
        rows = [(f, value, of) for f, value, of in self._store.select(query) if f and value and of]
        found = [Finding(focus_node=f, value=value, source_shape=of, message="") for f, value, of in rows]
        left = {each.focus_node for each in dangling(found, self._engine, types_in(self._store))}
        remove = [quad for f, _, _ in rows if f not in left for quad in self._quads(f)]
        if remove:
            self._store.replace(remove=remove, add=b"")

    def _quads(self, finding: Token) -> list[Quad]:
        graph = self._reporting.layout.reports
        rows = self._store.select(f"SELECT ?p ?o {{ GRAPH {graph} {{ {finding} ?p ?o }} }}")
        own = [Quad(finding, p, o, graph) for p, o in rows if p and o]
        return self._reporting.with_paths(own, self._store)
