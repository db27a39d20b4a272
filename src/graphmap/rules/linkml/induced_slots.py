"""Induced slots: what a class says of each slot, with all that its super-classes, mixins and slot usages say.

The nearest statement wins: the class's own usage, then those of its ancestors, then the slot's definition and those
that the slot itself is a kind of.
Source: LinkML metamodel 1.8, SlotDefinition; LinkML specification, part 4 (derived schemas).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphmap.errors import RulesError
from graphmap.rules.linkml.documents import Element, Notes, local_name
from graphmap.rules.linkml.yaml_positions import Marked

__all__ = ["InducedSlot", "SlotInduction"]

_NOT_HANDED_ON = frozenset({"is_a", "mixins", "mixin", "abstract", "name", "apply_to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InducedSlot:
    """A slot of a class.

    Args:
        name: as written.
        definition: where it is defined first.
        entries: its keys, each with the nearest value.
        node: the statement nearest to the class, for messages.
        own: whether the class itself names or refines it.
    """

    name: str
    definition: Element
    entries: Mapping[str, Marked]
    node: Marked
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotInduction:
    """Finds the slots of classes.

    Args:
        classes: by name.
        slots: defined at the top level, by local name.
        notes: takes in what cannot be understood.
    """

    classes: Mapping[str, Element]
    slots: Mapping[str, Element]
    notes: Notes

    def lineage(self, name: str) -> tuple[Element, ...]:
        """A class, then its super-class and mixins, the nearest first; a circle is cut."""
        found: dict[str, Element] = {}
        waiting = [name]
        while waiting:
            each = waiting.pop(0)
            if each in self.classes and each not in found:
                found[each] = self.classes[each]
                waiting += parents_of(self.classes[each])
        return tuple(found.values())

    def slots_of(self, name: str) -> Iterator[InducedSlot]:
        """The slots of a class, those of its super-classes first.

        Args:
            name: of the class.
        """
        line = self.lineage(name)
        named: dict[str, tuple[str, Marked]] = {}
        for element in reversed(line):
            for slot, node in self._named(element):
                named.setdefault(local_name(slot), (slot, node))
        self._told_apart(line[0])
        own = {local_name(slot) for slot, _ in self._named(line[0])} | {local_name(u) for u in _usage(line[0])}
        for key, (slot, node) in named.items():
            induced = self._induced(slot, line, node, own=key in own)
            if induced is not None:
                yield induced
        for usage, node in _usage(line[0]).items():
            if local_name(usage) not in named:
                why = "the class has no such slot; list it under slots, or take the usage out"
                self.notes.loss(line[0].document, f"{name}.{usage}", f"slot_usage of {usage}", why, node.where)

    def _told_apart(self, element: Element) -> None:
        """Note slots of a class that have no name, or one name in the data."""
        found: dict[str, str] = {}
        for name, node in self._named(element):
            same = found.setdefault(local_name(name), name)
            if not local_name(name):
                self.notes.problem(f"a slot of {element.name} has no name", node.where, "write a name before the colon")
            elif same != name:
                what = f"{name!r} and {same!r} are one name in the data: {local_name(name)}"
                self.notes.problem(what, node.where, "rename one of them")

    def _named(self, element: Element) -> Iterator[tuple[str, Marked]]:
        entries = element.node.entries()
        if "slots" in entries:
            for item in entries["slots"].items():
                yield item.text(), item
        if "attributes" in entries:
            attributes = entries["attributes"]
            if attributes.is_list:
                for item in attributes.items():
                    yield item.text(), item
            else:
                yield from attributes.entries().items()

    def _induced(self, slot: str, line: tuple[Element, ...], node: Marked, *, own: bool) -> InducedSlot | None:
        usages = [{local_name(name): value for name, value in _usage(element).items()} for element in line]
        layers = [usage[local_name(slot)] for usage in usages if local_name(slot) in usage]
        definition = self._definition(slot, line)
        if definition is None:
            hint = "define it under slots of the schema, or as an attribute"
            self.notes.problem(f"the slot {slot!r} is not defined", node.where, hint)
            return None
        merged: dict[str, Marked] = {}
        for layer in reversed(layers):
            merged.update(layer.entries())
        for number, ancestor in enumerate(self._slot_line(definition)):
            for key, value in ancestor.node.entries().items():
                if number == 0 or key not in _NOT_HANDED_ON:
                    merged.setdefault(key, value)
        nearest = layers[0] if layers and own else definition.node
        return InducedSlot(name=slot, definition=definition, entries=merged, node=nearest, own=own)

    def _definition(self, slot: str, line: tuple[Element, ...]) -> Element | None:
        for element in line:
            entries = element.node.entries()
            if "attributes" in entries and not entries["attributes"].is_list:
                for name, node in entries["attributes"].entries().items():
                    if local_name(name) == local_name(slot):
                        return Element(name=name, document=element.document, node=node)
        return self.slots.get(local_name(slot))

    def _slot_line(self, definition: Element) -> tuple[Element, ...]:
        found = [definition]
        waiting = parents_of(definition)
        while waiting:
            parent = self.slots.get(local_name(waiting.pop(0)))
            if parent == definition:
                what = f"the slot {definition.name} is one of its own kind, in a circle"
                self.notes.problem(what, definition.node.where, "take one is_a or mixin of the circle out")
            if parent is not None and parent not in found:
                found.append(parent)
                waiting += parents_of(parent)
        return tuple(found)


def parents_of(element: Element) -> list[str]:
    """The super-class or super-slot, then the mixins."""
    try:
        entries = element.node.entries()
        above = [entries["is_a"].text()] if "is_a" in entries else []
        return above + [item.text() for item in (entries["mixins"].items() if "mixins" in entries else ())]
    except RulesError:
        return []  # noted where the element is read


def _usage(element: Element) -> Mapping[str, Marked]:
    entries = element.node.entries()
    return entries["slot_usage"].entries() if "slot_usage" in entries else {}
