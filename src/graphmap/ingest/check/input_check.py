"""Validate inputs without storing them: one report over all of them."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import replace

from graphmap.files import open_bytes, reading
from graphmap.ingest.check.partition_check import PartitionCheck, document_portions
from graphmap.ingest.check.record_validator import RecordValidator, ValidatedRecord
from graphmap.ingest.check.references import (
    Link,
    LinkLog,
    Typed,
    accepted_classes,
    dangling,
    is_reference,
    wanted_classes,
)
from graphmap.ingest.check.unread_rule import UnreadLog
from graphmap.ingest.detect_input import Input, database_source, looks_like_json, open_input, part_read
from graphmap.ingest.workspace_model import Knowledge
from graphmap.lifting.evaluation import pointer
from graphmap.lifting.parallel import ProcessPool, usable_processors
from graphmap.rdf import Graph, Token
from graphmap.records import Raw, Refusal
from graphmap.validation import failures_of, notes_of, nothing_looked_at, unsupported_in_data
from graphmap.validation.engine import Engine
from graphmap.validation.inference import RuleEngine, unexecuted
from graphmap.validation.report import (
    Baseline,
    Compared,
    Coverage,
    Covered,
    Finding,
    FindingLog,
    Report,
    absent_terms,
    finding_of,
    guides,
    label_of,
    measurements,
    placed,
    plain,
    redacted,
)
from graphmap.validation.uniqueness import KeyConstraint, KeyIndex, key_entries

__all__ = ["InputCheck", "Progress", "check_files", "report_on", "validated_records"]

Progress = Callable[[int], None]
"""Told the number of records that were looked at so far, now and then."""

_PROGRESS_EVERY = 2_000


def _no_text() -> None:
    """The text of a graph that is no file."""


class InputCheck:
    """Collects the parts of a report: counts, findings, unread members, coverage, keys of the whole input.

    Args:
        engine: the shapes, compiled; what they target is counted.
        fail_on: severity from which on the outcome is `violates`.
        allow_no_targets: a validation that looks at nothing may conform.
        stores: whether records are stored, so that a target is there only once it is in the store.

    Attributes:
        rules: executed over each graph before it is validated, where they are set.
        unread: takes note of values that nothing reads.
    """

    def __init__(
        self, engine: Engine, *, fail_on: str = "Violation", allow_no_targets: bool = True, stores: bool = False
    ) -> None:
        self.engine = engine
        self.coverage = Coverage.of(engine.shapes)
        self.records = 0
        self.refused: list[Refusal] = []
        self.findings = FindingLog()
        self._fail_on = fail_on
        self._allow_no_targets = allow_no_targets
        self._failures: tuple[str, ...] = ()
        self._notes: tuple[str, ...] = ()
        self.rules: RuleEngine | None = None
        self.unread = UnreadLog()
        self._keys = KeyIndex()
        self._references = FindingLog()
        self._links = LinkLog()
        self._stores = stores
        self._accepted: dict[Token, Sequence[AbstractSet[Token]]] = {}
        self._typed: set[int] = set()
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

    def check(
        self,
        graph: Graph,
        source: str,
        keys: Iterable[KeyConstraint] = (),
        *,
        text: Callable[[], str | None] = _no_text,
        embedded: AbstractSet[Token] | None = None,
    ) -> None:
        """Validate a graph that was never lifted, as one record.

        Args:
            graph: what is validated.
            source: what findings call it.
            keys: constraints across graphs.
            text: gives the file, where findings are to say line and column.
            embedded: classes whose nodes must be in the graph that refers to them; `None` is for all.
        """
        self.records += 1
        engine = self.engine
        if self.rules is not None:
            inferred = self.rules.infer(graph)
            self._failures += tuple(f"{source}: {failure}" for failure in inferred.failures)
            graph = Graph(itertools.chain(graph.triples(), inferred.triples))
        results = engine.validate(graph, self.coverage)
        apart = [each for each in results if is_reference(each, graph, engine, embedded)]
        self._references.extend(finding_of(each, source=source) for each in apart)
        left = [each for each in results if each not in apart]
        findings = [finding_of(each, source=source, label=label_of(graph, each.focus_node)) for each in left]
        if findings and (written := text()) is not None:
            findings = placed(findings, written)
        self._failures += unsupported_in_data(graph)
        self._notes += tuple(absent_terms(engine.shapes, graph)) if text is not _no_text else ()
        self.findings.extend(findings)
        self.coverage.fault(findings)
        for each in key_entries(graph, keys, subclasses=engine.subclasses, conforms=engine.conforms):
            self._keys.add(each.constraint, each.value, focus=each.focus, source=source, row=None)

    def add(self, validated: ValidatedRecord, source: str) -> None:
        """Take note of a record that was read."""
        self.records += 1
        if validated.findings:
            self.findings.extend(validated.findings)
            self.coverage.fault(validated.findings)
        if validated.refusal is not None:
            self.refused.append(Refusal(error=validated.refusal, payload=""))
        self._references.extend(validated.references)
        for link in validated.links:
            if self._stores or not self._is_here(link):
                self._links.append(link)
        self._typed.update(map(hash, validated.typed))
        for each in validated.unread:
            self.unread.note(each, source, validated.row, validated.unread_rule)
        for key in validated.keys:
            self._keys.add(key.constraint, key.value, focus=key.focus, source=source, row=validated.row)
            self._pointers[source, key.constraint.rule] = key.pointer

    def _is_here(self, link: Link) -> bool:
        """Return whether a record that came before is the target of a reference."""
        wanted = self._accepted.get(link.source_shape)
        if wanted is None:
            wanted = self._accepted[link.source_shape] = accepted_classes(link.source_shape, self.engine)
        value, typed = link.value, self._typed
        return all(any(hash((value, each)) in typed for each in classes) for classes in wanted)

    def references(self, typed: Typed) -> Iterator[Finding]:
        """The references so far whose target is not there; the report leaves them out.

        Args:
            typed: where targets are looked for.
        """
        (found, links), self._references, self._links = (self._references, self._links), FindingLog(), LinkLog()
        yield from dangling(found, self.engine, typed)
        yield from filter(None, (each.finding() for each in dangling(links, self.engine, typed)))
        links.close()

    def note(self, findings: Sequence[Finding]) -> None:
        """Take note of findings about records that were counted."""
        self.findings.extend(findings)
        self.coverage.fault(findings)

    def _types_here(self, nodes: AbstractSet[Token]) -> Mapping[Token, AbstractSet[Token]]:
        """The classes that the records of the input give to nodes, of those that something refers to."""
        wanted = wanted_classes(self.engine)
        return {node: {each for each in wanted if hash((node, each)) in self._typed} for node in nodes}

    def collisions(self) -> list[Finding]:
        """The findings of keys that several records of the input share."""
        findings = self._keys.findings()
        return [replace(each, pointer=self._pointers.get((each.source or "", each.rule))) for each in findings]

    def report(self, *, baseline: Baseline | None = None, redact: bool = False) -> Report:
        """The report; findings in the order of the input, collisions at their records.

        Args:
            baseline: an earlier report; what it has already is marked as known.
            redact: whether values are left out.
        """
        self.findings.extend(self.collisions())
        self.findings.extend(self.unread.findings())
        self.note(list(self.references(self._types_here)))
        findings = self.findings
        if baseline is not None:
            findings = _log(baseline.mark(findings))
        if redact:
            findings = _log(map(redacted, findings))
        uniqueness = self._keys.uniqueness()
        self._keys.close()
        profile = self.engine.profile
        return Report(
            records=self.records,
            findings=findings,
            unread=dict(sorted(self.unread.counts.items())),
            coverage=Covered.of(self.coverage),
            failures=(*failures_of(self.engine), *self._failures, *self._nothing()),
            notes=self._said(),
            fail_on=self._fail_on,
            measurements=tuple(measurements(self.coverage, uniqueness)),
            guides=guides(self.engine.shapes),
            baseline=None if baseline is None else Compared(known=baseline.known, resolved=baseline.resolved),
            seconds=None if profile is None else {plain(shape): s for shape, s in profile.seconds().items()},
        )

    def _nothing(self) -> tuple[str, ...]:
        """The reason why a verdict would mean nothing; an input without records is no such reason."""
        if self._allow_no_targets or (self.records == 0 and self.engine.shapes.targeted()):
            return ()
        return nothing_looked_at(self.engine, self.coverage)

    def _said(self) -> tuple[str, ...]:
        """Notes for the reader on the shapes, of the rules, and of terms that the data almost has."""
        left_out = unexecuted(self.engine.shapes) if self.rules is None else ()
        return (*notes_of(self.engine), *left_out, *dict.fromkeys(self._notes))


def _log(findings: Iterable[Finding]) -> FindingLog:
    log = FindingLog()
    log.extend(findings)
    return log


def report_on(names: Iterable[str], knowledge: Knowledge) -> Report:
    """Validate files of any source and report on all of them."""
    gathering = InputCheck(knowledge.engine)
    check_files(names, knowledge, gathering)
    return gathering.report()


def check_files(
    names: Iterable[str],
    knowledge: Knowledge,
    gathering: InputCheck,
    *,
    source: str | None = None,
    progress: Progress | None = None,
    processes: int | None = None,
) -> None:
    """Validate files.

    Args:
        names: paths, or `-`.
        knowledge: mappings and shapes.
        gathering: where everything is noted.
        source: name of a source that overrides the choice by content.
        progress: told the number of records now and then.
        processes: how many share the work of many documents in JSON Lines; one a processor by default. Tables are
            proved on their cells, which takes less time than sharing would.

    Raises:
        SourceError: where a file cannot be read to its end.
    """
    for name in names:
        for _ in _gathered(name, knowledge, gathering, source, processes or usable_processors()):
            if progress is not None and gathering.records % _PROGRESS_EVERY == 0:
                progress(gathering.records)


def _gathered(
    name: str, knowledge: Knowledge, gathering: InputCheck, source: str | None, processes: int
) -> Iterator[None]:
    """Gather one record of a file after the other."""
    if database_source(name, knowledge) is not None:
        yield from _one_by_one(open_input(name, knowledge, refuse=gathering.refuse), knowledge, gathering, name)
        return
    stream = open_bytes(name)
    largest = knowledge.workspace.limits.document_bytes
    alone = processes == 1 or knowledge.engine.delegate is not None or knowledge.engine.profile is not None
    with reading(name):
        alone = alone or not looks_like_json(stream) or part_read(name, knowledge, source) is not None
    portions = None if alone else document_portions(name, stream, largest=largest)
    if portions is not None:
        first = next(portions)
        portions = itertools.chain((first,), portions)
        stream = io.BufferedReader(io.BytesIO(first))
    opened = open_input(name, knowledge, refuse=gathering.refuse, source=source, stream=stream)
    if portions is not None:
        yield from _shared(PartitionCheck(knowledge, opened), portions, gathering, name, processes)
        return
    with closing(opened.records):  # a mapping may not fit the header
        yield from _one_by_one(opened, knowledge, gathering, name)


def _one_by_one(opened: Input, knowledge: Knowledge, gathering: InputCheck, name: str) -> Iterator[None]:
    for _, validated in validated_records(opened, knowledge, gathering, infer=False):
        gathering.add(validated, name)
        yield


def _shared(
    work: PartitionCheck, portions: Iterator[bytes], gathering: InputCheck, name: str, processes: int
) -> Iterator[None]:
    """Gather what several processes find; one portion is not worth the start of another process."""
    begun = list(itertools.islice(portions, 2))
    portions = itertools.chain(begun, portions)
    alone = len(begun) == 1 or processes < 2
    shared = map(work, portions) if alone else ProcessPool(work, helpers=processes).results(portions)
    rows = 0
    for checked in shared:
        for document in checked.moved(rows).documents:
            if isinstance(document, Refusal):
                gathering.refuse(document)
            else:
                gathering.add(document, name)
            yield
        rows += len(checked.documents)
        gathering.coverage.merge(checked.tally)
        gathering.engine.note_unevaluable(checked.unevaluable)


def validated_records(
    opened: Input, knowledge: Knowledge, gathering: InputCheck, *, infer: bool
) -> Iterator[tuple[Raw, ValidatedRecord]]:
    """Validate every record of an input.

    Yields:
        The raw record and what became of it, in the order of the input.
    """
    records = opened.records
    validator = RecordValidator(
        knowledge,
        opened.source,
        name=records.name,
        header=records.header,
        coverage=gathering.coverage,
        infer=infer,
    )
    extra = validator.unread_columns
    unread = dict[int, list[int]]()
    for row, raw in records:
        for at in extra:
            if raw[at]:
                unread.setdefault(at, [row, 0])[1] += 1
        yield raw, validator.validate(row, raw)
    validator.close()
    if validator.unread_rule is not None and records.header is not None:
        for at, (row, times) in unread.items():
            gathering.unread.note(pointer((records.header[at],)), records.name, row, validator.unread_rule, times)
