"""Reads LinkML schemas into the model: all files of a folder, their imports, and every problem at once.

Source: LinkML metamodel 1.8 (ClassDefinition, SlotDefinition, EnumDefinition).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from graphmap.errors import Locator, RulesError
from graphmap.rules.linkml.documents import (
    Document,
    Element,
    Notes,
    find_below,
    joined_name,
    local_name,
    read_documents,
)
from graphmap.rules.linkml.entries import Entries, entries_of
from graphmap.rules.linkml.expressions import choices_of, cross_rule, equals_of, expressions_of
from graphmap.rules.linkml.induced_slots import InducedSlot, SlotInduction, parents_of
from graphmap.rules.linkml.types import types_of
from graphmap.rules.linkml.yaml_positions import Marked
from graphmap.rules.model import Annotations, EnumType, EnumValue, Field, RecordClass, UniqueKey, ValueType
from graphmap.rules.schema import RuleBook, Schema

__all__ = ["load_rules", "read_schema"]


def load_rules(folder: Path) -> RuleBook:
    """Read every `*.yaml` file of a folder, and what they import from below it.

    Args:
        folder: the folder of the rule files.

    Returns:
        The schemas by name, sorted, and the problems of all files.

    Raises:
        RulesError: where the folder holds no rule file, or one cannot be opened.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        hint = "write a schema there, such as rules/shop.yaml; docs/rules.md shows one"
        raise RulesError("no rule file (*.yaml) is here", where=Locator(source=str(folder)), hint=hint)
    texts = {f"{folder.resolve().name}/{file.name}": _text(file) for file in files}
    notes = Notes()
    documents = read_documents(texts, find_below(folder), notes)
    return _book(documents, notes)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = "save it as UTF-8 text, and see that it can be read"
        raise RulesError(f"cannot be read: {error}", where=Locator(source=str(file)), hint=hint) from error


def read_schema(text: str, *, file: str) -> Schema:
    """Read one rule file that imports no other.

    Args:
        text: YAML.
        file: its name, for errors.

    Raises:
        RulesError: names file, line and key of the first problem.
    """
    notes = Notes()
    documents = read_documents({file: text}, lambda *_: None, notes)
    book = _book(documents, notes)
    for problem in book.problems:
        raise RulesError(problem.what, where=problem.where, hint=problem.hint)
    return next(iter(book.schemas.values()))


def _book(documents: Mapping[str, Document], notes: Notes) -> RuleBook:
    found: dict[str, _Parts] = {}
    for document in documents.values():
        if document.name in found:
            what = f"schema {document.name!r} is in {found[document.name].document.file} already"
            notes.problem(what, document.root.where, "give each file a name of its own")
            continue
        found[document.name] = _parts(document, notes)
    below = _below(found)
    schemas = {name: _schema(parts, found, below, notes) for name, parts in sorted(found.items())}
    unique = dict.fromkeys(notes.problems)
    return RuleBook(schemas=MappingProxyType(schemas), problems=tuple(unique))


_Home = tuple[str, str]
"""A class by the name of its schema and its own: classes of several schemas may have one name."""


def _home(record: RecordClass) -> _Home:
    return record.home, record.name


def _below(found: Mapping[str, _Parts]) -> Mapping[_Home, Mapping[_Home, RecordClass]]:
    """The classes right below each class, of whatever schema."""
    below: dict[_Home, dict[_Home, RecordClass]] = {}
    for parts in found.values():
        known = _visible_classes(parts, found)
        for record in parts.classes.values():
            for parent in (known[name] for name in record.parents if name in known):
                below.setdefault(_home(parent), {})[_home(record)] = record
    return below


def _visible_classes(parts: _Parts, found: Mapping[str, _Parts]) -> dict[str, RecordClass]:
    visible = [found[each.name] for each in parts.document.visible.values() if each.name in found]
    return {name: each for one in visible for name, each in one.classes.items()}


def _heirs(record: RecordClass, below: Mapping[_Home, Mapping[_Home, RecordClass]]) -> tuple[RecordClass, ...]:
    reached: dict[_Home, RecordClass] = {}
    waiting = [_home(record)]
    while waiting:
        for home, heir in below.get(waiting.pop(), {}).items():
            if home not in reached and home != _home(record):
                reached[home] = heir
                waiting.append(home)
    return tuple(sorted(reached.values(), key=lambda one: one.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Definitions of one file, before it is joined with its imports."""

    document: Document
    top: Entries
    types: Mapping[str, ValueType]
    enums: Mapping[str, EnumType]
    classes: Mapping[str, RecordClass]


def _parts(document: Document, notes: Notes) -> _Parts:
    top = Entries(subject=document.name, node=document.root, given=document.top, document=document, notes=notes)
    visible = tuple(document.visible.values())
    classes = _joined(visible, ("classes",), str, notes)
    slots = _joined(visible, ("slots", "slot_definitions"), local_name, notes)
    induction = SlotInduction(classes=classes, slots=slots, notes=notes)
    for name in slots:
        if slots[name].document is document:
            entries_of(slots[name].node, "a slot", name, document, notes)
    enums = _joined(visible, ("enums",), str, notes)
    own_classes = {name: each for name, each in classes.items() if each.document is document}
    own_enums = {name: each for name, each in enums.items() if each.document is document}
    return _Parts(
        document=document,
        top=top,
        types=types_of(_joined(visible, ("types",), str, notes), notes),
        enums={joined_name(name): _enum(name, enums, notes) for name in own_enums},
        classes={joined_name(name): _class(name, each, induction, top) for name, each in own_classes.items()},
    )


def _joined(
    documents: Iterable[Document], kinds: Iterable[str], key: Callable[[str], str], notes: Notes
) -> dict[str, Element]:
    """The elements of a file and of its imports; one name for two of them is a problem."""
    found: dict[str, Element] = {}
    said: dict[str, str] = {}
    for document in documents:
        for kind in kinds:
            try:
                each = list(document.own(kind))
            except RulesError as error:
                notes.error(error)
                continue
            for name, element in each:
                other = found.setdefault(key(name), element)
                same = said.setdefault(joined_name(name), name) if key is str else name
                if not local_name(name):
                    notes.problem(f"one of the {kind} has no name", element.node.where, "write a name before the colon")
                elif same != name:
                    what = f"{name!r} and {same!r} are one name where spaces are left out: {joined_name(name)}"
                    notes.problem(what, element.node.where, "rename one of them")
                if other.node != element.node and kind != "types":
                    what = f"{name} stands in {other.document.file} already"
                    notes.problem(what, element.node.where, "keep one, or give this one another name")
    return found


def _schema(
    parts: _Parts, found: Mapping[str, _Parts], below: Mapping[_Home, Mapping[_Home, RecordClass]], notes: Notes
) -> Schema:
    classes = _visible_classes(parts, found)
    visible = [found[each.name] for each in parts.document.visible.values() if each.name in found]
    annotations = dict(parts.top.annotations())
    annotations.setdefault("page", parts.document.file)
    given = parts.top
    return Schema(
        name=parts.document.name,
        title=given.text("title") or parts.document.name,
        description=given.text("description"),
        version=given.text("version"),
        prefixes=MappingProxyType(dict(parts.document.prefixes)),
        types=MappingProxyType(dict(parts.types)),
        enums=MappingProxyType(dict(parts.enums)),
        classes=MappingProxyType(dict(parts.classes)),
        annotations=MappingProxyType(annotations),
        comments=given.texts("comments"),
        file=parts.document.file,
        namespace=parts.document.namespace,
        all_enums=MappingProxyType({name: each for one in visible for name, each in one.enums.items()}),
        all_classes=MappingProxyType(classes),
        heirs=MappingProxyType({name: each for name, one in classes.items() if (each := _heirs(one, below))}),
        losses=tuple(dict.fromkeys(notes.losses.get(parts.document.file, []))),
    )


def _class(name: str, element: Element, induction: SlotInduction, top: Entries) -> RecordClass:
    entries = entries_of(element.node, "a class", name, element.document, top.notes)
    try:
        slots = list(induction.slots_of(name))
    except RulesError as error:
        top.notes.error(error)
        slots = []
    fields = [(slot, _field(name, slot, entries, top.text("default_range"))) for slot in slots]
    renamed = {local_name(slot.name): field.name for slot, field in fields}
    return RecordClass(
        name=joined_name(name),
        title=entries.text("title") or name,
        description=entries.text("description"),
        parents=tuple(joined_name(parent) for parent in parents_of(element)),
        abstract=entries.flag("abstract") or entries.flag("mixin"),
        fields=tuple(field for slot, field in fields if slot.own),
        induced=tuple(field for _, field in fields),
        unique_keys=tuple(
            _unique_key(key, node, entries, renamed) for key, node in entries.named("unique_keys").items()
        ),
        cross_rules=tuple(
            rule
            for number, item in enumerate(entries.items("rules"), start=1)
            if (rule := cross_rule(entries.below(item, "a rule", name), number, renamed)) is not None
        ),
        annotations=entries.annotations(),
        where=element.node.where,
        iri=entries.iri("class_uri"),
        home=element.document.name,
        has_unique_key=any("unique_keys" in each.node.entries() for each in induction.lineage(name)),
        tree_root=entries.flag("tree_root"),
        deprecated=entries.text("deprecated"),
    )


def _field(owner: str, slot: InducedSlot, of_class: Entries, default_range: str) -> Field:
    document = slot.definition.document
    name = local_name(slot.name)
    if slot.node.file == of_class.node.file:
        entries_of(slot.node, "a slot", f"{owner}.{name}", of_class.document, of_class.notes)
    entries = Entries(
        subject=f"{owner}.{name}", node=slot.node, given=slot.entries, document=document, notes=of_class.notes
    )
    choices = choices_of(entries, name)
    in_choices = any(one.ranges for group, each in choices for one in each if group != "none_of")
    range_name = entries.text("range") or ("" if in_choices else _default_range(document, default_range))
    minimum, maximum = _counts(entries)
    inlined = any(
        each.flag(key) for each in (entries, *expressions_of(entries)) for key in ("inlined", "inlined_as_list")
    )
    return Field(
        name=local_name(entries.text("alias")) or name,
        title=entries.text("title") or slot.name,
        description=entries.text("description"),
        range=joined_name(range_name) if range_name else "",
        minimum_count=minimum,
        maximum_count=maximum,
        identifier=entries.flag("identifier") or entries.flag("key"),
        pattern=entries.pattern(),
        minimum=entries.number("minimum_value"),
        maximum=entries.number("maximum_value"),
        aliases=entries.texts("aliases"),
        comments=entries.texts("comments"),
        annotations=entries.annotations(),
        where=slot.node.where,
        iri=entries.iri("slot_uri") or document.own_iri(name),
        home=document.name,
        equals=equals_of(entries),
        choices=choices,
        inlined=inlined,
        keyed=entries.flag("inlined") and not entries.flag("inlined_as_list") and maximum is None,
        recommended=entries.flag("recommended"),
        default=entries.text("ifabsent") or None,
        deprecated=entries.text("deprecated"),
    )


def _default_range(document: Document, default: str) -> str:
    own = document.top["default_range"].text() if "default_range" in document.top else default
    return own or "string"


def _counts(entries: Entries) -> tuple[int, int | None]:
    exact = entries.count("exact_cardinality")
    minimum, maximum = entries.count("minimum_cardinality"), entries.count("maximum_cardinality")
    presence = entries.text("value_presence")
    if presence == "ABSENT":
        return 0, 0
    if exact is not None:
        return exact, exact
    required = presence == "PRESENT" or any(map(entries.flag, ("required", "identifier", "key")))
    several = maximum is not None or entries.flag("multivalued") or "array" in entries.given
    return minimum if minimum is not None else int(required), maximum if several else 1


def _unique_key(name: str, node: Marked, of_class: Entries, renamed: Mapping[str, str]) -> UniqueKey:
    entries = of_class.below(node, "a unique key", f"{of_class.subject}.{name}")
    slots = map(local_name, entries.texts("unique_key_slots"))
    return UniqueKey(
        name=local_name(name),
        fields=tuple(renamed.get(slot, slot) for slot in slots),
        annotations=entries.annotations(),
        where=entries.node.where,
    )


def _enum(name: str, enums: Mapping[str, Element], notes: Notes) -> EnumType:
    element = enums[name]
    entries = entries_of(element.node, "an enumeration", name, element.document, notes)
    values = dict(_own_values(entries))
    for above in _lineage(entries, enums):
        inherited = entries_of(enums[above].node, "an enumeration", above, enums[above].document, notes)
        values = dict(_own_values(inherited)) | values
    return EnumType(
        name=joined_name(name),
        description=entries.text("description"),
        values=tuple(values.values()),
        annotations=_with_openness(entries),
        where=element.node.where,
        home=element.document.name,
    )


def _with_openness(entries: Entries) -> Annotations:
    """An enumeration that takes values from elsewhere, too, is `open`: its own list is not all of it."""
    dynamic = ("code_set", "pv_formula", "include", "minus", "reachable_from", "matches", "concepts", "values_from")
    if any(key in entries.given for key in dynamic):
        return MappingProxyType({**entries.annotations(), "open": "true"})
    return entries.annotations()


def _lineage(entries: Entries, enums: Mapping[str, Element]) -> list[str]:
    found: list[str] = []
    waiting = list(entries.texts("inherits"))
    while waiting:
        above = waiting.pop(0)
        if above not in enums or above == entries.subject:
            circle = above in enums
            hint = "take one inherits of the circle out" if circle else "name one of the schema or of its imports"
            what = f"inherits {above}, which is {'in a circle' if circle else 'no enumeration'}"
            entries.notes.problem(f"{entries.subject} {what}", entries.given["inherits"].where, hint)
        elif above not in found:
            found.append(above)
            node = enums[above].node
            inner = replace(entries, node=node, given=node.entries(), subject=above)
            waiting += inner.texts("inherits")
    return found


def _own_values(entries: Entries) -> Iterable[tuple[str, EnumValue]]:
    given = entries.given.get("permissible_values")
    try:
        named = {} if given is None else given.keyed_by("text") if given.is_list else given.entries()
    except RulesError as error:
        entries.notes.error(error)
        named = {}
    for name, node in named.items():
        if not node.is_mapping:  # a value alone, or with its description alone
            described = "" if node.text() == name else node.text()
            yield name, EnumValue(name=name, description=described, meaning=None, pattern=None)
            continue
        value = entries.below(node, "a permissible value", f"{entries.subject} {name}")
        if (said := value.text("text") or name) != name:
            what = f"the value {name!r} of {entries.subject} has another text: {said!r}"
            value.notes.problem(what, node.where, "write the text as the key, and what it means as title")
        yield (
            name,
            EnumValue(
                name=name,
                description=value.text("description") or value.text("title"),
                meaning=_meaning(value),
                pattern=value.annotations().get("pattern"),
            ),
        )


def _meaning(value: Entries) -> str | None:
    curie = value.text("meaning")
    iri = value.document.iri(curie) if curie else None
    if curie and iri is None:
        why = f"the prefix {curie.partition(':')[0]!r} is not declared under prefixes"
        value.notes.loss(value.document, value.subject, f"meaning {curie}", why, value.given["meaning"].where)
    return iri
