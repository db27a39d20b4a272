"""Rules of a nested document -> RML: its root, and the objects inside it wherever they stand.

Each place of objects gets a view, which keeps the keys of what is around an object beside its own fields. An object
with a key is named by it; one without is named by its place, below the name of what holds it.
Source: RML-Core; RML-LV, logical views; RFC 9535 for references, read laxly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from graphmap.derivation.mappings.keys import column_keys, entity_template, joined_keys, key_rules
from graphmap.derivation.mappings.term_maps import (
    expression_field,
    iri_template,
    predicate_object,
    segment,
    value_reference,
    view,
)
from graphmap.derivation.namespaces import Space, key_property
from graphmap.files import file_part
from graphmap.rdf import Blank, Block, Pairs, Term, literal, pairs
from graphmap.rules import Field, Place, RecordClass, Schema, embeds, is_unread, places_of

__all__ = ["NestedMapping", "member"]

LAX = "graphmap:LaxJSONPath"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch


def member(name: str) -> str:
    """A member of an object, as a step of a JSONPath.

    >>> member("name"), member("it's")
    ('.name', "['it\\\\'s']")
    """
    if _PLAIN(name):
        return f".{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"


def items(field: Field) -> str:
    """The JSONPath of the objects or values of a field."""
    return f"${member(field.name)}[*]"


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedMapping:
    """Writes the mapping of one class of documents.

    Args:
        schema: the schema of the class.
        root: the class.
        space: the names.
        iterator: JSONPath of the records in a document.
    """

    schema: Schema
    root: RecordClass
    space: Space
    iterator: str = "$"

    def blocks(self) -> Iterator[Block]:
        """The file and the source of all, then place by place, the outer before the inner."""
        yield Block(
            subject=self.space.map(self.root.name),
            pairs=pairs(
                ("rdf:type", "rml:RelativePathSource"),
                ("rml:root", "rml:MappingDirectory"),
                ("rml:path", literal(f"{file_part(self.root.name)}.json")),
            ),
        )
        yield Block(
            subject=self.space.map(f"{self._slug}.source"),
            pairs=pairs(
                ("rdf:type", "rml:LogicalSource"),
                ("rml:source", self.space.map(self.root.name)),
                ("rml:referenceFormulation", LAX),
                ("rml:iterator", literal(self.iterator)),
            ),
        )
        for place in places_of(self.schema, self.root):
            yield from self._place(place)

    @property
    def _slug(self) -> str:
        return f"{self.schema.name}.{self.root.name}"

    def _place(self, place: Place) -> Iterator[Block]:
        subject = self._subject(place)
        if subject is None:
            return
        slug = ".".join([self._slug, *(segment(step.name) for step in place.steps)])
        own = [
            field for field in place.record.induced if not (embeds(self.schema, field) or is_unread(self.schema, field))
        ]
        once = [field for field in own if field.maximum_count == 1]
        maps = [self._object(place, field) for field in once] + list(self._keys(place))
        yield from self._reads(place, slug, once)
        yield Block(
            subject=self.space.map(slug),
            pairs=pairs(
                ("rdf:type", "rml:TriplesMap"),
                ("dcterms:source", literal(place.record.annotations["source"])),
                ("rml:logicalSource", self._source(place, slug)),
                ("rml:subjectMap", self._subject_map(place, subject)),
                ("rml:predicateObjectMap", maps),
            ),
        )
        for field in own:
            if field not in once:
                name = f"{slug}.{segment(field.name)}"
                yield from self._reads(place, name, [field])
                yield self._statement(place, name, subject, field)
        yield from self._link(place, slug, subject)

    def _source(self, place: Place, slug: str) -> str:
        return self.space.map(f"{slug}.view" if place.steps else f"{self._slug}.source")

    def _reads(self, place: Place, slug: str, fields: list[Field]) -> Iterator[Block]:
        """The view of a place with some of its fields; the root is read as it is."""
        if place.steps:
            yield view(
                self.space.map(f"{slug}.view"), self.space.map(f"{self._slug}.source"), self._levels(place, fields)
            )

    def _levels(self, place: Place, fields: list[Field]) -> list[Blank]:
        """The fields of a view, from the outermost level to that of the place."""
        below: list[Blank] = []
        for depth in range(len(place.steps), -1, -1):
            record = place.records[depth]
            names = {name for choice in self._choice(record) for name in choice}
            read = [field for field in record.induced if field.name in names]
            if depth == len(place.steps):
                read += [field for field in fields if field.name not in names]
            level = [expression_field(f"f_{_word(field.name)}", f"${member(field.name)}[*]") for field in read]
            if depth == 0:
                return [*level, *below]
            step = place.steps[depth - 1]
            below = [
                Blank(
                    pairs=pairs(
                        ("rdf:type", "rml:IterableField"),
                        ("rml:fieldName", literal(f"i{depth}")),
                        ("rml:iterator", literal(items(step))),
                        ("rml:field", [*level, *below]),
                    )
                )
            ]
        return below

    def _choice(self, record: RecordClass) -> tuple[tuple[str, ...], ...]:
        return self.schema.keys_of(record)[:1]

    def _reference(self, place: Place, depth: int, name: str) -> str:
        """Reference from a place to a field of the object at some depth."""
        if not place.steps:
            return f"${member(name)}[*]"
        return "".join(f"i{number}." for number in range(1, depth + 1)) + f"f_{_word(name)}"

    def _subject(self, place: Place) -> str | None:
        """The template of the IRI of an object; `None` where neither it nor anything around it has a key."""
        tail = ""
        for depth in range(len(place.steps), -1, -1):
            choice = self._choice(place.records[depth])
            if choice:
                references = [self._reference(place, depth, name) for name in choice[0]]
                return entity_template(self.schema, place.records[depth], self.space, references) + tail
            if depth:
                position = ".".join(f"i{number}" for number in range(1, depth + 1)) + ".#"
                tail = f"/{_word(place.steps[depth - 1].name)}/{{{position}}}{tail}"
        return None

    def _subject_map(self, place: Place, subject: str) -> Term:
        missing, _ = key_rules(self.schema, place.record)
        unique = key_rules(self.schema, place.record)[1] if not place.steps else None
        return Blank(
            pairs=(
                *iri_template(subject),
                *pairs(
                    ("rml:class", self.space.term_of(place.record)),
                    ("graphmap:rule", literal(missing) if missing else None),
                    ("graphmap:uniqueRule", literal(unique) if unique else None),
                ),
            )
        )

    def _object(self, place: Place, field: Field) -> Blank:
        reference = self._reference(place, len(place.steps), field.name)
        return predicate_object(self.space.term_of(field), Blank(pairs=self._value(field, reference)))

    def _value(self, field: Field, reference: str) -> Pairs:
        if self.schema.is_link(field):
            target = self.schema.targets(field)[0]
            return iri_template(entity_template(self.schema, target, self.space, [reference]))
        datatype = self.schema.datatype(field)
        return (
            *value_reference(reference, self.space.name(datatype) if datatype else None),
            *pairs(("dcterms:source", literal(field.annotations["source"]))),
        )

    def _statement(self, place: Place, slug: str, subject: str, field: Field) -> Block:
        return Block(
            subject=self.space.map(slug),
            pairs=pairs(
                ("rdf:type", "rml:TriplesMap"),
                ("rml:logicalSource", self._source(place, slug)),
                ("rml:subjectMap", Blank(pairs=iri_template(subject))),
                ("rml:predicateObjectMap", self._object(place, field)),
            ),
        )

    def _keys(self, place: Place) -> Iterator[Blank]:
        """Keys of several fields as one value, which shapes compare."""
        for home, rule in joined_keys(self.schema, place.record):
            references = [self._reference(place, len(place.steps), name) for name in rule.values]
            yield column_keys(key_property(home, rule, self.space), references, self.space)

    def _link(self, place: Place, slug: str, subject: str) -> Iterator[Block]:
        """The link to the objects of a place from what holds them, where that has a name."""
        if not place.steps:
            return
        outer = Place(steps=place.steps[:-1], records=place.records[:-1])
        holder = self._holder(outer)
        if holder is not None:
            yield Block(
                subject=self.space.map(f"{slug}.link"),
                pairs=pairs(
                    ("rdf:type", "rml:TriplesMap"),
                    ("rml:logicalSource", self._source(place, slug)),
                    ("rml:subjectMap", Blank(pairs=iri_template(holder))),
                    (
                        "rml:predicateObjectMap",
                        predicate_object(self.space.term_of(place.steps[-1]), Blank(pairs=iri_template(subject))),
                    ),
                ),
            )

    def _holder(self, outer: Place) -> str | None:
        """The name of what holds the objects of a place inside it, as the view of that place refers to it."""
        subject = self._subject(outer)
        if subject is None or outer.steps:
            return subject
        names = self._choice(self.root)[0]
        return entity_template(self.schema, self.root, self.space, [f"f_{_word(name)}" for name in names])


def _word(name: str) -> str:
    """A name as a part of a reference and of an IRI, unlike that of any other name."""
    return quote(name, safe="").replace(".", "%2E")
