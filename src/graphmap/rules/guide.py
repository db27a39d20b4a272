"""The rule language as a page: each key of LinkML with what it derives, the annotations, the kinds of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from graphmap.rules.aspects import FIELD_ASPECTS
from graphmap.rules.linkml import ANNOTATIONS, ELEMENTS

__all__ = ["DERIVES", "guide_markdown"]

_EXPRESSION = {
    "range": "a type: `sh:datatype`; an enumeration: `sh:in`; a class: `sh:class`, and a link by its key",
    "required": "`sh:minCount 1`; default false",
    "recommended": "`sh:minCount 1` as a Warning; default false",
    "multivalued": "no `sh:maxCount`; default false, which is `sh:maxCount 1`",
    "minimum_value": "`sh:minInclusive`; an ill-typed value is left to the datatype's rule",
    "maximum_value": "`sh:maxInclusive`, likewise",
    "pattern": "`sh:pattern`, which matches anywhere in the value",
    "structured_pattern": "`sh:pattern` with the `settings` put in, from start to end unless `partial_match`",
    "value_presence": "PRESENT: `sh:minCount 1`; ABSENT: `sh:maxCount 0`",
    "equals_string": "`sh:in` with one value",
    "equals_string_in": "`sh:in`",
    "equals_number": "`sh:in` with one number",
    "exact_cardinality": "`sh:minCount` and `sh:maxCount`",
    "minimum_cardinality": "`sh:minCount`",
    "maximum_cardinality": "`sh:maxCount`",
    "any_of": "`sh:or` over each value",
    "all_of": "`sh:and` over each value",
    "exactly_one_of": "`sh:xone` over each value",
    "none_of": "`sh:not` for each",
    "inlined": "objects stand inside the record; by default those without a key do, others are links by key",
    "inlined_as_list": "the same, in a list, which is what the mapping reads",
}
_LABELS = {"title": "`rdfs:label`; default: the name", "description": "`rdfs:comment`", "annotations": "see below"}

DERIVES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "a schema": {
            **_LABELS,
            "id": "the namespace of the names, where there is no default prefix",
            "name": "names of the derived files and of rules; default: the name of the file",
            "version": "`owl:versionInfo`",
            "prefixes": "what prefixed names stand for, as `p: IRI` or `p: {prefix_reference: IRI}`",
            "default_prefix": "the namespace of the names; without it and `id`, the base of the workspace",
            "default_range": "the range of slots that name none; default: string",
            "imports": "files below the folder of the rules, and `linkml:types`; nothing is fetched",
            "classes": "classes, shapes, mappings",
            "slots": "slots that classes list",
            "slot_definitions": "the same",
            "types": "datatypes",
            "enums": "`skos:ConceptScheme`, `sh:in`",
            "comments": "nothing",
            "settings": "parts of structured patterns",
        },
        "a class": {
            **_LABELS,
            "is_a": "`rdfs:subClassOf`; the slots and rules of the super-class",
            "mixins": "the same",
            "mixin": "no records of its own",
            "abstract": "no records of its own",
            "slots": "its slots",
            "slot_usage": "what it says of slots; it replaces what super-classes say",
            "attributes": "slots of its own",
            "class_uri": "its IRI",
            "tree_root": "it is a record, read from documents",
            "unique_keys": "`sh:maxCount 1` on the path there and back; of several, on a property that joins them",
            "rules": "`sh:or ( [ sh:not … ] … )`",
            "deprecated": "`owl:deprecated`",
        },
        "a slot": {
            **_EXPRESSION,
            **_LABELS,
            "aliases": "`skos:altLabel`; the mapping of an envelope reads them, too",
            "comments": "nothing",
            "identifier": "the key: the IRI of the thing, required, unique",
            "key": "the same",
            "alias": "the name in the data; default: the name with `_` for spaces",
            "slot_uri": "the IRI of the property",
            "ifabsent": "`sh:defaultValue`; nothing is added to the data",
            "deprecated": "`owl:deprecated`",
            "is_a": "what the slot above says, where this one does not",
            "mixins": "the same",
        },
        "a slot expression": {**_EXPRESSION},
        "a rule": {
            "title": "its name; default: rule1, rule2 …",
            "description": "the message",
            "preconditions": "when it applies",
            "postconditions": "what must hold then",
            "elseconditions": "what must hold otherwise",
            "bidirectional": "a second rule, the other way round",
            "deactivated": "no shape; it stands in the ledger",
            "annotations": "see below",
        },
        "a class expression": {"slot_conditions": "conditions on slots, all of which must hold"},
        "a unique key": {
            "unique_key_slots": "the slots whose values no two records share",
            "annotations": "see below",
            "description": "nothing",
        },
        "a type": {
            "typeof": "the type that it is made of",
            "uri": "the datatype, where it is one of XSD",
            "type_uri": "the same",
            "description": "nothing",
            "annotations": "see below",
            **{name: _EXPRESSION[name] for name in _EXPRESSION if name in ELEMENTS["a type"].read},
        },
        "an enumeration": {
            "description": "`rdfs:comment`",
            "permissible_values": "`skos:Concept`, `sh:in`; without any, no rule",
            "inherits": "the values of others, too",
            "annotations": "see below",
        },
        "a permissible value": {
            "text": "the value, which is its key",
            "description": "`skos:definition`",
            "title": "`skos:definition`, without a description",
            "meaning": "`skos:exactMatch`",
            "annotations": "`graphmap:pattern`",
        },
        "a pattern": {
            "syntax": "the regular expression",
            "interpolated": "`{name}` stands for a setting",
            "partial_match": "it may match a part of the value",
        },
    }
)
"""Derivation of each key that is read, by kind of element."""


def guide_markdown() -> str:
    """The page `docs/rules.md`."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    for kind, keys in ELEMENTS.items():
        yield f"\n## Keys of {kind}\n\n| key | what it derives |\n|---|---|"
        yield from (f"| `{key}` | {DERIVES[kind][key].replace('|', '&#124;')} |" for key in sorted(keys.read))
        for key, why in sorted(keys.lost.items()):
            if key not in keys.read:
                yield f"| `{key}` | dropped, and said in the ledger: {why} |"
        passed = ", ".join(f"`{key}`" for key in sorted(keys.passed - keys.read - frozenset(keys.lost)))
        if passed:
            yield f"\nMetadata, which asks for nothing: {passed}."
    yield "\n## Kinds of rules\n\n| kind | severity by default |\n|---|---|"
    yield from (f"| `{aspect.name}` | {aspect.severity} |" for aspect in FIELD_ASPECTS)
    yield "| `key` | Violation |\n| `unique` | Violation |\n| `across` (rules of a class) | Violation |"
    yield _SEVERITIES
    yield "\n## Annotations\n\nEach begins with `graphmap:` and may be left out.\n\n| annotation | meaning |\n|---|---|"
    yield from (f"| `graphmap:{name}` | {meaning} |" for name, meaning in ANNOTATIONS.items())
    yield _BESIDE


_INTRODUCTION = """\
# Rules

A rule file is a LinkML schema in `rules/`. `graphmap derive` makes the ontology, the shapes and the mappings from it,
and a ledger (`docs/losses.md`) of what one of them cannot say. `graphmap rules check` lists every contradiction with
its line and what to write instead. This page is generated from the program; do not edit it.

The smallest rule file:

```yaml
name: shop
classes:
  Customer:
    attributes:
      code: {identifier: true}
      name: {required: true}
  Order:
    attributes:
      number: {identifier: true, range: integer}
      customer: {range: Customer, required: true}
```

Each class of records has a mapping `mappings/{schema}.{Class}.ttl`. Its rows come from a table, or its objects from
documents where it holds objects or lists, or a source of the workspace says so. A thing is named
`{base}{schema}/{Class}#{key}`, after the highest class that has the same key; the values of a key of several slots are
joined by `,`. Without an identifier, the key is the first unique key of the highest class that has any. An object
without a key is named by its place in the record. A class that holds itself is read three deep.

The shape of a class holds for its sub-classes, too. Where a sub-class says otherwise by `slot_usage`, its own rule
holds for its things and that of the super-class for all others.

The standard types: string, integer, boolean, float, double, decimal, time, date, datetime, uri (`xsd:anyURI`),
uriorcurie, objectidentifier and nodeidentifier (as uri), curie, ncname, jsonpointer and date_or_datetime (a text of
that form), jsonpath and sparqlpath (a text)."""
_BESIDE = """
## Beside linkml-validate

`linkml-validate` turns a schema into JSON Schema and checks one record with it. Its verdict differs where JSON Schema
has other words than LinkML:

| what | linkml-validate | graphmap |
|---|---|---|
| a number or truth value written as a text | refused | read, because a table has no others |
| links, keys, `unique_keys` | not looked at | checked across records |
| `exact_cardinality`, bounds of dates, `equals_string_in` of a type, `inherits` | passed over | checked |
| a choice inside a choice | passed over | checked |
| the form of curie, date_or_datetime and jsonpointer | passed over | checked |
| a rule with a condition on a value that is away | applies | does not apply |
| a time without a zone | refused | permitted, as in xsd:time |
| a bare `yes` or `no` in the schema | true or false | the word |
| objects in a mapping by key, `inlined` | read | read where they stand in a list |
| what the ledger says is dropped | may be checked | not checked |"""
_SEVERITIES = """
The annotation `graphmap:severity` of a slot, a unique key or a rule sets the weight; on a slot it leaves `minCount`,
`maxCount`, `datatype` and `maxLength` as they are. `graphmap:severity.KIND` sets it for one kind, on the slot or, for
all slots, on the schema."""
