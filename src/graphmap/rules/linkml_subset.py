"""The keys of LinkML that rule files may use, by kind of element; the loader refuses all others.

Source: LinkML metamodel 1.8.
"""

from __future__ import annotations

__all__ = [
    "CLASS_KEYS",
    "CONDITION_KEYS",
    "ENUM_KEYS",
    "FIELD_KEYS",
    "KEY_KEYS",
    "RULE_KEYS",
    "SCHEMA_KEYS",
    "TYPE_KEYS",
    "VALUE_KEYS",
]

SCHEMA_KEYS = frozenset(
    {
        "annotations",
        "classes",
        "comments",
        "default_prefix",
        "default_range",
        "description",
        "enums",
        "id",
        "imports",
        "name",
        "prefixes",
        "source",
        "title",
        "types",
        "version",
    }
)
"""Keys of a schema."""

CLASS_KEYS = frozenset(
    {
        "abstract",
        "annotations",
        "attributes",
        "class_uri",
        "comments",
        "description",
        "is_a",
        "rules",
        "source",
        "title",
        "tree_root",
        "unique_keys",
    }
)
"""Keys of a class."""

FIELD_KEYS = frozenset(
    {
        "aliases",
        "annotations",
        "comments",
        "description",
        "identifier",
        "maximum_cardinality",
        "maximum_value",
        "minimum_cardinality",
        "minimum_value",
        "multivalued",
        "pattern",
        "range",
        "required",
        "slot_uri",
        "source",
        "title",
    }
)
"""Keys of an attribute."""

RULE_KEYS = frozenset(
    {
        "annotations",
        "comments",
        "deactivated",
        "description",
        "postconditions",
        "preconditions",
        "source",
        "title",
    }
)
"""Keys of a rule of a class."""

CONDITION_KEYS = frozenset(
    {
        "equals_string",
        "equals_string_in",
        "maximum_value",
        "minimum_value",
        "none_of",
        "required",
        "value_presence",
    }
)
"""Keys of a condition on a slot."""

KEY_KEYS = frozenset(
    {
        "annotations",
        "comments",
        "description",
        "unique_key_slots",
    }
)
"""Keys of a unique key."""

TYPE_KEYS = frozenset(
    {
        "annotations",
        "base",
        "comments",
        "description",
        "maximum_value",
        "minimum_value",
        "pattern",
        "typeof",
        "uri",
    }
)
"""Keys of a type."""

ENUM_KEYS = frozenset(
    {
        "annotations",
        "comments",
        "description",
        "permissible_values",
        "source",
        "title",
    }
)
"""Keys of an enumeration."""

VALUE_KEYS = frozenset(
    {
        "annotations",
        "comments",
        "description",
        "meaning",
        "source",
        "title",
    }
)
"""Keys of a permissible value."""
