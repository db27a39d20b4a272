"""Features of LinkML that are about classes, references between them, keys and rules."""

from __future__ import annotations

from tests.derivation.feature import OBJECT, TWO, Feature

__all__ = ["CLASS_FEATURES"]

CLASS_FEATURES: tuple[Feature, ...] = (
    Feature(
        name="inlined objects of two classes in choices",
        schema="classes:\n  T:\n    attributes:\n      id: {identifier: true}\n"
        "      a: {any_of: [{range: U, inlined: true}, {range: V, inlined_as_list: true}], multivalued: true}\n"
        + TWO
        + "      c: {pattern: '^c'}\n  V: {is_a: U}\n",
        good=[("T", {"id": "1", "a": [{"id": "u", "c": "c"}]})],
        bad=(([("T", {"id": "1", "a": [{"id": "u", "c": "d"}]})], {"U.c.pattern"}),),
    ),
    Feature(
        name="labels, comments and annotations of every element, mixins of slots",
        schema="title: W\ndescription: of all\nversion: '1'\ncomments: [c]\nannotations: {graphmap:page: here}\n"
        "slots:\n  id: {identifier: true}\n  m: {mixin: true, pattern: '^s', description: m}\n"
        "  s: {mixins: [m], annotations: {by: me}}\nclasses:\n  T:\n    title: thing\n    description: a thing\n"
        "    deprecated: use U\n    annotations: {by: me}\n    slots: [id, s]\n"
        "    unique_keys: {k: {unique_key_slots: [s], description: alone, annotations: {graphmap:severity: Info}}}\n"
        "    rules: [{title: r, annotations: {graphmap:severity: Warning}, "
        "postconditions: {slot_conditions: {s: {pattern: '[0-9]'}}}}]\n"
        "enums: {E: {description: some, annotations: {graphmap:open: yes}, permissible_values: "
        "{x: {annotations: {graphmap:pattern: x.*}}}}}\n",
        good=[("T", {"id": "1", "s": "s1"})],
        bad=(
            ([("T", {"id": "1", "s": "s"})], {"T.r"}),
            ([("T", {"id": "1", "s": "1"})], {"T.s.pattern"}),
            ([("T", {"id": "1", "s": "s1"}), ("T", {"id": "2", "s": "s1"})], {"T.k.unique"}),
        ),
    ),
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
    Feature(
        name="slot_definitions",
        schema="slot_definitions: {id: {identifier: true}, a: {pattern: '^a'}}\nclasses: {T: {slots: [id, a]}}\n",
        good=[("T", {"id": "1", "a": "a"})],
        bad=(([("T", {"id": "1", "a": "b"})], {"T.a.pattern"}),),
    ),
    Feature(
        name="unique_keys of a slot that another class has, too",
        schema="slots: {i: {identifier: true}, n: {}}\nclasses:\n"
        "  T: {attributes: {id: {identifier: true}, u: {range: U, multivalued: true, inlined_as_list: true}, "
        "v: {range: V, multivalued: true, inlined_as_list: true}}}\n"
        "  U: {slots: [i, n], unique_keys: {k: {unique_key_slots: [n]}}}\n  V: {slots: [i, n]}\n",
        good=[("T", {"id": "1", "u": [{"i": "1", "n": "x"}], "v": [{"i": "1", "n": "x"}, {"i": "2", "n": "x"}]})],
        bad=(([("T", {"id": "1", "u": [{"i": "1", "n": "x"}, {"i": "2", "n": "x"}]})], {"U.k.unique"}),),
    ),
    Feature(
        name="objects of two classes that nothing tells apart are lost",
        schema="classes:\n"
        "  T: {attributes: {id: {identifier: true}, a: {required: true, any_of: [{range: U}, {range: V}]}}}\n"
        + OBJECT
        + "  V:\n    attributes:\n      c: {required: true}\n",
        good=[("T", {"id": "1", "a": {"b": "x"}}), ("T", {"id": "2", "a": {"c": "x"}})],
        lost=(("T.a", "range U or V"),),
    ),
    Feature(
        name="an object or a text is lost",
        schema="classes:\n"
        "  T: {attributes: {id: {identifier: true}, a: {required: true, any_of: [{range: U}, {range: string}]}}}\n"
        + OBJECT,
        good=[("T", {"id": "1", "a": {"b": "x"}}), ("T", {"id": "2", "a": "x"})],
        lost=(("T.a", "range U or string"),),
    ),
    Feature(
        name="links to two classes that nothing tells apart are lost",
        schema="classes:\n  T: {attributes: {id: {identifier: true}, a: {any_of: [{range: U}, {range: V}]}}}\n"
        + TWO
        + "  V:\n    attributes:\n      id: {identifier: true}\n",
        good=[("T", {"id": "1", "a": "v"}), ("V", {"id": "v"})],
        lost=(("T.a", "range U or V"),),
    ),
    Feature(
        name="a rule that compares a link is lost",
        schema="classes:\n  T:\n    attributes: {id: {identifier: true}, a: {range: U}, b: {}}\n    rules:\n"
        "    - {title: r, postconditions: {slot_conditions: {a: {pattern: ^u}}}}\n"
        "    - {title: s, postconditions: {slot_conditions: {a: {required: true}}}}\n" + TWO,
        good=[("T", {"id": "1", "a": "u"}), ("U", {"id": "u"})],
        bad=(([("T", {"id": "1"})], {"T.s"}),),
        lost=(("T.r", "must be as the rule asks"),),
    ),
    Feature(
        name="a rule whose condition no shape says is lost whole",
        schema="classes:\n  T:\n    attributes: {id: {identifier: true}, a: {}, b: {}}\n    rules:\n"
        "    - title: r\n      preconditions: {slot_conditions: {a: {equals_expression: '{b}'}}}\n"
        "      postconditions: {slot_conditions: {b: {required: true}}}\n",
        good=[("T", {"id": "1", "a": "x"})],
        lost=(("T.r", "the rule"),),
    ),
)
