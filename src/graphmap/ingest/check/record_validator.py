"""Lifts and validates one record and locates each finding.

The fast way comes first; where it does not vouch for the record, the careful way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graphmap.errors import Locator, RecordError
from graphmap.ingest.check.envelope_rules import check_envelope
from graphmap.ingest.check.locators import pointer_of, reference_pointer, value_pointers
from graphmap.ingest.check.references import (
    CLASS_COMPONENT,
    Link,
    embedded_classes,
    is_reference,
    typed_nodes,
    types_of_rows,
    wanted_classes,
)
from graphmap.ingest.check.unread_rule import UnreadRule
from graphmap.ingest.detect_input import columns_of
from graphmap.ingest.workspace_model import Knowledge
from graphmap.lifting.compiler import RecordLifter
from graphmap.lifting.evaluation import Fault, Lifted, line_of, pointer
from graphmap.lifting.plan import All, Extra, TermMap
from graphmap.rdf import RDF_TYPE, Graph, Token
from graphmap.records import HEADER_MEMBERS, Envelope, Raw, read_envelope
from graphmap.validation.report import Coverage, Finding, Result, finding_of
from graphmap.validation.shapes import Shapes, TargetKind
from graphmap.validation.static import Guard, KeyCells, filled, guard
from graphmap.validation.uniqueness import KeyConstraint, key_entries, record_key
from graphmap.workspace import SourceSettings

__all__ = ["KeyValue", "RecordValidator", "ValidatedRecord"]

_READ_BY_ENVELOPE = (*((member,) for member in sorted(HEADER_MEMBERS)), ("data", "@version"))
_MOST_TERMS = 500_000
_MISSING = "MinCountConstraintComponent"


class KeyValue(NamedTuple):
    """A value that only one record may have, and where such values stand in records of its source."""

    constraint: KeyConstraint
    value: Token
    focus: Token
    pointer: str | None


@dataclass(slots=True, kw_only=True)
class ValidatedRecord:
    """Result of lifting and validating one record, before it reaches a store.

    Args:
        row: data row or document, counted from 1.
        subject: token of the record's node; empty where it has none.
        asserted: N-Triples text of what it asserts.
        entailed: N-Triples text of what follows, perhaps with repetitions.
        findings: in order; empty where it conforms.
        unread: pointers of values that no term map reads, array positions as `*`.
        keys: values that must be its own.
        envelope: of a message.
        refusal: why it cannot be taken as a record at all.
        references: findings that hold unless the record that each refers to is elsewhere.
        unread_rule: what its source says of these values; `None` where it ignores them.
        links: references of a row that are to be looked for elsewhere.
        typed: its nodes with each of their classes, where references are looked for.
    """

    row: int
    subject: Token = ""
    asserted: str = ""
    entailed: str = ""
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    unread_rule: UnreadRule | None = None
    keys: tuple[KeyValue, ...] = ()
    envelope: Envelope | None = None
    refusal: RecordError | None = None
    references: tuple[Finding, ...] = ()
    links: Sequence[Link] = ()
    typed: Sequence[tuple[Token, Token]] = ()

    def said(self, source: str) -> tuple[Finding, ...]:
        """The findings of the record by itself, with a Warning for each value that nothing reads."""
        rule = self.unread_rule
        if rule is None or rule.refuses:
            return self.findings
        return (*self.findings, *(rule.finding(each, source=source, row=self.row) for each in self.unread))

    def all_references(self) -> Iterator[Finding]:
        """The findings that hold unless the record that each refers to is elsewhere, those of links too."""
        yield from self.references
        yield from filter(None, (each.finding() for each in self.links))

    @property
    def acceptable(self) -> bool:
        """Return whether it may be stored: it was read, has a subject and no Violation."""
        return self.refusal is None and bool(self.subject) and not any(f.severity == "Violation" for f in self.findings)


class RecordValidator:
    """Judges the records of one input.

    Args:
        knowledge: mappings, shapes and ontology.
        source: which source the records belong to.
        name: the input, for Locators.
        header: columns of a table; `None` for documents.
        coverage: takes note of focus nodes.
        infer: whether to work out what the records entail.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        source: SourceSettings,
        *,
        name: str,
        header: tuple[str, ...] | None,
        coverage: Coverage,
        infer: bool = True,
    ) -> None:
        self._knowledge = knowledge
        self._source = source
        self._name = name
        self._header = header
        self._coverage = coverage
        plan = self._plan = knowledge.plans[source.name]
        self._root = plan.root
        entailment = knowledge.saturation if infer else None
        self._guard = Guard(obligations=())
        if header is not None:
            self._guard = guard(plan, knowledge.engine.shapes, knowledge.superclasses)
        self._referring = [(each.shape, each.focus == self._root) for each in self._guard.references]
        self._filled = tuple(filled(self._guard, coverage.fields))
        self._lifter = RecordLifter(
            plan,
            header=header,
            forms=source.forms,
            entailment=entailment,
            check=self._guard.check,
            extras=tuple(_extras(self._guard, self._root)),
            tallied=(
                *(obligation.subject for obligation in self._guard.obligations),
                *(each.term_map for each in self._filled if each.term_map is not None),
            ),
            most_terms=_MOST_TERMS,
        )
        self._program = self._lifter.program
        known = (*_READ_BY_ENVELOPE, *((name,) for name in source.provenance)) if source.kind == "envelope" else ()
        self._unread = self._lifter.unread_members(known)
        self._infer = infer
        self._wanted = wanted_classes(knowledge.engine)
        self._own_types = types_of_rows(plan, knowledge.engine) if header is not None else None
        self._embedded = embedded_classes(plan, knowledge.superclasses)
        self._about = _subjects(knowledge.engine.shapes)
        unique = next((rule for each in plan.triples_maps if (rule := each.subject.unique_rule) is not None), None)
        message = "The key of a record must be its own in one input"
        self._own_key = record_key(rule=unique or self._root_rule(), message=message)
        self.unread_rule = UnreadRule.of(source, plan)
        self._refused_columns = self.unread_columns if self.unread_rule is not None and self.unread_rule.refuses else ()
        self._pointers = value_pointers(plan)
        self._own_pointer = reference_pointer(self._root)

    def _root_rule(self) -> str:
        return (self._root.rule if self._root is not None else None) or f"{self._source.name}.key"

    @property
    def unread_columns(self) -> tuple[int, ...]:
        """Positions of the columns that no term map reads."""
        read = columns_of(self._plan)
        return tuple(at for at, name in enumerate(self._header or ()) if name not in read)

    def close(self) -> None:
        """Add what was counted on the fast path to the coverage."""
        counts = iter(self._lifter.counts)
        for obligation in self._guard.obligations:
            self._coverage.add(obligation.shape, next(counts, 0))
        for each in self._filled:
            self._coverage.fill(each.field, None if each.term_map is None else next(counts, 0))

    def validate(self, row: int, raw: Raw) -> ValidatedRecord:
        """Validate one record."""
        try:
            validated = self._document(row, raw) if self._header is None else self._row(row, raw)
        except RecordError as error:
            where = error.where if error.where.source else Locator(source=self._name, row=row)
            return self.refused(row, RecordError(error.what, where=where, hint=error.hint))
        if self._refused_columns and (unread := [at for at in self._refused_columns if raw[at]]):
            header = self._header or ()
            validated.findings += self._unread_findings([pointer((header[at],)) for at in unread], row)
        if self._own_types is not None:
            validated.typed = [(validated.subject, each) for each in self._own_types] if validated.subject else ()
        elif self._wanted:
            validated.typed = typed_nodes(validated.asserted, self._wanted)
        return validated

    def refused(self, row: int, error: RecordError) -> ValidatedRecord:
        """Reject what is not a record."""
        return ValidatedRecord(row=row, refusal=error, findings=(self._refused(error),))

    def _document(self, row: int, raw: Raw) -> ValidatedRecord:
        where = Locator(source=self._name, row=row)
        envelope: Envelope | None = None
        noted: tuple[Finding, ...] = ()
        if self._source.kind == "envelope":
            envelope = read_envelope(raw, where, self._source.provenance)
            noted = tuple(check_envelope(envelope, self._source, self._knowledge.workspace.base, where))
        elif not isinstance(raw, dict):
            what = f"the record is not an object, but {type(raw).__name__}"
            raise RecordError(what, where=where, hint="check the iterator of the source")
        quick = self._program(raw)
        if quick is None:
            validated = self._carefully(row, raw)
        else:
            subject, asserted, entailed, _ = quick
            validated = ValidatedRecord(row=row, subject=subject, asserted=asserted, entailed=entailed)
            graph = Graph.of_lines(asserted)
            results = self._knowledge.engine.validate(graph, self._coverage)
            if results:
                lifted = self._lifter.interpreted(raw)
                validated.findings, validated.references = self._told(results, graph, lifted, row)
            validated.keys = (*self._own(subject), *self._keys(graph))
        validated.envelope = envelope
        validated.findings = (*noted, *validated.findings)
        if self.unread_rule is not None:
            validated.unread_rule = self.unread_rule
            validated.unread = tuple(map(pointer, self._unread.of(raw)))
            if validated.unread and self.unread_rule.refuses:
                validated.findings += self._unread_findings(validated.unread, row)
        return validated

    def _unread_findings(self, pointers: Iterable[str], row: int) -> tuple[Finding, ...]:
        rule = self.unread_rule
        return () if rule is None else tuple(rule.finding(each, source=self._name, row=row) for each in pointers)

    def _row(self, row: int, raw: Raw) -> ValidatedRecord:
        quick = self._program(raw)
        if quick is None:
            return self._carefully(row, raw)
        subject, asserted, entailed, extras = quick
        validated = ValidatedRecord(row=row, subject=subject, asserted=asserted, entailed=entailed)
        own = KeyValue(self._own_key, subject, subject, self._own_pointer)
        if self._guard.keys is None:
            validated.keys = (own, *self._keys(Graph.of_lines(asserted)))
        else:
            validated.keys = (own, *_from_extras(self._guard.keys, extras, self._pointers))
        if self._guard.references:
            self._refer(validated, extras)
        return validated

    def _refer(self, validated: ValidatedRecord, extras: tuple[Token, ...]) -> None:
        """Take note of the nodes of other records that a row refers to."""
        at, links, subject = 2 * len(self._guard.keys or ()), [], validated.subject
        for shape, of_root in self._referring:
            value, focus = extras[at], subject if of_root else extras[at + 1]
            at += 1 if of_root else 2
            if value:
                link = Link(shape, value, focus, self._name, validated.row, self._reference)
                if value == focus:  # the row itself says what it is
                    validated.findings += tuple(filter(None, (link.finding(),)))
                else:
                    links.append(link)
        validated.links = links

    def _reference(self, link: Link) -> Finding | None:
        """The finding of a reference whose target is not there: what the engine says of it alone."""
        cells = next(each for each in self._guard.references if each.shape == link.source_shape)
        types = [(link.focus_node, RDF_TYPE, each) for each in cells.classes]
        results = self._knowledge.engine.validate(Graph([*types, (link.focus_node, cells.predicate, link.value)]))
        told = [each for each in results if each.source_shape == cells.shape and each.component == CLASS_COMPONENT]
        pointer_there = self._pointers.get(cells.predicate)
        return finding_of(told[0], source=link.source, row=link.row, pointer=pointer_there) if told else None

    def _carefully(self, row: int, raw: Raw) -> ValidatedRecord:
        """Through the interpreter and the engine, with every place known."""
        lifted = self._lifter.interpreted(raw)
        asserted = "".join(dict.fromkeys(map(line_of, lifted.statements)))
        graph = Graph((each.subject, each.predicate, each.object) for each in lifted.statements)
        results = self._knowledge.engine.validate(graph, self._coverage)
        subject = self._subject(lifted)
        told, references = self._told(results, graph, lifted, row)
        findings = (*self._faults(lifted, row), *told)
        keys = (*self._own(subject), *self._keys(graph))
        entailed = self._knowledge.saturation.entailed(graph.triples()) if self._infer else ()
        return ValidatedRecord(
            row=row,
            subject=subject,
            asserted=asserted,
            entailed="".join(f"{s} {p} {o} .\n" for s, p, o in entailed),
            findings=findings,
            keys=keys,
            references=references,
        )

    def _subject(self, lifted: Lifted) -> Token:
        if self._root is None:
            return lifted.statements[0].subject if lifted.statements else ""
        return next((term for name, term in lifted.subjects if name == self._root.name), "")

    def _own(self, subject: Token) -> Iterator[KeyValue]:
        """The subject as a key: two records of an input that have one are a mistake, two messages about it are not."""
        if subject and self._source.kind != "envelope":
            yield KeyValue(self._own_key, subject, subject, self._own_pointer)

    def _keys(self, graph: Graph) -> Iterator[KeyValue]:
        engine = self._knowledge.engine
        for each in key_entries(graph, self._knowledge.keys, subclasses=engine.subclasses, conforms=engine.conforms):
            yield KeyValue(each.constraint, each.value, each.focus, self._pointers.get(each.constraint.predicate))

    def _told(
        self, results: Sequence[Result], graph: Graph, lifted: Lifted, row: int
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Findings, and those that hold unless a record is elsewhere."""
        engine = self._knowledge.engine
        apart = [is_reference(result, graph, engine, self._embedded) for result in results]
        located = list(self._located(results, lifted, row))
        here = tuple(each for each, elsewhere in zip(located, apart, strict=True) if not elsewhere)
        return here, tuple(each for each, elsewhere in zip(located, apart, strict=True) if elsewhere)

    def _located(self, results: Iterable[Result], lifted: Lifted, row: int) -> Iterator[Finding]:
        for result in results:
            yield finding_of(result, source=self._name, row=row, pointer=pointer_of(result, lifted, self._about))

    def _faults(self, lifted: Lifted, row: int) -> Iterator[Finding]:
        """Faults that leave no triple for a shape to object to; several term maps may stumble over one value."""
        findings = (self._fault(fault, row) for fault in lifted.faults if fault.kind != "ill-typed")
        yield from dict.fromkeys(findings)

    def _fault(self, fault: Fault, row: int) -> Finding:
        return Finding(
            received=fault.value,
            rule=fault.rule,
            component=_MISSING if fault.kind == "no-subject" else None,
            message=fault.what[0].upper() + fault.what[1:],
            source=self._name,
            row=row,
            pointer=pointer(fault.place) or None,
        )

    def _refused(self, error: RecordError) -> Finding:
        rule = self._root_rule() if (error.where.pointer or "").startswith("/dataId") else None
        return Finding(
            rule=rule,
            component=_MISSING if rule else None,
            message=error.what[0].upper() + error.what[1:],
            source=error.where.source,
            row=error.where.row,
            pointer=error.where.pointer,
        )


def _extras(known: Guard, root: TermMap | None) -> Iterator[Extra]:
    for key in known.keys or ():
        yield key.value
        yield Extra(term_map=key.focus, check=All())
    for cells in known.references:
        yield cells.value
        if cells.focus != root:  # the subject comes in any case
            yield Extra(term_map=cells.focus, check=All())


def _from_extras(
    keys: tuple[KeyCells, ...], extras: tuple[Token, ...], pointers: Mapping[Token | None, str]
) -> Iterator[KeyValue]:
    for at, cells in enumerate(keys):
        value, focus = extras[2 * at], extras[2 * at + 1]
        if value:
            yield KeyValue(cells.constraint, value, focus, pointers.get(cells.constraint.predicate))


def _subjects(shapes: Shapes) -> Mapping[Token, Token]:
    """Shape to the predicate whose subjects it targets."""
    targets = ((shape.node, target) for shape in shapes.targeted() for target in shape.targets)
    return {node: target.term for node, target in targets if target.kind is TargetKind.SUBJECTS_OF}
