"""The ontology and the shapes, in graphs of their own, so that queries may use labels and rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from graphmap.ingest.workspace_model import Knowledge
from graphmap.provenance import CONTENT_HASH
from graphmap.rdf import Token, parse_triples, with_present_names
from graphmap.store import Quad, Store

__all__ = ["publish_schema"]


def publish_schema(store: Store, knowledge: Knowledge) -> None:
    """Write ontology and shapes into the store where their files changed since they were written last.

    Raises:
        StoreError: where the store cannot be written.
    """
    workspace = knowledge.workspace
    layout = workspace.layout
    for graph, files in ((layout.ontology, workspace.ontology()), (layout.shapes, workspace.shapes())):
        contents = [with_present_names(file.read_bytes()) for file in files]
        digest = f'"{hashlib.blake2b(b"".join(contents), digest_size=16).hexdigest()}"'
        known = store.objects(graph, CONTENT_HASH, layout.provenance)
        if digest in known:
            continue
        mark = Quad(graph, CONTENT_HASH, digest, layout.provenance)
        old = [Quad(graph, CONTENT_HASH, each, layout.provenance) for each in known]
        text = "".join(_lines(zip(files, contents, strict=True), graph, layout.base))
        add = f"{text}{' '.join(filter(None, mark))} .\n"
        store.replace(remove=old, drop=[graph], add=add.encode())


def _lines(files: Iterable[tuple[Path, bytes]], graph: Token, base: str) -> Iterator[str]:
    """Blank nodes become IRIs, named by the file that they stand in.

    Source: RDF 1.1 Concepts, section 3.5 (replacing blank nodes with IRIs).
    """
    for file, content in files:
        prefix = hashlib.blake2b(content, digest_size=8).hexdigest()
        names: dict[Token, Token] = {}
        for triple in parse_triples(content, source=str(file)):
            terms = [
                names.setdefault(term, f"<{base}.well-known/genid/{prefix}-{len(names)}>") if term[0] == "_" else term
                for term in triple
            ]
            yield f"{' '.join(terms)} {graph} .\n"
