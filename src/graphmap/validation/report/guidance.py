"""Guidance beside a finding: the rule in words, where it stands, and how to mend the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphmap.validation.report.finding import Finding, plain, readable
from graphmap.validation.shapes import Shapes

__all__ = ["Guide", "Guides", "guides", "how_to_fix", "key_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """About one rule; what is not known is `None`.

    Args:
        name: its name for people.
        says: the rule in words.
        why: what it is about, in words.
        page: where the rule stands.
    """

    name: str | None = None
    says: str | None = None
    why: str | None = None
    page: str | None = None


Guides = Mapping[str, Guide]
"""By slug of the rule; of a shape without one by its IRI."""


def key_of(finding: Finding) -> str:
    """The key that a finding is grouped by: its rule; without one its shape; otherwise its message."""
    return finding.rule or (plain(finding.source_shape) if finding.source_shape else finding.message)


def guides(shapes: Shapes) -> Guides:
    """The guides to all rules of some shapes."""
    return {
        shape.rule or plain(shape.stable): Guide(
            name=shape.name or (None if shape.rule else shape.title),
            says=readable(shape.messages) or None,
            why=shape.description,
            page=shape.source,
        )
        for shape in shapes.by_node.values()
        if not shape.rule or shape.name or shape.description or shape.source
    }


def how_to_fix(components: Iterable[str | None]) -> str:
    """Advise on mending what a kind of constraint objects to; the first that is known."""
    known = (_FIXES[each] for each in components if each in _FIXES)
    return next(known, "Compare the value with what is expected, and correct it in the source.")


_VALUE = "Correct the value in the source; if it is right there, the rule or the mapping needs to change."
_FIXES: Mapping[str | None, str] = {
    "MinCountConstraintComponent": "Fill the field in the source, or see whether the mapping reads the right one.",
    "MaxCountConstraintComponent": "Keep one value and drop the others, or find out which records share it.",
    "QualifiedMaxCountConstraintComponent": "Find the records that share the value, and keep it in one of them.",
    "QualifiedMinCountConstraintComponent": "Add a value of the kind that is asked for.",
    "DatatypeConstraintComponent": "Give a value of the type asked for: a text, a plain number, a date as 2025-01-31.",
    "ClassConstraintComponent": "Link to something that exists and is of that class; send it with the record.",
    "NodeKindConstraintComponent": "Give the record the key that its identifier is made from.",
    "InConstraintComponent": "Use one of the values of the list; a new one has to be added to the rule first.",
    "PatternConstraintComponent": "Write the value in the form that is described.",
    "MaxLengthConstraintComponent": "Shorten the value, or ask for a wider field.",
    "MinLengthConstraintComponent": "Write the value in full.",
    "MinInclusiveConstraintComponent": _VALUE,
    "MaxInclusiveConstraintComponent": _VALUE,
    "MinExclusiveConstraintComponent": _VALUE,
    "MaxExclusiveConstraintComponent": _VALUE,
    "LessThanConstraintComponent": "See which of the two values is wrong; they contradict each other.",
    "LessThanOrEqualsConstraintComponent": "See which of the two values is wrong; they contradict each other.",
    "EqualsConstraintComponent": "Bring the two fields into line.",
    "DisjointConstraintComponent": "Take the value out of one of the two fields.",
    "UniqueLangConstraintComponent": "Keep one text for each language.",
    "LanguageInConstraintComponent": "Use one of the languages, or mark the text with the right one.",
    "HasValueConstraintComponent": "Add the value that must be there.",
    "ClosedConstraintComponent": "Remove the property, or add it to the shape.",
    "OrConstraintComponent": "Bring the record into one of the states that the rule allows.",
    "XoneConstraintComponent": "Bring the record into exactly one of the states that the rule allows.",
    "AndConstraintComponent": "Bring the record into the state that the rule asks for.",
    "NotConstraintComponent": "Change one of the values that together are not allowed.",
    "NodeConstraintComponent": "Look at the node that is linked to: it does not fit its own shape.",
}
