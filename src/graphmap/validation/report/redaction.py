"""Findings without the values that they speak of: what people wrote stays out of a report that travels."""

from __future__ import annotations

from dataclasses import replace

from graphmap.rdf import Token, literal_parts, literal_token
from graphmap.validation.report.finding import Finding, plain

__all__ = ["REDACTED", "redacted"]

REDACTED = "[redacted]"


def redacted(finding: Finding) -> Finding:
    """A finding with its value left out, and out of its messages; a focus node that is itself a value goes too.

    >>> redacted(Finding(message="'Ada' is no date", received="Ada")).message
    "'[redacted]' is no date"
    """
    values = [plain(finding.value) if finding.value else None, finding.received]
    focus = finding.focus_node
    if focus is not None and focus[0] == '"':
        values.append(plain(focus))
        focus = literal_token(REDACTED)
    texts = sorted({value for value in values if value}, key=len, reverse=True)
    hidden = REDACTED if values[0] is not None or finding.received is not None else None
    return replace(
        finding,
        focus_node=focus,
        value=None,
        received=hidden,
        message=_without(finding.message, texts),
        messages=tuple(_token_without(message, texts) for message in finding.messages),
        reason=None if finding.reason is None else _without(finding.reason, texts),
        label=None,
        details=tuple(redacted(each) for each in finding.details),
    )


def _without(text: str, values: list[str]) -> str:
    for value in values:
        text = text.replace(value, REDACTED)
    return text


def _token_without(message: Token, values: list[str]) -> Token:
    parts = literal_parts(message)
    text = _without(parts.lexical, values)
    return literal_token(text, language=parts.language) if parts.language else literal_token(text)
