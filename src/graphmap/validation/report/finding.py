"""A finding: what did not fit, where it stands, and the rule that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.rdf import XSD, Token, canonical, iri_of, literal_parts, local_name, unescape
from graphmap.validation.report.result import Result
from graphmap.validation.shapes import SH, Path, path_title, sh

__all__ = ["SEVERITIES", "Finding", "finding_of", "plain", "reaches", "readable", "severity_name", "text_of"]

SEVERITIES = ("Violation", "Warning", "Info")
"""The severities of the standard, worst first."""
_DATATYPE = sh("DatatypeConstraintComponent")
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        f"{XSD}integer": "a whole number",
        f"{XSD}decimal": "a decimal number",
        f"{XSD}double": "a decimal number",
        f"{XSD}boolean": "a truth value",
    }
)
"""Names of the natural datatypes of JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding; what does not apply is `None`.

    Args:
        focus_node: token of the node that was checked; `None` where the record has no subject.
        result_path: path from the focus node to the value.
        value: token of the value that offends.
        received: the value as it stood in the source, where that differs from `value` or there is no value.
        source_shape: token of the shape.
        rule: slug of the rule.
        component: local name of the constraint component, the IRI of one that is not of the standard.
        severity: `Violation`, `Warning`, `Info`, or the IRI of a severity of its own.
        message: what is expected, for people, and the kind of what came where the value alone does not tell it.
        messages: literal tokens in all languages of the shape; empty where `message` is all there is.
        source: name of the source.
        row: data row or document, counted from 1.
        pointer: JSON Pointer, or `/column` for a row.
        known: whether an earlier report has it, so that it fails nothing.
        property: name of the property for people.
        label: name of the focus node for people.
        reason: what is wrong, in words.
        line: line of an RDF source, counted from 1.
        column: column of that line, counted from 1.
        details: findings of the shapes that the value had to conform to.
    """

    focus_node: Token | None = None
    result_path: Path | None = None
    value: Token | None = None
    received: str | None = None
    source_shape: Token | None = None
    rule: str | None = None
    component: str | None = None
    severity: str = "Violation"
    message: str
    messages: tuple[Token, ...] = ()
    source: str | None = None
    row: int | None = None
    pointer: str | None = None
    known: bool = False
    property: str | None = None
    label: str | None = None
    reason: str | None = None
    line: int | None = None
    column: int | None = None
    details: tuple[Finding, ...] = ()

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding under the keys of the JSON report, all values as text; `row`, `line` and `column` are numbers.

        What is only there where it applies: `property`, `label`, `reason`, `line`, `column`.
        """
        more = {name: getattr(self, name) for name in ("property", "label", "reason", "line", "column")}
        return {
            "focusNode": None if self.focus_node is None else plain(self.focus_node),
            "resultPath": None if self.result_path is None else _path_text(self.result_path),
            "value": self.received if self.received is not None else self.value and plain(self.value),
            "sourceShape": None if self.source_shape is None else plain(self.source_shape),
            "rule": self.rule,
            "component": self.component,
            "severity": self.severity,
            "message": self.message,
            "source": self.source,
            "row": self.row,
            "pointer": self.pointer,
        } | {name: value for name, value in more.items() if value is not None}


def finding_of(
    result: Result,
    *,
    source: str | None = None,
    row: int | None = None,
    pointer: str | None = None,
    received: str | None = None,
    label: str | None = None,
) -> Finding:
    """Make a finding of a validation result.

    Args:
        result: what the engine reports.
        source: name of the source.
        row: data row or document, counted from 1.
        pointer: the place in the record.
        received: the value as it stood in the source.
        label: name of the focus node for people.

    Returns:
        The finding.
    """
    return Finding(
        focus_node=result.focus_node,
        result_path=result.path,
        value=result.value,
        received=received,
        source_shape=result.source_shape if result.shape is None else result.shape.stable,
        rule=result.rule,
        component=_component_name(result.component),
        severity=severity_name(result.severity),
        message=_with_kind(result) if received is None else readable(result.messages),
        messages=result.messages,
        source=source,
        row=row,
        pointer=pointer,
        property=_property(result),
        label=label,
        reason=result.reason,
        details=tuple(finding_of(each) for each in result.details),
    )


def _property(result: Result) -> str | None:
    """The name of the property: of its shape, else the end of the path."""
    if result.path is None:
        return None
    shape = result.shape
    return shape.name if shape is not None and shape.name and shape.path == result.path else path_title(result.path)


def _with_kind(result: Result) -> str:
    """The message; where a number or truth value of JSON stands for another datatype, with what it is.

    As text it looks like what is expected: `8005` is a good postal code, but for its being a number.
    """
    message = readable(result.messages)
    if result.component != _DATATYPE or result.value is None or result.value[0] != '"':
        return message
    value = literal_parts(result.value)
    kind = _KINDS.get(value.datatype)
    if kind is None or canonical(value.datatype, value.lexical) is None:
        return message
    return f"{message.removesuffix('.')}, and this is {kind} (xsd:{local_name(value.datatype)})"


def _component_name(component: Token) -> str:
    """The local name of a component of the standard, the IRI of any other."""
    return iri_of(component).removeprefix(SH)


def severity_name(severity: Token) -> str:
    """The local name of a severity of the standard, the IRI of any other.

    >>> severity_name("<http://www.w3.org/ns/shacl#Warning>")
    'Warning'
    """
    iri = iri_of(severity)
    name = iri.removeprefix(SH)
    return name if name in SEVERITIES else iri


def reaches(severity: str, threshold: str) -> bool:
    """Tell whether a severity is as bad as a threshold; one of somebody's own counts as the worst.

    >>> reaches("Warning", "Violation"), reaches("Warning", "Info")
    (False, True)
    """
    return severity not in SEVERITIES or SEVERITIES.index(severity) <= SEVERITIES.index(threshold)


def plain(token: Token) -> str:
    """A term as people read it: the IRI, the text of a literal, the label of a blank node."""
    text = text_of(token)
    return token if text is None else text


def _path_text(path: Path) -> str:
    return iri_of(path.predicate) if path.predicate else str(path)


def readable(messages: Iterable[Token]) -> str:
    """One message: without a language, else English, else the first."""
    parts = [literal_parts(message) for message in messages]
    parts.sort(key=lambda part: 0 if part.language is None else 1 if part.language.startswith("en") else 2)
    return parts[0].lexical if parts else ""


def text_of(token: Token) -> str | None:
    """The text that SPARQL's `str` gives; `None` for a blank node."""
    if token[0] == '"':
        if token[-1] == '"':
            return unescape(token[1:-1])
        return literal_parts(token).lexical
    return iri_of(token) if token[0] == "<" else None
