"""The features of LinkML, each with a schema, records that keep it, records that break it, and what the ledger says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["FEATURES", "Feature"]

Records = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature.

    Args:
        name: what it is about, with the keys of LinkML in it.
        schema: the schema below its head.
        good: records that break nothing.
        bad: records that break the rules of these slugs, and no other.
        lost: what the ledger says, as parts of `subject` and `statement`.
    """

    name: str
    schema: str
    good: Records
    bad: tuple[tuple[Records, set[str]], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()


def of(name: str, slot: str, good: list[Any], bad: list[tuple[Any, str]], *, more: str = "", lost: str = "") -> Feature:
    """A feature of one attribute `a` of a class `T`: values that it permits, and values with the aspect they break."""
    schema = f"classes:\n  T:\n    attributes:\n      id: {{identifier: true}}\n      a: {{{slot}}}\n{more}"
    return Feature(
        name=name,
        schema=schema,
        good=[record(value, str(number)) for number, value in enumerate(good)],
        bad=tuple(([record(value, "x")], {f"T.a.{aspect}"}) for value, aspect in bad),
        lost=(("T.a", lost),) if lost else (),
    )


def record(value: Any, key: str) -> tuple[str, dict[str, Any]]:
    return "T", {"id": key} | ({} if value is None else {"a": value})


ENUM = "enums: {E: {permissible_values: {x: , y: {text: why, meaning: 'w:y', title: Y, description: a value}}}}\n"
TWO = "  U:\n    attributes:\n      id: {identifier: true}\n"
OBJECT = "  U:\n    attributes:\n      b: {required: true}\n"

FEATURES: tuple[Feature, ...] = (
    of("required", "required: true", ["x"], [(None, "minCount")]),
    of("multivalued", "multivalued: true", [["x", "y"], None], []),
    of("without multivalued", "title: A", ["x"], [(["x", "y"], "maxCount")]),
    of("minimum_cardinality", "multivalued: true, minimum_cardinality: 2", [["x", "y"]], [(["x"], "minCount")]),
    of("maximum_cardinality", "multivalued: true, maximum_cardinality: 1", [["x"]], [(["x", "y"], "maxCount")]),
    of("exact_cardinality, too few", "multivalued: true, exact_cardinality: 2", [["x", "y"]], [(["x"], "minCount")]),
    of("exact_cardinality, too many", "multivalued: true, exact_cardinality: 1", [["x"]], [(["x", "y"], "maxCount")]),
    of("recommended", "recommended: true", ["x"], [(None, "recommended")]),
    of("pattern", "pattern: '^[0-9]+$'", ["12"], [("a1", "pattern")]),
    of("equals_string", "equals_string: yes", ["yes"], [("no", "in")]),
    of("equals_string_in", "equals_string_in: [p, q]", ["p", "q"], [("r", "in")]),
    of("equals_number", "range: integer, equals_number: 3", [3], [(4, "in")]),
    of("minimum_value", "range: integer, minimum_value: 2", [2, 3], [(1, "minInclusive")]),
    of("maximum_value", "range: decimal, maximum_value: 2.5", ["2.5", 1], [(3, "maxInclusive")]),
    of(
        "minimum_value of dates",
        "range: date, minimum_value: 2024-02-01",
        ["2024-02-29"],
        [("2024-01-31", "minInclusive")],
    ),
    of("range of an enumeration, permissible_values", "range: E", ["x", "why"], [("y", "in")], more=ENUM),
    of(
        "enumeration as a list",
        "range: E",
        ["x"],
        [("z", "in")],
        more="enums: {E: {permissible_values: [{text: x}]}}\n",
    ),
    of(
        "a value with its description alone",
        "range: E",
        ["x"],
        [("z", "in")],
        more="enums: {E: {permissible_values: {x: why}}}\n",
    ),
    of("one choice without a list", "any_of: {pattern: '^a'}", ["a"], [("b", "anyOf")]),
    of(
        "enumeration that inherits",
        "range: F",
        ["x", "z"],
        [("y", "in")],
        more=ENUM.replace("}}}}\n", "}}}, F: {inherits: [E], permissible_values: {z: }}}\n"),
    ),
    of(
        "enumeration from elsewhere (reachable_from)",
        "range: E",
        ["anything"],
        [],
        more="enums: {E: {reachable_from: {source_ontology: 'w:x'}}}\n",
        lost="values of E",
    ),
    of("any_of of forms", "any_of: [{pattern: '^a'}, {equals_string: z}]", ["ab", "z"], [("b", "anyOf")]),
    of("any_of of types", "any_of: [{range: integer}, {range: E}]", [3, "x"], [("z", "anyOf")], more=ENUM),
    of("all_of", "all_of: [{pattern: '^a'}, {pattern: 'z$'}]", ["abz"], [("ab", "allOf")]),
    of(
        "exactly_one_of",
        "exactly_one_of: [{pattern: '^a'}, {pattern: 'z$'}]",
        ["ab", "bz"],
        [("az", "exactlyOneOf"), ("b", "exactlyOneOf")],
    ),
    of("none_of", "none_of: [{equals_string: bad}, {pattern: '^x'}]", ["good"], [("bad", "noneOf"), ("xy", "noneOf")]),
    of("any_of inside any_of", "any_of: [{any_of: [{pattern: '^a'}, {pattern: '^b'}]}]", ["b"], [("c", "anyOf")]),
    of(
        "structured_pattern with settings",
        "structured_pattern: {syntax: '{num}-{num}', interpolated: true}",
        ["1-22"],
        [("1-2x", "pattern")],
        more="settings: {num: '[0-9]+'}\n",
    ),
    of(
        "structured_pattern, partial_match",
        "structured_pattern: {syntax: '[0-9]', partial_match: true}",
        ["a1"],
        [("a", "pattern")],
    ),
    of("ifabsent", "ifabsent: string(x)", [None], [], lost="ifabsent string(x)"),
    of("deprecated", "deprecated: use b", ["x"], [], lost="deprecated"),
    of("alias", "alias: a, title: A", ["x"], [(["x", "y"], "maxCount")]),
    of("aliases are labels", "aliases: [also], comments: [c]", ["x"], [], lost="also called also"),
    of("key", "pattern: '^k'", ["k"], [("x", "pattern")], more="  V: {attributes: {k: {key: true}}}\n"),
    of("range_expression is lost", "range_expression: {is_a: T}", ["x"], [], lost="range_expression"),
    of("equals_expression is lost", "equals_expression: '{id}'", ["x"], [], lost="equals_expression"),
    of("designates_type is lost", "designates_type: true", ["x"], [], lost="designates_type"),
    of("metadata is passed over", "todos: [t], see_also: [w:x], rank: 3, examples: [{value: v}]", ["x"], []),
    of("value_presence in a choice", "any_of: [{value_presence: PRESENT, range: string}]", ["x"], []),
    of(
        "range of a type, typeof",
        "range: Even",
        ["22"],
        [("21", "pattern")],
        more="types: {Even: {typeof: string, pattern: '[02468]$'}}\n",
    ),
    of(
        "uri, minimum_value and maximum_value of a type",
        "range: Small",
        [0],
        [(-1, "minInclusive"), (9, "maxInclusive")],
        more="types: {Small: {uri: xsd:byte, base: int, minimum_value: 0, maximum_value: 8}}\n",
    ),
    of(
        "equals_string_in of a type",
        "range: P",
        ["p"],
        [("q", "in")],
        more="types: {P: {typeof: string, equals_string_in: [p]}}\n",
    ),
    of(
        "structured_pattern of a type",
        "range: P",
        ["p"],
        [("pq", "pattern")],
        more="types: {P: {typeof: string, structured_pattern: {syntax: p}}}\n",
    ),
    of("type_uri that is no datatype", "range: R", ["r"], [], more="types: {R: {typeof: string, type_uri: w:Text}}\n"),
    *(
        of(f"type {name}", f"range: {name}", good, [(bad, "datatype")])
        for name, good, bad in (
            ("string", ["x"], 7),
            ("integer", [7, "8"], "x"),
            ("boolean", [True, "false"], "maybe"),
            ("float", [1.5], "x"),
            ("double", [1.5], "x"),
            ("decimal", ["1.5", 2], "x"),
            ("date", ["2024-02-29"], "2023-02-29"),
            ("datetime", ["2024-02-29T10:00:00Z"], "2024-02-29"),
            ("time", ["10:00:00"], "25:00:00"),
        )
    ),
    of("type uri", "range: uri", ["https://x.org/"], []),
    of("type uriorcurie", "range: uriorcurie", ["x:1"], []),
    of("type curie", "range: curie", ["x:1"], [("x", "pattern")]),
    of(
        "type date_or_datetime",
        "range: date_or_datetime",
        ["2024-02-29", "2024-02-29T10:00:00Z"],
        [("soon", "pattern")],
    ),
    of("type jsonpointer", "range: jsonpointer", ["/a"], [("a", "pattern")]),
    Feature(
        name="slots, slot_usage and is_a of slots",
        schema="slots:\n  id: {identifier: true}\n  s: {pattern: '^s'}\n  t: {is_a: s}\n"
        "classes:\n  T: {slots: [id, s, t], slot_usage: {s: {required: true}}}\n",
        good=[("T", {"id": "1", "s": "s", "t": "s1"})],
        bad=(
            ([("T", {"id": "1", "t": "s"})], {"T.s.minCount"}),
            ([("T", {"id": "1", "s": "s", "t": "t"})], {"T.t.pattern"}),
        ),
    ),
    Feature(
        name="is_a, mixins, mixin and abstract",
        schema="classes:\n  M: {mixin: true, attributes: {m: {required: true}}}\n"
        "  P: {abstract: true, attributes: {id: {identifier: true}, p: {pattern: '^p'}}}\n"
        "  T: {is_a: P, mixins: [M]}\n",
        good=[("T", {"id": "1", "m": "m", "p": "p"})],
        bad=(([("T", {"id": "1"})], {"M.m.minCount"}), ([("T", {"id": "1", "m": "m", "p": "q"})], {"P.p.pattern"})),
    ),
    Feature(
        name="slot_usage that replaces what the super-class says",
        schema="classes:\n  P: {attributes: {id: {identifier: true}, p: {pattern: '^p'}}}\n"
        "  T: {is_a: P, slot_usage: {p: {pattern: '^q'}}}\n",
        good=[("T", {"id": "1", "p": "q"}), ("P", {"id": "2", "p": "p"})],
        bad=(([("T", {"id": "1", "p": "p"})], {"T.p.pattern"}), ([("P", {"id": "1", "p": "q"})], {"P.p.pattern"})),
    ),
    Feature(
        name="slot_usage of a slot that the class does not have",
        schema="classes:\n  T: {attributes: {id: {identifier: true}}, slot_usage: {gone: {required: true}}}\n",
        good=[("T", {"id": "1"})],
        lost=(("T.gone", "slot_usage of gone"),),
    ),
    Feature(
        name="class_uri, slot_uri and two fields with one slot_uri",
        schema="classes:\n  T:\n    class_uri: w:Thing\n    attributes:\n      id: {identifier: true}\n"
        "      a: {slot_uri: w:label, required: true}\n      b: {slot_uri: w:label}\n",
        good=[("T", {"id": "1"})],
        lost=(("T.a", "what its values must be like"),),
    ),
    Feature(
        name="range of a class is a link by key",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {range: U}}}\n" + TWO,
        good=[("T", {"id": "1", "a": "u"}), ("U", {"id": "u"})],
        bad=(([("T", {"id": "1", "a": "v"}), ("U", {"id": "u"})], {"T.a.class"}),),
    ),
    Feature(
        name="range of the class itself",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {range: T, multivalued: true}}}\n",
        good=[("T", {"id": "1", "a": ["1", "2"]}), ("T", {"id": "2"})],
        bad=(([("T", {"id": "1", "a": ["3"]})], {"T.a.class"}),),
    ),
    Feature(
        name="range of a super-class meets a thing of the sub-class",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {range: U}}}\n" + TWO + "  V: {is_a: U}\n",
        good=[("T", {"id": "1", "a": "v"}), ("V", {"id": "v"})],
        bad=(([("T", {"id": "1", "a": "1"})], {"T.a.class"}),),
    ),
    Feature(
        name="inlined object without a key",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {range: U}}}\n" + OBJECT,
        good=[("T", {"id": "1", "a": {"b": "x"}})],
        bad=(([("T", {"id": "1", "a": {"c": "x"}})], {"U.b.minCount"}),),
        lost=(("T.a", "what tells its objects apart"),),
    ),
    Feature(
        name="inlined_as_list of objects with a key",
        schema="classes:\n"
        "  T: {attributes: {id: {identifier: true}, a: {range: U, multivalued: true, inlined_as_list: true}}}\n"
        + TWO
        + "      c: {pattern: '^c'}\n",
        good=[("T", {"id": "1", "a": [{"id": "u", "c": "c"}, {"id": "v"}]})],
        bad=(([("T", {"id": "1", "a": [{"id": "u", "c": "c"}, {"id": "v", "c": "d"}]})], {"U.c.pattern"}),),
    ),
    Feature(
        name="inlined objects in a mapping by key",
        schema="classes:\n"
        "  T: {attributes: {id: {identifier: true}, a: {range: U, multivalued: true, inlined: true}}}\n"
        + TWO
        + "      c: {pattern: '^c'}\n",
        good=[("T", {"id": "2", "a": [{"id": "w"}]})],
        bad=(([("T", {"id": "1", "a": [{"id": "u", "c": "d"}]})], {"U.c.pattern"}),),
        lost=(("T.a", "objects in a mapping by key"),),
    ),
    Feature(
        name="objects inside objects, without keys",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {range: U, multivalued: true}}}\n"
        "  U: {attributes: {d: {range: V, multivalued: true}}}\n"
        "  V: {attributes: {e: {required: true, multivalued: true}}}\n",
        good=[("T", {"id": "1", "a": [{"d": [{"e": ["x", "y"]}, {"e": ["z"]}]}, {"d": [{"e": ["x"]}]}]})],
        bad=(([("T", {"id": "1", "a": [{"d": [{"e": ["x"]}, {"f": "z"}]}]})], {"V.e.minCount"}),),
    ),
    Feature(
        name="unique_keys of one slot beside the identifier",
        schema="classes:\n  T:\n    unique_keys: {k: {unique_key_slots: [a]}}\n"
        "    attributes: {id: {identifier: true}, a: {}}\n",
        good=[("T", {"id": "1", "a": "x"}), ("T", {"id": "2", "a": "y"}), ("T", {"id": "3"}), ("T", {"id": "4"})],
        bad=(([("T", {"id": "1", "a": "x"}), ("T", {"id": "2", "a": "x"})], {"T.k.unique"}),),
    ),
    Feature(
        name="unique_keys of two slots beside the identifier, consider_nulls_inequal",
        schema="classes:\n  T:\n    unique_keys: {k: {unique_key_slots: [a, b], consider_nulls_inequal: true}}\n"
        "    attributes: {id: {identifier: true}, a: {}, b: {}}\n",
        good=[
            ("T", {"id": "1", "a": "x", "b": "y,z"}),
            ("T", {"id": "2", "a": "x,y", "b": "z"}),
            ("T", {"id": "3", "a": "x"}),
            ("T", {"id": "4", "a": "x"}),
        ],
        bad=(([("T", {"id": "1", "a": "x", "b": "y"}), ("T", {"id": "2", "a": "x", "b": "y"})], {"T.k.unique"}),),
        lost=(("T.k", "consider_nulls_inequal"),),
    ),
    Feature(
        name="unique_keys as the key of records",
        schema="classes:\n  T:\n    unique_keys: {k: {unique_key_slots: [a, b]}}\n"
        "    attributes: {a: {}, b: {}, c: {required: true}}\n",
        good=[("T", {"a": "1", "b": "2", "c": "x"})],
        bad=(([("T", {"a": "1", "b": "2"})], {"T.c.minCount"}),),
    ),
    Feature(
        name="rules: preconditions, postconditions, elseconditions",
        schema="classes:\n  T:\n    attributes: {id: {identifier: true}, a: {}, b: {range: integer}}\n    rules:\n"
        "    - title: r\n      description: x needs b\n"
        "      preconditions: {slot_conditions: {a: {equals_string: x}}}\n"
        "      postconditions: {slot_conditions: {b: {value_presence: PRESENT}}}\n"
        "      elseconditions: {slot_conditions: {b: {maximum_value: 5}}}\n",
        good=[("T", {"id": "1", "a": "x", "b": 9}), ("T", {"id": "2", "a": "y", "b": 5}), ("T", {"id": "3"})],
        bad=(([("T", {"id": "1", "a": "x"})], {"T.r"}), ([("T", {"id": "1", "a": "y", "b": 6})], {"T.r.else"})),
    ),
    Feature(
        name="rules: bidirectional, deactivated, any_of in a condition",
        schema="classes:\n  T:\n    attributes: {id: {identifier: true}, a: {}, b: {}}\n    rules:\n"
        "    - bidirectional: true\n"
        "      preconditions: {slot_conditions: {a: {any_of: [{pattern: '^x'}, {equals_string: y}]}}}\n"
        "      postconditions: {slot_conditions: {b: {equals_string_in: [p, q]}}}\n"
        "    - {title: off, deactivated: true, postconditions: {slot_conditions: {a: {required: true}}}}\n",
        good=[("T", {"id": "1", "a": "xx", "b": "p"}), ("T", {"id": "2", "a": "z", "b": "r"})],
        bad=(
            ([("T", {"id": "1", "a": "y", "b": "r"})], {"T.rule1"}),
            ([("T", {"id": "1", "a": "z", "b": "q"})], {"T.rule1.converse"}),
        ),
    ),
    Feature(
        name="tree_root without a key",
        schema="classes:\n"
        "  T: {tree_root: true, attributes: {a: {range: U, multivalued: true, inlined_as_list: true}}}\n"
        + TWO
        + "      c: {required: true}\n",
        good=[("T", {"a": [{"id": "u", "c": "c"}]})],
        bad=(([("T", {"a": [{"id": "u"}]})], {"U.c.minCount"}),),
        lost=(("T", "T"),),
    ),
    Feature(
        name="default_range, and names with spaces",
        schema="default_range: integer\nclasses:\n"
        "  T: {attributes: {id: {identifier: true}, my number: {}, a: {range: my thing}}}\n"
        "  my thing: {attributes: {id: {identifier: true, range: string}}}\n",
        good=[("T", {"id": 1, "my_number": 2, "a": "u"}), ("MyThing", {"id": "u"})],
        bad=(([("T", {"id": 1, "my_number": "x"})], {"T.my_number.datatype"}),),
    ),
    Feature(
        name="any_of of two classes",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {any_of: [{range: U}, {range: V}]}}}\n"
        + TWO
        + "  V: {is_a: U}\n",
        good=[("T", {"id": "1", "a": "v"}), ("V", {"id": "v"})],
        bad=(([("T", {"id": "1", "a": "1"})], {"T.a.anyOf"}),),
    ),
    Feature(
        name="range of linkml:Any",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {range: Any}}}\n"
        "  Any: {class_uri: linkml:Any}\n",
        good=[("T", {"id": "1", "a": "x"}), ("T", {"id": "2", "a": 3})],
        bad=(([("T", {"id": "1", "a": ["x", "y"]})], {"T.a.maxCount"}),),
    ),
)
