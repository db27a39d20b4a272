"""Validate inputs without storing them: one report over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from graphmap.ingest.inputs import Input, open_input
from graphmap.ingest.judge import Judge, Judged
from graphmap.ingest.knowledge import Knowledge
from graphmap.records import Raw, Refusal
from graphmap.validation.coverage import Coverage
from graphmap.validation.findings import Finding
from graphmap.validation.key_index import KeyIndex
from graphmap.validation.report import Covered, Report

__all__ = ["Gathering", "Progress", "check_files", "judged_records"]

Progress = Callable[[int], None]
"""Told the number of records that were looked at so far, now and then."""

_PROGRESS_EVERY = 2_000


class Gathering:
    """What becomes a report: counts, findings, unread members, coverage, keys of the whole input.

    Args:
        knowledge: the shapes, whose targets are counted.
        fail_on: severity from which on the outcome is `violates`.
    """

    def __init__(self, knowledge: Knowledge, *, fail_on: str = "Violation") -> None:
        engine = knowledge.engine
        self.coverage = Coverage(shape.node for shape in engine.shapes.targeted())
        self.records = 0
        self.refused: list[Refusal] = []
        self.findings: list[Finding] = []
        self._fail_on = fail_on
        self._unread: Counter[str] = Counter()
        self._failures = tuple(dict.fromkeys(f"{each.shape}: {each.reason}" for each in engine.unevaluable))
        self._keys = KeyIndex()
        self._pointers: dict[tuple[str, str | None], str | None] = {}

    def refuse(self, refusal: Refusal) -> None:
        """Take note of a record that could not be read."""
        where = refusal.error.where
        self.records += 1
        self.refused.append(refusal)
        self.findings.append(
            Finding(
                message=refusal.error.what[0].upper() + refusal.error.what[1:],
                source=where.source,
                row=where.row,
                pointer=where.pointer,
            )
        )

    def add(self, judged: Judged, source: str) -> None:
        """Take note of a record that was read."""
        self.records += 1
        if judged.findings:
            self.findings.extend(judged.findings)
        if judged.refusal is not None:
            self.refused.append(Refusal(error=judged.refusal, payload=""))
        if judged.unread:
            self._unread.update(judged.unread)
        for key in judged.keys:
            self._keys.add(key.constraint, key.value, focus=key.focus, source=source, row=judged.row)
            self._pointers[source, key.constraint.rule] = key.pointer

    def count_unread(self, pointer: str, times: int) -> None:
        """Take note of values that nothing reads."""
        self._unread[pointer] += times

    def collisions(self) -> list[Finding]:
        """The findings of keys that several records of the input share."""
        findings = self._keys.findings()
        return [replace(each, pointer=self._pointers.get((each.source or "", each.rule))) for each in findings]

    def report(self) -> Report:
        """The report so far; findings in the order of the input, collisions at their records."""
        self.findings.extend(self.collisions())
        self._keys.close()
        return Report(
            records=self.records,
            findings=sorted(self.findings, key=lambda each: (each.source or "", each.row or 0)),
            unread=dict(sorted(self._unread.items())),
            coverage=Covered.of(self.coverage),
            failures=self._failures,
            fail_on=self._fail_on,
        )


def check_files(
    names: Iterable[str],
    knowledge: Knowledge,
    gathering: Gathering,
    *,
    source: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Validate files.

    Args:
        names: paths, or `-`.
        knowledge: mappings and shapes.
        gathering: where everything is noted.
        source: name of a source that overrides the choice by content.
        progress: told the number of records now and then.

    Raises:
        SourceError: where a file cannot be read to its end.
    """
    for name in names:
        opened = open_input(name, knowledge, refuse=gathering.refuse, source=source)
        for _, judged in judged_records(opened, knowledge, gathering, infer=False):
            gathering.add(judged, name)
            if progress is not None and gathering.records % _PROGRESS_EVERY == 0:
                progress(gathering.records)
    return gathering.report()


def judged_records(
    opened: Input, knowledge: Knowledge, gathering: Gathering, *, infer: bool
) -> Iterator[tuple[Raw, Judged]]:
    """Judge every record of an input.

    Yields:
        The raw record and what became of it, in the order of the input.
    """
    records = opened.records
    judge = Judge(
        knowledge,
        opened.source,
        name=records.name,
        header=records.header,
        coverage=gathering.coverage,
        infer=infer,
    )
    extra = judge.unread_columns
    unread = dict.fromkeys(extra, 0)
    for row, raw in records:
        for at in extra:
            if raw[at]:
                unread[at] += 1
        yield raw, judge.judge(row, raw)
    judge.close()
    for at, times in unread.items():
        if times and records.header is not None:
            gathering.count_unread(f"/{records.header[at]}", times)
