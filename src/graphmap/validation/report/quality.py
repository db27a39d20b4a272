"""Data quality as numbers that can be followed over time: completeness, validity and uniqueness of each field.

Source: Data Quality Vocabulary (DQV), sections 4.1 (measurements) and 4.5 (metrics); ISO/IEC 25012 for the dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphmap.rdf import GRAPHMAP, RDF_TYPE, XSD, Token, Triple, literal_token
from graphmap.validation.report.coverage import Coverage
from graphmap.validation.report.finding import plain

__all__ = ["DQV", "Measurement", "Uniqueness", "measurement_triples", "measurements"]

DQV = "http://www.w3.org/ns/dqv#"

Uniqueness = Mapping[Token, tuple[int, int]]
"""Predicate to how many values there were and how many of them differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One field of the focus nodes of one shape.

    Args:
        shape: IRI of the shape.
        path: IRI of the property.
        targets: how many focus nodes there were.
        present: how many of them have a value.
        valid: how many of those have no finding on it.
        values: of a field that must be unique, how many values were seen; otherwise `None`.
        distinct: how many of those values differ.
    """

    shape: str
    path: str
    targets: int
    present: int
    valid: int
    values: int | None = None
    distinct: int | None = None

    @property
    def completeness(self) -> float:
        """Share of the focus nodes that have a value."""
        return self.present / self.targets

    @property
    def validity(self) -> float | None:
        """Share of those with a value that have no finding on it; `None` where nothing has one."""
        return self.valid / self.present if self.present else None

    @property
    def uniqueness(self) -> float | None:
        """Share of the values that differ, of a field that must be unique."""
        return self.distinct / self.values if self.values and self.distinct is not None else None

    def as_dict(self) -> dict[str, str | int | float | None]:
        """Under the keys of the JSON report; shares are rounded to six places."""
        return {
            "shape": self.shape,
            "path": self.path,
            "targets": self.targets,
            "present": self.present,
            "valid": self.valid,
            "completeness": round(self.completeness, 6),
            "validity": None if self.validity is None else round(self.validity, 6),
            "uniqueness": None if self.uniqueness is None else round(self.uniqueness, 6),
        }


def measurements(coverage: Coverage, uniqueness: Uniqueness) -> Iterator[Measurement]:
    """The measurements of a validation.

    Args:
        coverage: what it counted.
        uniqueness: of the fields that must be unique.

    Yields:
        By shape and path; shapes without focus nodes are left out.
    """
    for shape in sorted(coverage.fields):
        targets = coverage.targets[shape]
        known = (p for p in sorted(coverage.fields[shape]) if (shape, p) not in coverage.unknown)
        for predicate in known if targets else ():
            present = min(coverage.present[shape][predicate], targets)
            values, distinct = uniqueness.get(predicate, (None, None))
            yield Measurement(
                shape=plain(shape),
                path=plain(predicate),
                targets=targets,
                present=present,
                valid=max(present - coverage.invalid[shape, predicate], 0),
                values=values,
                distinct=distinct,
            )


def measurement_triples(measurement: Measurement, node: Token) -> Iterator[tuple[Token, list[Triple]]]:
    """A measurement in RDF: a `dqv:QualityMeasurement` for each metric that applies.

    Args:
        measurement: any measurement.
        node: IRI token that the nodes' names begin with, or a blank node's.

    Yields:
        The node and its triples.
    """
    shares = {
        "completeness": (measurement.completeness, measurement.targets),
        "validity": (measurement.validity, measurement.present),
        "uniqueness": (measurement.uniqueness, measurement.values or 0),
    }
    for metric, (share, of) in shares.items():
        if share is not None:
            name = f"{node[:-1]}/{metric}>" if node[0] == "<" else f"{node}{metric[0]}"
            yield (
                name,
                [
                    Triple(name, RDF_TYPE, f"<{DQV}QualityMeasurement>"),
                    Triple(name, f"<{DQV}isMeasurementOf>", f"<{GRAPHMAP}{metric}>"),
                    Triple(name, f"<{DQV}value>", literal_token(f"{share:.6f}", datatype=XSD + "decimal")),
                    Triple(name, f"<{GRAPHMAP}measuredOn>", literal_token(str(of), datatype=XSD + "integer")),
                    Triple(name, f"<{GRAPHMAP}shape>", f"<{measurement.shape}>"),
                    Triple(name, f"<{GRAPHMAP}path>", f"<{measurement.path}>"),
                ],
            )
