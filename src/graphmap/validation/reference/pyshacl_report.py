"""The opinion of pySHACL on RDF files, as a report of ours; a failure of it is a failure, never a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from graphmap.errors import DeadlineError, GraphmapError, ShapesError
from graphmap.rdf import MAX_TRIPLES, read_rdf
from graphmap.validation.reference.pyshacl_process import Question, Reference, shapes_triples
from graphmap.validation.report import FindingLog, Report, finding_of

__all__ = ["second_opinion"]


def second_opinion(
    names: Sequence[str],
    shapes: Iterable[Path],
    *,
    ontology: Iterable[Path] = (),
    fail_on: str = "Violation",
    timeout_s: float = 300.0,
    max_triples: int = MAX_TRIPLES,
) -> Report:
    """Validate RDF files by pySHACL, with the advanced features of SHACL, in a process of its own.

    Args:
        names: the files; each is one graph.
        shapes: files of the shapes graph.
        ontology: files of a graph that pySHACL puts to each data graph.
        fail_on: severity from which on the outcome is `violates`.
        timeout_s: how long one file may take, in seconds.
        max_triples: how many triples a file may hold.

    Returns:
        The report; its outcome is `failed` where pySHACL failed, ran late, or ended without an answer.

    Raises:
        ShapesError: where a shapes file does not parse.
        SourceError: where a file cannot be read.
        DataError: where a file does not parse.
        LimitError: where a file holds too many triples.
    """
    findings, failures = FindingLog(), []
    given = shapes_triples(list(shapes), "f")
    background = [triple for path in ontology for triple in read_rdf(path)]
    for name in names:
        graph = list(read_rdf(Path(name), max_triples=max_triples))
        question = Question(shapes=given, graphs=[graph], ontology=background, advanced=True)
        try:
            with Reference(timeout_s=timeout_s) as reference:
                (verdict,) = reference.ask(question)
        except (DeadlineError, ShapesError) as error:
            failures.append(_failure(name, error))
            continue
        if verdict.failure is not None:
            failures.append(f"{name}: pySHACL failed: {verdict.failure}")
        findings.extend(finding_of(result, source=name) for result in verdict.results)
    return Report(records=len(names), findings=findings, failures=tuple(failures), fail_on=fail_on)


def _failure(name: str, error: GraphmapError) -> str:
    return f"{name}: {error.what}"
