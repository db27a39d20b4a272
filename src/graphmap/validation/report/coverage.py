"""The coverage of a validation: focus nodes per shape, fields that were filled, subjects that no shape targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

from graphmap.rdf import NOTHING, Token
from graphmap.validation.report.finding import Finding
from graphmap.validation.shapes import PathKind, Shapes

__all__ = ["Coverage", "Field", "Tally"]

Field = tuple[Token, Token]
"""A shape with targets and a predicate of one of its property shapes."""


class Targeting(Protocol):
    """A shape that targets a node; told apart by identity."""

    @property
    def node(self) -> Token:
        """Token of the shape."""


_Likeness = tuple[tuple[Targeting, ...], tuple[Token, ...]]
"""The shapes that target a node, and the predicates that it has."""

_MOST_ALIKE = 5_000
_NO_FIELDS = frozenset[Token]()
_MISSING = "MinCountConstraintComponent"


class Tally(NamedTuple):
    """Counts of `Coverage.note`, to be handed to another process."""

    targets: Mapping[Token, int]
    present: Mapping[Token, Mapping[Token, int]]
    unseen: int
    unseen_samples: Sequence[Token]


class Coverage:
    """A tally that grows with every graph.

    Args:
        shapes: tokens of the shapes with targets, so that those without a focus node are known.
        fields: shape to the predicates whose presence is counted.
        owners: property shape to its fields, so that findings can be told to them.
        samples: how many subjects without a shape are remembered; all are counted.
    """

    def __init__(
        self,
        shapes: Iterable[Token],
        *,
        fields: Mapping[Token, frozenset[Token]] = NOTHING,  # type: ignore[assignment]  # empty
        owners: Mapping[Token, Sequence[Field]] = NOTHING,  # type: ignore[assignment]  # empty
        samples: int = 20,
    ) -> None:
        self._targets: Counter[Token] = Counter(dict.fromkeys(shapes, 0))
        self._present: dict[Token, Counter[Token]] = {shape: Counter() for shape in fields}
        self._alike: dict[_Likeness, int] = {}
        self.invalid: Counter[Field] = Counter()
        self.unknown: set[Field] = set()
        self.fields = fields
        self.unseen = 0
        self.unseen_samples: list[Token] = []
        self._owners = owners
        self._samples = samples

    @classmethod
    def of(cls, shapes: Shapes) -> Coverage:
        """A tally for all shapes with targets, and their fields."""
        fields: dict[Token, dict[Token, None]] = {}
        owners: dict[Token, list[Field]] = {}
        for shape in shapes.targeted():
            for each in shapes.properties_of(shape):
                if each.path is not None and each.path.kind is PathKind.PREDICATE:
                    fields.setdefault(shape.node, {})[each.path.predicate] = None
                    owners.setdefault(each.stable, []).append((shape.node, each.path.predicate))
        nodes = (shape.node for shape in shapes.targeted())
        return cls(nodes, fields={node: frozenset(found) for node, found in fields.items()}, owners=owners)

    @property
    def targets(self) -> Counter[Token]:
        """Shape to the number of its focus nodes."""
        self._settle()
        return self._targets

    @property
    def present(self) -> Mapping[Token, Counter[Token]]:
        """Shape to the number of its focus nodes that have a value, by predicate."""
        self._settle()
        return self._present

    def note(
        self, forward: Mapping[Token, Mapping[Token, object]], focus: Mapping[Token, tuple[Targeting, ...]]
    ) -> None:
        """Take note of one graph.

        Args:
            forward: subject to what it has, by predicate.
            focus: focus node to the shapes that target it.
        """
        alike = self._alike
        for node, shapes in focus.items():
            likeness = shapes, tuple(forward.get(node, NOTHING))
            alike[likeness] = alike.get(likeness, 0) + 1
        if len(alike) > _MOST_ALIKE:
            self._settle()
        unseen = [subject for subject in forward if subject not in focus]
        self._note_unseen(len(unseen), unseen)

    def _note_unseen(self, number: int, samples: Iterable[Token]) -> None:
        self.unseen += number
        self.unseen_samples.extend(islice(samples, self._samples - len(self.unseen_samples)))

    def taken(self) -> Tally:
        """Take the counts since it was taken last."""
        self._settle()
        present = {shape: dict(counts) for shape, counts in self._present.items() if counts}
        tally = Tally(dict(+self._targets), present, self.unseen, tuple(self.unseen_samples))
        self._targets = Counter(dict.fromkeys(self._targets, 0))
        self._present = {shape: Counter() for shape in self._present}
        self.unseen, self.unseen_samples = 0, []
        return tally

    def merge(self, tally: Tally) -> None:
        """Count what another coverage of the same shapes counted."""
        self._targets.update(tally.targets)
        for shape, counts in tally.present.items():
            self._present[shape].update(counts)
        self._note_unseen(tally.unseen, tally.unseen_samples)

    def _settle(self) -> None:
        """Count nodes with the same shapes and predicates at once: they are many, their kinds are few."""
        for (shapes, filled), number in self._alike.items():
            for shape in shapes:
                self._targets[shape.node] += number
                for predicate in self.fields.get(shape.node, _NO_FIELDS).intersection(filled):
                    self._present[shape.node][predicate] += number
        self._alike.clear()

    def fault(self, findings: Iterable[Finding]) -> None:
        """Take note of the findings of one record: a field with any is invalid there, but for one that is missing."""
        wrong = {
            (owner, finding.focus_node)
            for finding in findings
            if finding.component != _MISSING and finding.source_shape is not None
            for owner in self._owners.get(finding.source_shape, ())
        }
        self.invalid.update([owner for owner, _ in wrong])

    def add(self, shape: Token, focus_nodes: int) -> None:
        """Count focus nodes of a shape that were checked elsewhere; an empty name stands for no shape."""
        if shape:
            self._targets[shape] += focus_nodes

    def fill(self, field: Field, number: int | None) -> None:
        """Count focus nodes that were found elsewhere to have a field; `None` where that cannot be told."""
        if number is None:
            self.unknown.add(field)
        else:
            shape, predicate = field
            self._present[shape][predicate] += number

    def without_targets(self) -> tuple[Token, ...]:
        """The shapes that had no focus node, in order."""
        return tuple(sorted(shape for shape, count in self.targets.items() if count == 0))
