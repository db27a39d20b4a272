"""Request of a query: limits, dataset, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphmap.rdf import iri_token

__all__ = ["Answer", "Dataset", "WorkerLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """Limits of one query.

    Args:
        timeout_s: seconds from asking to answer, the wait for a free worker included and the time in which the reader
            of the answer lets it wait left out.
        result_bytes: largest answer.
        memory_bytes: address space of a worker process; half a GiB of it is the stack that it sets aside.
        first_bytes: an answer that fails before so many bytes of it are there is an error and nothing else.
        stall_s: seconds that the reader of an answer may stand still.
    """

    timeout_s: float = 10.0
    result_bytes: int = 64 * 1024 * 1024
    memory_bytes: int = 4 * 1024 * 1024 * 1024
    first_bytes: int = 1024 * 1024
    stall_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The dataset that a protocol request names; it overrides the query's own.

    Args:
        default_graphs: IRIs of the graphs that together are the default graph.
        named_graphs: IRIs of the graphs that GRAPH sees.

    Source: SPARQL 1.1 Protocol, section 2.1.4.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for iri in (*self.default_graphs, *self.named_graphs):
            iri_token(iri)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it goes over the wire."""

    media_type: str
    body: bytes = field(repr=False)
