"""Places of objects inside a document: which classes stand where below its root."""

from __future__ import annotations

from dataclasses import dataclass

from graphmap.rules.model import Field, RecordClass
from graphmap.rules.schema import Schema, embeds, is_unread

__all__ = ["Place", "cut_places", "places_of"]

_MOST_PLACES, _MOST_REPEATS = 60, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of objects in a document.

    Args:
        steps: the fields that lead to it from the root; none for the root itself.
        records: the class of the root, then that of the objects of each step.
    """

    steps: tuple[Field, ...]
    records: tuple[RecordClass, ...]

    @property
    def record(self) -> RecordClass:
        """The class of the objects."""
        return self.records[-1]

    @property
    def name(self) -> str:
        """The way to it, with dots between the fields."""
        return ".".join(step.name for step in self.steps)


def places_of(schema: Schema, root: RecordClass) -> tuple[Place, ...]:
    """The places of a document that are read, the root first, the outer before the inner.

    Args:
        schema: the schema of the class.
        root: the class of the document.
    """
    return _walked(schema, root)[0]


def cut_places(schema: Schema, root: RecordClass) -> tuple[Place, ...]:
    """The places where reading stops, because a class holds itself or the document has too many of them.

    Args:
        schema: the schema of the class.
        root: the class of the document.
    """
    return _walked(schema, root)[1]


def _walked(schema: Schema, root: RecordClass) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    read: list[Place] = [Place(steps=(), records=(root,))]
    cut: list[Place] = []
    for place in read:  # grows while it is walked
        for field in place.record.induced:
            target = schema.target(field)
            if target is None or not embeds(schema, field) or is_unread(schema, field):
                continue
            inner = Place(steps=(*place.steps, field), records=(*place.records, target))
            too_deep = sum(record.name == target.name for record in place.records) >= _MOST_REPEATS
            (cut if too_deep or len(read) >= _MOST_PLACES else read).append(inner)
    return tuple(read), tuple(cut)
