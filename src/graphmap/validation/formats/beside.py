"""What a report says beside its results, as RDF: coverage and quality.

Source: Data Quality Vocabulary, section 4.1 (`dqv:hasQualityMeasurement`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graphmap.rdf.terms import XSD, Token, literal_token
from graphmap.validation.report.quality import DQV, measurement_triples
from graphmap.validation.report.report import Report
from graphmap.validation.shapes.vocabulary import GRAPHMAP

__all__ = ["Block", "blocks", "totals"]


class Block(NamedTuple):
    """A node that the report points to, by its properties."""

    predicate: Token
    properties: tuple[tuple[Token, Token], ...]


def totals(report: Report) -> Iterator[tuple[Token, Token]]:
    """Numbers of the report itself."""
    yield f"<{GRAPHMAP}subjectsWithoutShape>", _number(report.coverage.unseen)
    if report.baseline is not None:
        yield f"<{GRAPHMAP}known>", _number(report.baseline.known)
        yield f"<{GRAPHMAP}resolved>", _number(report.baseline.resolved)


def blocks(report: Report) -> Iterator[Block]:
    """Coverage of each shape, time of each shape where it was taken, then the quality of each field."""
    seconds = report.seconds or {}
    for shape, count in report.coverage.targets.items():
        found = [(f"<{GRAPHMAP}shape>", _node(shape)), (f"<{GRAPHMAP}focusNodes>", _number(count))]
        if shape in seconds:
            found.append((f"<{GRAPHMAP}seconds>", literal_token(f"{seconds[shape]:.6f}", datatype=XSD + "decimal")))
        yield Block(f"<{GRAPHMAP}coverage>", tuple(found))
    for measurement in report.measurements:
        for _, triples in measurement_triples(measurement, "_:m"):
            yield Block(f"<{DQV}hasQualityMeasurement>", tuple((t.predicate, t.object) for t in triples))


def _node(name: str) -> Token:
    return name if name.startswith("_:") else f"<{name}>"


def _number(number: int) -> Token:
    return literal_token(str(number), datatype=XSD + "integer")
