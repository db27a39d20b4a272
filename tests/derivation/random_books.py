"""Random rule books with records: some keep every rule, each of the others breaks one, at a place that is known."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.derivation.odd_names import Names, data_name, joined
from tests.derivation.random_slots import KINDS, UNTOLD, Leaf, cross_rules, several

__all__ = ["Book", "Broken", "Source", "pointer", "random_book"]

Spec = dict[str, Any]
Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Broken:
    """A rule that a record breaks.

    Args:
        slug: of the rule, without the name of its schema.
        row: of the record in its input, counted from 1.
        pointer: JSON Pointer to the value; `None` for any place, where the rule is about the whole record.
    """

    slug: str
    row: int
    pointer: str | None


@dataclass(slots=True, kw_only=True)
class Source:
    """Records of one class, and which of them break what.

    Args:
        record: name of the class, with that of its schema.
        kind: `table` or `documents`.
        records: in order.
        broken: what they break.
        iterator: of documents, where one holds all records.
    """

    record: str
    kind: str
    records: list[Record] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    iterator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A rule book and its records.

    Args:
        schemas: by name.
        sources: by name.
        features: what it is made of.
        later: records by source that links of the others point to, which come too late.
    """

    schemas: dict[str, Spec]
    sources: dict[str, Source]
    features: frozenset[str] = frozenset()
    later: dict[str, list[Record]] = field(default_factory=dict)


def random_book(seed: int, *, oddness: float = 0.0) -> Book:
    """The rule book of a seed.

    Args:
        seed: of all that is chosen.
        oddness: how often a name is one that few would choose.
    """
    dice = random.Random(seed)
    return _Writer(dice=dice, names=Names(dice=dice, oddness=oddness)).book()


def pointer(*steps: str | int) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


@dataclass(slots=True, kw_only=True)
class _Class:
    """A class while it is written."""

    name: str
    schema: str
    spec: Spec

    def slug(self, *parts: str) -> str:
        return ".".join([self.schema, joined(self.name), *map(data_name, parts)])


Variant = tuple[Record, str, str | None]
"""What differs from a good record, the slug that breaks, and its pointer."""


@dataclass(slots=True, kw_only=True)
class _Writer:
    dice: random.Random
    names: Names
    schemas: dict[str, Spec] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)
    good: dict[str, Callable[[int], Any]] = field(default_factory=dict)
    variants: list[Variant] = field(default_factory=list)
    pairs: list[tuple[Record, str, str | None]] = field(default_factory=list)
    kind: str = "documents"

    def book(self) -> Book:
        self.kind = self.dice.choice(["documents", "documents", "table"])
        main, other = self._files()
        top = self._class(other, abstract=True)
        target, key = self._class(other), self.names.new()
        target.spec["attributes"] = {key: {"identifier": True}}
        line = self._line(main, top)
        keys = self._identity(line)
        for _ in range(self.dice.randint(1, 5)):
            self._leaf(self._one(line))
        for chance, add in self._features(line, target, keys):
            if self.dice.random() < chance:
                add()
        if self.dice.random() < 0.2:
            self.features.add("a class without slots")
            self._class(main)
        if self.dice.random() < 0.2:
            self._stranger(main, line)
        targets = Source(record=f"{target.schema}/{joined(target.name)}", kind="table")
        targets.records = [{data_name(key): "t"}, {data_name(key): "u"}]
        sources = {"main": self._source(line[-1]), "target": targets}
        return Book(schemas=self.schemas, sources=sources, features=frozenset(self.features))

    def _features(
        self, line: list[_Class], target: _Class, keys: tuple[str, ...]
    ) -> list[tuple[float, Callable[[], None]]]:
        """What a book may hold beside plain slots, each with its chance."""
        of = line[-1]
        # where a unique key tells records apart, it is the first of the highest class that has any
        others = line if self.features & {"a key: identifier", "a key: key"} else [of]
        found: list[tuple[float, Callable[[], None]]] = [
            (0.5, lambda: self._link(self._one(line), target)),
            (0.3, lambda: self._self_link(of, keys)),
            (0.4, lambda: self._unique(self._one(others), 1)),
            (0.4, lambda: self._unique(self._one(others), 2)),
            (0.5, lambda: self._rule(self._one(line))),
            (0.3, lambda: self._usage(line)),
        ]
        if self.kind == "documents":
            found += [
                (0.3, lambda: self._part(of, deep=False)),
                (0.3, lambda: self._part(of, deep=True)),
                (0.3, lambda: self._keyed_parts(of)),
                (0.3, lambda: self._internal(of)),
            ]
        return found

    def _one(self, line: list[_Class]) -> _Class:
        return self.dice.choice(line)

    def _files(self) -> tuple[str, str]:
        main = re.sub(r"[^A-Za-z0-9_.-]", "_", "s" + self.names.new())[:40]
        other = main + "2" if self.dice.random() < 0.5 else main
        for name in dict.fromkeys((main, other)):
            prefixes = {
                "w": f"https://{name.lower().replace('_', '-').replace('.', '-')}.example/#",
                "linkml": "https://w3id.org/linkml/",
            }
            head: Spec = {"id": f"https://world.example/{name}", "name": name, "prefixes": prefixes}
            if self.dice.random() < 0.8:
                head["default_prefix"] = "w"
            self.schemas[name] = head | {"imports": ["linkml:types"], "classes": {}}
        if other != main:
            self.features.add("imports")
            self.schemas[main]["imports"].append(other)
        return main, other

    def _stranger(self, main: str, line: list[_Class]) -> None:
        """A schema that has nothing to do with the others, but for classes and slots of the same names."""
        self.features.add("one name in two schemas")
        name = f"{main}-other"
        slots = {slot: {"required": True, "pattern": "^never$"} for slot in self.good}
        classes: Spec = {each.name: {"attributes": slots} for each in line}
        for each in line:
            classes[each.name] |= {key: each.spec[key] for key in ("is_a", "mixins") if key in each.spec}
        self.schemas[name] = {"id": f"https://other.example/{name}", "name": name, "classes": classes}

    def _class(self, schema: str, **spec: Any) -> _Class:
        made = _Class(name=self.names.new(), schema=schema, spec=dict(spec))
        self.schemas[schema]["classes"][made.name] = made.spec
        return made

    def _line(self, main: str, top: _Class) -> list[_Class]:
        """The classes above the class of the records, and that class last."""
        if self.dice.random() < 0.3:
            return [self._class(main)]
        line = [top]
        for _ in range(self.dice.choice([0, 0, 1, 6])):
            line.append(self._class(main, is_a=line[-1].name))
        of = self._class(main, is_a=line[-1].name)
        if self.dice.random() < 0.5:
            mixin = self._class(main, mixin=True)
            of.spec["mixins"] = [mixin.name]
            line.append(mixin)
            self.features.add("mixins")
        self.features.add("is_a")
        return [*line, of]

    def _slot(self, owner: _Class, spec: Spec) -> str:
        """Add a slot to a class: as its own attribute, or defined at the top level and listed."""
        name = self.names.new()
        if self.dice.random() < 0.5:
            owner.spec.setdefault("attributes", {})[name] = spec
        else:
            self.schemas[owner.schema].setdefault("slots", {})[name] = spec
            owner.spec.setdefault("slots", []).append(name)
            self.features.add("slots")
        return name

    def _identity(self, line: list[_Class]) -> tuple[str, ...]:
        """What tells the records apart; the names of the slots in the data."""
        owner, of = self.dice.choice([line[0], line[-1]]), line[-1]
        form = self.dice.choice(["identifier", "identifier", "key", "one", "several"])
        self.features.add(f"a key: {form}")
        if form in ("identifier", "key"):
            name = data_name(self._slot(owner, {form: True}))
            self.good[name] = lambda number: f"r{number}"
            self.variants.append(({name: None}, of.slug(name, "minCount"), pointer(name)))
            self.pairs.append(({name: "same"}, of.slug(name, "unique"), pointer(name)))
            return (name,)
        slots = [self._slot(owner, {}) for _ in range(1 if form == "one" else 2)]
        names = tuple(map(data_name, slots))
        title = self.names.new()
        owner.spec["unique_keys"] = {title: {"unique_key_slots": slots}}
        for name in names:
            self.good[name] = lambda number: f"k,{number}"
            self.variants.append(({name: None}, of.slug("key"), None))
        self.pairs.append((dict.fromkeys(names, "same"), owner.slug(title, "unique"), None))
        return names

    def _made_leaf(self, schema: str) -> Leaf:
        leaf = self.dice.choice(KINDS)(self.dice, self.names)
        for key, named in leaf.needs.items():
            self.schemas[schema].setdefault(key, {}).update(named)
        bad, spec = leaf.bad, dict(leaf.spec)
        if self.dice.random() < 0.4 and "recommended" not in spec:
            spec["required"] = True
            bad = [*bad, ("minCount", None)]
        if self.kind == "table":  # whose values are texts, one to a cell
            bad = [(aspect, value) for aspect, value in bad if aspect != "maxCount" and (aspect, value) != UNTOLD]
        made = Leaf(spec=spec, good=leaf.good, bad=bad)
        if self.kind == "table":
            return made
        return several(made, self.dice) if self.dice.random() < 0.3 and "recommended" not in spec else made

    def _leaf(self, owner: _Class) -> None:
        leaf = self._made_leaf(owner.schema)
        name = data_name(self._slot(owner, leaf.spec))
        self.good[name] = _always(leaf.good)
        for aspect, value in leaf.bad:
            self.variants.append(({name: value}, owner.slug(name, aspect), _at(value, aspect, name)))

    def _link(self, owner: _Class, target: _Class) -> None:
        if target.schema not in (owner.schema, *self.schemas[owner.schema]["imports"]):
            return
        self.features.add("a link")
        name = data_name(self._slot(owner, {"range": target.name}))
        self.good[name] = _always("t")
        self.variants.append(({name: "gone"}, owner.slug(name, "class"), pointer(name)))

    def _self_link(self, of: _Class, keys: tuple[str, ...]) -> None:
        if len(keys) > 1:
            return
        self.features.add("a link to the same class")
        name = data_name(self._slot(of, {"range": of.name}))
        self.good[name] = lambda _: self.good[keys[0]](1)
        self.variants.append(({name: "gone"}, of.slug(name, "class"), pointer(name)))

    def _unique(self, owner: _Class, width: int) -> None:
        self.features.add(f"unique_keys of {width}")
        slots = [self._slot(owner, {}) for _ in range(width)]
        title = self.names.new()
        owner.spec.setdefault("unique_keys", {})[title] = {"unique_key_slots": slots}
        for slot in slots:
            self.good[data_name(slot)] = lambda number: f"u{number}"
        same = {data_name(slot): "same" for slot in slots}
        self.pairs.append((same, owner.slug(title, "unique"), None))
        if width > 1:  # one of them alone breaks nothing
            self.pairs.append((dict(list(same.items())[:1]), "", None))

    def _rule(self, owner: _Class) -> None:
        when, then = self._slot(owner, {}), self._slot(owner, {"range": "integer"})
        a, b = data_name(when), data_name(then)
        name, rule, good, bad, part = self.dice.choice(cross_rules(when, then, a, b))
        self.features.add(f"a rule: {name}")
        title = self.names.new() if self.dice.random() < 0.5 else ""
        owner.spec.setdefault("rules", []).append({"title": title} | rule if title else rule)
        slug = owner.slug("key.rule" if title == "key" else title or f"rule{len(owner.spec['rules'])}") + part
        self.good[a], self.good[b] = _always(good.get(a)), _always(good.get(b))
        self.variants.append((bad, slug, None))

    def _part(self, owner: _Class, *, deep: bool) -> None:
        """Objects without a key inside the record, or inside such objects."""
        self.features.add("objects in objects" if deep else "objects without a key")
        part, many = self._class(owner.schema), self.dice.random() < 0.5
        filler = data_name(self._slot(part, {}))
        leaf = self._made_leaf(part.schema)
        slot = data_name(self._slot(part, leaf.spec))
        held, inner = part, ""
        if deep:
            held = self._class(owner.schema)
            inner = data_name(self._slot(held, {"range": part.name, "multivalued": True}))
        name = data_name(self._slot(owner, {"range": held.name} | ({"multivalued": True} if many else {})))
        good = _some({filler: "f", slot: leaf.good})

        def placed(last: Record) -> Any:
            outer: Record = {inner: [good, last]} if deep else last
            return [{inner: [good]} if deep else good, outer] if many else outer

        above = pointer(name) + ("/1" if many else "") + (pointer(inner, 1) if deep else "")
        self.good[name] = _always(placed(good))
        for aspect, value in leaf.bad:
            worse = placed(_some(good | {slot: value}))
            self.variants.append(({name: worse}, part.slug(slot, aspect), above + _at(value, aspect, slot)))

    def _keyed_parts(self, owner: _Class) -> None:
        """Objects with a key inside the record."""
        self.features.add("inlined_as_list")
        part = self._class(owner.schema)
        key, filler = data_name(self._slot(part, {"identifier": True})), data_name(self._slot(part, {}))
        leaf = self._made_leaf(part.schema)
        slot = data_name(self._slot(part, leaf.spec))
        name = data_name(self._slot(owner, {"range": part.name, "multivalued": True, "inlined_as_list": True}))
        self.good[name] = lambda number: [_some({key: f"p{number}", slot: leaf.good})]
        nameless = [_some({key: "n", slot: leaf.good}), {filler: "f"}]
        self.variants.append(({name: nameless}, part.slug(key, "minCount"), pointer(name, 1, key)))
        for count, (aspect, value) in enumerate(leaf.bad):
            worse = [_some({key: f"v{count}", slot: leaf.good}), _some({key: f"w{count}", slot: value})]
            where = pointer(name, 1) + _at(value, aspect, slot)
            self.variants.append(({name: worse}, part.slug(slot, aspect), where))

    def _usage(self, line: list[_Class]) -> None:
        if len(line) < 2:
            return
        self.features.add("slot_usage")
        name = self._slot(line[0], {"pattern": "^p"})
        line[-1].spec.setdefault("slot_usage", {})[name] = {"pattern": "^q"}
        self.good[data_name(name)] = _always("q")
        self.variants.append(({data_name(name): "p"}, line[-1].slug(name, "pattern"), pointer(data_name(name))))

    def _internal(self, of: _Class) -> None:
        """A link that must point to an object which the record itself holds in one of its lists."""
        self.features.add("internal")
        part, box = self._class(of.schema), self._class(of.schema)
        key = data_name(self._slot(part, {"identifier": True}))
        inlined = {"range": part.name, "multivalued": True, "inlined_as_list": True}
        parts, kept = data_name(self._slot(of, inlined)), data_name(self._slot(box, inlined))
        holds = data_name(self._slot(of, {"range": box.name}))
        inside = {"range": part.name, "annotations": {"graphmap:reference": "internal"}}
        chief = data_name(self._slot(of, inside))
        self.good[parts] = lambda number: [{key: f"i{number}"}]
        self.good[chief] = lambda number: f"i{number}"
        elsewhere = {parts: [{key: "i-a"}], holds: {kept: [{key: "i-b"}]}, chief: "i-b"}
        self.variants.append((elsewhere, of.slug(chief, "internal"), pointer(chief)))

    def _source(self, of: _Class) -> Source:
        made = Source(record=f"{of.schema}/{joined(of.name)}", kind=self.kind)
        if self.kind == "documents" and self.dice.random() < 0.3:
            self.features.add("an iterator")
            made.iterator = "$.items[*]"
        self._add(made, {}, "", None)
        for variant in self.variants:
            self._add(made, *variant)
        for pair in self.pairs:
            self._add(made, *pair)
            self._add(made, *pair)
        return made

    def _add(self, made: Source, changes: Record, slug: str, where: str | None) -> None:
        number = len(made.records) + 1
        made.records.append(_some({name: value(number) for name, value in self.good.items()} | changes))
        if slug:
            made.broken.append(Broken(slug=slug, row=number, pointer=where))


def _always(value: Any) -> Callable[[int], Any]:
    return lambda _: value


def _some(record: Record) -> Record:
    return {name: value for name, value in record.items() if value is not None}


def _at(value: Any, aspect: str, name: str) -> str:
    """Place of a value of a slot that breaks an aspect, below the object that has the slot."""
    return pointer(name, 0) if isinstance(value, list) and aspect != "maxCount" else pointer(name)
