"""The loss ledger: what becomes of every statement of the pages in ontology, shapes and mapping.

A statement is kept exactly, approximated or dropped in each of them, and where it is not exact the ledger says why.
What usually becomes of a kind of statement stands in a table; annotations of the rule files say where one fares
otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.rules.checkable_rules import Checked, Rule, rules_of
from graphmap.rules.model import Annotations, EnumType, Field, RecordClass, RuleBook, Schema

__all__ = ["Entry", "Fates", "ledger", "ledger_markdown", "ledger_summary"]

_ARTIFACTS = ("ontology", "shapes", "mapping")
_MODEL = "dropped: in OWL it would make conclusions, it checks nothing"
_LIFT = "dropped: a mapping lifts what is there, right or wrong"
_ENVELOPE = "dropped: the envelope is no knowledge about the customer"
_AS_READ = "dropped: checked when the message is read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """Fate of a statement in each artifact: `exact`, `approximated: why` or `dropped: why`."""

    ontology: str = "exact"
    shapes: str = "exact"
    mapping: str = "exact"

    def with_annotations(self, annotations: Annotations) -> Fates:
        """The same where the annotations say nothing else."""
        return Fates(
            ontology=annotations.get("ontology", self.ontology),
            shapes=annotations.get("shapes", self.shapes),
            mapping=annotations.get("mapping", self.mapping),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One statement of a page or sample.

    Args:
        schema: name of the schema.
        subject: class, field or value that it is about.
        statement: what it says.
        source: where it stands.
        slug: the rule that it became, if any.
        fates: what becomes of it.
    """

    schema: str
    subject: str
    statement: str
    source: str
    slug: str | None
    fates: Fates


_USUAL: Mapping[str, Fates] = MappingProxyType(
    {
        "minCount": Fates(ontology=_MODEL, mapping=_LIFT),
        "maxCount": Fates(ontology=_MODEL, mapping=_LIFT),
        "datatype": Fates(),
        "class": Fates(),
        "maxLength": Fates(ontology="dropped: the range is the plain datatype", mapping=_LIFT),
        "in": Fates(mapping=_LIFT),
        "pattern": Fates(ontology="dropped: the range is the plain datatype", mapping=_LIFT),
        "minInclusive": Fates(ontology="dropped: the range is the plain datatype", mapping=_LIFT),
        "maxInclusive": Fates(ontology="dropped: the range is the plain datatype", mapping=_LIFT),
        "unique": Fates(ontology="dropped: owl:hasKey would make two records one", mapping=_LIFT),
        "key": Fates(ontology=_MODEL),
        "across": Fates(ontology=_MODEL, mapping=_LIFT),
        "restates": Fates(),
    }
)
_IDENTIFIER = Fates(
    ontology="dropped: owl:hasKey would make two records one",
    shapes="dropped: the key makes the IRI, so that two rows with one key are one node; checked at run time",
)
_UNPROVEN = Fates(
    ontology="dropped: one message cannot prove a limit",
    shapes="dropped: one message cannot prove a limit",
    mapping="exact: lifted however many there are",
)
_CHILD = Fates(mapping="dropped: the page names no key for its rows, so that they can have no IRI")


def ledger(book: RuleBook) -> tuple[Entry, ...]:
    """Every statement, with what becomes of it.

    Args:
        book: the rules.

    Returns:
        Entries by schema; classes first with their fields, then value lists.
    """
    return tuple(entry for schema in book.schemas.values() for entry in _of_schema(schema))


def _of_schema(schema: Schema) -> Iterator[Entry]:
    rules = tuple(rules_of(schema))
    for record in schema.classes.values():
        usual = _of_class_kind(record)
        yield _entry(schema, record.name, f"{record.title}: {record.description}", record.annotations, usual)
        for field in record.fields:
            yield from _of_field(schema, record, field)
        yield from (_of_rule(schema, record, rule) for rule in rules if rule.owner == record.name)
        for rule in record.cross_rules:
            if rule.deactivated:
                yield _entry(schema, f"{record.name}.{rule.name}", rule.description, rule.annotations, Fates())
    for enum in schema.enums.values():
        yield from _of_enum(schema, enum)


def _of_class_kind(record: RecordClass) -> Fates:
    if record.kind == "envelope":
        return Fates(ontology=_ENVELOPE, shapes=_AS_READ)
    return _CHILD if record.kind == "child" else Fates()


def _entry(schema: Schema, subject: str, statement: str, annotations: Annotations, usual: Fates) -> Entry:
    return Entry(
        schema=schema.name,
        subject=subject,
        statement=statement,
        source=annotations["source"],
        slug=None,
        fates=usual.with_annotations(annotations),
    )


def _of_field(schema: Schema, record: RecordClass, field: Field) -> Iterator[Entry]:
    subject = f"{record.name}.{field.name}"
    usual = _of_class_kind(record)
    own = {name: text for name, text in field.annotations.items() if name != "shapes"}  # those speak of its rules
    restated = Fates() if "restates" in field.annotations else usual
    yield _entry(schema, subject, f"{field.title}: {field.description}", own, restated)
    if field.maximum_count is None and field.annotations["source"].startswith("sample"):
        yield _entry(schema, subject, "how many values there are", {"source": field.annotations["source"]}, _UNPROVEN)
    for statement, fates in _extras(field, usual):
        yield _entry(schema, subject, statement, {"source": field.annotations["source"]}, fates)


def _extras(field: Field, usual: Fates) -> Iterator[tuple[str, Fates]]:
    annotations = field.annotations
    for alias in field.aliases:
        yield f"also written {alias}", usual
    if "relation" in annotations:
        yield (
            f"the relation is called {annotations['relation']}",
            Fates(shapes="dropped: the name of the relation asks for nothing beyond the link"),
        )
    if "foreign_key" in annotations:
        yield f"foreign key {annotations['foreign_key']}", usual
    if "on_delete" in annotations:
        yield (
            f"deletion of the target is restricted ({annotations['on_delete']})",
            Fates(
                ontology="exact: graphmap:onDelete",
                shapes="approximated: a row whose customer is gone breaks the class rule of its link",
                mapping=_CHILD.mapping,
            ),
        )
    if "size" in annotations:
        yield (
            f"size {annotations['size']}",
            Fates(
                ontology="dropped: the range is the plain datatype",
                shapes="exact: as greatest length of a text; a number has the bounds of its type, a time its display",
                mapping=_LIFT,
            ),
        )


def _of_rule(schema: Schema, record: RecordClass, rule: Rule) -> Entry:
    subject = f"{record.name}.{rule.field.name}" if rule.field else record.name
    return Entry(
        schema=schema.name,
        subject=subject,
        statement=rule.message,
        source=rule.source,
        slug=rule.slug,
        fates=_fates_of_rule(record, rule),
    )


def _fates_of_rule(record: RecordClass, rule: Rule) -> Fates:
    if rule.checked is Checked.RUN_TIME:
        return _IDENTIFIER if rule.aspect == "unique" else Fates(ontology=_ENVELOPE, shapes=_AS_READ)
    usual = _USUAL[rule.aspect]
    if record.kind == "child":
        usual = Fates(ontology=usual.ontology, shapes=usual.shapes, mapping=_CHILD.mapping)
    if rule.aspect == "in" and rule.field is not None and "codes" in rule.field.annotations:
        usual = Fates(ontology="dropped: the code list is kept by others", mapping=_LIFT)
    if rule.aspect == "restates" and rule.field is not None and rule.values == ("externalIdentity",):
        usual = Fates(shapes="approximated: something bears the identity; Core cannot ask for the target itself")
    return _shapes_from(usual, _annotations_of(record, rule))


def _annotations_of(record: RecordClass, rule: Rule) -> Annotations:
    if rule.aspect == "unique":
        return next(key.annotations for key in record.unique_keys if key.fields == rule.values)
    if rule.aspect == "across":
        return next(one.annotations for one in record.cross_rules if rule.slug.endswith(f".{one.name}"))
    return rule.field.annotations if rule.field is not None and rule.aspect in ("class", "in", "pattern") else {}


def _shapes_from(usual: Fates, annotations: Annotations) -> Fates:
    return Fates(ontology=usual.ontology, shapes=annotations.get("shapes", usual.shapes), mapping=usual.mapping)


def _of_enum(schema: Schema, enum: EnumType) -> Iterator[Entry]:
    in_graph = any(
        field.range == enum.name and record.kind != "envelope"
        for record in schema.classes.values()
        for field in record.fields
    )
    fates = Fates(mapping="exact: lifted as it is") if in_graph else Fates(ontology=_ENVELOPE, shapes=_AS_READ)
    for value in enum.values:
        yield _entry(schema, f"{enum.name} {value.name}", value.description, enum.annotations, fates)


def ledger_markdown(entries: Iterable[Entry]) -> str:
    """Write the whole ledger in Markdown, a row for each entry.

    Args:
        entries: of any schemas, such as `ledger` gives.
    """
    given = tuple(entries)
    lines = ["# Loss ledger", "", *_counts(given)]
    for schema in dict.fromkeys(entry.schema for entry in given):
        lines += ["", f"## {schema}", "", "| about | statement | stands in | rule | ontology | shapes | mapping |"]
        lines.append("|---|---|---|---|---|---|---|")
        lines += [_row(entry) for entry in given if entry.schema == schema]
    return "\n".join(lines) + "\n"


def ledger_summary(entries: Iterable[Entry]) -> str:
    """Write a page in Markdown that counts statements by what becomes of them: a table for each schema.

    Args:
        entries: of any schemas, such as `ledger` gives.
    """
    given = tuple(entries)
    lines = [
        "# What of the rules is kept",
        "",
        "A rule file says more than OWL, SHACL or RML can express. Each statement is kept exactly, approximated or",
        "dropped in the derived ontology, shapes and mapping. The tables count statements by what became of them.",
        "`graphmap rules ledger` prints every statement with its place in the source page and its rule.",
        "",
        "Derived from `rules/` by `graphmap derive`; do not edit.",
        "",
        *_counts(given),
    ]
    for schema in dict.fromkeys(entry.schema for entry in given):
        lines += ["", f"## {schema}", "", "| what became of it | ontology | shapes | mapping | for example |"]
        lines.append("|---|---|---|---|---|")
        lines += _reasons(entry for entry in given if entry.schema == schema)
    return "\n".join(lines) + "\n"


def _reasons(entries: Iterable[Entry]) -> Iterator[str]:
    """A row for each reason, the most frequent first; what is kept exactly is one of them."""
    counts: dict[str, Counter[str]] = {}
    examples: dict[str, str] = {}
    for entry in entries:
        for artifact in _ARTIFACTS:
            fate: str = getattr(entry.fates, artifact)
            reason = "exact" if fate.startswith("exact") else fate
            counts.setdefault(reason, Counter())[artifact] += 1
            examples.setdefault(reason, entry.subject)
    for reason in sorted(counts, key=lambda one: (-counts[one].total(), one)):
        numbers = " | ".join(str(counts[reason][artifact] or "") for artifact in _ARTIFACTS)
        yield f"| {reason.replace('|', chr(92) + '|')} | {numbers} | {examples[reason]} |"


def _counts(entries: tuple[Entry, ...]) -> Iterator[str]:
    yield "| | exact | approximated | dropped |"
    yield "|---|---|---|---|"
    for artifact in _ARTIFACTS:
        fates = [str(getattr(entry.fates, artifact)).partition(":")[0] for entry in entries]
        yield (
            f"| {artifact} | "
            + " | ".join(str(fates.count(one)) for one in ("exact", "approximated", "dropped"))
            + " |"
        )


def _row(entry: Entry) -> str:
    slug = f"`{entry.slug}`" if entry.slug else ""
    cells = (
        entry.subject,
        entry.statement,
        entry.source,
        slug,
        entry.fates.ontology,
        entry.fates.shapes,
        entry.fates.mapping,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
