"""What the service needs of a workspace: queries, context, ontology, shapes, and reports on what is not stored."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
import pyoxigraph as ox

from graphmap.errors import ConfigurationError, DataError, Locator
from graphmap.ingest import Knowledge as IngestKnowledge
from graphmap.ingest.checking import Gathering
from graphmap.ingest.judge import Judge
from graphmap.queries import load_queries
from graphmap.records import decode_json
from graphmap.service.services import Knowledge
from graphmap.validation.formats.json import report_dict
from graphmap.validation.report import Report
from graphmap.validation.validate import failures_of
from graphmap.workspace import SourceSettings, Workspace

__all__ = ["checker", "knowledge_of"]

_NAME = "POST /validate"


def knowledge_of(workspace: Workspace) -> Knowledge:
    """Read what a workspace knows beside its data.

    Raises:
        QueryError: where a saved query is wrong.
        ConfigurationError: where a file cannot be read.
    """
    try:
        context = msgspec.json.decode(workspace.context.read_bytes(), type=dict[str, object])
    except (OSError, msgspec.DecodeError) as error:
        where = Locator(source=str(workspace.context))
        raise ConfigurationError(f"cannot be read: {error}", where=where, hint="run `graphmap derive`") from error
    return Knowledge(
        queries=load_queries(workspace.queries),
        context=context,
        ontology=_ntriples(workspace.ontology()),
        shapes=_ntriples(workspace.shapes()),
    )


def checker(knowledge: IngestKnowledge, source: SourceSettings) -> Callable[[bytes], Mapping[str, object]]:
    """Make the function that reports on an envelope and stores nothing; it may be called from any thread.

    Args:
        knowledge: mappings, shapes and ontology.
        source: the envelopes' source.
    """
    judge = Judge(knowledge, source, name=_NAME, header=None, coverage=Gathering(knowledge.engine).coverage)
    one_at_a_time = threading.Lock()

    def check(body: bytes) -> Mapping[str, object]:
        try:
            raw = decode_json(body)
        except ValueError as error:
            where = Locator(source=_NAME)
            raise DataError(f"the body is no JSON: {error}", where=where, hint="send one envelope") from error
        with one_at_a_time:
            judged = judge.judge(1, raw)
            failures = failures_of(knowledge.engine)
        report = Report(records=1, findings=judged.findings, unread=Counter(judged.unread), failures=failures)
        return report_dict(report)

    return check


def _ntriples(files: Iterable[Path]) -> bytes:
    out = io.BytesIO()
    for file in files:
        try:
            quads = list(ox.parse(path=file, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
        except (OSError, SyntaxError) as error:
            where = Locator(source=str(file))
            raise ConfigurationError(f"cannot be read: {error}", where=where, hint="mend it") from error
        ox.serialize((quad.triple for quad in quads), out, format=ox.RdfFormat.N_TRIPLES)
    return out.getvalue()
