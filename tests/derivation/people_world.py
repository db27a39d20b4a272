"""The world of a public schema, personinfo, with its data; a seed changes names and keys."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.derivation.odd_names import Names, data_name, joined
from tests.derivation.random_books import Book, Broken, Source, pointer
from tests.derivation.seeded_worlds import place_of

__all__ = ["people"]

Record = dict[str, Any]
Spec = dict[str, Any]


def people(seed: int, folder: Path) -> Book:
    """The schema personinfo and its data with other names of slots and classes, other keys, and three sources."""
    dice = random.Random(seed)
    schema = yaml.safe_load((folder / "personinfo.yaml").read_text(encoding="utf-8"))
    text = (folder / "example_personinfo_data.yaml").read_text(encoding="utf-8")
    data = json.loads(json.dumps(yaml.load(text, Loader=yaml.BaseLoader)))  # noqa: S506  # builds texts alone
    names = Names(dice=dice, oddness=0.2)
    names.used |= {form(each) for each in (*schema["slots"], *schema["classes"]) for form in (data_name, joined)}
    names.used |= {"type", "age", "aliases", "headline", "mappings"}
    slots = {each: names.new() for each in schema["slots"] if each != "type" and dice.random() < 0.5}
    classes = {each: names.new() for each in schema["classes"] if dice.random() < 0.5}
    renamed = _renamed_schema(schema, slots, classes)
    for part in ("persons", "organizations"):
        data[part] = [
            _renamed_data(each, {data_name(old): data_name(new) for old, new in slots.items()}) for each in data[part]
        ]
    return _people_book(renamed, data, slots, classes, dice)


def _renamed_schema(schema: Spec, slots: Mapping[str, str], classes: Mapping[str, str]) -> Spec:
    new = {data_name(old): name for old, name in slots.items()}

    def slot(name: str) -> str:
        return new.get(data_name(name), name)

    def of(element: Any) -> Any:
        return {key: changed.get(key, kept)(value) for key, value in element.items()} if element else element

    def kept(value: Any) -> Any:
        return value

    def named(value: Any) -> Any:
        return {slot(name): of(each) for name, each in value.items()}

    changed: Mapping[str, Callable[[Any], Any]] = {
        "range": lambda name: classes.get(name, name),
        "is_a": lambda name: classes.get(name, name),
        "mixins": lambda each: [classes.get(name, name) for name in each],
        "slots": lambda each: [slot(name) for name in each],
        "rules": lambda each: [{name: of(side) for name, side in rule.items()} for rule in each],
        **dict.fromkeys(("slot_usage", "attributes", "slot_conditions"), named),
    }
    made = {"slots": {slot(name): of(each) for name, each in schema["slots"].items()}}
    return schema | made | {"classes": {classes.get(name, name): of(each) for name, each in schema["classes"].items()}}


def _renamed_data(value: Any, slots: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {slots.get(name, name): _renamed_data(each, slots) for name, each in value.items()}
    return [_renamed_data(each, slots) for each in value] if isinstance(value, list) else value


def _people_book(
    schema: Spec, data: Record, slots: Mapping[str, str], classes: Mapping[str, str], dice: random.Random
) -> Book:
    def at(name: str) -> str:
        return data_name(slots.get(name, name))

    def of(name: str) -> str:
        return joined(classes.get(name, name))

    keys = {"P:": f"P:{dice.randint(100, 999)}-", "ROR:": f"ROR:{dice.randint(10, 99)}-"}
    text = json.dumps(data, ensure_ascii=False)
    data = json.loads(re.sub(r'"(P:|ROR:)', lambda match: '"' + keys[match[1]], text))
    persons: list[Record] = data["persons"]
    del persons[0][at("age_in_years")]  # the schema calls it age
    persons[1]["age"] = "1000"
    persons[0] |= {"age": "33", at("telephone"): "no digits"}
    persons[1][at("telephone")] = "1-2"
    persons[1][at("has_familial_relationships")][0]["type"] = "FRIEND_OF"
    member = f"m{dice.randint(10, 99)}"
    source = Source(record=f"personinfo/{of('Person')}", kind="documents", records=persons, iterator=f"$.{member}[*]")
    medical = place_of(
        slots.get("has_medical_history", "has_medical_history"), 0, slots.get("in_location", "in_location")
    )
    kin = place_of(slots.get("has_familial_relationships", "has_familial_relationships"), 0, "type")
    source.broken = [
        Broken(slug=f"personinfo.{of('Person')}.{at('telephone')}.pattern", row=1, pointer=pointer(at("telephone"))),
        Broken(slug=f"personinfo.{of('Person')}.age.maxInclusive", row=2, pointer=pointer("age")),
        Broken(slug=f"personinfo.{of('FamilialRelationship')}.type.in", row=2, pointer=kin),
        Broken(slug=f"personinfo.{of('WithLocation')}.{at('in_location')}.class", row=2, pointer=medical),
    ]
    organizations = Source(record=f"personinfo/{of('Organization')}", kind="documents", records=data["organizations"])
    del data["organizations"][0][at("name")]
    organizations.broken = [
        Broken(slug=f"personinfo.{of('NamedThing')}.{at('name')}.minCount", row=1, pointer=pointer(at("name")))
    ]
    persons.append({at("id"): "P:1", at("name"): "stored", "age": "1", at("telephone"): "1", at("current_address"): {}})
    sick = {at("has_medical_history"): [{at("in_location"): "GEO:9"}]}
    persons.append({at("id"): "P:2", at("name"): "sick", "age": "2", at("telephone"): "2"} | sick)
    source.broken.append(Broken(slug=source.broken[-1].slug, row=4, pointer=medical))
    places = Source(record="personinfo/" + of("Place"), kind="documents")
    return Book(
        schemas={"personinfo": schema},
        sources={"persons": source, "organizations": organizations, "places": places},
        later={"places": [{at("id"): "GEO:9", at("name"): "late"}]},
    )
