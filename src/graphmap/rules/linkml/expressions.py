"""Slot expressions and class rules: what values must be like, and what must hold across slots.

Source: LinkML metamodel 1.8, SlotExpression, AnonymousSlotExpression, ClassRule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from graphmap.errors import RulesError
from graphmap.rules.linkml.documents import joined_name, local_name
from graphmap.rules.linkml.entries import Entries, is_pattern
from graphmap.rules.linkml.metamodel import ELEMENTS
from graphmap.rules.linkml.yaml_positions import Marked
from graphmap.rules.model import Choices, Condition, CrossRule

__all__ = ["GROUPS", "choices_of", "cross_rule", "equals_of", "expressions_of"]

GROUPS = ("any_of", "all_of", "exactly_one_of", "none_of")
_CARDINALITIES = ("exact_cardinality", "minimum_cardinality", "maximum_cardinality")
_COUNTS = ("required", "recommended", "multivalued", *_CARDINALITIES)
_UNSAID = frozenset({*_CARDINALITIES, *ELEMENTS["a slot expression"].lost} - {"unit", "implicit_prefix"})


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
        if each and group in ("exactly_one_of", "none_of") and any(map(_says_more, entries.items(group))):
            why = "without the part that no shape says, it would refuse values that it permits"
            entries.notes.loss(entries.document, entries.subject, group, why, entries.given[group].where)
        elif each:
            found.append((group, each))
    return tuple(found)


def expressions_of(entries: Entries) -> Iterator[Entries]:
    """The choices of a slot, each with its entries.

    Args:
        entries: of the slot.
    """
    for node in (item for group in GROUPS for item in entries.items(group)):
        yield replace(entries, node=node, given=_given(node))


def _says_more(node: Marked, unsaid: frozenset[str] = _UNSAID | {"value_presence"}) -> bool:
    """Return whether an expression has a key that no shape says, so that what is left of it holds for more."""
    given = _given(node)
    if given.keys() & unsaid or ("pattern" in given and not is_pattern(str(given["pattern"].node.value))):
        return True
    return any(_says_more(item) for group in GROUPS if group in given for item in given[group].items())


def _given(node: Marked) -> Mapping[str, Marked]:
    try:
        return node.entries() if node.is_mapping else {}
    except RulesError:
        return {}  # noted where the expression is read


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


def cross_rule(entries: Entries, number: int, renamed: Mapping[str, str]) -> CrossRule | None:
    """A rule of a class; `None` where no shape says what it asks for, or when, which the ledger then has.

    Args:
        entries: of the rule.
        number: among the rules of the class, counted from 1; it names a rule without a title.
        renamed: names of slots, each with its name in the data.
    """
    name = local_name(entries.text("title")) or f"rule{number}"
    name = f"{name}.rule" if name == "key" else name  # which is what the rule of the class's key is called
    before, after, otherwise = (
        _conditions(entries, key, renamed) for key in ("preconditions", "postconditions", "elseconditions")
    )
    nothing = not (after or otherwise) and "postconditions" in entries.given
    if nothing or _is_unsaid(entries, "preconditions"):
        why = "no shape says what it asks for" if nothing else "no shape says when it applies, and it would always"
        entries.notes.loss(entries.document, f"{entries.subject}.{name}", "the rule", why, entries.node.where)
        return None
    both_ways = entries.flag("bidirectional")
    if both_ways and _is_unsaid(entries, "postconditions"):
        why = "no shape says when the converse applies, and it would always"
        entries.notes.loss(entries.document, f"{entries.subject}.{name}", "bidirectional", why, entries.node.where)
        both_ways = False
    return CrossRule(
        name=name,
        description=entries.text("description") or _sentence(entries),
        before=before,
        after=after,
        otherwise=otherwise,
        both_ways=both_ways,
        deactivated=entries.flag("deactivated"),
        annotations=entries.annotations(),
        where=entries.node.where,
    )


def _is_unsaid(entries: Entries, key: str) -> bool:
    """Return whether a class expression asks for more than its conditions say here."""
    given = _given(entries.given[key]) if key in entries.given else {}
    conditions = _given(given["slot_conditions"]).values() if "slot_conditions" in given else ()
    lost = given.keys() & ELEMENTS["a class expression"].lost.keys()
    return bool(lost) or any(_says_more(each, _UNSAID) for each in conditions)


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
    for key in _CARDINALITIES:
        if key in entries.given:
            why = "a condition is on the values, not on how many there are; write required or value_presence"
            entries.notes.loss(entries.document, entries.subject, f"{key} in a rule", why, entries.given[key].where)
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
