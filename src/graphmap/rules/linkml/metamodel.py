"""The keys of LinkML by kind of element: read, passed over as metadata, or lost for a reason that the ledger gives.

Source: LinkML metamodel 1.8 (SchemaDefinition, ClassDefinition, SlotDefinition, EnumDefinition, TypeDefinition).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["ANNOTATIONS", "ELEMENTS", "ElementKeys"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementKeys:
    """The keys of one kind of element.

    Args:
        read: keys that the model takes in.
        passed: metadata, which asks for nothing.
        lost: keys that ask for something that no derived file says, each with the reason.
    """

    read: frozenset[str]
    passed: frozenset[str] = frozenset()
    lost: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[str]:
        """Every key that the element may have."""
        return self.read | self.passed | frozenset(self.lost)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


METADATA = _words(
    """
    name id_prefixes id_prefixes_are_closed definition_uri local_names conforms_to implements instantiates extensions
    annotations description alt_descriptions title deprecated todos notes comments examples in_subset from_schema
    imported_from source in_language see_also deprecated_element_has_exact_replacement
    deprecated_element_has_possible_replacement aliases structured_aliases mappings exact_mappings close_mappings
    related_mappings narrow_mappings broad_mappings created_by contributors created_on last_updated_on modified_by
    status rank categories keywords
    """
)
_CONCLUDES = "it makes conclusions and checks nothing; write it by hand into ontology/"
_BY_HAND = "SHACL Core has no word for it; write a shape by hand into shapes/custom/"
_DYNAMIC = "the values stand in a vocabulary elsewhere; list them as permissible_values"
_UNIT = "a unit asks for nothing of the value"

_EXPRESSION = _words(
    """
    range required recommended multivalued minimum_value maximum_value pattern structured_pattern value_presence
    equals_string equals_string_in equals_number exact_cardinality minimum_cardinality maximum_cardinality
    any_of all_of exactly_one_of none_of inlined inlined_as_list
    """
)
_EXPRESSION_LOST = {
    "range_expression": "an anonymous class has no name to ask for; name the class and use range",
    "enum_range": "an anonymous enumeration has no name; name it under enums and use range",
    "bindings": _DYNAMIC,
    "equals_expression": "no shape computes an expression over other slots; write one by hand into shapes/custom/",
    "has_member": _BY_HAND,
    "all_members": _BY_HAND,
    "array": "an array is read as a list of values; one of more dimensions is not",
    "unit": _UNIT,
    "implicit_prefix": "a value is kept as it is written",
}
_DEFINITION_LOST = {
    "apply_to": "a class takes in other classes by mixins; list this one there",
    "values_from": _DYNAMIC,
    "string_serialization": "a value is kept as it is written; use pattern to check its form",
}
_SLOT_LOST = {
    **_EXPRESSION_LOST,
    **_DEFINITION_LOST,
    **dict.fromkeys(
        _words(
            """
            domain subproperty_of symmetric reflexive locally_reflexive irreflexive asymmetric transitive inverse
            transitive_form_of reflexive_transitive_form_of disjoint_with children_are_mutually_disjoint
            """
        ),
        _CONCLUDES,
    ),
    "union_of": _CONCLUDES,
    "designates_type": "a thing gets the class of the place that it stands in; the value is kept as a text",
    "list_elements_ordered": "the values of a property have no order in RDF",
    "path_rule": _BY_HAND,
    "type_mappings": "a mapping to another type system asks for nothing here",
}

ELEMENTS: Mapping[str, ElementKeys] = MappingProxyType(
    {
        "a schema": ElementKeys(
            read=_words(
                """
                id name title description version prefixes default_prefix default_range imports classes slots
                slot_definitions types enums annotations comments settings
                """
            ),
            passed=METADATA
            | _words(
                """
                license emit_prefixes default_curi_maps subsets metamodel_version source_file source_file_date
                source_file_size generation_date slot_names_unique type_names_unique
                """
            ),
            lost={"bindings": _DYNAMIC},
        ),
        "a class": ElementKeys(
            read=_words(
                """
                title description is_a mixins mixin abstract slots slot_usage attributes class_uri tree_root unique_keys
                rules annotations deprecated
                """
            ),
            passed=METADATA
            | _words(
                """
                slot_names_unique represents_relationship alias
                """
            ),
            lost={
                "subclass_of": _CONCLUDES,
                "defining_slots": _CONCLUDES,
                "extra_slots": "shapes are open; what no slot reads is listed as unread",
                "union_of": _CONCLUDES,
                "disjoint_with": _CONCLUDES,
                "children_are_mutually_disjoint": _CONCLUDES,
                "classification_rules": _CONCLUDES,
                "slot_conditions": "a condition of a class stands under rules, as postconditions",
                "any_of": _BY_HAND,
                "all_of": _BY_HAND,
                "exactly_one_of": _BY_HAND,
                "none_of": _BY_HAND,
                **_DEFINITION_LOST,
            },
        ),
        "a slot": ElementKeys(
            read=_EXPRESSION
            | _words(
                """
                title description aliases comments annotations identifier key alias slot_uri ifabsent deprecated is_a
                mixins
                """
            ),
            passed=METADATA
            | _words(
                """
                singular_name inherited readonly list_elements_unique shared owner domain_of is_class_field role
                is_usage_slot usage_slot_name relational_role slot_group is_grouping_slot abstract mixin
                """
            ),
            lost=_SLOT_LOST,
        ),
        "a slot expression": ElementKeys(
            read=_EXPRESSION,
            passed=METADATA,
            lost={
                **_EXPRESSION_LOST,
                "inlined": "how the objects of one choice are written is not distinguished",
                "inlined_as_list": "how the objects of one choice are written is not distinguished",
            },
        ),
        "a rule": ElementKeys(
            read=_words(
                "title description preconditions postconditions elseconditions bidirectional deactivated annotations"
            ),
            passed=METADATA | {"open_world"},
        ),
        "a class expression": ElementKeys(
            read=_words("slot_conditions"),
            passed=METADATA,
            lost={
                "is_a": _BY_HAND,
                "any_of": _BY_HAND,
                "all_of": _BY_HAND,
                "exactly_one_of": _BY_HAND,
                "none_of": _BY_HAND,
            },
        ),
        "a unique key": ElementKeys(
            read=_words("unique_key_slots annotations description"),
            passed=METADATA | {"unique_key_name"},
            lost={"consider_nulls_inequal": "a key with a value that is away is compared with no other"},
        ),
        "a type": ElementKeys(
            read=_words(
                """
                typeof uri type_uri description minimum_value maximum_value pattern structured_pattern equals_string
                equals_string_in equals_number annotations
                """
            ),
            passed=METADATA | _words("base repr"),
            lost={
                "union_of": "the values of a union of types are lifted as texts",
                "any_of": "choices of a type are not distinguished; put them on the slot",
                "all_of": "choices of a type are not distinguished; put them on the slot",
                "exactly_one_of": "choices of a type are not distinguished; put them on the slot",
                "none_of": "choices of a type are not distinguished; put them on the slot",
                "unit": _UNIT,
                "implicit_prefix": "a value is kept as it is written",
            },
        ),
        "an enumeration": ElementKeys(
            read=_words("description permissible_values inherits annotations"),
            passed=METADATA | _words("enum_uri abstract mixin is_a mixins code_set_tag code_set_version"),
            lost={
                **dict.fromkeys(_words("code_set pv_formula include minus reachable_from matches concepts"), _DYNAMIC),
                **_DEFINITION_LOST,
            },
        ),
        "a permissible value": ElementKeys(
            read=_words("text description meaning annotations title"),
            passed=METADATA | _words("is_a mixins unit"),
        ),
        "a pattern": ElementKeys(read=_words("syntax interpolated partial_match"), passed=METADATA),
    }
)
"""The keys of each kind of element, under what messages call it."""

ANNOTATIONS: Mapping[str, str] = MappingProxyType(
    {
        "checked": "a rule that another part of the program checks, not a shape",
        "codes": "the values are a code list: `iso-3166-1-alpha-2` or `locale`",
        "columns": "the columns, in the order of its fields, that hold the longer key that a slot of a table points to",
        "expected": "the form of a pattern in words, for the message",
        "foreign_key": "the name of the foreign key in the database",
        "key": "slots, the first that is there names a thing; by default the identifier, else the first unique key",
        "kind": "`record`, `embedded`, `child` or `envelope`; by default a class with a key or a tree root is a record",
        "mapping": "what the ledger says of the mapping",
        "namespace": "of a schema: `base` puts its names under the base of the workspace, whatever its prefixes say",
        "on_delete": "what the database does where the target is deleted",
        "ontology": "what the ledger says of the ontology",
        "open": "of an enumeration: more values than those listed are permitted",
        "page": "of a schema: the document that it describes; by default the rule file",
        "path": "the members that a restated value is read from",
        "pattern": "of a permissible value: the form that stands for it",
        "property": "the property that a member of an envelope becomes",
        "reference": "`internal` where a link points inside the same record",
        "relation": "the name of a relation",
        "restates": "the slot of the target that a reference repeats",
        "role": "of a class of an envelope: `reference`, `internal-reference`, `keys` or `identity`",
        "severity": "Violation, Warning or Info; `severity.KIND` is for one kind of rule, on a slot or on the schema",
        "shapes": "what the ledger says of the shapes",
        "size": "greatest length of a text",
        "source": "where a statement comes from; by default file and line",
        "template": "slots that name an embedded thing together; of a record of a table, the IRI below the base",
        "unless_field": "the slot that excuses a record from a unique key",
        "unless_value": "its value that does",
    }
)
"""Annotations with the prefix `graphmap:`, each with its meaning; all may be left out."""
