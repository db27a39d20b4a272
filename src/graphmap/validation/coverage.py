"""What a validation looked at: focus nodes per shape, and subjects that no shape targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from graphmap.terms import Token

__all__ = ["Coverage"]


class Coverage:
    """A tally that grows with every graph.

    Args:
        shapes: tokens of the shapes with targets, so that those without a focus node are known.
        samples: how many subjects without a shape are remembered; all are counted.
    """

    def __init__(self, shapes: Iterable[Token], *, samples: int = 20) -> None:
        self.targets: Counter[Token] = Counter(dict.fromkeys(shapes, 0))
        self.unseen = 0
        self.unseen_samples: list[Token] = []
        self._samples = samples

    def note(self, subjects: Iterable[Token], focus: Mapping[Token, Sequence[Token]]) -> None:
        """Take note of one graph.

        Args:
            subjects: the subjects of the graph.
            focus: focus node to the shapes that target it.
        """
        for shapes in focus.values():
            self.targets.update(shapes)
        unseen = [subject for subject in subjects if subject not in focus]
        self.unseen += len(unseen)
        self.unseen_samples.extend(islice(unseen, self._samples - len(self.unseen_samples)))

    def add(self, shape: Token, focus_nodes: int) -> None:
        """Count focus nodes of a shape that were checked elsewhere."""
        self.targets[shape] += focus_nodes

    def without_targets(self) -> tuple[Token, ...]:
        """The shapes that had no focus node, in order."""
        return tuple(sorted(shape for shape, count in self.targets.items() if count == 0))
