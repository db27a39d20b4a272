"""Slot expressions and class rules: what values must be like, and what must hold across slots.

Source: LinkML metamodel 1.8, SlotExpression, AnonymousSlotExpression, ClassRule.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphmap.errors import RulesError
from graphmap.rules.linkml.documents import joined_name, local_name
from graphmap.rules.linkml.entries import Entries
from graphmap.rules.linkml.yaml_positions import Marked
from graphmap.rules.model import Choices, Condition, CrossRule

__all__ = ["GROUPS", "choices_of", "cross_rule", "equals_of"]

GROUPS = ("any_of", "all_of", "exactly_one_of", "none_of")
_COUNTS = ("required", "recommended", "multivalued", "exact_cardinality", "minimum_cardinality", "maximum_cardinality")


def equals_of(entries: Entries) -> tuple[str, ...]:
    """The values that an expression permits; empty where any will do."""
    one = entries.text("equals_string") or entries.text("equals_number")
    return entries.texts("equals_string_in") or ((one,) if one else ())


def choices_of(entries: Entries, field: str) -> Choices:
    """The joined conditions on each value of a slot.

    Args:
        entries: of the slot or of an expression.
        field: name of the slot.
    """
    found = []
    for group in GROUPS:
        each = tuple(_of_value(entries, item, field) for item in entries.items(group))
        if each:
            found.append((group, each))
    return tuple(found)


def _of_value(entries: Entries, node: Marked, field: str) -> Condition:
    inner = entries.below(node, "a slot expression", entries.subject)
    for key in _COUNTS:
        if key in inner.given:
            why = "how many values there are is a matter of the whole slot, not of one choice"
            entries.notes.loss(entries.document, entries.subject, f"{key} in a choice", why, inner.given[key].where)
    return Condition(
        field=field,
        present=_presence(inner),
        equals=equals_of(inner),
        minimum=inner.number("minimum_value"),
        maximum=inner.number("maximum_value"),
        pattern=inner.pattern(),
        range=joined_name(inner.text("range")),
        choices=choices_of(inner, field),
    )


def cross_rule(entries: Entries, number: int, renamed: Mapping[str, str]) -> CrossRule:
    """A rule of a class.

    Args:
        entries: of the rule.
        number: among the rules of the class, counted from 1; it names a rule without a title.
        renamed: names of slots, each with its name in the data.
    """
    name = local_name(entries.text("title")) or f"rule{number}"
    after = _conditions(entries, "postconditions", renamed)
    otherwise = _conditions(entries, "elseconditions", renamed)
    lost = not (after or otherwise) and "postconditions" in entries.given  # the ledger has what it asked for
    return CrossRule(
        name=name,
        description=entries.text("description") or _sentence(entries),
        before=_conditions(entries, "preconditions", renamed),
        after=after,
        otherwise=otherwise,
        both_ways=entries.flag("bidirectional"),
        deactivated=lost or entries.flag("deactivated"),
        annotations=entries.annotations(),
        where=entries.node.where,
    )


def _sentence(entries: Entries) -> str:
    named = {
        key: " and ".join(
            entries.below(entries.given[key], "a class expression", entries.subject).named("slot_conditions")
        )
        for key in ("preconditions", "postconditions")
        if key in entries.given
    }
    said = f"{named.get('postconditions') or 'the record'} must be as the rule asks"
    return said + (f" where {named['preconditions']} is as it says" if named.get("preconditions") else "")


def _conditions(entries: Entries, key: str, renamed: Mapping[str, str]) -> tuple[Condition, ...]:
    if key not in entries.given:
        return ()
    slots = entries.below(entries.given[key], "a class expression", entries.subject)
    found = []
    for name, node in slots.named("slot_conditions").items():
        field = renamed.get(local_name(name), local_name(name))
        found.append(_condition(entries.below(node, "a slot expression", entries.subject), field))
    return tuple(found)


def _condition(entries: Entries, field: str) -> Condition:
    """A condition on a slot; excluded values stand for themselves, because only they do without a value."""
    groups = dict(choices_of(entries, field))
    excluded = groups.get("none_of", ())
    if all(one == Condition(field=field, equals=one.equals) for one in excluded):
        groups.pop("none_of", None)
    else:
        excluded = ()
    return Condition(
        field=field,
        present=_presence(entries),
        equals=equals_of(entries),
        excluded=tuple(value for one in excluded for value in one.equals),
        minimum=entries.number("minimum_value"),
        maximum=entries.number("maximum_value"),
        pattern=entries.pattern(),
        range=joined_name(entries.text("range")),
        choices=tuple(groups.items()),
    )


def _presence(entries: Entries) -> bool | None:
    said = entries.text("value_presence")
    if not said or said == "UNCOMMITTED":
        return True if entries.flag("required") else None
    if said not in ("PRESENT", "ABSENT"):
        where = entries.given["value_presence"].where
        entries.notes.error(RulesError(f"PRESENT or ABSENT is expected here, not {said!r}", where=where))
    return said == "PRESENT"
