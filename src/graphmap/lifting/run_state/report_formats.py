"""The execution report as JSON and as Turtle, written error by error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import msgspec

from graphmap.lifting.run_state.execution_report import ExecutionReport
from graphmap.rdf import GRAPHMAP, XSD, iri_token, is_absolute, literal_token

__all__ = ["EXECUTION_REPORT_FORMS", "execution_report_schema", "write_execution_report"]

_IRIS = ("termMap", "triplesMap")
"""Keys whose values are IRIs, not texts."""


def write_execution_report(report: ExecutionReport, form: str) -> Iterator[str]:
    """Write a report.

    Args:
        report: of a lift that has ended.
        form: one of `EXECUTION_REPORT_FORMS`.

    Yields:
        Pieces of the text, an error a piece.
    """
    yield from _WRITERS[form](report)


def execution_report_schema() -> str:
    """The JSON Schema of the report, as text."""
    return files("graphmap.lifting.run_state").joinpath("execution_report.schema.json").read_text(encoding="utf-8")


def _json(report: ExecutionReport) -> Iterator[str]:
    yield "{\n" + "".join(f'  "{key}": {_dump(value)},\n' for key, value in report.head().items())
    yield '  "errors": ['
    number = 0
    for number, error in enumerate(report.errors(), 1):
        yield f"{',' if number > 1 else ''}\n    {_dump(error)}"
    yield "\n  ]\n}\n" if number else "]\n}\n"


def _dump(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _turtle(report: ExecutionReport) -> Iterator[str]:
    yield f"@prefix graphmap: <{GRAPHMAP}> .\n@prefix xsd: <{XSD}> .\n\n"
    yield f"_:report a graphmap:ExecutionReport{_properties(report.head())} .\n"
    for error in report.errors():
        yield f"_:report graphmap:error [ a graphmap:DataError{_properties(error)} ] .\n"


def _properties(pairs: Mapping[str, Any]) -> str:
    return "".join(f" ;\n  graphmap:{key} {text}" for key, value in pairs.items() if (text := _objects(key, value)))


def _objects(key: str, value: Any) -> str:
    """Write the object of a predicate; empty without a value."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " , ".join(_objects(key, each) for each in value)
    if isinstance(value, dict):
        return f"[{_properties(value).replace(' ;', '', 1)} ]" if value else ""
    if isinstance(value, int):
        return str(value)
    return iri_token(value) if key in _IRIS and is_absolute(value) else literal_token(value)


_WRITERS: Mapping[str, Callable[[ExecutionReport], Iterator[str]]] = MappingProxyType(
    {"json": _json, "turtle": _turtle}
)

EXECUTION_REPORT_FORMS = tuple(_WRITERS)
"""Names of the forms that a report can be written in."""
