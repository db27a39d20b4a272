"""The loss ledger: what becomes of every statement of the pages in ontology, shapes and mapping.

A statement is kept exactly, approximated or dropped in each of them, and where it is not exact the ledger says why.
What usually becomes of a kind of statement stands in a table; annotations of the rule files say where one fares
otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from graphmap.rules.aspects import compared_things, compares_links
from graphmap.rules.checkable_rules import CROSS_PARTS, Checked, Rule, rules_of, shared_properties
from graphmap.rules.model import Annotations, EnumType, Fates, Field, RecordClass
from graphmap.rules.nesting import cut_places
from graphmap.rules.schema import RuleBook, Schema, embeds, is_unread

__all__ = ["Entry", "ledger", "ledger_markdown", "ledger_summary"]

_ARTIFACTS = ("ontology", "shapes", "mapping")
_MODEL = "dropped: in OWL it would make conclusions, it checks nothing"
_LIFT = "dropped: a mapping lifts what is there, right or wrong"
_ENVELOPE = "dropped: the envelope is no knowledge about the customer"
_AS_READ = "dropped: checked when the message is read"


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
        "typePattern": Fates(ontology="dropped: the range is the plain datatype", mapping=_LIFT),
        "internal": Fates(ontology="dropped: no class is that of the objects in one record", mapping=_LIFT),
        "minInclusive": Fates(ontology="dropped: the range is the plain datatype", mapping=_LIFT),
        "maxInclusive": Fates(ontology="dropped: the range is the plain datatype", mapping=_LIFT),
        "unique": Fates(ontology="dropped: owl:hasKey would make two records one", mapping=_LIFT),
        "key": Fates(ontology=_MODEL),
        "across": Fates(ontology=_MODEL, mapping=_LIFT),
        "otherwise": Fates(ontology=_MODEL, mapping=_LIFT),
        "recommended": Fates(ontology=_MODEL, shapes="approximated: a warning where it is away", mapping=_LIFT),
        "anyOf": Fates(ontology=_MODEL, mapping=_LIFT),
        "allOf": Fates(ontology=_MODEL, mapping=_LIFT),
        "exactlyOneOf": Fates(ontology=_MODEL, mapping=_LIFT),
        "noneOf": Fates(ontology=_MODEL, mapping=_LIFT),
        "restates": Fates(),
    }
)
_IDENTIFIER = Fates(
    ontology="dropped: owl:hasKey would make two records one",
    shapes="dropped: the key makes the IRI, so that two rows with one key are one node; checked at run time",
)
_NAMELESS = Fates(
    mapping="approximated: it has no key, and so no name; what stands inside it and has a key is read, it itself is not"
)
_LABEL = Fates(
    shapes="dropped: a label asks for nothing",
    mapping="dropped: `aliases` are labels; `alias` names the member to read",
)
_UNPROVEN = Fates(
    ontology="dropped: one message cannot prove a limit",
    shapes="dropped: one message cannot prove a limit",
    mapping="exact: lifted however many there are",
)
_OF_LINKS = Fates(ontology=_MODEL, shapes="dropped: a shape knows a link by its IRI, not by its key", mapping=_LIFT)
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
    rules: dict[str, list[Rule]] = {}
    for rule in rules_of(schema):
        rules.setdefault(rule.owner, []).append(rule)
    for record in schema.classes.values():
        yield from _of_class(schema, record, rules.get(record.name, []))
    for enum in schema.enums.values():
        yield from _of_enum(schema, enum)
    for record in schema.classes.values() if not _has_envelope(schema) else ():
        yield from _of_cut_places(schema, record)
    for loss in schema.losses:
        where = str(loss.where)
        yield Entry(
            schema=schema.name,
            subject=loss.subject,
            statement=loss.statement,
            source=where,
            slug=None,
            fates=loss.fates,
        )


def _is_nameless(schema: Schema, record: RecordClass) -> bool:
    """Return whether a class of records has no key, so that nothing can be said of them."""
    told = schema.keys_of(record) or "template" in record.annotations or record.abstract
    return record.kind == "record" and not told and not _has_envelope(schema)


def _has_envelope(schema: Schema) -> bool:
    return any(each.kind == "envelope" for each in schema.classes.values())


def _of_class(schema: Schema, record: RecordClass, rules: Iterable[Rule]) -> Iterator[Entry]:
    usual = _of_class_kind(record)
    if _is_nameless(schema, record):
        usual = _NAMELESS
    yield _entry(schema, record.name, _sentence(record.title, record.description), record.annotations, usual)
    for field in record.fields:
        yield from _of_field(schema, record, field)
    yield from (_of_rule(schema, record, rule) for rule in rules)
    for each in record.cross_rules:
        if each.deactivated or compares_links(schema, record, each):
            fates = Fates() if each.deactivated else _OF_LINKS
            yield _entry(schema, f"{record.name}.{each.name}", each.description, each.annotations, fates)


def _of_cut_places(schema: Schema, record: RecordClass) -> Iterator[Entry]:
    if record.kind == "record" and not record.abstract:
        why = "dropped: a class that holds itself is read three deep, a document in 60 places; the rest is unread"
        for place in cut_places(schema, record):
            yield _entry(schema, f"{record.name}.{place.name}", "objects here", record.annotations, Fates(mapping=why))


def _of_class_kind(record: RecordClass) -> Fates:
    if record.kind == "envelope":
        return Fates(ontology=_ENVELOPE, shapes=_AS_READ)
    return _CHILD if record.kind == "child" else Fates()


def _sentence(title: str, description: str) -> str:
    return f"{title}: {description}" if description else title


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
    yield _entry(schema, subject, _sentence(field.title, field.description), own, restated)
    if field.maximum_count is None and field.annotations["source"].startswith("sample"):
        yield _entry(schema, subject, "how many values there are", {"source": field.annotations["source"]}, _UNPROVEN)
    if not _has_envelope(schema):
        for alias in field.aliases:
            yield _entry(schema, subject, f"also called {alias}", {"source": field.annotations["source"]}, _LABEL)
        field = replace(field, aliases=())
    for statement, fates in (*_extras(field, usual), *_of_linkml(schema, record, field)):
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


def _of_linkml(schema: Schema, record: RecordClass, field: Field) -> Iterator[tuple[str, Fates]]:
    """Statements of a slot that a derived file cannot make, or not all of it."""
    if record.kind == "envelope":
        return
    if field.default is not None:
        why = "dropped: only what was written is lifted"
        shapes = "approximated: sh:defaultValue where it is a plain value, which adds none"
        yield f"ifabsent {field.default}", Fates(ontology=_MODEL, shapes=shapes, mapping=why)
    if field.deprecated:
        yield "deprecated", Fates(ontology="exact: owl:deprecated", shapes="dropped: it is no fault", mapping=_LIFT)
    if field.name in shared_properties(record):
        why = "another field of the class has the same slot_uri, so that their values cannot be distinguished"
        yield "what its values must be like", Fates(shapes=f"dropped: {why}")
    yield from _of_types(schema, field)
    yield from _of_links(schema, field)
    for name in field.ranges:
        enum = schema.all_enums.get(name)
        if enum is not None and (not enum.values or "open" in enum.annotations):
            why = "dropped: the schema does not list the values"
            yield f"values of {name}", Fates(ontology=why, shapes=why)


def _of_types(schema: Schema, field: Field) -> Iterator[tuple[str, Fates]]:
    for key in compared_things(schema, field):
        why = "dropped: a link is compared by its key, texts and values of several types have no order of numbers"
        yield f"{key} of what is not compared", Fates(ontology=_MODEL, shapes=why, mapping=_LIFT)
    types = [name for name in dict.fromkeys(field.ranges) if name in schema.types]
    if len({schema.types[name].iri for name in types}) > 1 or (types and schema.datatype(field) is None):
        why = "approximated: a text counts as one of a type by its form alone"
        yield f"type {' or '.join(types)}", Fates(ontology="dropped: a range is one of them", shapes=why)


def _of_links(schema: Schema, field: Field) -> Iterator[tuple[str, Fates]]:
    targets = schema.targets(field)
    if is_unread(schema, field):
        why = "dropped: nothing tells which class a thing is of, or a text from a thing; name one class that all are of"
        yield f"range {' or '.join(field.ranges)}", Fates(ontology="dropped: a range is one", shapes=why, mapping=why)
        return
    if schema.is_mixed(field):
        why = "approximated: a value that is a text is lifted as it is, an object is not"
        yield f"range {' or '.join(field.ranges)}", Fates(ontology="dropped: a range is one of both", mapping=why)
        return
    if embeds(schema, field) and any(not schema.keys_of(target) for target in targets):
        why = "approximated: an object without a key is named by its place in the record"
        yield "what tells its objects apart", Fates(mapping=why)
    if field.keyed and embeds(schema, field):
        why = "approximated: read where they stand in a list; write inlined_as_list, and the key inside each object"
        yield "objects in a mapping by key", Fates(mapping=why)


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
        return next((key.annotations for key in record.unique_keys if key.fields == rule.values), {})
    if rule.aspect in ("across", "otherwise"):
        names = {f".{record.name}.{one.name}{part}": one for one in record.cross_rules for part in CROSS_PARTS}
        return next(one.annotations for name, one in names.items() if rule.slug.endswith(name))
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
    fates = (entry.fates.ontology, entry.fates.shapes, entry.fates.mapping)
    cells = (entry.subject, entry.statement, entry.source, slug, *fates)
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
