"""Two worlds from rules: a shop of two tables, and a nested feed. A seed changes their names, keys and nesting."""

from __future__ import annotations

import random
from typing import Any

from tests.derivation.odd_names import Names, data_name, joined
from tests.derivation.random_books import Book, Broken, Source, pointer

__all__ = ["feed", "place_of", "shop"]

Record = dict[str, Any]
Spec = dict[str, Any]


def _schema(dice: random.Random) -> Spec:
    name = f"s{Names(dice=dice, oddness=0.0).new()}"
    prefixes = {"linkml": "https://w3id.org/linkml/", "v": f"https://{name}.example/#"}
    return {"name": name, "prefixes": prefixes, "default_prefix": "v", "imports": ["linkml:types"]}


def shop(seed: int) -> Book:
    """Owners, and things that point to them: one to nobody; two owners share a key, a date and a state are wrong."""
    dice = random.Random(seed)
    names = Names(dice=dice, oddness=0.4)
    owner, thing, kind, key, second, label, since, number, link, more, state = (names.new() for _ in range(11))
    several = dice.random() < 0.4
    keys = [key, second] if several else [key]
    unique = dice.random() < 0.5 or several
    title = names.new()
    fields: Spec = {each: {} for each in keys} | {label: {"required": True}, since: {"range": "date"}}
    held = {"range": owner} | (
        {"annotations": {"graphmap:columns": f"{data_name(link)} {data_name(more)}"}} if several else {}
    )
    attributes = {number: {"identifier": True}, link: held, state: {"range": kind}} | ({more: {}} if several else {})
    schema = _schema(dice)
    schema["classes"] = {owner: {"attributes": fields}, thing: {"attributes": attributes}}
    if unique:
        schema["classes"][owner]["unique_keys"] = {title: {"unique_key_slots": keys}}
    else:
        fields[key] = {"identifier": True}
    schema["enums"] = {kind: {"permissible_values": {"new": {}, "used": {}}}}
    n = schema["name"]
    slug = f"{n}.{joined(owner)}.{data_name(title if unique else key)}.unique"
    owners = [
        {data_name(each): f"k{row}" for each in keys} | {data_name(label): f"o{row}", data_name(since): "2020-01-02"}
        for row in (1, 2, 3, 3)
    ]
    owners[1][data_name(since)] = "2020-13-02"
    targets = ("k1", "k9", "k1")
    things = [
        {data_name(number): str(row), data_name(link): target, data_name(state): "new"}
        | ({data_name(more): target} if several else {})
        for row, target in enumerate(targets, 1)
    ]
    things[2][data_name(state)] = "broken"
    of_owners = Source(record=f"{n}/{joined(owner)}", kind="table", records=owners)
    of_owners.broken = [
        Broken(slug=f"{n}.{joined(owner)}.{data_name(since)}.datatype", row=2, pointer=place_of(since)),
        Broken(slug=slug, row=3, pointer=None),
        Broken(slug=slug, row=4, pointer=None),
    ]
    of_things = Source(record=f"{n}/{joined(thing)}", kind="table", records=things)
    of_things.broken = [
        Broken(slug=f"{n}.{joined(thing)}.{data_name(link)}.class", row=2, pointer=place_of(link)),
        Broken(slug=f"{n}.{joined(thing)}.{data_name(state)}.in", row=3, pointer=place_of(state)),
    ]
    late = {data_name(each): "k9" for each in keys} | {data_name(label): "late", data_name(since): "2020-01-02"}
    sources = {"owners": of_owners, "things": of_things}
    return Book(schemas={n: schema}, sources=sources, later={"owners": [late]})


def place_of(*steps: str | int) -> str:
    """A JSON Pointer over names of slots as they are written."""
    return pointer(*(each if isinstance(each, int) else data_name(each) for each in steps))


def feed(seed: int) -> Book:
    """Entries below some members of a document, with objects in objects to a depth, and parts in a list."""
    dice = random.Random(seed)
    names = Names(dice=dice, oddness=0.4)
    plain = Names(dice=dice, oddness=0.0)
    entry, part, key, title, amount, parts, code, related = (names.new() for _ in range(8))
    schema = _schema(dice)
    n = schema["name"]
    keyed = dice.random() < 0.5
    held: Spec = {"range": part, "multivalued": True} | ({"inlined_as_list": True} if keyed else {})
    classes: Spec = {part: {"attributes": {code: {"identifier": True} if keyed else {"pattern": "^c"}}}}
    classes[part]["attributes"][amount] = {"range": "decimal", "minimum_value": 0}
    steps: list[str] = []
    inner, of = amount, part
    for _ in range(dice.randint(1, 3)):  # each level holds the one below it
        level, member = names.new(), names.new()
        spec: Spec = {"range": of} if steps else {"range": "decimal"}
        classes[level] = {"attributes": {inner: spec}}
        steps, inner, of = [inner, *steps], member, level
    steps = [inner, *steps]
    classes[entry] = {
        "attributes": {
            key: {"identifier": True},
            title: {"required": True},
            inner: {"range": of},
            parts: held,
            related: {"range": entry, "multivalued": dice.random() < 0.5},
        }
    }
    schema["classes"] = classes

    def made(row: int, value: Any = "1.5", to: int = 1) -> Record:
        nested: Record = {data_name(steps[-1]): value}
        for step in reversed(steps[:-1]):
            nested = {data_name(step): nested}
        several = classes[entry]["attributes"][related]["multivalued"]
        links: Any = [f"e{to}"] if several else f"e{to}"
        pieces = [{data_name(code): f"c{row}-{each}", data_name(amount): each} for each in range(2)]
        return {
            data_name(key): f"e{row}",
            data_name(title): "T",
            data_name(parts): pieces,
            data_name(related): links,
        } | nested

    records = [made(1), made(2, "much"), made(3, to=9), made(4), made(5)]
    records[3][data_name(parts)][1][data_name(amount)] = -1
    del records[4][data_name(title)]
    place = [related, 0] if isinstance(records[2][data_name(related)], list) else [related]
    holder = next(
        name for name, spec in classes.items() if steps[-1] in spec["attributes"] and name not in (part, entry)
    )
    source = Source(record=f"{n}/{joined(entry)}", kind="documents", records=records)
    source.iterator = "$." + ".".join(plain.new() for _ in range(dice.randint(1, 3))) + "[*]"
    source.broken = [
        Broken(slug=f"{n}.{joined(holder)}.{data_name(steps[-1])}.datatype", row=2, pointer=place_of(*steps)),
        Broken(slug=f"{n}.{joined(entry)}.{data_name(related)}.class", row=3, pointer=place_of(*place)),
        Broken(slug=f"{n}.{joined(part)}.{data_name(amount)}.minInclusive", row=4, pointer=place_of(parts, 1, amount)),
        Broken(slug=f"{n}.{joined(entry)}.{data_name(title)}.minCount", row=5, pointer=place_of(title)),
    ]
    return Book(schemas={n: schema}, sources={"entries": source}, later={"entries": [made(9)]})
