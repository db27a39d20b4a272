"""A report of before: what it knew already fails no run today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from graphmap.errors import CallError, Locator
from graphmap.validation.report.finding import Finding

__all__ = ["Baseline"]

_SAME = ("rule", "sourceShape", "component", "focusNode", "resultPath", "value")
_PLACED = (*_SAME, "source", "row", "pointer", "message")


class Baseline:
    """The findings of an earlier JSON report.

    Two findings are the same where rule, shape, component, focus node, path and value are; rows move, so they do not
    count, but for findings without a focus node, which have nothing else. What was there twice is known twice.

    Args:
        findings: as the JSON report has them.
    """

    def __init__(self, findings: Iterable[Mapping[str, Any]]) -> None:
        self._left = Counter(map(_identity, findings))
        self.known = 0

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Read a JSON report.

        Raises:
            CallError: where the file cannot be read or is no report of ours.
        """
        where = Locator(source=str(path))
        hint = "name a JSON report of an earlier `graphmap validate`"
        try:
            found = msgspec.json.decode(path.read_bytes())
        except FileNotFoundError as error:
            raise CallError("there is no such baseline", where=where, hint=hint) from error
        except OSError as error:
            raise CallError(f"the baseline cannot be read: {error.strerror}", where=where, hint=hint) from error
        except (UnicodeDecodeError, msgspec.DecodeError) as error:
            raise CallError(f"the baseline is no JSON: {error}", where=where, hint=hint) from error
        findings = found.get("findings") if isinstance(found, dict) else None
        if not isinstance(findings, list) or not all(isinstance(each, dict) for each in findings):
            raise CallError("the baseline has no findings member", where=where, hint=hint)
        return cls(findings)

    def mark(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings again, those that were there before marked as known."""
        for finding in findings:
            name = _identity(finding.as_dict())
            if self._left[name] > 0:
                self._left[name] -= 1
                self.known += 1
                yield replace(finding, known=True)
            else:
                yield finding

    @property
    def resolved(self) -> int:
        """Number of its findings that did not come again."""
        return self._left.total()


def _identity(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(finding.get(key) for key in (_SAME if finding.get("focusNode") else _PLACED))
